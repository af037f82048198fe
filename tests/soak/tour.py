"""What is loaded at its first use and stays: libraries, kernels, letters, pages of help. What comes after is growth."""

from __future__ import annotations

from app import preferences
from app.examples import examples
from app.help.pages import pages
from engine.exchange.design_json import load_design
from tests.soak.around import SIZES, THEMES, print_help
from tests.soak.stage import Stage

DONE = ("finished", "failed", "diverged")
WORN = range(75, 131, 5)  # % of letters to which a hand comes that turns the wheel now and then
PAGES = 12  # of so many one is turned in every size
WINDOWS = ((1000, 700), (1200, 800), (1400, 900), (1600, 1000))  # px: in which a view alone has letters of other sizes


def tour(stage: Stage) -> None:
    """Train every example for a step, turn every page, and see every view, in letters of every size in every theme.

    Qt keeps the letters of every size for good: those of a view alone are larger, and come in many sizes.
    """
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
    _in_all_sizes(stage)


def _in_all_sizes(stage: Stage) -> None:
    """Pages of help, on the screen and on paper, and each view by itself."""
    window, before = stage.window, stage.window.size()
    window.actions_by_key["run.batch"].trigger()
    stage.wait(lambda: _has_learnt(stage), "the last example does not train")
    for size in WORN:
        preferences.FONT_SCALE.set(size)
        for page in list(pages())[::PAGES]:
            window.help.show(page)
            stage.live()
            print_help(window)
        for width, height in WINDOWS:
            window.resize(width, height)
            for key in window.views:
                window.solo.toggle(key)
                stage.live()
                stage.live()
                window.solo.leave()
    preferences.FONT_SCALE.set(preferences.FONT_SCALE.usual)
    window.resize(before)


def _see(stage: Stage) -> None:
    for key in stage.window.views:
        stage.window.docks[key].raise_()
        stage.live()


def _has_learnt(stage: Stage) -> bool:
    status = stage.window.session.trainer.status
    return status.step > 0 or status.phase in DONE
