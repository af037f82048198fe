"""Rounds of random actions, with a look at the memory before each and at the whole document after each."""

from __future__ import annotations

import contextlib
import gc
import logging
import random
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTimer
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from app import preferences
from app.memory import resident
from app.startup import Program, opening
from tests.soak import memory
from tests.soak.around import Around
from tests.soak.in_time import InTime
from tests.soak.in_training import InTraining
from tests.soak.on_canvas import OnCanvas
from tests.soak.outcome import Outcome
from tests.soak.stage import Stage
from tests.soak.tour import tour
from tests.soak.watch import Watch

ROUNDS: Final = 20
GROWTH: Final = 1.05  # of the memory, from the end of the warm-up to the end
WARM_UP: Final = 0.2  # of the rounds, after the tour: caches and glyphs fill up
HELD: Final = 0.3  # s of the processor at its best for which the window may be held up in one go
MOST_BOXES: Final = 30
TRAINS: Final = 0.8  # of the actions that find it resting begin with Play
BEATS: Final = 4  # until every view shows what there is to show

Say = Callable[[str], None]


def soak(actions: int, seed: int, minutes: float, say: Say, folder: Path, rounds: int = ROUNDS) -> Outcome:
    """Act on a window of its own in this process, which needs a QApplication.

    Args:
        actions: how many, in so many ``rounds``. minutes: and for how long at most. folder: for what is saved.
    """
    outcome = Outcome()
    threads, timers = set(threading.enumerate()), set(map(id, _timers()))
    program = Program(QApplication.instance())
    program.faults.stop()  # a fault is counted here, and not told in a dialog
    watch = Watch()
    watch.start()
    try:
        with hooks(outcome):
            stage = Stage(program, random.Random(seed), folder, outcome, watch)
            import sklearn.datasets  # noqa: F401 - what any table or bundled set brings along is no growth

            play(stage, actions, rounds, minutes, say)
    finally:
        watch.stop()
        for window in list(program.windows):
            window._close_now()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        program.collector.stop()
    gc.collect()
    judge(outcome)
    left = [thread.name for thread in set(threading.enumerate()) - threads if thread.is_alive()]
    left += [f"a timer of {timer.interval()} ms" for timer in _timers() if id(timer) not in timers]
    if left:
        outcome.faults.append(f"left running: {', '.join(left)}")
    return outcome


