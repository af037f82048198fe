"""Pictures of the window, its docks, menus and dialogs; without ``--out`` only those that README shows are renewed.

``python -m tests.screenshots [--out FOLDER] [--large] [--scale 2]``. What is shown has been trained for a stated number
of epochs, so that the same pictures come out again.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import platformdirs

from tests.poses import draw_a_wire, explain, go_back, grow_branches, hover_with_a_layer, let_go
from tests.scenes import scenes
from tests.tight import tight

if TYPE_CHECKING:
    from tests.studio import Studio

KEPT: Final = Path(__file__).parent.parent / "resources" / "screenshots"
SIZES: Final = {False: (1280, 800), True: (1920, 1080)}


# What README shows


def show_spiral(studio: Studio) -> None:
    studio.wear("light")
    studio.open("spiral", 100)
    studio.take("spiral")


def show_curve(studio: Studio) -> None:
    studio.wear("dark")
    studio.open("complex_curve", 100)
    studio.window.session.select(["dense_1"])
    studio.settle()
    studio.take("complex_curve")


def show_wire(studio: Studio) -> None:
    studio.wear("light")
    draw_a_wire(studio)
    studio.take("wire")
    let_go(studio)


def show_why(studio: Studio) -> None:
    """A chain beside its finite difference, the bent space, the doctor, and three branches of one run."""
    window = studio.window
    studio.wear("dark")
    grow_branches(studio)
    for key in ("doctor", "why", "space"):
        window.docks[key].raise_()
    explain(studio, "chain")
    window.session.overlay([0, 1, 2])
    studio.settle(60)  # the doctor comes once a second
    studio.take("why")
    window.restore_layout()


FOR_README: Final = (show_spiral, show_curve, show_wire, show_why)


# Everything


def compare(studio: Studio) -> Iterator[str]:
    """Two designs, a race, several seeds and a learning rate, each page of the view behind its tab and alone."""
    view: Any = studio.window.views["compare"]
    view.choice.setCurrentIndex(1)
    studio.window.docks["compare"].raise_()
    yield "compare-empty"

    def ended() -> None:
        studio.until(lambda: not view.arena.contest.busy)

    studio.open("spiral")
    document = studio.window.session.document
    view.arena.add_current()
    view.arena.add_variation("tanh", document.set_fields(document.nodes[1].id, activation="tanh"))
    view.arena.toggle()
    ended()
    for page in range(view.choice.count() - 1):
        view.choice.setCurrentIndex(page)
        yield f"compare-two-{page}"
    view.racing.click()
    ended()
    for page in range(view.choice.count() - 1):
        view.choice.setCurrentIndex(page)
        yield f"compare-race-{page}"
    studio.window.solo.toggle("compare")
    for page in range(view.choice.count() - 1):
        view.choice.setCurrentIndex(page)
        yield f"compare-alone-{page}"
    view.arena.fan(5)
    ended()
    for page in (1, 2):
        view.choice.setCurrentIndex(page)
        yield f"compare-seeds-{page}"
    studio.window.solo.leave()
    view.find.click()
    studio.until(lambda: view.rate.found is not None and view.rate.found.ended)
    yield "compare-rate"
    view.arena.clear()
    studio.window.restore_layout()


def all_windows(studio: Studio) -> Iterator[str]:
    """Put the window into one state after the other; yields what it shows."""
    from app.timeline.table import BranchTable

    window = studio.window
    studio.open("spiral")
    yield "opening"
    for example, epochs in (
        ("spiral", 60), ("complex_curve", 100), ("digits", 12), ("bumps", 60), ("overfitting", 200),
        ("vanishing", 20), ("shortcuts", 60), ("exploding", 8), ("sine_forecast", 20), ("characters", 4),
    ):  # fmt: skip
        studio.open(example, epochs)
        yield example
    for layer in ("input", "dense_1", "plane"):
        studio.open("folded", 100)
        window.docks["space"].raise_()
        window.session.select([layer])
        yield f"space-{layer}"
    window.docks["fit"].raise_()
    window.docks["doctor"].raise_()
    for example, epochs in (("vanishing", 20), ("exploding", 8), ("overfitting", 140), ("spiral", 60)):
        studio.open(example, epochs)
        studio.until(lambda: window.views["doctor"].visits.newest is not None)  # type: ignore[attr-defined]
        studio.settle(60)  # the doctor comes once a second
        yield f"doctor-{example}"
    grow_branches(studio)
    yield "timeline-branches"
    go_back(studio, 30)
    yield "timeline-gone-back"
    assert window.timeline.bar is not None
    window.timeline.bar.show_table()
    studio.settle()
    table = window.timeline.bar.findChild(BranchTable)
    studio.take("timeline-table", table)
    table.close()
    window.docks["inspector"].raise_()
    studio.open("dead_relu", 4)
    studio.until(window.views["doctor"].word.isVisible)  # type: ignore[union-attr]
    yield "doctor-has-found-something"
    draw_a_wire(studio)
    yield "a-wire-in-hand"
    let_go(studio)
    window.session.select(["deep_1", "deep_2"])
    yield "two-selected"
    window.docks["data"].raise_()
    yield "data"
    window.session.edit("Remove", window.session.document.remove(["concat_1"]))
    window.docks["problems"].raise_()
    yield "problems"
    window.running.toggle_play()
    yield "refused"
    window.session.undo.undo()
    window.docks["inspector"].raise_()
    window.session.select([])
    yield "nothing-selected"
    hand = hover_with_a_layer(studio)
    yield "a-layer-in-hand"
    hand.leave()
    window.canvas.unfolding.toggle(["deep_2"])
    yield "unfolded"
    window.canvas.unfolding.toggle(["deep_2"])
    window.canvas.commands.find_layer()
    studio.take("find-a-layer", window.canvas.quick_add)
    window.canvas.quick_add.hide()
    studio.open("spiral", 60)
    window.docks["why"].raise_()
    explain(studio, "backward")
    yield "why-backward"
    explain(studio, "chain")
    yield "why-chain"
    window.solo.toggle("why")
    yield "why-alone"
    window.solo.toggle()
    yield from compare(studio)
    window.help.show("layer/dense")
    yield "help"
    window.help.show_shortcuts()
    yield "shortcuts-page"
    window.help.show_index()
    yield "all-pages"
    window.restore_layout()
    from engine.design.document import Document

    window.session.open(Document())
    yield "empty"


def take_everything(studio: Studio, theme: str) -> None:
    studio.wear(theme)
    for name in all_windows(studio):
        studio.settle()
        studio.take(name)
    studio.open("spiral", 60)
    for key, dock in studio.window.docks.items():
        studio.window.restore_layout()
        if key == "help":
            studio.window.help.show_index()
        dock.raise_()
        studio.settle()
        studio.take(f"dock-{key}", dock)
    studio.window.restore_layout()
    take_menus(studio)
    take_dialogs(studio)
    for name, part in chain(scenes(studio), tight(studio)):
        studio.settle()
        studio.take(name, part)


def take_menus(studio: Studio) -> None:
    for action in studio.window.menuBar().actions():
        menu: Any = action.menu()
        for each in (menu, *(entry.menu() for entry in menu.actions() if entry.menu())):
            each.popup(studio.window.geometry().topLeft())
            studio.take(f"menu-{each.title().replace('&', '').replace(' ', '-').lower()}", each)
            each.close()


def take_dialogs(studio: Studio) -> None:
    """All that an action opens above the window."""
    from PySide6.QtWidgets import QApplication

    from app.actions import ROWS

    for row in ROWS:
        if not row.text.endswith("…") and row.key != "help.about":
            continue
        before = {*QApplication.topLevelWidgets()}
        studio.window.actions_by_key[row.key].trigger()
        studio.settle()
        for widget in {*QApplication.topLevelWidgets()} - before:
            if widget.isVisible():
                studio.take(f"dialog-{row.key.replace('.', '-')}", widget)
                widget.close()


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, help="take everything, in both themes, into this folder")
    parser.add_argument("--large", action="store_true", help="1920×1080 instead of 1280×800")
    parser.add_argument("--scale", type=int, default=1, help="pixels of the screen for one of the window")
    asked = parser.parse_args(arguments)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("NETLOOM_CACHE_DIR", platformdirs.user_cache_dir("netloom", appauthor=False))
    os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
    with tempfile.TemporaryDirectory(prefix="netloom-screenshots-") as home:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
            os.environ[name] = home  # nobody's own layout, theme or recent files
        folder = asked.out or KEPT
        folder.mkdir(parents=True, exist_ok=True)
        from tests.studio import Studio

        studio = Studio(folder, SIZES[asked.large], kept=asked.out is None)
        try:
            if asked.out is None:
                for show in FOR_README:
                    show(studio)
            else:
                for theme in ("light", "dark"):
                    take_everything(studio, theme)
        finally:
            studio.close()
    sys.stdout.write(f"{studio.taken} pictures in {folder}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
