"""What every page of the Compare view offers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from app.live.compare.arena import Arena
from app.live.key import Entry
from app.live.share import Columns
from engine.compare.standing import Standing


class Page(QWidget):
    """One way of looking at the runs.

    Attributes:
        title: in the list of pages. tip: what one sees there.
        controls: what stands in the row above it.
    """

    title = ""
    tip = ""

    def __init__(self, arena: Arena) -> None:
        super().__init__()
        self.arena = arena
        self.controls: list[QWidget] = []

    def entries(self, standings: Sequence[Standing]) -> list[Entry]:
        """The marks of its key, for those who take part."""
        return []

    def refresh(self, standings: Sequence[Standing]) -> str:
        """Show what is new; returns the words for the reading."""
        raise TypeError(f"{type(self).__name__} does not say what it shows")

    def repaint_all(self) -> None:
        """The theme has changed."""

    def parts(self) -> list[QWidget]:
        """What of it belongs into a picture."""
        return [self]

    def columns(self) -> Columns:
        """Its numbers, for a table."""
        return {}

    def stop(self) -> None:
        """End what it computes beside the window."""
