"""What the keyboard and the menus can do on the canvas: one table, from which actions and menus are made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QMenu

from app.canvas import edits, grouping
from app.canvas.arrange import arranged
from app.canvas.walk import neighbour
from app.theme import GRID
from engine.errors import DesignError

if TYPE_CHECKING:
    from app.canvas.view import CanvasView

Keys = QKeySequence.StandardKey | str
ARROWS: Final = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


@dataclass(frozen=True)
class Command:
    """One row of the table.

    Attributes:
        needs: how many boxes have to be selected before it can do anything.
    """

    name: str
    text: str
    keys: tuple[Keys, ...]
    run: Callable[[CanvasCommands], None]
    group: str
    needs: int = 0


class CanvasCommands(QObject):
    """The canvas's actions by name, in the table's order: `actions`. They hold while the canvas has the focus."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas)
        self.canvas = canvas
        self.session = canvas.session
        self.actions: dict[str, QAction] = {}
        for command in COMMANDS:
            action = QAction(command.text, canvas)
            action.setShortcuts([QKeySequence(keys) for keys in command.keys])
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            action.triggered.connect(partial(self._run, command))
            canvas.addAction(action)
            self.actions[command.name] = action
        self.session.selection_changed.connect(self._on_selection_changed)
        self._on_selection_changed(self.session.selection)

    def _on_selection_changed(self, ids: frozenset[str]) -> None:
        count = len(ids)
        for command in COMMANDS:
            enough = count >= command.needs or (command.name == "delete" and bool(self.session.selected_wires))
            self.actions[command.name].setEnabled(enough)

    def _run(self, command: Command, _checked: bool = False) -> None:
        command.run(self)

    def fill(self, menu: QMenu) -> None:
        """Put the actions into a menu, groups parted by lines."""
        group = COMMANDS[0].group
        for command in COMMANDS:
            if command.group != group:
                menu.addSeparator()
                group = command.group
            menu.addAction(self.actions[command.name])

    def press(self, event: QKeyEvent) -> bool:
        """Arrows move the selected boxes on the grid; with Ctrl they walk along the wires. True when it was one."""
        if event.key() not in ARROWS:
            return False
        dx, dy = ARROWS[Qt.Key(event.key())]
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier or not self.session.selection:
            self._walk(dx, dy)
        else:
            step = GRID * (4 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            moved = edits.nudged(self.session.document, self.session.selection, dx * step, dy * step)
            self.session.edit("Move", moved, merge=("nudge", self.session.selection))
        return True

    def _walk(self, dx: int, dy: int) -> None:
        here = next(iter(self.session.selection), None)
        there = neighbour(self.session.document, here, dx, dy)
        if there is not None:
            self.session.select([there])
            self.canvas.show_boxes([there])

    def delete(self) -> None:
        session = self.session
        count = len(session.selection) + len(session.selected_wires)
        text = f"Delete {count} things" if count > 1 else "Delete"
        session.edit(text, edits.removed(session.document, session.selection, session.selected_wires))

    def select_all(self) -> None:
        self.session.select(self.session.document.by_id, self.session.document.wires)

    def copy(self) -> None:
        text = edits.copied(self.session.document, self.session.selection)
        if text:
            QGuiApplication.clipboard().setText(text)

    def cut(self) -> None:
        self.copy()
        self.session.edit("Cut", edits.removed(self.session.document, self.session.selection, ()))

    def paste(self) -> None:
        self._paste(QGuiApplication.clipboard().text(), "Paste")

    def duplicate(self) -> None:
        self._paste(edits.copied(self.session.document, self.session.selection), "Duplicate")

    def _paste(self, text: str, what: str) -> None:
        try:
            document, ids = edits.pasted(self.session.document, text)
        except DesignError:
            middle = self.canvas.viewport().rect().center()
            self.canvas.hint.say("The clipboard holds no boxes. Copy some on a canvas first.", middle)
            return
        self.session.edit(what, document)
        self.session.select(ids)
        self.canvas.show_boxes(ids)

    def group(self) -> None:
        ids = grouping.whole_groups(self.session.document, self.session.selection)
        document, _ = grouping.grouped(self.session.document, ids)
        self.session.edit(f"Group {len(ids)} boxes", document)
        self.session.select(ids)

    def ungroup(self) -> None:
        self.session.edit("Ungroup", grouping.ungrouped(self.session.document, self.session.selection))

    def fold(self, group: str, folded: bool) -> None:
        """Show a group as one box, or its boxes again."""
        document = grouping.with_group(self.session.document, group, folded=folded)
        members = next(each.members for each in document.groups if each.id == group)
        self.session.edit("Fold a group" if folded else "Open a group", document)
        self.session.select(members)

    def toggle_fold(self) -> None:
        """Fold or open the groups of the selected boxes, all as the first."""
        session = self.session
        groups = [group for group in session.document.groups if session.selection.intersection(group.members)]
        document = session.document
        for group in groups:
            document = grouping.with_group(document, group.id, folded=not groups[0].folded)
        if groups:
            session.edit("Open a group" if groups[0].folded else "Fold a group", document)
            session.select([*session.selection, *(id for group in groups for id in group.members)])

    def arrange(self) -> None:
        self.session.edit("Arrange", arranged(self.session.document))

    def align(self, edge: str) -> None:
        self.session.edit("Align", edits.aligned(self.session.document, self.session.selection, edge))

    def distribute(self, axis: str) -> None:
        self.session.edit("Distribute", edits.distributed(self.session.document, self.session.selection, axis))

    def find_layer(self) -> None:
        """The list of layers: at the free output of the selected box, else in the middle."""
        self.canvas.offer_layers(*self.canvas.loose_end())


COMMANDS: Final = (
    Command("find_layer", "Add a layer …", ("Tab",), CanvasCommands.find_layer, "add"),
    Command("cut", "Cut", (QKeySequence.StandardKey.Cut,), CanvasCommands.cut, "edit", 1),
    Command("copy", "Copy", (QKeySequence.StandardKey.Copy,), CanvasCommands.copy, "edit", 1),
    Command("paste", "Paste", (QKeySequence.StandardKey.Paste,), CanvasCommands.paste, "edit"),
    Command("duplicate", "Duplicate", ("Ctrl+D",), CanvasCommands.duplicate, "edit", 1),
    Command("delete", "Delete", ("Del", "Backspace"), CanvasCommands.delete, "edit", 1),
    Command("select_all", "Select all", (QKeySequence.StandardKey.SelectAll,), CanvasCommands.select_all, "edit"),
    Command("group", "Group into one box", ("Ctrl+G",), CanvasCommands.group, "group", 1),
    Command("ungroup", "Ungroup", ("Ctrl+Shift+G",), CanvasCommands.ungroup, "group", 1),
    Command("fold", "Open or fold the group", ("Ctrl+E",), CanvasCommands.toggle_fold, "group", 1),
    Command("align_left", "Align in a column", (), lambda commands: commands.align("left"), "place", 2),
    Command("align_middle", "Align in a row", (), lambda commands: commands.align("middle"), "place", 2),
    Command("distribute_x", "Distribute across", (), lambda commands: commands.distribute("x"), "place", 3),
    Command("distribute_y", "Distribute down", (), lambda commands: commands.distribute("y"), "place", 3),
    Command("arrange", "Arrange", ("Ctrl+L",), CanvasCommands.arrange, "place"),
    Command("fit", "Zoom to fit", ("Ctrl+0", "F"), lambda commands: commands.canvas.fit(), "view"),
    Command("zoom_in", "Zoom in", (QKeySequence.StandardKey.ZoomIn, "Ctrl+="),
            lambda commands: commands.canvas.scale_by(1.25), "view"),
    Command("zoom_out", "Zoom out", (QKeySequence.StandardKey.ZoomOut,),
            lambda commands: commands.canvas.scale_by(0.8), "view"),
)  # fmt: skip
