"""The live views, one row each: a new view is a new file and a new row."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Final

from PySide6.QtWidgets import QWidget

from app.session import Session


@dataclass(frozen=True)
class LiveView:
    """A view on the published numbers.

    Attributes:
        key: its name in the remembered layout.
        title: the dock's title. empty: what to do to see something here.
        module, name: the class, imported when the view is made.
    """

    key: str
    title: str
    empty: str
    module: str
    name: str

    def make(self, session: Session) -> QWidget:
        widget: QWidget = getattr(import_module(self.module), self.name)(session)
        return widget


def import_views() -> None:
    """What the views need takes as long to import as the window to show: call it beside the window, then make them."""
    for view in VIEWS:
        import_module(view.module)


VIEWS: Final = (
    LiveView("loss", "Loss", "the loss, epoch by epoch", "app.live.loss", "LossView"),
    LiveView("gradients", "Gradients", "the gradient that reaches every layer", "app.live.gradients", "GradientView"),
    LiveView("fit", "Fit", "what the network has learnt", "app.live.fit", "FitView"),
)
