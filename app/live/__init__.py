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
        title: the dock's title.
        module, name: the class, imported when the view is made.
    """

    key: str
    title: str
    module: str
    name: str

    def make(self, session: Session) -> QWidget:
        widget: QWidget = getattr(import_module(self.module), self.name)(session)
        return widget


VIEWS: Final = (
    LiveView("loss", "Loss", "app.live.loss", "LossView"),
    LiveView("gradients", "Gradients", "app.live.gradients", "GradientView"),
    LiveView("fit", "Fit", "app.live.fit", "FitView"),
)
