"""Thousands of random valid actions on a whole window, training for most of them: `python -m tests.soak`.

Fails where anything raises, where memory grows by more than 5 % after warming up, where a thread or a timer is left,
or where the document at the end does not save, load and undo to the start.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import gc
import os
import random
import sys
import tempfile
import threading
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.main_window import MainWindow

GROWTH: Final = 1.05  # of the memory, from the end of the warm-up to the end
WARM_UP: Final = 0.4  # of the actions: undo, caches and glyphs fill up first
MOST_BOXES: Final = 30
PATIENCE: Final = 60.0  # s
TRAINS: Final = 0.5  # of the actions that find it resting begin with Play


@dataclass
class Outcome:
    """What a soak has found.

    Attributes:
        faults: tracebacks and sentences of what went wrong; none when all is well.
        done: how often each action was done. memory: MB, as it was looked at from time to time.
        trained: actions during which it trained. slowest: seconds that each action took at the most.
    """

    faults: list[str] = field(default_factory=list)
    done: Counter[str] = field(default_factory=Counter)
    memory: list[float] = field(default_factory=list)
    trained: int = 0
    slowest: dict[str, float] = field(default_factory=dict)


class Hands:
    """Does one thing after the other, as chance has it; ``act()`` returns the name of what was done."""

    def __init__(self, window: MainWindow, chance: random.Random, folder: Path, outcome: Outcome) -> None:
        from tests.app.canvas.test_random_edits import Someone

        self.window, self.chance, self.folder, self.outcome = window, chance, folder, outcome
        someone = Someone(window.canvas, 0)
        someone.chance = chance
        edits = [
            someone.drop, someone.wire, someone.wire, someone.unwire, someone.choose, someone.move, someone.field,
            someone.training, someone.command, someone.mend, someone.undo, someone.redo,
        ]  # fmt: skip
        # training is on for most of the time: what stops it is rarer than what starts it
        own = [
            self.step, self.pace, self.data, self.good_design, self.mode, self.panel,
            self.dark, self.see, self.key, self.resize, self.tell_commands, self.learn_settings, self.snapshot,
        ]  # fmt: skip
        self._acts: list[Callable[[], object]] = edits * 3 + own * 2 + [self.reset, self.save, self.load, self.scale]

    def act(self) -> str:
        act = self.chance.choice(self._acts)
        act()
        return act.__name__

    def play(self) -> None:
        """Train, with another design where this one cannot be trained."""
        session = self.window.session
        if session.report.errors:
            self.good_design()
        if session.trainer is not None and session.trainer.status.phase != "running":
            self.window.actions_by_key["run.play"].trigger()

    def step(self) -> None:
        key = self.chance.choice(["run.epoch", "run.batch", "run.stage", "run.play", "run.seed"])
        self.window.actions_by_key[key].trigger()

    def reset(self) -> None:
        self.window.actions_by_key["run.reset"].trigger()

    def pace(self) -> None:
        self.window.run_bar.set_pace(self.chance.choice([5, 100, 500, None, None]))

    def data(self) -> None:
        from engine.data import Source

        kind = self.chance.choice(["spiral", "circle", "xor", "gauss", "sine", "parabola", "iris", "plane"])
        document = self.window.session.document
        self.window.session.edit(f"Learn from {kind}", document.but(data=Source.parse(kind)))

    def good_design(self) -> None:
        """A design that trains, as one undo step: random wires alone rarely lead to one."""
        from tests.app.conftest import quick

        self.window.session.edit("Begin with a chain", quick(activation=self.chance.choice(["tanh", "relu"])))

    def learn_settings(self) -> None:
        document = self.window.session.document
        fields = {
            "learning_rate": self.chance.choice([0.001, 0.01, 0.1, 10.0]),
            "seed": self.chance.randrange(99),
            "epochs": self.chance.choice([3, 10_000_000]),
        }
        name = self.chance.choice(list(fields))
        changed = document.training.but(**{name: fields[name]})
        self.window.session.edit(f"Set {name}", document.but(training=changed), merge=name)

    def mode(self) -> None:
        self.window.session.settle()
        self.window.canvas.setFocus()

    def panel(self) -> None:
        self.chance.choice(list(self.window.docks.values())).toggleViewAction().trigger()

    def dark(self) -> None:
        self.window.actions_by_key[self.chance.choice(["view.dark", "view.light", "view.system"])].trigger()

    def see(self) -> None:
        if self.chance.random() < 0.3:
            self.window.actions_by_key["view.restore"].trigger()
        self.window.canvas.scale(*[self.chance.choice([0.8, 1.25])] * 2)

    def scale(self) -> None:
        from app import preferences

        preferences.FONT_SCALE.set(self.chance.choice([90, 100, 100, 125]))

    def key(self) -> None:
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        keys = Qt.Key
        key = self.chance.choice([keys.Key_Left, keys.Key_Down, keys.Key_Escape, keys.Key_Delete, keys.Key_Home])
        QTest.keyClick(self.window.canvas, key)

    def resize(self) -> None:
        self.window.resize(self.chance.randrange(1000, 1600), self.chance.randrange(700, 1000))

    def tell_commands(self) -> None:
        """What the palette and the menus list is looked up anew each time."""
        from app.help.commands import chosen, commands_of

        chosen(self.chance.choice("abcdefst"), commands_of(self.window))
        for action in self.window.menuBar().actions():
            action.menu().aboutToShow.emit()

    def snapshot(self) -> None:
        self.window.autosave.save()

    def save(self) -> None:
        self._write(self.folder / self.chance.choice(["soak.netloom", "soak.json"]))

    def load(self) -> None:
        """The design as the file has it; as an edit, so that undo still leads to the start."""
        from engine.exchange.project import load_project

        path = self.folder / "soak.netloom"
        self._write(path)
        self.window.session.edit("Load", load_project(path).document)

    def _write(self, path: Path) -> None:
        written: list[bool] = []
        self.window.files.write(path, lambda: written.append(True))
        wait(lambda: bool(written), f"{path.name} was not written")


def wait(until: Callable[[], bool], what: str, patience: float = PATIENCE) -> None:
    """Let the window live until something holds.

    Raises:
        TimeoutError: it does not come to hold.
    """
    from PySide6.QtWidgets import QApplication

    deadline = perf_counter() + patience
    while not until():
        if perf_counter() > deadline:
            raise TimeoutError(what)
        QApplication.processEvents()


@contextlib.contextmanager
def hooks(outcome: Outcome) -> Iterator[None]:
    """Every exception that nobody handles, from slots and threads, is a fault."""

    def take(kind: type[BaseException], error: BaseException | None, where: object) -> None:
        outcome.faults.append("".join(traceback.format_exception(kind, error, where)))  # type: ignore[arg-type]

    before = sys.excepthook, threading.excepthook
    sys.excepthook = take
    threading.excepthook = lambda hook: take(hook.exc_type, hook.exc_value, hook.exc_traceback)
    try:
        yield
    finally:
        sys.excepthook, threading.excepthook = before


def soak(actions: int, seed: int, minutes: float, say: Callable[[str], None], folder: Path) -> Outcome:
    """Act on a window of its own in this process, which needs a QApplication.

    Args:
        actions: how many. minutes: and for how long at most. folder: for what is saved.
    """
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    from app.live import VIEWS
    from app.startup import Program, opening

    outcome, chance = Outcome(), random.Random(seed)
    before = set(threading.enumerate())
    program = Program(QApplication.instance())
    program.faults.stop()  # a fault is counted here, and not told in a dialog
    try:
        with hooks(outcome):
            window = program.open_window()
            wait(lambda: len(window.views) == len(VIEWS), "the window was not furnished")
            wait(lambda: window.session.prepared is not None, "the data did not come")
            import sklearn.datasets  # noqa: F401 - what any table or bundled set brings along is no growth

            hands = Hands(window, chance, folder, outcome)
            act(hands, actions, minutes, say)
            if not outcome.faults:
                leave(hands, opening())
    finally:
        for window in list(program.windows):
            window._close_now()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        program.collector.stop()
    gc.collect()
    left = [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()]
    if left:
        outcome.faults.append(f"threads left running: {', '.join(left)}")
    judge_memory(outcome)
    return outcome


def act(hands: Hands, actions: int, minutes: float, say: Callable[[str], None]) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    outcome, window = hands.outcome, hands.window
    began = perf_counter()
    every = max(1, actions // 20)
    for number in range(actions):
        if perf_counter() - began > 60 * minutes:
            say(f"time is up after {number} actions")
            break
        if len(window.session.document.nodes) > MOST_BOXES:
            window.session.edit("Clear away", window.session.document.remove(list(window.session.document.by_id)[5:]))
        at = perf_counter()
        if not window.running.runs and hands.chance.random() < TRAINS:
            hands.play()
        try:
            name = hands.act()
            outcome.done[name] += 1
            QApplication.processEvents()
            # outside of exec() nobody else deletes what was to be deleted later
            QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            outcome.slowest[name] = max(outcome.slowest.get(name, 0.0), perf_counter() - at)
        except Exception:  # noqa: BLE001 - whatever it is, it is what this program looks for
            outcome.faults.append(traceback.format_exc())
        for modal in iter(QApplication.activeModalWidget, None):
            modal.close()
        outcome.trained += window.running.runs
        if outcome.faults:
            say(f"action {number}: {outcome.faults[-1]}")
            break
        if number % every == 0:
            gc.collect()
            outcome.memory.append(_resident())
            say(f"{number:>6} actions, {outcome.memory[-1]:.0f} MB, {window.session.undo.count()} undo steps")


def leave(hands: Hands, start: object) -> None:
    """The document at the end saves, loads, and undoes to the start."""
    from engine.exchange.project import load_project

    window, session = hands.window, hands.window.session
    path = hands.folder / "end.netloom"
    hands._write(path)
    if load_project(path).document != session.document:
        hands.outcome.faults.append("the document at the end is another one when it is loaded")
    newest, index = session.document, session.undo.index()
    session.undo.setIndex(0)
    if session.document != start:
        hands.outcome.faults.append("undo does not lead to the start")
    session.undo.setIndex(index)
    if session.document != newest:
        hands.outcome.faults.append("redo does not lead back")
    wait(lambda: window.session.trainer.status.phase != "preparing", "the trainer does not come to rest")


def judge_memory(outcome: Outcome) -> None:
    """Growth from the end of the warm-up to the end."""
    warm = outcome.memory[int(len(outcome.memory) * WARM_UP) :]
    if len(warm) > 4 and warm[-1] > GROWTH * warm[0]:
        outcome.faults.append(f"memory grew from {warm[0]:.0f} to {warm[-1]:.0f} MB after warming up")


def _resident() -> float:
    """MB of memory that this process holds now; where the system does not tell, the most that it ever held."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 1024)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=60.0)
    chosen = parser.parse_args()
    faulthandler.enable()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    with tempfile.TemporaryDirectory(prefix="netloom-soak-") as folder:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
            os.environ[name] = folder  # nobody's own settings, log or unsaved work
        from app.startup import make_application

        app = make_application(["netloom"])
        outcome = soak(chosen.actions, chosen.seed, chosen.minutes, lambda text: print(text, flush=True), Path(folder))  # noqa: T201
        del app
    total = sum(outcome.done.values())
    print(f"{total} actions, training during {outcome.trained / max(total, 1):.0%}")  # noqa: T201
    told = (f"{name} {count} (≤ {outcome.slowest.get(name, 0):.2f} s)" for name, count in outcome.done.most_common())
    print(", ".join(told))  # noqa: T201
    for fault in outcome.faults:
        print(fault)  # noqa: T201
    return bool(outcome.faults)


if __name__ == "__main__":
    sys.exit(main())
