"""Help as a person reads it: F1, links, search, back and forward, print."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QPdfWriter
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app import theme
from app.help.desk import WIDTH
from app.help.render import PICTURE, PLACE
from app.main_window import MainWindow
from app.panels.form import FamilyEdit, Form


def read(window: MainWindow) -> str:
    return window.help.panel.browser.toPlainText()


def f1(window: MainWindow, qtbot: QtBot, title: str) -> None:
    """Press F1 and wait for the page."""
    focus = QApplication.focusWidget() or window
    qtbot.keyClick(focus, Qt.Key.Key_F1)
    qtbot.waitUntil(lambda: read(window).split("\n")[1:2] == [title])


def focus_row(window: MainWindow, form: Form, name: str) -> None:
    editor = form.rows[name].editor
    (editor.combo if isinstance(editor, FamilyEdit) else editor).setFocus()


def test_that_f1_on_a_selected_layer_opens_its_page(plain: MainWindow, qtbot: QtBot) -> None:
    plain.canvas.setFocus()
    plain.session.select(["dense_1"])
    f1(plain, qtbot, "Dense")
    assert plain.docks["help"].isVisible()
    assert plain.docks["help"].width() >= 280
    assert "Every unit sees every input" in read(plain)


def test_that_help_gives_its_room_back_to_the_canvas(plain: MainWindow, qtbot: QtBot) -> None:
    inspector = plain.docks["inspector"]
    for close in (plain.docks["help"].close, plain.docks["help"].toggleViewAction().trigger, plain.docks["help"].hide):
        before = plain.canvas.width()
        plain.help.show("index")
        qtbot.waitUntil(lambda: plain.docks["help"].width() == WIDTH)
        assert plain.canvas.width() < before - 100
        beside = inspector.width()
        close()
        qtbot.waitUntil(lambda before=before: abs(plain.canvas.width() - before) < 24)
        assert inspector.width() == beside


def test_that_f1_on_a_setting_of_training_opens_its_page(plain: MainWindow, qtbot: QtBot) -> None:
    form = plain.inspector.form
    focus_row(plain, form, "learning_rate")
    f1(plain, qtbot, "Learning rate")
    focus_row(plain, form, "optimizer")
    f1(plain, qtbot, "Adam")
    inner = form.rows["optimizer"].editor.form
    focus_row(plain, inner, "beta1")
    f1(plain, qtbot, "Adam")
    assert plain.help.panel.address == "optimizer/adam#beta1"


def test_that_f1_on_a_layers_field_opens_what_is_chosen_in_it(plain: MainWindow, qtbot: QtBot) -> None:
    plain.session.select(["dense_1"])
    focus_row(plain, plain.inspector.form, "activation")
    f1(plain, qtbot, "tanh")
    focus_row(plain, plain.inspector.form, "units")
    f1(plain, qtbot, "Dense")
    assert plain.help.panel.address == "layer/dense#units"


def test_that_f1_in_the_palette_opens_the_entrys_page(plain: MainWindow, qtbot: QtBot) -> None:
    palette = plain.docks["palette"].widget()
    palette.search.setFocus()
    qtbot.keyClicks(palette.search, "drop")
    f1(plain, qtbot, "Dropout")


def test_that_f1_on_the_data_opens_their_page(plain: MainWindow, qtbot: QtBot) -> None:
    plain.docks["data"].raise_()
    plain.data.choice.setFocus()
    f1(plain, qtbot, "Spiral")
    focus_row(plain, plain.data.split, "validation")
    f1(plain, qtbot, "Validation share")


def test_that_f1_on_nothing_shows_all_pages(plain: MainWindow, qtbot: QtBot) -> None:
    plain.session.select(())
    plain.canvas.setFocus()
    plain.actions_by_key["help.this"].trigger()
    qtbot.waitUntil(lambda: "Vanishing and exploding gradients" in read(plain))


def test_that_the_focus_stays_where_the_work_is(plain: MainWindow, qtbot: QtBot) -> None:
    focus_row(plain, plain.inspector.form, "batch_size")
    editor = QApplication.focusWidget()
    f1(plain, qtbot, "Batch size")
    assert QApplication.focusWidget() is editor


def test_that_links_lead_on_and_back_and_forward_return(plain: MainWindow, qtbot: QtBot) -> None:
    panel = plain.help.panel
    plain.help.show("activation/relu")
    qtbot.waitUntil(lambda: "Cuts off" in read(plain))
    panel.browser.anchorClicked.emit(QUrl("activation/leaky_relu"))
    qtbot.waitUntil(lambda: "no unit dies" in read(plain))
    panel.browser.setFocus()
    qtbot.keyClick(panel.browser, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: "Cuts off" in read(plain))
    qtbot.keyClick(panel.browser, Qt.Key.Key_Right, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: "no unit dies" in read(plain))
    qtbot.keyClick(panel.browser, Qt.Key.Key_Escape)
    assert not plain.docks["help"].isVisible()
    assert plain.canvas.hasFocus()


def test_that_an_example_is_opened_from_its_link(plain: MainWindow, qtbot: QtBot) -> None:
    plain.help.show("topic/overfitting")
    plain.help.panel.browser.anchorClicked.emit(QUrl("example/circle"))
    qtbot.waitUntil(lambda: plain.session.document.title == "Circle")


def test_that_typing_searches_and_enter_opens_the_first(plain: MainWindow, qtbot: QtBot) -> None:
    plain.actions_by_key["help.index"].trigger()
    search = plain.help.panel.search
    qtbot.keyClicks(search, "kaiming")
    qtbot.waitUntil(lambda: "He, normal" in read(plain) and read(plain).startswith("Search"))
    qtbot.keyClick(search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: plain.help.panel.address.startswith("initialiser/"))
    plain.help.panel.search.setFocus()
    plain.help.panel.search.clear()
    qtbot.keyClicks(plain.help.panel.search, "xylophone")
    qtbot.waitUntil(lambda: "No page speaks of" in read(plain))


def picture_colors(window: MainWindow) -> set[str]:
    document = window.help.panel.browser.document()
    image = document.resource(2, QUrl(f"{PICTURE}{window.help.panel.address}"))
    points = range(0, image.width(), 3), range(0, image.height(), 3)
    return {image.pixelColor(x, y).name() for x in points[0] for y in points[1]}


def test_that_the_picture_comes_after_the_words_and_wears_the_theme(plain: MainWindow, qtbot: QtBot) -> None:
    panel = plain.help.panel
    try:
        with qtbot.waitSignal(panel.pictured):
            plain.help.show("activation/sigmoid")
        assert PLACE not in panel.browser.toHtml()
        for dark in (True, False):
            colors = theme.apply(QApplication.instance(), dark=dark)
            qtbot.waitUntil(lambda colors=colors: {colors.raised, colors.accent} <= picture_colors(plain))
    finally:
        theme.apply(QApplication.instance(), dark=True)


def test_that_the_picture_of_a_page_goes_with_the_page(plain: MainWindow, qtbot: QtBot) -> None:
    panel = plain.help.panel
    for page in ("activation/sigmoid", "activation/tanh"):
        with qtbot.waitSignal(panel.pictured):
            plain.help.show(page)
    assert not panel.browser.document().resource(2, QUrl(f"{PICTURE}activation/sigmoid"))
    assert panel.browser.document().resource(2, QUrl(f"{PICTURE}activation/tanh"))


def test_that_a_page_is_printed(plain: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    plain.actions_by_key["help.shortcuts"].trigger()
    path = tmp_path / "keys.pdf"
    plain.help.panel.print_to(QPdfWriter(str(path)))
    assert path.read_bytes().startswith(b"%PDF")


def test_that_the_shortcuts_page_names_every_key_of_every_action(plain: MainWindow) -> None:
    plain.actions_by_key["help.shortcuts"].trigger()
    page = read(plain)
    everything = [*plain.actions_by_key.values(), *plain.canvas.commands.actions.values()]
    for action in everything:
        for keys in action.shortcuts():
            assert keys.toString(keys.SequenceFormat.NativeText) in page
    for words in ("Ctrl+K", "walk from box to box", "Wheel", "Undo"):
        assert words in page