@contextlib.contextmanager
def hooks(outcome: Outcome) -> Iterator[None]:
    """Every exception that nobody handles, from slots and threads, and every one that is only logged, is a fault."""

    def take(kind: type[BaseException], error: BaseException | None, where: object) -> None:
        outcome.faults.append("".join(traceback.format_exception(kind, error, where)))  # type: ignore[arg-type]

    class Logged(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if record.exc_info is not None and record.exc_info[0] is not None:
                take(*record.exc_info)

    logged = Logged(logging.ERROR)
    logging.getLogger().addHandler(logged)
    before = sys.excepthook, threading.excepthook
    sys.excepthook = take
    threading.excepthook = lambda hook: take(hook.exc_type, hook.exc_value, hook.exc_traceback)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before
        logging.getLogger().removeHandler(logged)


def play(stage: Stage, actions: int, rounds: int, minutes: float, say: Say) -> None:
    """All rounds, until something is wrong or time is up."""
    outcome, began = stage.outcome, perf_counter()
    hands = OnCanvas(stage), InTraining(stage), Around(stage), InTime(stage)
    weights, acts = zip(*(row for hand in hands for row in hand.acts()), strict=True)
    size = max(1, actions // rounds)
    if rounds > 1:  # one round is too short to be judged by its memory
        tour(stage)
    while outcome.actions < actions and not outcome.faults:
        rest(stage)
        outcome.looks.append(memory.look(outcome.actions))
        say(f"{outcome.actions:>6} actions, {outcome.looks[-1].resident:.1f} MB, {perf_counter() - began:.0f} s")
        for _ in range(min(size, actions - outcome.actions)):
            if perf_counter() - began > 60 * minutes:
                say("time is up")
                return
            held = outcome.held.copy()
            act_once(stage, hands[1], *stage.chance.choices(acts, weights))
            for name, (_, work) in outcome.held.items() - held.items():
                if work > max(HELD, held.get(name, (0.0, 0.0))[1]):
                    say(f"action {outcome.actions}: {name} {work:.2f} s of work at {outcome.where.get(name)}")
            if outcome.faults:
                say(f"action {outcome.actions} ({stage.doing}): {outcome.faults[-1]}")
                return
        leave(stage)
    if not outcome.faults:
        rest(stage)
        outcome.looks.append(memory.look(outcome.actions))


def act_once(stage: Stage, training: InTraining, act: Callable[[], object]) -> None:
    outcome, window = stage.outcome, stage.window
    document = window.session.document
    if len(document.nodes) > MOST_BOXES:
        window.session.edit("Clear away", document.remove(list(document.by_id)[5:]))
    step = window.session.trainer.status.step
    try:
        stage.begin("play")
        if window.session.trainer.status.phase != "running" and stage.chance.random() < TRAINS:
            training.play()
        stage.begin(act.__name__)
        act()
        stage.live()
        stage.answer()
    except Exception:  # noqa: BLE001 - whatever it is, it is what this program looks for
        outcome.faults.append(traceback.format_exc())
    outcome.done[stage.doing] += 1
    status = window.session.trainer.status
    outcome.trained += status.phase == "running" or status.step > step  # a short training has ended by now
    outcome.steps = max(outcome.steps, window.session.undo.count())


def rest(stage: Stage) -> None:
    """The opening design in the usual layout, trained for nothing: what is held then can be compared."""
    stage.begin("rest")
    stage.answer()
    window = stage.window
    stage.settle()
    stage.close_others()
    QSettings().clear()
    preferences.announcer.changed.emit()
    window.actions_by_key["view.light"].trigger()
    window.setWindowState(window.windowState() & ~window.windowState().WindowFullScreen)
    window.restore_layout()
    window.resize(1280, 800)
    window.run_bar.set_pace(None)
    window.session.trainer.reset()
    window.session.open(opening())
    window.views["compare"].arena.clear()  # runs that are compared stay when another design is opened
    window.banner.hide()
    QApplication.clipboard().clear()
    stage.settle()
    for key in window.views:
        window.docks[key].raise_()
        _beats(stage)
    stage.outcome.highest = max(stage.outcome.highest, resident())


def _beats(stage: Stage) -> None:
    beats: list[int] = []
    beat = stage.window.pulse.began.connect(lambda: beats.append(1))
    stage.wait(lambda: len(beats) >= BEATS, "the pulse has stopped")
    stage.window.pulse.began.disconnect(beat)


def leave(stage: Stage) -> None:
    """The document as it is now saves, loads, and undoes to the start."""
    session, faults = stage.window.session, stage.outcome.faults
    stage.begin("leave")
    stage.settle()
    path, saved = stage.folder / "end.netloom", session.document
    stage.write(path)
    if stage.read(path) != saved:
        faults.append("the document at the end is another one when it is loaded")
    newest, index, start = session.document, session.undo.index(), stage.start
    session.undo.setIndex(0)
    if session.document != start:
        faults.append("undo does not lead to the start")
    session.undo.setIndex(index)
    if session.document != newest:
        faults.append("redo does not lead back")


def judge(outcome: Outcome) -> None:
    """Growth from the end of the warm-up to the end, and how long the window was held up."""
    warm = outcome.looks[int(len(outcome.looks) * WARM_UP) :]
    if len(warm) > 4 and warm[-1].resident > GROWTH * warm[0].resident:
        outcome.faults.append(
            f"memory grew from {warm[0].resident:.0f} to {warm[-1].resident:.0f} MB after warming up:"
            f" {memory.grown(warm[0], warm[-1])}"
        )
    for name, (_, work) in outcome.held.items():
        if work > HELD and name not in ("open", "tour", "rest", "leave"):
            outcome.faults.append(f"{name} held the window up for {work:.2f} s: {outcome.where.get(name, 'not seen')}")


def _timers() -> list[QTimer]:
    timers = [thing for thing in gc.get_objects() if issubclass(type(thing), QTimer)]
    return [timer for timer in timers if isValid(timer) and timer.isActive()]
