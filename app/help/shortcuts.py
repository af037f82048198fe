"""The page of all keys: from the tables of actions, and what hands do on the canvas."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAction, QKeySequence

from app.actions import MENUS, ROWS
from app.canvas.commands import COMMANDS
from app.help.pages import SHORTCUTS
from app.help.render import Rendered

if TYPE_CHECKING:
    from app.main_window import MainWindow

GROUPS: Final = {"add": "Canvas", "edit": "Canvas", "place": "Canvas", "view": "Canvas: what is seen"}
# What no table of actions holds, because it is a way of moving and no command.
BY_HAND: Final = {
    "Canvas: by keyboard": (
        ("Tab", "list of layers, at the selected box or in the middle"),
        ("Arrows", "move the selected boxes by 8 pixels"),
        ("Shift+Arrows", "move them by 32"),
        ("Ctrl+Arrows", "walk from box to box along the wires"),
        ("Space", "play and pause"),
        ("Esc", "give up the drag in hand"),
    ),
    "Canvas: by mouse": (
        ("Drag a box", "move it, and all that are selected"),
        ("Drag from a port", "draw a wire; into the empty: a list of what fits there"),
        ("Drop a layer on a wire", "put it in between"),
        ("Drag on the empty canvas", "select with a frame"),
        ("Ctrl+Click", "add to the selection, or take away"),
        ("Double-click", "list of layers"),
        ("Wheel", "zoom at the pointer"),
        ("Shift+Wheel", "move sideways"),
        ("Space+Drag, middle button", "move the view"),
    ),
    "Timeline": (
        ("Left, Right", "the moment before, the next one"),
        ("Page Up, Page Down", "ten moments back, or on"),
        ("Home, End", "the first moment, the newest one"),
        ("Up, Down", "the next branch"),
    ),
    "Fields": (
        ("Up, Down", "a step more or less"),
        ("Enter", "take the value; expressions such as 2**7 are worked out"),
        ("Esc", "back to the value before"),
    ),
    "Help": (
        ("Alt+Left, Alt+Right", "back and forward"),
        ("Alt+Home", "all pages"),
        ("Esc", "close help"),
    ),
}


def shortcuts_page(window: MainWindow) -> Rendered:
    """All keys of a window, group by group."""
    parts = ["<h1>Shortcuts</h1>"]
    for title, rows in groups(window).items():
        lines = "".join(
            f'<tr><td class="line keys" width="42%">{escape(keys)}&nbsp;&nbsp;</td>'
            f'<td class="line">{escape(words)}</td></tr>'
            for keys, words in rows
        )
        parts.append(f'<h2>{escape(title)}</h2><table width="100%" cellspacing="0" cellpadding="3">{lines}</table>')
    return Rendered(SHORTCUTS, "Shortcuts", f"<html><body>{''.join(parts)}</body></html>")


def groups(window: MainWindow) -> dict[str, list[tuple[str, str]]]:
    """Every group's (keys, what they do), in the order of the menus."""
    made: dict[str, list[tuple[str, str]]] = {}
    for menu in MENUS:
        for row in ROWS:
            action = window.actions_by_key[row.key]
            if row.menu == menu and action.shortcuts():
                # Undo's text says what it would undo just now: the table says what it is.
                made.setdefault(menu.replace("&", ""), []).append((keys_of([action]), plain(row.text)))
    for command in COMMANDS:
        action = window.canvas.commands.actions[command.name]
        if action.shortcuts():
            title = GROUPS.get(command.group, "Canvas")
            made.setdefault(title, []).append((keys_of([action]), plain(command.text)))
    for title, rows in BY_HAND.items():
        made.setdefault(title, []).extend(rows)
    return made


def keys_of(actions: Iterable[QAction]) -> str:
    """The keys of actions as one writes them: "Ctrl+0, F"."""
    native = QKeySequence.SequenceFormat.NativeText
    return ", ".join(keys.toString(native) for action in actions for keys in action.shortcuts())


def plain(text: str) -> str:
    """An action's text without the mark of its letter and the dots."""
    return text.replace("&", "").rstrip("…")
