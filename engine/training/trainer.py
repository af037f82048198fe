"""The trainer: one thread that owns a run, takes commands between chunks of batches and publishes what has changed."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import replace
from queue import Empty, SimpleQueue
from time import perf_counter
from typing import Any, Literal

import numpy as np

from engine.data.dataset import Source
from engine.data.prepare import Prepared, prepare
from engine.design.document import Document
from engine.errors import DesignError, NetloomError
from engine.insight.tensors import TensorStats
from engine.insight.trail import Trail
from engine.program.state import State
from engine.training.log import MetricLog
from engine.training.pacing import Pacing, Speedometer
from engine.training.published import DataReady, Failed, Phase, Question, Reinitialised, Status
from engine.training.run import Run
from engine.training.spec import DataSplit

Size = Literal["epoch", "batch", "stage"]

LOGGER = logging.getLogger("netloom")
OBSERVE_EVERY = 0.05  # s between two looks at gradients at the least
OBSERVE_SHARE = 0.02  # of the time that they may cost


class Trainer:
    """Trains on a thread of its own; every method returns at once."""

    def __init__(self, document: Document, dtype: type = np.float32) -> None:
        self._document, self._dtype = document, dtype
        self._commands: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._run: Run | None = None
        self._data: tuple[tuple[Source, DataSplit], Prepared] | None = None  # what was last prepared, and from what
        self._facts: deque[object] = deque()
        self._questions: dict[str, Question] = {}
        self._answers: dict[str, Any] = {}
        self._playing = False
        self._pacing, self._speedometer = Pacing(), Speedometer()
        self._left = 0  # batches to go of a single step
        self._observed, self._observation_cost = 0.0, 0.0
        self._blocked = False  # the design cannot be trained as it is
        self._closing = threading.Event()
        self._waiting_state: tuple[State, dict[str, Any] | None] | None = None
        self._threads: Any = None
        self.status = Status()
        self.log = MetricLog()
        self.tensors: TensorStats | None = None
        self.trail = Trail()
        self._thread = threading.Thread(target=self._live, name="trainer", daemon=True)

    # -- what others call

    def start(self) -> None:
        """Begin: prepare the data, compile the design, wait for commands."""
        self._command(self._prepare)
        self._thread.start()

    def close(self) -> None:
        """Stop and join; afterwards nothing is computed any more."""
        self._closing.set()
        self._commands.put(None)
        if self._thread.is_alive():
            self._thread.join()

    def play(self) -> None:
        """Train until paused or finished; a finished run is trained on."""
        self._command(self._play)

    def pause(self) -> None:
        self._command(self._pause)

    def step(self, size: Size) -> None:
        """Pause, and train one epoch, one batch or one stage of a batch."""
        self._command(lambda: self._step(size))

    def reset(self) -> None:
        """Pause, and go back to the first weights of the design's seed; what was restored for data that are still
        missing is kept for them."""
        self._command(self._reset)

    def open(self, document: Document) -> None:
        """Begin with another design, at its first weights; nothing is left of the one before."""
        self._document = document
        self._command(self._open)

    def edit(self, document: Document) -> None:
        """Go on with another design; what survives keeps its values."""
        self._document = document
        self._command(self._edit)

    def pace(self, epochs_per_second: float | None) -> None:
        """Train at most so many epochs a second; None: as fast as it goes.

        Raises:
            ValueError: it is not above zero.
        """
        if epochs_per_second is not None and not epochs_per_second > 0:
            raise ValueError(f"a pace is above zero, and {epochs_per_second} was given")
        self._command(lambda: self._pacing.begin(epochs_per_second))

    def ask(self, key: str, question: Question) -> None:
        """Have a question answered between two chunks; a newer one under the same key replaces it."""
        self._questions[key] = question
        self._command(lambda: None)

    def answer(self, key: str) -> Any:
        """The newest answer under ``key``, or None."""
        return self._answers.get(key)

    def facts(self) -> list[object]:
        """What has happened since the last call: DataReady, Reinitialised, Failed, Finished."""
        found = []
        while self._facts:
            found.append(self._facts.popleft())
        return found

    def set_elements(self, values: Mapping[tuple[str, int], float]) -> None:
        """Set single weights between two chunks; see `engine.program.program.Program.set_elements`."""
        self._command(lambda: self._set_elements(values))

    def snapshot(self, take: Callable[[State, dict[str, Any]], None]) -> None:
        """Have ``take(state, history)`` called on the trainer's thread; without a run the state is empty."""

        def answer() -> None:
            if self._run is not None and self._waiting_state is None:
                moment = self._run.snapshot(), self._run.log.read()
            else:  # what waits for a design that can be trained is not to be lost either
                state, history = self._waiting_state or (State({}, {}), None)
                moment = state, history or {}
            try:
                take(*moment)
            except Exception:  # what others make of it must not stop the training
                LOGGER.exception("a snapshot could not be used")

        self._command(answer)

    def restore(self, state: State, history: dict[str, Any] | None = None) -> None:
        """Go to a saved moment; paused."""
        self._command(lambda: self._restore(state, history))

    # -- on the trainer's thread

    def _command(self, what: Callable[[], None]) -> None:
        self._commands.put(what)

    def _live(self) -> None:
        # what diverges is told in words; the thread's own NumPy must not warn about it
        with np.errstate(all="ignore"):
            while not self._closing.is_set():
                self._take_commands()
                if self._closing.is_set():
                    break
                self._guard(self._work)
                self._guard(self._answer_questions)
                self._guard(self._publish)
            self._run = None

    def _guard(self, what: Callable[[], None]) -> None:
        """Do something; what goes wrong is said in the status, and the thread lives on."""
        try:
            what()
        except NetloomError as error:
            self._fail(error)
        except MemoryError:
            self._fail(
                NetloomError("training", "the memory of this machine is not enough", "Use fewer units or examples")
            )
        except Exception as error:  # a fault of ours must not end the thread: it is said, and training waits
            LOGGER.exception("the trainer met a fault")
            self._fail(
                NetloomError("training", f"something went wrong inside ({error})", "Undo the last edit or reset")
            )

    def _fail(self, error: NetloomError) -> None:
        if self.status.phase != "failed" or self.status.sentence != str(error):
            self._facts.append(Failed(error))
        self._blocked = True
        status = replace(self.status, steps_per_second=0.0, remaining=None, unfinished=False)
        if self._run is None or self._run.document != self._document:
            # how far another design has come is no number of this one
            status = Status(unfinished=isinstance(error, DesignError))
        self.status = replace(status, phase="failed", sentence=str(error))

    def _take_commands(self) -> None:
        try:
            command = self._commands.get(timeout=self._patience())
        except Empty:
            return
        while True:
            if command is not None:
                self._guard(command)
            try:
                command = self._commands.get_nowait()
            except Empty:
                return

    def _active(self) -> bool:
        return self._run is not None and not self._blocked and (self._playing or self._left > 0)

    def _patience(self) -> float | None:
        """Seconds that it may wait for a command; None: there is nothing else to do."""
        if self._questions:
            return 0.0
        if self._run is None or not self._active():
            return None
        return 0.0 if self._left else self._pacing.wait(self._run.steps_per_epoch)

    def _prepare(self) -> None:
        self.status = replace(self.status, phase="preparing", sentence="Preparing the data …", unfinished=False)
        self._run = Run(self._document, self._load(), dtype=self._dtype, progress=self._progress)
        self._adopt()

    def _load(self) -> Prepared:
        """The design's data; told as soon as they are there, also where the design does not fit them yet."""
        wanted = self._document.data, self._document.split
        if self._data is None or self._data[0] != wanted:
            run = self._run
            known = run is not None and (run.document.data, run.document.split) == wanted
            self._data = wanted, run.prepared if run is not None and known else prepare(*wanted, self._dtype)
            self._facts.append(DataReady(self._data[1]))
        return self._data[1]

    def _progress(self, number: int, of: int) -> None:
        sentence = f"Compiling kernels, once: {number} of {of} …"
        self.status = replace(self.status, phase="preparing", sentence=sentence, unfinished=False)

    def _adopt(self) -> None:
        """Take a new or changed run into service."""
        assert self._run is not None
        self._blocked = False
        self._pacing.chunk = 1
        self.log = self._run.log
        self._choose_threads()
        self._take_up_waiting()

    def _take_up_waiting(self) -> None:
        if self._waiting_state is not None:
            waiting, self._waiting_state = self._waiting_state, None
            self._restore(*waiting)

    def _choose_threads(self) -> None:
        """One BLAS thread for small work, all cores for large: decided by the work alone, so that bits repeat."""
        from threadpoolctl import ThreadpoolController

        assert self._run is not None
        if self._threads is None:
            self._threads = ThreadpoolController()
        self._threads.limit(limits=self._run.program.blas_threads, user_api="blas")

    def _play(self) -> None:
        if self._run is None and not self._blocked:
            return
        if self._run is not None:
            self._run.go_on()
        self._playing, self._left = True, 0
        self._pacing.begin(self._pacing.pace)

    def _pause(self) -> None:
        self._playing, self._left = False, 0

    def _step(self, size: Size) -> None:
        self._playing = False
        if self._run is None or self._blocked:
            return
        self._run.go_on()
        if size == "stage":
            self._run.next_stage()
        elif size == "batch":
            self._left = 1
        else:
            rows, batch = self._run.program.asked.rows, self._run.program.plan.batch
            self._left = max(1, -(-(rows - self._run.program.position) // batch))

    def _reset(self) -> None:
        self._pause()
        if self._run is not None:
            self._run.reset()
            self._blocked = self._blocked and self._run.document != self._document
            self.log, self.tensors, self._speedometer = self._run.log, None, Speedometer()
            self.trail.clear()
            self._answers.clear()

    def _open(self) -> None:
        self._waiting_state = None
        self._reset()  # at its start nothing that was learnt is lost to the new one: nothing of it needs to be said
        try:
            self._edit()
        finally:
            self._reset()

    def _edit(self) -> None:
        document = self._document
        if self._run is None:
            self._prepare()
            return
        prepared = self._load()
        if self._run.document == document:
            self._blocked = False
            self._take_up_waiting()
            return
        began_anew = self._run.edit(document, self._progress, prepared)
        self._adopt()
        if began_anew and self._run.step:
            self._facts.append(Reinitialised(began_anew))
        self._answers.clear()

    def _set_elements(self, values: Mapping[tuple[str, int], float]) -> None:
        if self._run is not None:
            self._run.program.set_elements(values)

    def _restore(self, state: State, history: dict[str, Any] | None) -> None:
        self._pause()
        # A run of the design before, whose successor cannot be trained yet, is not what the state belongs to.
        if self._run is None or (self._blocked and self._run.document != self._document):
            self._waiting_state = (state, history)
            return
        began_anew = self._run.restore(state, history)
        self.log, self.tensors = self._run.log, None
        self.trail.clear()
        self._speedometer = Speedometer(self._run.seconds)
        if began_anew:
            self._facts.append(Reinitialised(began_anew))

    def _work(self) -> None:
        """One chunk, where there is something to do."""
        run = self._run
        if run is None or not self._active():
            return
        # a single step is not held back by the pace
        steps = min(self._pacing.chunk, self._left) if self._left else self._pacing.due(run.steps_per_epoch)
        if steps < 1:
            return
        began = perf_counter()
        watch = began - self._observed > max(OBSERVE_EVERY, self._observation_cost / OBSERVE_SHARE)
        done = run.advance(steps - 1 if watch else steps)
        spent = perf_counter() - began
        if watch:
            began_look = perf_counter()
            stats = run.observe()
            if stats is not None:
                self.tensors, done = stats, done + 1
                self.trail.append(stats)
            self._observed = perf_counter()
            self._observation_cost = self._observed - began_look
        else:
            self._pacing.fit(done, spent)
        if self._left:
            self._left = max(0, self._left - done) if run.finished is None else 0
        else:
            self._pacing.did(done)
        if run.finished is not None:
            self._playing, self._left = False, 0
            self._facts.append(run.finished)

    def _answer_questions(self) -> None:
        if self._run is None or self._blocked:
            self._questions.clear()
            return
        for key in list(self._questions):
            question = self._questions.pop(key, None)
            if question is None:
                continue
            try:
                self._answers[key] = self._run.ask(question.answer)
            except Exception:  # a picture that fails must not stop the training that it shows
                LOGGER.exception("the question %r could not be answered", key)

    def _publish(self) -> None:
        run = self._run
        if run is None or self._blocked:
            return
        self.log = run.log
        last = run.log.last() or {}
        nan = float("nan")
        finished = run.finished
        phase: Phase = "ready"
        if finished is not None:
            phase = "diverged" if finished.reason == "diverged" else "finished"
        elif self._active():
            phase = "running"
        speed = self._speedometer.look(run.step, phase == "running", run.seconds)
        left = (run.epochs - run.epoch) * run.steps_per_epoch
        self.status = Status(
            phase=phase,
            sentence=finished.sentence if finished else "",
            epoch=run.epoch,
            epochs=run.epochs,
            step=run.step,
            stage=run.stage,
            loss=last.get("loss", run.batch_loss if run.step else nan),
            metric=last.get("metric", nan),
            validation_loss=last.get("validation_loss", nan),
            validation_metric=last.get("validation_metric", nan),
            steps_per_second=speed,
            elapsed=self._speedometer.elapsed,
            remaining=left / speed if speed > 0 and phase == "running" else None,
        )
