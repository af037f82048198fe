"""What is loaded at its first use and stays: libraries, kernels, letters, pages of help. What comes after is growth."""

from __future__ import annotations

from app import preferences
from app.examples import examples
from app.help.pages import pages
from engine.exchange.design_json import load_design
from tests.soak.around import SIZES, THEMES
from tests.soak.stage import Stage

DONE = ("finished", "failed", "diverged")


def tour(stage: Stage) -> None:
    """Train every example for a step, turn every page, and see every view, in letters of every size in every theme."""
    stage.begin("tour")
    window = stage.window
    for example in examples():
        window.session.open(load_design(example.path))
        stage.settle()
        window.actions_by_key["run.batch"].trigger()
        stage.wait(lambda: _has_learnt(stage), f"{example.title} does not train")
        _see(stage)
    for page in pages():
        window.help.show(page)
        stage.live()
    for theme in THEMES:
        window.actions_by_key[theme].trigger()
        for size in SIZES:
            preferences.FONT_SCALE.set(size)
            _see(stage)


def _see(stage: Stage) -> None:
    for key in stage.window.views:
        stage.window.docks[key].raise_()
        stage.live()


def _has_learnt(stage: Stage) -> bool:
    status = stage.window.session.trainer.status
    return status.step > 0 or status.phase in DONE
