"""What would be lost: edits that no file holds, and what was learnt since the project was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from app.session import Session

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

PROJECT = ".netloom"  # the one kind of file that can hold what was learnt


class Unsaved(QObject):
    """Watches the training as the undo stack watches the design.

    Training counts where there is a project file: whoever keeps weights in a file expects them to be kept. For a
    design alone, or one that has no file, it does not: nobody wants to be asked after every look at an example.

    Signals:
        changed: there is something to lose where there was nothing, or the other way round.
    """

    changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._kept = 0  # the step up to which a file holds what was learnt
        self._arrived = False  # whether the trainer has been there: after an open it needs a moment
        self._trained = False
        session.opened.connect(self.begin)
        session.file_changed.connect(self.changed)

    @property
    def trained(self) -> bool:
        """Whether training has gone on (or was reset) since the file was read or written, or the design opened."""
        return self._trained

    @property
    def weights(self) -> bool:
        """Whether the file is missing something that was learnt and that it could hold."""
        path = self._session.path
        return self._trained and path is not None and path.suffix.lower() == PROJECT

    @property
    def any(self) -> bool:
        return self._session.modified or self.weights

    def begin(self, step: int = 0) -> None:
        """A design was opened that had been trained up to ``step``."""
        self._kept, self._arrived = step, False
        self._tell(False)

    def kept(self, step: int) -> None:
        """A file holds what was learnt up to ``step``."""
        self._kept, self._arrived = step, True
        self._tell(False)

    def refresh(self, trainer: Trainer) -> None:
        """Look where the trainer is."""
        status = trainer.status
        if status.phase == "failed" and not status.epochs:
            return  # the design cannot be trained, but what was learnt is still there
        self._arrived = self._arrived or status.step == self._kept or status.phase == "running"
        self._tell(self._arrived and status.step != self._kept)

    def _tell(self, trained: bool) -> None:
        if trained != self._trained:
            self._trained = trained
            self.changed.emit()
