"""What is loaded at its first use and stays: libraries, kernels, pages of help. What comes after it is growth."""

from __future__ import annotations

from app.examples import examples
from app.help.pages import pages
from engine.exchange.design_json import load_design
from tests.soak.stage import Stage

DONE = ("finished", "failed", "diverged")


def tour(stage: Stage) -> None:
    """Train every example for a step with every view in front once, and turn every page."""
    stage.begin("tour")
    window = stage.window
    for example in examples():
        window.session.open(load_design(example.path))
        stage.settle()
        window.actions_by_key["run.batch"].trigger()
        stage.wait(lambda: _has_learnt(stage), f"{example.title} does not train")
        for key in window.views:
            window.docks[key].raise_()
            stage.live()
    for page in pages():
        window.help.show(page)
        stage.live()


def _has_learnt(stage: Stage) -> bool:
    status = stage.window.session.trainer.status
    return status.step > 0 or status.phase in DONE
