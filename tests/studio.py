"""A window with nobody's own settings and a camera before it; what it shows is trained by steps, not by the clock."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from app.main_window import MainWindow
    from engine.training.trainer import Trainer

PATIENCE: Final = 120.0  # s that anything may take
BREATH: Final = 0.001  # s, in which the trainer has the interpreter to itself
BEATS: Final = 24  # of the pulse, until every view has asked, been answered and drawn
LOOK_EVERY: Final = 4  # epochs


class Studio:
    """One window through all scenes. Needs the environment to be set before: see `tests.screenshots.main`."""

    def __init__(self, folder: Path, size: tuple[int, int], kept: bool = False) -> None:
        from app.startup import Program, make_application

        self.folder, self.kept, self.taken = folder, kept, 0
        self.app = make_application(["netloom"])
        self.program = Program(self.app)
        self.window: MainWindow = self.program.open_window()
        self.window.resize(*size)
        self.theme, self._beats = "light", 0
        self.window.pulse.began.connect(self._on_beat)
        self.until(lambda: self._ready and self.window.docks["fit"].widget() is self.window.views.get("fit"))

    @property
    def _ready(self) -> bool:
        trainer = self.window.session.trainer
        return trainer is not None and trainer.status.phase == "ready" and self.window.session.prepared is not None

    def until(self, holds: Callable[[], object]) -> None:
        """Let the window live until something holds."""
        end = monotonic() + PATIENCE
        while not holds():
            if monotonic() > end:
                raise TimeoutError("the window never came to what was waited for")
            self.app.processEvents()
            sleep(BREATH)

    def settle(self, beats: int = BEATS) -> None:
        """Until every view shows what there is to show."""
        until = self._beats + beats
        self.until(lambda: self._beats >= until)

    def _on_beat(self) -> None:
        self._beats += 1

    def wear(self, theme: str) -> None:
        from app.appearance import wear

        self.theme = theme
        wear(theme)  # type: ignore[arg-type]
        self.settle()

    def open(self, example: str, epochs: int = 0) -> None:
        """Begin with an example, and train it for so many epochs."""
        from app.examples import RESOURCES
        from engine.exchange.design_json import load_design

        session = self.window.session
        trainer = session.trainer
        assert trainer is not None
        trainer.reset()
        session.open(load_design(RESOURCES / "examples" / f"{example}.json"))
        self.window.banner.hide()
        self.until(lambda: self._ready and trainer.status.step == 0)  # of this design, not of the one before
        self.train(epochs)

    def train(self, epochs: int) -> None:
        """Train on for so many epochs, as Step does."""
        trainer = self.window.session.trainer
        assert trainer is not None
        first = trainer.status.epoch
        for epoch in range(first, first + epochs):
            if epoch % LOOK_EVERY == 0 or epoch == first + epochs - 1:
                self.settle(2)  # the trainer looks at gradients every so often, by the clock
            trainer.step("epoch")
            self.until(partial(_trained_beyond, trainer, epoch))
            if trainer.status.phase == "diverged":
                break
        self.settle()

    def take(self, name: str, widget: QWidget | None = None) -> None:
        """Grab a widget, or the window."""
        self.app.processEvents()
        picture = (widget or self.window).grab().toImage()
        if self.kept:
            from PySide6.QtGui import QImage

            picture = picture.convertToFormat(QImage.Format.Format_RGB32)
        path = self.folder / f"{name}{'' if self.kept else '-' + self.theme}.png"
        if not picture.save(str(path), quality=0):
            raise OSError(f"{path} cannot be written")
        self.taken += 1

    def close(self) -> None:
        window = self.window
        window.session.undo.setClean()
        window.unsaved.begin(window.session.trainer.status.step if window.session.trainer else 0)
        closed: list[object] = []
        window.closed.connect(closed.append)
        window.close()
        self.until(lambda: closed)
        self.program.stop()


def _trained_beyond(trainer: Trainer, epoch: int) -> bool:
    return trainer.status.epoch > epoch or trainer.status.phase == "diverged"
