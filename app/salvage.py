"""After a crash: offers what the last program has left, in a line above the canvas and never in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from app import recovery
from app.recovery import Found, spoken

if TYPE_CHECKING:
    from app.main_window import MainWindow


def offer_abandoned(window: MainWindow, open_window: Callable[[], MainWindow]) -> None:
    """Look beside the window what is there, and offer it in ``window``."""
    damaged: list[str] = []

    def offer(found: list[Found]) -> None:
        if damaged:
            window.banner.say(" ".join(damaged), "warning")
        if found:
            window.offers.say(
                _sentence(found), "notice", "Bring it back" if len(found) == 1 else "Bring them back",
                partial(bring_back, window, open_window, found), "Discard", partial(_discard, found),
            )  # fmt: skip

    window.files.background.run(
        lambda: recovery.abandoned(damaged.append), offer, lambda error: window.banner.say(str(error), "warning")
    )


def bring_back(window: MainWindow, open_window: Callable[[], MainWindow], found: list[Found]) -> None:
    """The newest in this window where nothing of its own would be lost, each of the others in one of its own."""
    for number, each in enumerate(found):
        (window if number == 0 and window.untouched else open_window()).bring_back(each)


def _discard(found: list[Found]) -> None:
    for each in found:
        each.slot.clear()
        each.slot.release()


def _sentence(found: list[Found]) -> str:
    if len(found) > 1:
        named = ", ".join(f"“{each.work.name}” ({spoken(each.work.at)})" for each in found[:4])
        more = f" and {len(found) - 4} more" if len(found) > 4 else ""
        return f"Netloom ended without saving {len(found)} pieces of work: {named}{more}."
    work = found[0].work
    learnt = f", with all that it had learnt by epoch {work.epoch}" if work.epoch else ""
    return f"Netloom ended without saving “{work.name}”. It was kept {spoken(work.at)}{learnt}."
