"""The table of everything that the window can be told to do: menus, keys, buttons and the search palette read it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeySequence

from app import icons, theme
from app.appearance import wear, worn

if TYPE_CHECKING:
    from app.main_window import MainWindow

Standard = QKeySequence.StandardKey


@dataclass(frozen=True)
class Row:
    """One thing to do.

    Attributes:
        key: its name: "run.play".
        menu: the menu it stands in; "" for none.
        text: with the letter to underline. tip: one sentence, in the tooltip.
        do: what it does to the window.
        shortcut: a standard key, or keys as text.
        icon: of the Material Design set.
        checked: for a switch: how it stands now.
        gap: a line above it in the menu.
        among: the choice that it belongs to: one switch of it is on.
    """

    key: str
    menu: str
    text: str
    do: Callable[[MainWindow], object]
    tip: str = ""
    shortcut: QKeySequence.StandardKey | str = ""
    icon: str = ""
    checked: Callable[[MainWindow], bool] | None = None
    gap: bool = False
    among: str = ""


MENUS: Final = ("&File", "&Edit", "&View", "&Run", "&Help")

ROWS: Final = (
    Row("file.new", "&File", "&New", lambda w: w.files.new(), "Begin with an empty canvas", Standard.New),
    Row("file.window", "&File", "New &window", lambda w: w.new_window(), "A second window", "Ctrl+Shift+N"),
    Row("file.open", "&File", "&Open…", lambda w: w.files.ask_open(), "A project, a design or a table", Standard.Open),
    Row("file.save", "&File", "&Save", lambda w: w.files.save(), "", Standard.Save, gap=True),
    Row(
        "file.save_as", "&File", "Save &as…", lambda w: w.files.ask_save(),
        "As a project (with weights and history) or as a design alone", "Ctrl+Shift+S",
    ),
    Row("file.close", "&File", "&Close", lambda w: w.close(), "", Standard.Close, gap=True),
    Row("file.quit", "&File", "&Quit", lambda w: w.quit_wanted.emit(), "", "Ctrl+Q"),
    Row("edit.undo", "&Edit", "&Undo", lambda w: w.session.undo.undo(), "", Standard.Undo, "mdi6.undo"),
    Row("edit.redo", "&Edit", "&Redo", lambda w: w.session.undo.redo(), "", Standard.Redo, "mdi6.redo"),
    Row(
        "edit.preferences", "&Edit", "&Preferences…", lambda w: w.show_preferences(),
        "Colours, text size, start, autosave", "Ctrl+,", gap=True,
    ),
    Row(
        "view.dark", "&View", "&Dark colours", lambda _: wear("dark"),
        checked=lambda _: worn() == "dark", among="theme",
    ),
    Row(
        "view.light", "&View", "&Light colours", lambda _: wear("light"),
        checked=lambda _: worn() == "light", among="theme",
    ),
    Row(
        "view.system", "&View", "&Colours as the system", lambda _: wear("system"),
        checked=lambda _: worn() == "system", among="theme",
    ),
    Row(
        "view.full", "&View", "&Full screen", lambda w: w.toggle_full_screen(), "", "F11",
        checked=lambda w: w.isFullScreen(), gap=True,
    ),
    Row(
        "view.timeline", "&View", "&Timeline", lambda w: w.timeline.toggle(),
        "The bar below the plots: go back to any moment of the training", checked=lambda w: w.timeline.wanted, gap=True,
    ),
    Row(
        "view.solo", "&View", "&One view alone", lambda w: w.solo.toggle(),
        "The whole window for the view with the focus, and back", "F12", checked=lambda w: w.solo.on,
    ),
    Row("view.restore", "&View", "&Standard layout", lambda w: w.restore_layout(), "Every panel back in its place"),
    Row(
        "run.play", "&Run", "&Play", lambda w: w.running.toggle_play(), "Train (Space)", "Space", "mdi6.play",
    ),
    Row(
        "run.epoch", "&Run", "One &epoch", lambda w: w.running.step("epoch"),
        "Train once through all examples", "F6", "mdi6.skip-next", gap=True,
    ),
    Row(
        "run.batch", "&Run", "One &batch", lambda w: w.running.step("batch"),
        "Train on the next batch alone", "F7", "mdi6.step-forward",
    ),
    Row(
        "run.stage", "&Run", "One &stage", lambda w: w.running.step("stage"),
        "The next of forward, loss, backward, update", "F8", "mdi6.debug-step-over",
    ),
    Row(
        "run.now", "&Run", "Back to no&w", lambda w: w.timeline.to_now(),
        "From a moment of the timeline to the newest one of its branch", "Alt+End", "mdi6.arrow-collapse-right",
    ),
    Row(
        "run.reset", "&Run", "&Reset", lambda w: w.running.reset(),
        "Back to the same first weights", "Ctrl+R", "mdi6.restart", gap=True,
    ),
    Row(
        "run.seed", "&Run", "&New seed", lambda w: w.running.new_seed(),
        "Other first weights and another order of examples", "Ctrl+Shift+R", "mdi6.dice-multiple-outline",
    ),
    Row(
        "help.this", "&Help", "&What is this?", lambda w: w.help.show_this(),
        "The page of the layer or the setting that is chosen", "F1",
    ),
    Row("help.index", "&Help", "&All pages", lambda w: w.help.show_index(), "Every layer, setting and idea", "Ctrl+F1"),
    Row("help.shortcuts", "&Help", "&Shortcuts", lambda w: w.help.show_shortcuts(), "Every key", "Ctrl+Shift+F1"),
    Row(
        "help.palette", "&Help", "&Command palette…", lambda w: w.help.show_commands(),
        "Find anything by a few letters and do it", "Ctrl+K", gap=True,
    ),
    Row("help.about", "&Help", "A&bout Netloom", lambda w: w.help.show_about(), "Versions and folders", gap=True),
    Row("help.log", "&Help", "Where the &log is", lambda w: w.say_log(), "What the program noted of its own faults"),
)  # fmt: skip


def make_actions(window: MainWindow) -> dict[str, QAction]:
    """Every row as an action of the window."""
    actions: dict[str, QAction] = {}
    choices = {name: QActionGroup(window) for name in {row.among for row in ROWS if row.among}}
    for row in ROWS:
        action = QAction(row.text, window)
        action.setObjectName(row.key)
        # PySide keeps a partial alive with the action; a lambda over the loop's variable would do the last row.
        action.triggered.connect(partial(_do, row, window))
        if row.shortcut != "":
            action.setShortcut(QKeySequence(row.shortcut))
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
        plain = row.text.replace("&", "").rstrip("…")
        keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        says = f"{plain}: {row.tip[0].lower()}{row.tip[1:]}" if row.tip else plain
        action.setToolTip(says if not keys or keys in says else f"{says} ({keys})")
        action.setStatusTip(row.tip)
        action.setCheckable(row.checked is not None)
        if row.among:
            action.setActionGroup(choices[row.among])
        window.addAction(action)
        actions[row.key] = action
    return actions


def show_states(window: MainWindow, actions: dict[str, QAction]) -> None:
    """Tick the switches as they stand."""
    for row in ROWS:
        if row.checked is not None:
            actions[row.key].setChecked(row.checked(window))


def paint_icons(actions: dict[str, QAction]) -> None:
    """Icons in the colours of the theme."""
    for row in ROWS:
        if row.icon:
            actions[row.key].setIcon(icon(row.icon))


def icon(name: str, role: str = "text") -> QIcon:
    colors = theme.current()
    return icons.icon(name, getattr(colors, role), colors.disabled)


def _do(row: Row, window: MainWindow, _checked: bool = False) -> None:
    row.do(window)
