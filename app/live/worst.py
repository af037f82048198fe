"""The rows that the network gets most wrong, as a table; pictures where the examples are pictures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from PySide6.QtCore import QModelIndex, QSize, Qt
from PySide6.QtGui import QImage, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QWidget

from app.live.headed import SHOWN, FittedTable, Headed, Index
from app.live.key import Entry
from app.live.numbers import column, percent
from app.live.picks import Picks
from app.live.share import Columns
from engine.insight.pictures import WorstPicture

IMAGE: Final = 40  # px, at the least: pictures grow with the letters
COLUMNS: Final = 24  # inputs that are listed


class WorstDrawing:
    """One row per mistake; a click picks the example, at which a plane is then held."""

    pause: Final = 0.5  # s: a list that changes faster can be neither read nor clicked

    def __init__(self, picks: Picks) -> None:
        self._picks = picks
        self._model = _Rows()
        self.widget = FittedTable(self._model)
        self.widget.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.widget.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.widget.setAlternatingRowColors(True)
        self.widget.setAccessibleName("The worst mistakes")
        self.widget.selectionModel().currentRowChanged.connect(self._on_current)
        self._fills = False  # the table is being filled: what becomes current was not picked

    @property
    def parts(self) -> list[QWidget]:
        return [self.widget]

    def entries(self, picture: WorstPicture) -> list[Entry]:
        return []

    def draw(self, picture: WorstPicture) -> str:
        line = self.widget.fontMetrics().height()
        side = max(IMAGE, round(2.9 * line))
        if not self._model.shows(picture, side):
            self._fills = True
            self._model.show_picture(picture, side)
            self.widget.setIconSize(QSize(side, side))
            self.widget.verticalHeader().setDefaultSectionSize(side + 4 if picture.images is not None else line + 8)
            found = np.flatnonzero(picture.rows == (-1 if self._picks.held is None else self._picks.held))
            if len(found):
                self.widget.selectRow(int(found[0]))
            self._fills = False
        if not picture.classes:
            return f"largest errors of {picture.judged} {picture.part} rows"
        return f"{picture.wrong} of {picture.judged} {picture.part} rows are wrong"

    def columns(self, picture: WorstPicture) -> Columns:
        names = np.array(picture.classes) if picture.classes else None
        told = (picture.true, picture.predicted) if names is None else (names[picture.true], names[picture.predicted])
        values = dict(zip(picture.inputs, picture.values.T, strict=False))
        return {
            "row": picture.rows + 1, f"true {picture.target}": told[0].tolist(),
            f"answered {picture.target}": told[1].tolist(), _score(picture): picture.score, **values,
        }  # fmt: skip

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._fills:
            self._picks.pick(self._model.row_of(current.row()))


class _Rows(Headed):
    def __init__(self) -> None:
        super().__init__()
        self._picture: WorstPicture | None = None
        self._head: list[str] = []
        self._cells: list[list[str]] = []
        self._images: list[QPixmap] = []
        self._side = 0

    def shows(self, picture: WorstPicture, side: int) -> bool:
        """Whether the same is on the screen already, in pictures of the same size."""
        before = self._picture
        return (
            before is not None
            and side == self._side
            and (before.rows.shape, before.inputs) == (picture.rows.shape, picture.inputs)
            and all(
                np.array_equal(getattr(before, name), getattr(picture, name)) for name in ("rows", "predicted", "score")
            )
        )

    def show_picture(self, picture: WorstPicture, side: int) -> None:
        self.beginResetModel()
        self._picture, self._side = picture, side
        pictured = picture.images is not None
        inputs = () if pictured else picture.inputs[:COLUMNS]
        self._head = ["Row", "True", "Answered", _titled(_score(picture)), *inputs]
        self._images = [_pixmap(image, side) for image in picture.images] if picture.images is not None else []
        score = picture.score.tolist()
        told = [
            [str(row) for row in picture.rows + 1],
            _answers(picture, picture.true),
            _answers(picture, picture.predicted),
            list(map(percent, score)) if picture.classes else column(score),
            *(column(values.tolist()) for values in picture.values[:, : len(inputs)].T),
        ]
        self._cells = [list(row) for row in zip(*told, strict=True)]
        self.endResetModel()

    def row_of(self, number: int) -> int:
        assert self._picture is not None
        return int(self._picture.rows[number])

    @property
    def head(self) -> Sequence[str]:
        return self._head

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        return 0 if parent.isValid() else len(self._cells)

    def data(self, index: Index, role: int = SHOWN) -> Any:
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._cells[index.row()][index.column()]
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and self._images:
            return self._images[index.row()]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.side(index.column())
        return None


def _score(picture: WorstPicture) -> str:
    return "P(true class)" if picture.classes else "error"


def _titled(name: str) -> str:
    return name[0].upper() + name[1:]


def _answers(picture: WorstPicture, values: np.ndarray) -> list[str]:
    return [picture.classes[int(value)] for value in values] if picture.classes else column(values.tolist(), 4)


def _pixmap(image: np.ndarray, side: int) -> QPixmap:
    pixels = np.ascontiguousarray(image)
    height, width = pixels.shape
    gray = QImage(pixels.data, width, height, width, QImage.Format.Format_Grayscale8)
    # copied while the array is still there; as blocks, because every pixel is one number that was learnt from
    return QPixmap.fromImage(gray).scaled(
        side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.FastTransformation
    )
