"""What the keyboard and the menus can do on the canvas: one table, from which actions and menus are made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from app.canvas.deeds import Deeds

if TYPE_CHECKING:
    from app.canvas.view import CanvasView

Keys = QKeySequence.StandardKey | str
EDITS: Final = ("add", "edit", "group", "inside", "place")  # groups that change the design, or a copy of it


@dataclass(frozen=True)
class Command:
    """One row of the table.

    Attributes:
        needs: how many boxes have to be selected before it can do anything. notes_too: or notes.
        grouped: one of them has to be in a group.
    """

    name: str
    text: str
    keys: tuple[Keys, ...]
    run: Callable[[Deeds], None]
    group: str
    needs: int = 0
    notes_too: bool = False
    grouped: bool = False


class CanvasCommands(Deeds):
    """The canvas's actions by name, in the table's order: `actions`. They hold while the canvas has the focus."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.actions: dict[str, QAction] = {}
        for command in COMMANDS:
            action = QAction(command.text, canvas)
            action.setShortcuts([QKeySequence(keys) for keys in command.keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)  # in the list of layers, Enter is the list's
            action.triggered.connect(partial(self._run, command))
            canvas.addAction(action)
            self.actions[command.name] = action
        self.session.selection_changed.connect(self._on_selection_changed)
        self.session.document_changed.connect(lambda *_: self._on_selection_changed(self.session.selection))
        self._on_selection_changed(self.session.selection)

    def _on_selection_changed(self, ids: frozenset[str]) -> None:
        grouped = any(not ids.isdisjoint(group.members) for group in self.session.document.groups)
        for command in COMMANDS:
            count = len(ids) + (len(self.session.selected_remarks) if command.notes_too else 0)
            enough = count >= command.needs or (command.name == "delete" and bool(self.session.selected_wires))
            self.actions[command.name].setEnabled(enough and (grouped or not command.grouped))

    def _run(self, command: Command, _checked: bool = False) -> None:
        command.run(self)

    def fill(self, menu: QMenu, groups: Sequence[str], before: QAction | None = None, usable: bool = False) -> None:
        """Put the actions of some groups into a menu, parted by lines; ``usable``: those that can be done now."""
        rows = [row for row in COMMANDS if row.group in groups and (self.actions[row.name].isEnabled() or not usable)]
        for above, row in zip((None, *rows), rows, strict=False):
            if above is not None and above.group != row.group:
                menu.insertSeparator(before)
            menu.insertAction(before, self.actions[row.name])


COMMANDS: Final = (
    Command("save_picture", "Save picture…", ("Ctrl+Shift+E",), Deeds.save_picture, "file"),
    Command("find_layer", "Add a layer…", ("Tab",), Deeds.find_layer, "add"),
    Command("note", "Add a note", ("N",), Deeds.add_note, "add"),
    Command("connect", "Connect two boxes", ("C",), Deeds.connect_boxes, "add"),
    Command("settings", "Edit the settings", ("Return", "Enter"),
            lambda commands: commands.canvas.settings_asked.emit(), "add", 1),
    Command("rename", "Rename", ("F2",), Deeds.rename, "edit", 1, True),
    Command("cut", "Cut", (QKeySequence.StandardKey.Cut,), Deeds.cut, "edit", 1, True),
    Command("copy", "Copy", (QKeySequence.StandardKey.Copy,), Deeds.copy, "edit", 1, True),
    Command("copy_picture", "Copy picture", ("Ctrl+Shift+C",), Deeds.copy_picture, "edit"),
    Command("paste", "Paste", (QKeySequence.StandardKey.Paste,), Deeds.paste, "edit"),
    Command("duplicate", "Duplicate", ("Ctrl+D",), Deeds.duplicate, "edit", 1, True),
    Command("delete", "Delete", ("Del", "Backspace"), Deeds.delete, "edit", 1, True),
    Command("select_all", "Select all", (QKeySequence.StandardKey.SelectAll,), Deeds.select_all, "edit"),
    Command("group", "Group into one box", ("Ctrl+G",), Deeds.group, "group", 1),
    Command("ungroup", "Ungroup", ("Ctrl+Shift+G",), Deeds.ungroup, "group", 1, grouped=True),
    Command("fold", "Open or fold the group", ("Ctrl+E",), Deeds.toggle_fold, "group", 1, grouped=True),
    Command("unfold", "Show or hide the neurons", ("U",),
            lambda commands: commands.canvas.unfolding.toggle(), "inside", 1),
    Command("weights", "Set weights by hand…", ("W",),
            lambda commands: commands.canvas.unfolding.type_weights(), "inside", 1),
    Command("align_left", "Align in a column", ("Alt+Shift+C",), lambda commands: commands.align("left"), "place", 2),
    Command("align_middle", "Align in a row", ("Alt+Shift+R",), lambda commands: commands.align("middle"), "place", 2),
    Command("distribute_x", "Distribute across", ("Alt+Shift+H",), lambda commands: commands.distribute("x"),
            "place", 3),
    Command("distribute_y", "Distribute down", ("Alt+Shift+V",), lambda commands: commands.distribute("y"),
            "place", 3),
    Command("arrange", "Arrange", ("Ctrl+L",), Deeds.arrange, "place"),
    Command("minimap", "Map of the canvas", ("M",), lambda commands: commands.canvas.minimap.want(
        not commands.canvas.minimap.wanted), "view"),
    Command("fit", "Zoom to fit", ("Ctrl+0", "F"), lambda commands: commands.canvas.fit(), "view"),
    Command("zoom_in", "Zoom in", (QKeySequence.StandardKey.ZoomIn, "Ctrl+="),
            lambda commands: commands.canvas.scale_by(1.25), "view"),
    Command("zoom_out", "Zoom out", (QKeySequence.StandardKey.ZoomOut,),
            lambda commands: commands.canvas.scale_by(0.8), "view"),
)  # fmt: skip
