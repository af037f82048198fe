"""Preferences: obeyed at once, remembered, and never nonsense."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDialogButtonBox,
    QDockWidget,
    QLabel,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app import appearance, preferences, theme
from app.live.loss import LossView
from app.main_window import MainWindow
from app.preferences_dialog import PreferencesDialog
from app.startup import opening
from engine.design.document import Document
from tests.app.conftest import Open, quick


@pytest.fixture
def dialog(window: MainWindow, qtbot: QtBot) -> PreferencesDialog:
    appearance.dress()
    window.activateWindow()
    qtbot.keyClick(window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    found = window.findChild(PreferencesDialog)
    assert found is not None
    return found


def test_that_a_preference_is_kept_within_its_bounds_and_nonsense_is_as_usual(settings: QSettings) -> None:
    settings.setValue(preferences.FONT_SCALE.key, "huge")
    assert preferences.FONT_SCALE.get() == 100
    settings.setValue(preferences.FONT_SCALE.key, 4000)
    assert preferences.FONT_SCALE.get() == 250
    settings.setValue(preferences.AUTOSAVE.key, "perhaps")
    assert preferences.AUTOSAVE.get() is True
    settings.setValue(preferences.AUTOSAVE.key, "false")
    assert preferences.AUTOSAVE.get() is False
    settings.setValue(preferences.START.key, ["a", "b"])
    assert preferences.START.get() == "example"


def test_that_it_is_told_once_when_something_has_changed(settings: QSettings, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(preferences.announcer.changed):
        preferences.CALM.set(False)
    with qtbot.waitSignal(preferences.announcer.changed):
        preferences.CALM.set(True)
    assert preferences.CALM.get() is True


def test_that_the_page_opens_once_and_closes_with_escape(
    window: MainWindow, dialog: PreferencesDialog, qtbot: QtBot
) -> None:
    window.actions_by_key["edit.preferences"].trigger()
    assert window.findChildren(PreferencesDialog) == [dialog]
    with qtbot.waitSignal(dialog.destroyed):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)


def test_that_colours_and_letters_change_at_once_and_return(
    dialog: PreferencesDialog, qapp: QApplication, settings: QSettings
) -> None:
    appearance.follow_system()
    before = qapp.font().pointSizeF()
    dialog.theme.setCurrentIndex(dialog.theme.findData("light"))
    assert not theme.current().dark
    dialog.scale.setValue(150)
    assert qapp.font().pointSizeF() == pytest.approx(1.5 * before)
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    assert theme.current().dark
    assert qapp.font().pointSizeF() == pytest.approx(1.5 * before), "another theme does not scale it again"
    buttons = dialog.findChild(QDialogButtonBox).buttons()
    usual = next(button for button in buttons if button.text() == "Restore defaults")
    usual.click()
    assert qapp.font().pointSizeF() == pytest.approx(before)
    assert appearance.worn() == "system"


def test_that_letters_of_their_own_size_grow_and_shrink_with_the_others(
    window: MainWindow, dialog: PreferencesDialog, settings: QSettings, qtbot: QtBot
) -> None:
    appearance.follow_system()
    loss = window.views["loss"]
    assert isinstance(loss, LossView)
    heading = QLabel("weight of its own, and no size", window.centralWidget())
    theme.set_role(heading, "heading")
    told = [window.inspector.title, loss.choice, *loss._header.words]
    before, usual = [widget.font().pointSizeF() for widget in told], heading.font().pointSizeF()
    dialog.scale.setValue(200)
    qtbot.waitUntil(lambda: heading.font().pointSizeF() == pytest.approx(2 * usual))
    assert [widget.font().pointSizeF() for widget in told] == pytest.approx([2 * size for size in before])
    assert loss.plot.axes["bottom"].label.font().pointSizeF() == pytest.approx(loss.plot.font().pointSizeF())
    page, view = window.inspector.widget(), window.inspector.viewport()
    qtbot.waitUntil(lambda: page.minimumSizeHint().width() <= view.width())  # nothing is cut at the right
    dialog.scale.setValue(100)
    assert [widget.font().pointSizeF() for widget in told] == pytest.approx(before)


def test_that_what_inherits_its_letters_still_does_when_they_have_changed(
    window: MainWindow, dialog: PreferencesDialog, settings: QSettings
) -> None:
    appearance.follow_system()

    def own() -> set[QWidget]:
        widgets = window.findChildren(QWidget)
        return {widget for widget in widgets if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont)}

    before = own()
    dialog.scale.setValue(140)
    dialog.scale.setValue(120)
    mended = {
        widget for widget in own() - before if not isinstance(widget.parent(), QComboBox)
    }  # Qt sets that of lists
    assert all(isinstance(widget, QDockWidget) for widget in mended)
    dialog.scale.setValue(100)


def test_that_the_title_of_a_panel_grows_with_the_other_letters(
    window: MainWindow, dialog: PreferencesDialog, settings: QSettings
) -> None:
    appearance.follow_system()

    def height_of_title() -> int:
        """px from the top of its letters to the bottom."""
        picture = window.docks["loss"].grab(QRect(0, 0, 60, 20)).toImage()
        ground = picture.pixel(0, 0)
        inked = [y for y in range(20) if any(picture.pixel(x, y) != ground for x in range(60))]
        return inked[-1] - inked[0]

    before = height_of_title()
    dialog.scale.setValue(140)
    assert height_of_title() >= before + 2
    dialog.scale.setValue(100)
    assert height_of_title() == before


def test_that_the_pace_is_that_of_the_preferences_in_the_next_window(
    dialog: PreferencesDialog, open_window: Open
) -> None:
    dialog.pace.setCurrentIndex(dialog.pace.findData("50 epochs / s"))
    assert open_window(ready=False).run_bar.pace == 50


def test_that_a_start_can_begin_empty(dialog: PreferencesDialog) -> None:
    assert opening() != Document()
    dialog.start.setCurrentIndex(dialog.start.findData("empty"))
    assert opening() == Document()


def test_that_the_interval_rests_while_autosave_is_off(window: MainWindow, dialog: PreferencesDialog) -> None:
    dialog.autosave.setChecked(False)
    assert not dialog.every.isEnabled()
    assert not window.autosave._always.isActive()
    dialog.autosave.setChecked(True)
    dialog.every.setValue(60)
    assert window.autosave._always.interval() == 60_000


def test_that_nothing_moves_where_that_is_preferred(dialog: PreferencesDialog) -> None:
    assert appearance.moves()
    dialog.calm.setChecked(True)
    assert not appearance.moves()


def test_that_the_title_shows_how_far_a_run_is(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(quick(epochs=4000))
    window.run_bar.set_pace(5)
    window.running.toggle_play()
    qtbot.waitUntil(lambda: " % – Small" in window.windowTitle())
    window.running.toggle_play()
    qtbot.waitUntil(lambda: window.windowTitle().startswith("Small"))


def test_that_the_menu_ticks_one_theme_as_a_choice(window: MainWindow) -> None:
    actions = [window.actions_by_key[f"view.{name}"] for name in ("dark", "light", "system")]
    group = actions[0].actionGroup()
    assert group is not None
    assert group.isExclusive()
    assert group.actions() == actions
    for action in actions:
        action.trigger()
        assert [each.isChecked() for each in actions] == [each is action for each in actions]


def test_that_no_two_settings_answer_to_the_same_letter(dialog: PreferencesDialog) -> None:
    texts = [label.text() for label in dialog.findChildren(QLabel) if label.buddy() is not None]
    texts += [button.text() for button in dialog.findChildren(QAbstractButton)]
    letters = [QKeySequence.mnemonic(text).toString() for text in texts if "&" in text]
    assert len(letters) > 8
    assert len(set(letters)) == len(letters), letters
