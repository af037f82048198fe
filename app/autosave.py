"""When a window's work is written down by itself, so that neither a crash nor a power cut takes it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QTimer

from app import preferences
from app.recovery import Found, Slot, Work
from engine.design.document import Document
from engine.errors import NetloomError
from engine.exchange.project import Project

if TYPE_CHECKING:
    from app.main_window import MainWindow
    from engine.program.state import State

AFTER_EDIT: Final = 2000  # ms of rest after an edit


class Autosave(QObject):
    """Every half minute, and shortly after edits, where there is something new.

    The state is copied on the trainer's thread between two chunks, and written on the window's worker; the window
    itself does no more than ask.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._session = window, window.session
        self._slot = Slot()
        self._written: tuple[Document, int] | None = None  # what the slot holds
        self._busy = self._failed = self._stopped = False
        self._soon = QTimer(self, interval=AFTER_EDIT, singleShot=True)
        self._always = QTimer(self)
        self._soon.timeout.connect(self.save)
        self._always.timeout.connect(self.save)
        self._session.document_changed.connect(self._on_edit)
        preferences.announcer.changed.connect(self._obey)
        self._obey()

    @property
    def slot(self) -> Slot:
        return self._slot

    def save(self) -> None:
        """Write down what is new, or take away what a file holds by now."""
        trainer = self._session.trainer
        if self._busy or self._stopped:
            return
        if trainer is None or trainer.status.phase == "preparing":
            self._soon.start()  # its state is still to come, and must not be written without
            return
        if not self._something_to_lose:
            self.forget()
        elif self._written != (self._session.document, trainer.status.step):
            self._busy = True
            # all that belongs together is taken now: the window may have opened something else by then
            files, path = self._window.files, self._session.path
            self._window.running.snapshot(partial(self._keep, files.project_of(self._session.document), path))

    @property
    def _something_to_lose(self) -> bool:
        return self._session.modified or self._window.unsaved.trained

    def forget(self) -> None:
        """There is nothing to lose any more."""
        if self._written is not None and not self._stopped:
            self._written = None
            self._window.files.background.run(self._slot.clear, lambda _: None, self._refuse)

    def adopt(self, found: Found) -> None:
        """Go on where other work was written: it stays on the disk while it is opened here."""
        self._slot.release()
        self._slot = found.slot
        state = found.work.project.state
        self._written = found.work.project.document, int(state.counters.get("step", 0)) if state else 0

    def stop(self) -> None:
        """The window closes as it should: nothing of it stays. The worker has stopped before."""
        self._stopped = True
        self._soon.stop()
        self._always.stop()
        if self._slot.written:
            self._slot.clear()
        self._slot.release()

    def _keep(self, project: Project, path: Path | None, state: State | None, history: dict[str, Any]) -> None:
        """On the trainer's thread, with a copy of all that was learnt."""
        work = Work(replace(project, state=state, history=history), path, datetime.now())
        written = project.document, int(state.counters.get("step", 0)) if state else 0
        write = partial(self._slot.write, work)
        self._window.files.background.run(write, lambda _: self._done(written), self._refuse)

    def _done(self, written: tuple[Document, int]) -> None:
        self._busy = self._failed = False
        self._written = written
        if not self._something_to_lose:  # it was saved in the meantime
            self.forget()

    def _refuse(self, error: NetloomError) -> None:
        self._busy = False
        if not self._failed:  # said once, until it works again
            self._failed = True
            self._window.banner.say(f"Unsaved work cannot be kept safe: {error.reason}. Save it yourself.", "warning")

    def _on_edit(self) -> None:
        if self._always.isActive():
            self._soon.start()

    def _obey(self) -> None:
        """As the preferences have it."""
        if preferences.AUTOSAVE.get():
            self._always.start(1000 * preferences.AUTOSAVE_EVERY.get())
        else:
            self._always.stop()
            self._soon.stop()
            self.forget()
