"""The live views, one row each: a new view is a new file and a new row."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QWidget

from app.session import Session

if TYPE_CHECKING:
    from app.live.share import Sharing
    from app.pulse import Live
    from engine.training.trainer import Trainer


THIRD: Final = 422  # px: three views stand side by side on a screen of 1280, with letters of any size


class View(QWidget):
    """What every live view offers.

    Attributes:
        sharing: its menu: copy and save what it shows.
        least: letters across and lines down that it can do with, whatever it shows.
        word: a widget for the run bar, which speaks for the view while it cannot be seen; None for most.

    Signals:
        titled: its dock's title is another. wanted: it asks to be brought to the front.
    """

    titled = Signal(str)
    wanted = Signal()

    sharing: Sharing
    least: tuple[int, int] = (60, 10)
    word: QWidget | None = None

    def minimumSizeHint(self) -> QSize:
        """Of letters, not of what it shows at the moment: docks stay where they are when a view is filled."""
        metrics, (across, down) = self.fontMetrics(), self.least
        width = across * metrics.averageCharWidth()
        if width > THIRD:  # letters this large: no wider than has to be
            width = max(THIRD, self.layout().minimumSize().width())
        return QSize(width, down * metrics.height())

    def sizeHint(self) -> QSize:
        return 2 * self.minimumSizeHint()

    @property
    def followers(self) -> tuple[Live, ...]:
        """What of it is kept fresh also while it cannot be seen."""
        return ()

    def refresh(self, trainer: Trainer) -> None:
        """Show what is new."""
        raise TypeError(f"{type(self).__name__} does not say what it shows")

    def show_seen(self, seen: bool) -> None:
        """Its dock has come to the front, or another tab lies before it."""

    def stop(self) -> None:
        """End what it computes beside the window, which is closing."""


@dataclass(frozen=True)
class LiveView:
    """A view on the published numbers.

    Attributes:
        key: its name in the remembered layout.
        title: the dock's title. empty: what appears here once the design trains, with its article.
        module, name: the class, imported when the view is made.
        beside: the dock whose place it shares, as a tab behind it; "": it has a place of its own below the canvas.
    """

    key: str
    title: str
    empty: str
    module: str
    name: str
    beside: str = ""

    def make(self, session: Session) -> View:
        view: View = getattr(import_module(self.module), self.name)(session)
        return view


def import_views() -> None:
    """What the views need takes as long to import as the window to show: call it beside the window, then make them."""
    for view in VIEWS:
        import_module(view.module)


VIEWS: Final = (
    LiveView("loss", "Loss", "the loss of every epoch", "app.live.loss", "LossView"),
    LiveView("gradients", "Gradients", "the gradient that reaches every layer", "app.live.gradients", "GradientView"),
    LiveView(
        "compare",
        "Compare",
        "runs side by side",
        "app.live.compare.view",
        "CompareView",
        beside="loss",
    ),
    LiveView("fit", "Fit", "what the network has learnt", "app.live.fit", "FitView"),
    LiveView(
        "space", "Space", "how a layer bends the space of the inputs", "app.live.space.view", "SpaceView", beside="fit"
    ),
    LiveView(
        "doctor", "Doctor", "what ails the network, and what helps,", "app.live.doctor.view", "DoctorView", "problems"
    ),
    LiveView(
        "why", "Why this number?", "one example's way through the network", "app.live.why.view", "WhyView", "gradients"
    ),
)
