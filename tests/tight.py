"""The window with little room, for the camera: narrow docks, larger letters, views before there is anything to see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from tests.poses import explain, grow_branches

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tests.studio import Studio

NARROW: Final = (360, 420)  # of a dock at the side of the window
LARGER: Final = 150  # % of the usual size of letters
STAGES: Final = ("forward", "loss", "backward", "update", "chain")


def tight(studio: Studio) -> Iterator[tuple[str, QWidget | None]]:
    """Put the window into one state after the other; a part of it, or None for the whole."""
    for part in (waiting, whys, narrow, larger):
        yield from part(studio)
        studio.window.restore_layout()


def waiting(studio: Studio) -> Iterator[tuple[str, QWidget | None]]:
    """Every view alone before there is anything to see, the bar below that waits, and the doctor at work."""
    window = studio.window
    studio.open("spiral")
    for key in window.views:
        window.solo.toggle(key)
        yield f"{key}-alone-empty", None
        window.solo.leave()
    window.docks["doctor"].raise_()
    window.docks["why"].raise_()
    studio.train(2)
    yield "doctor-just-begun", None


def whys(studio: Studio) -> Iterator[tuple[str, QWidget | None]]:
    """Every stage of a layer in the dock as it opens, and alone; the chain; layers that have no weights, or many."""
    window = studio.window
    studio.open("spiral", 60)
    window.docks["why"].raise_()
    for stage in STAGES:
        explain(studio, stage)
        yield f"why-{stage}-in-place", window.docks["why"]
    for stage in STAGES:
        explain(studio, stage)
        window.solo.toggle("why")
        yield f"why-{stage}-alone", None
        window.solo.leave()
    view: Any = window.views["why"]
    view.controls.buttons["forward"].click()
    studio.settle()
    view.controls.weights.setChecked(True)
    yield "why-weights-in-place", window.docks["why"]
    view.controls.weights.setChecked(False)
    for example, layer in (("digits", "conv2d_1"), ("characters", "")):
        studio.open(example, 1)
        studio.until(lambda: view.trace is not None)
        window.session.select([layer if layer in view.trace.by_node else view.trace.layers[0].node])
        yield f"why-{example}", window.docks["why"]


def narrow(studio: Studio) -> Iterator[tuple[str, QWidget | None]]:
    """Every dock as narrow as beside the canvas, and as small as it gets."""
    window = studio.window
    grow_branches(studio)
    _compare_eight(studio)
    for key, dock in window.docks.items():
        dock.show()
        dock.raise_()
        dock.setFloating(True)
        if key == "why":
            explain(studio, "backward")
        dock.resize(*NARROW)
        yield f"narrow-{key}", dock
        if key in window.views:
            dock.resize(1, 1)
            yield f"least-{key}", dock
        dock.setFloating(False)
    window.restore_layout()
    window.views["compare"].arena.clear()  # type: ignore[attr-defined]


def _compare_eight(studio: Studio) -> None:
    view: Any = studio.window.views["compare"]
    document = studio.window.session.document
    view.racing.click()
    view.arena.add_current()
    view.arena.add_variation("tanh", document.set_fields(document.nodes[1].id, activation="tanh"))
    view.arena.toggle()
    studio.until(lambda: not view.arena.contest.busy)
    view.choice.setCurrentIndex(1)


def larger(studio: Studio) -> Iterator[tuple[str, QWidget | None]]:
    """The window with letters half as large again."""
    from app import preferences

    window = studio.window
    preferences.FONT_SCALE.set(LARGER)
    try:
        studio.wear(studio.theme)
        grow_branches(studio)
        yield "larger-spiral", None
        for keys in (("compare", "why", "space", "doctor"), ("data",), ("problems",)):
            for key in keys:
                window.docks[key].raise_()
            yield f"larger-{keys[0]}", None
        window.docks["why"].raise_()
        explain(studio, "chain")
        yield "larger-chain", None
        window.restore_layout()
        window.session.select(["dense_1"])
        yield "larger-inspector", None
        window.help.show_index()
        yield "larger-help", None
        window.restore_layout()
        window.show_preferences()
        from app.preferences_dialog import PreferencesDialog

        dialog = window.findChild(PreferencesDialog)
        yield "larger-preferences", dialog
        dialog.close()
    finally:
        preferences.FONT_SCALE.set(preferences.FONT_SCALE.usual)
        studio.wear(studio.theme)
