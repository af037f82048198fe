"""The tiles of pictures that stand side by side: one per run, and one for what sets them apart."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from app import theme
from app.elided import Elided
from app.live.boundary import BoundaryDrawing
from app.live.compare.map_drawing import MapDrawing
from app.live.fit import OF_PICTURE, WAYS, Drawing
from app.live.numbers import short
from app.live.picks import Picks
from engine.compare.maps import Map
from engine.insight.pictures import BoundaryPicture, Picture

TILE: Final = (136, 120)  # px: the least room of a picture


class Tile(QWidget):
    """A name above a picture."""

    def __init__(self) -> None:
        super().__init__()
        self.name = Elided()
        self.name.setContentsMargins(8, 2, 8, 0)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.name)
        self.setMinimumSize(*TILE)
        self._shown: QWidget | None = None

    def call(self, name: str, tip: str = "") -> None:
        self.name.setText(name)
        self.name.setToolTip(f"{name}: {tip}" if tip else name)

    def hold(self, widget: QWidget) -> None:
        if widget is not self._shown:
            if self._shown is not None:
                self._column.removeWidget(self._shown)
                self._shown.hide()
            self._shown = widget
            self._column.addWidget(widget, 1)
            widget.show()


class RunTile(Tile):
    """The picture of one run."""

    def __init__(self, picks: Picks) -> None:
        super().__init__()
        self._picks = picks
        self._drawings: dict[type[Picture], Drawing] = {}
        self.picture: Picture | None = None
        self.step = -1

    def draw(self, step: int, picture: Picture) -> None:
        kind = type(picture)
        if kind not in self._drawings:
            self._drawings[kind] = WAYS[OF_PICTURE[kind]].drawing(self._picks)
        drawing = self._drawings[kind]
        drawing.entries(picture)  # names the axes
        drawing.draw(picture)
        self.hold(drawing.widget)
        if isinstance(drawing, BoundaryDrawing):
            for scale in drawing.parts[1:]:
                scale.hide()  # the same beside every tile
        self.picture, self.step = picture, step

    @property
    def aspect(self) -> float:
        drawing = self._drawings.get(BoundaryPicture)
        return drawing.aspect if isinstance(drawing, BoundaryDrawing) else 1.0


class MapTile(Tile):
    """Where two runs differ, or several seeds disagree."""

    def __init__(self) -> None:
        super().__init__()
        self.drawing = MapDrawing()
        self.word = QLabel()
        self.word.setWordWrap(True)
        self.word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self.word, "dim")
        for widget in (self.drawing.plot, self.word):
            widget.setParent(self)
            widget.hide()
        self.map: Map | None = None

    def draw(self, name: str, tip: str, shown: Map | None) -> None:
        """Show a map; ``tip``: whose it is."""
        self.map = shown
        if shown is None:
            self.call(name)
            self.word.setText("They have no picture of the same inputs: choose Curve or Plane, and the same data.")
            self.hold(self.word)
            return
        reach = f"±{short(shown.limit, 2)}" if shown.signed else f"0 … {short(shown.limit, 2)}"
        self.call(f"{name} ({reach})", f"{tip}, {shown.words}")
        self.drawing.draw(shown)
        self.hold(self.drawing.plot)


def drop(tile: Tile) -> None:
    """Take a tile away at once; Qt deletes it later."""
    tile.hide()
    tile.deleteLater()
