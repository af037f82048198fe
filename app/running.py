"""What the Run menu and the run bar do, and what becomes of the facts that the trainer tells."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction

from app import preferences
from app.actions import icon
from app.banner import Banner
from app.canvas.look import sentence
from app.run_bar import RunBar
from app.session import Session
from engine.design.checks import Problem, apply_fix
from engine.design.document import Document

if TYPE_CHECKING:
    from engine.program.state import State
    from engine.training.timeline.moment import Course
    from engine.training.trainer import Trainer


class Running(QObject):
    """Tells the session's trainer what to do; the trainer answers in its status, which others read."""

    def __init__(
        self, session: Session, bar: RunBar, banner: Banner, actions: dict[str, QAction], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._bar, self._banner, self._actions = session, bar, banner, actions
        self._runs = False
        self._refusing = False  # the banner says why Play does nothing
        self._waiting: tuple[State, dict[str, Any], Course | None] | None = None
        bar.pace_changed.connect(self._on_pace_changed)
        session.report_changed.connect(self._on_report_changed)
        session.opened.connect(self._on_opened)
        session.place_gone.connect(self._on_place_gone)
        preferences.announcer.changed.connect(self._obey)
        self.dress()

    @property
    def runs(self) -> bool:
        """Whether the trainer was running when last looked at."""
        return self._runs

    def begin(self, trainer: Trainer) -> None:
        """Take a trainer into service, at the pace that is set."""
        self._session.trainer = trainer
        trainer.pace(self._bar.pace)
        self._obey()
        trainer.start()
        if self._waiting is not None:
            trainer.restore(*self._waiting)
            self._waiting = None

    def snapshot(self, take: Callable[[State | None, dict[str, Any]], None]) -> None:
        """``take(state, history)`` with all that has been learnt, between two chunks, on the trainer's own thread."""
        if self._session.trainer is not None:
            self._session.trainer.snapshot(lambda state, history: take(state if state.arrays else None, history))
        elif self._waiting is not None:
            take(*self._waiting[:2])
        else:
            take(None, {})

    def restore(self, state: State, history: dict[str, Any], timeline: Course | None = None) -> None:
        """Go to a saved moment; as soon as there is a trainer."""
        if self._session.trainer is None:
            self._waiting = (state, history, timeline)
        else:
            self._session.trainer.restore(state, history, timeline)

    def course(self) -> Course | None:
        """The timeline and where on it the training stands; in what `snapshot` calls."""
        if self._session.trainer is not None:
            return self._session.trainer.course()
        return None if self._waiting is None else self._waiting[2]

    def _on_opened(self) -> None:
        """What waits for a trainer belongs to the design before."""
        self._waiting = None

    def toggle_play(self) -> None:
        trainer = self._session.trainer
        if trainer is None or self._refused():
            return
        if trainer.status.phase == "running":
            trainer.pause()
        else:
            trainer.play()

    def step(self, size: Literal["epoch", "batch", "stage"]) -> None:
        if self._session.trainer is not None and not self._refused():
            self._session.trainer.step(size)

    def reset(self) -> None:
        if self._session.trainer is not None:
            self._session.trainer.reset()

    def new_seed(self) -> None:
        """Other first weights: an edit like any other, so that Undo brings the old ones back."""
        document = self._session.document
        seed = (document.training.seed + 1) % 2**31
        self._session.edit("New seed", document.but(training=document.training.but(seed=seed)))
        self.reset()

    def refresh(self, trainer: Trainer) -> None:
        """Show Play or Pause, whichever would act."""
        runs = trainer.status.phase == "running"
        if runs != self._runs:
            self._runs = runs
            self.dress()

    def dress(self) -> None:
        """The Play button as it stands, in the colours of the theme."""
        play = self._actions["run.play"]
        play.setText("&Pause" if self._runs else "&Play")
        play.setIcon(icon("mdi6.pause" if self._runs else "mdi6.play", "accent"))
        play.setToolTip("Pause: stop after this step (Space)" if self._runs else "Play: train (Space)")

    def take(self, fact: object) -> None:
        """A rare event that the trainer tells; how a run ended stands in its status."""
        from engine.training.published import DataReady, Gone, Reinitialised

        match fact:
            case DataReady(prepared=prepared):
                self._session.use(prepared)
            case Reinitialised(keys=keys):
                self._banner.say(_began_anew(self._session.document, keys))
            case Gone(epoch=epoch):
                self._say_gone(f"Epoch {epoch}")

    def _on_place_gone(self) -> None:
        self._say_gone("The moment of this step")

    def _say_gone(self, moment: str) -> None:
        self._banner.say(
            f"{moment} is no longer in the timeline: its branch was given up. Its design is back; the weights are "
            "those that were there before.",
            "warning",
        )

    def _refused(self) -> bool:
        """Say, in place, why this design cannot be trained, with the edit that would mend it."""
        errors = self._session.report.errors
        if errors:
            first = errors[0]
            label = self._session.document.node(first.node).label if first.node else ""
            reason = f"Not yet. {f'{label}: {first.reason}' if label else sentence(first.reason)}".rstrip(".") + "."
            offer = first.fix.text if first.fix else ""
            self._banner.say(reason, "warning", offer, partial(self._mend, first))
            self._refusing = True
        return bool(errors)

    def _mend(self, problem: Problem) -> None:
        self._session.edit(problem.fix.text if problem.fix else "Mend", apply_fix(self._session.document, problem))

    def _on_report_changed(self) -> None:
        if self._refusing and not self._session.report.errors:
            self._refusing = False
            self._banner.hide()
        self._name_metric()

    def _obey(self) -> None:
        if self._session.trainer is not None:
            self._session.trainer.remember(preferences.TIMELINE_MEMORY.get() * 2**20)

    def _on_pace_changed(self, pace: int | None) -> None:
        if self._session.trainer is not None:
            self._session.trainer.pace(pace)

    def _name_metric(self) -> None:
        prepared = self._session.prepared
        if prepared is not None:
            regression = prepared.task == "regression"
            self._bar.name_metric("R²" if regression else "Accuracy", share=not regression)


def _began_anew(document: Document, keys: tuple[str, ...]) -> str:
    """Which layers lost what they had learnt, in words."""
    ids = dict.fromkeys(key.rpartition("/")[0] for key in keys)
    names = [document.by_id[id].label if id in document.by_id else id for id in ids]
    listed = ", ".join(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
    return f"Began anew, because the shape is another: {listed}. All other layers keep what they have learnt."
