"""Everything that the command palette can do: actions, layers to add, examples, data, pages of help."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAction

from app import catalogue
from app.actions import ROWS
from app.examples import examples
from app.help.fuzzy import score
from app.help.pages import SECTIONS, pages
from app.help.shortcuts import keys_of, plain
from engine.data import Source, datasets

if TYPE_CHECKING:
    from app.main_window import MainWindow

WEIGHTS: Final = {"Do": 6, "Add": 4, "Example": 3, "Learn from": 3, "Recent": 2, "Help": 0}
OWN: Final = "help.palette"  # it is open already
OTHER: Final = 4  # what a word counts that is found outside the title


@dataclass(frozen=True)
class Command:
    """One entry.

    Attributes:
        what: "Do", "Add", "Example", "Learn from", "Recent", "Help".
        run: does it. keys: its shortcut. enabled: whether it can be done now.
        also: further words by which it is found. tip: one sentence.
    """

    what: str
    title: str
    run: Callable[[], object]
    keys: str = ""
    enabled: bool = True
    also: str = ""
    tip: str = ""

    @property
    def where(self) -> str:
        """What stands before the title: the menu of an action, else what kind of entry it is."""
        return self.also if self.what == "Do" else self.what


def commands_of(window: MainWindow) -> list[Command]:
    """All that can be done in a window, as it stands now."""
    return [
        *_actions(window), *_layers(window), *_examples(window), *_recent(window), *_data(window), *_help(window),
    ]  # fmt: skip


def chosen(typed: str, commands: list[Command], most: int = 60) -> list[Command]:
    """The commands that are meant, best first; without a word the actions alone."""
    if not typed.strip():
        return [command for command in commands if command.what == "Do"]
    ranked = []
    for place, command in enumerate(commands):
        points = _points(typed, command)
        if points is not None:
            ranked.append((-(points + WEIGHTS[command.what] + command.enabled), place, command))
    return [command for _, _, command in sorted(ranked, key=lambda row: row[:2])[:most]]


def _points(typed: str, command: Command) -> int | None:
    """Each word is meant in the title, or begins one of the other words; None where one is neither."""
    whole = score(typed, command.title)
    if whole is not None:
        return whole
    others, total = f" {command.what} {command.also}".casefold(), 0
    for word in typed.casefold().split():
        points = score(word, command.title)
        if points is None and f" {word}" not in others:
            return None
        total += OTHER if points is None else points
    return total


def _actions(window: MainWindow) -> Iterator[Command]:
    for row in ROWS:
        if row.key != OWN:
            action = window.actions_by_key[row.key]
            yield _of_action(action, row.menu.replace("&", ""), row.tip, plain(action.text()))
    for action in window.canvas.commands.actions.values():
        yield _of_action(action, "Canvas", "")
    for dock in window.docks.values():
        action = dock.toggleViewAction()
        yield _of_action(action, "Panel", "", f"{'Hide' if action.isChecked() else 'Show'} {plain(action.text())}")


def _of_action(action: QAction, also: str, tip: str, title: str = "") -> Command:
    title = title or plain(action.text())
    return Command("Do", title, action.trigger, keys_of([action]), action.isEnabled(), also, tip)


def _layers(window: MainWindow) -> Iterator[Command]:
    from app.panels.palette import Palette

    palette = window.docks["palette"].widget()
    assert isinstance(palette, Palette)
    for entry in catalogue.entries():
        yield Command("Add", entry.title, partial(palette.add, entry.kind), "", True, entry.category, entry.summary)


def _examples(window: MainWindow) -> Iterator[Command]:
    for example in examples():
        opens = partial(window.files.open_example, example)
        yield Command("Example", example.title, opens, "", True, f"open {example.group}", example.notes)


def _recent(window: MainWindow) -> Iterator[Command]:
    for path in window.files.recent:
        yield Command("Recent", path.name, partial(window.files.open, path), "", True, "open", str(path.parent))


def _data(window: MainWindow) -> Iterator[Command]:
    for kind in datasets():
        if kind.group != "own data":
            yield Command(
                "Learn from", kind.title, partial(_use, window, kind), "", True, f"data {kind.group}", kind.summary
            )


def _use(window: MainWindow, kind: type[Source]) -> None:
    session = window.session
    session.edit(f"Learn from {kind.title}", session.document.but(data=kind()))


def _help(window: MainWindow) -> Iterator[Command]:
    for page in pages().values():
        section = SECTIONS[page.family][1]
        yield Command("Help", page.title, partial(window.help.show, page.address), "", True, section, page.summary)
