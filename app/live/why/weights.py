"""The weights of a layer as a table: of the chosen unit of a dense layer, or all that any other layer learns."""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import Any

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from app.live.headed import LEFT, SHOWN, Headed, Index
from app.picked import Weight
from engine.insight.trace import LayerTrace, Trace, figure, plain
from engine.insight.trace.record import place_of


class WeightRows(Headed):
    """A row per weight; strings are made only for what is seen."""

    def __init__(self) -> None:
        super().__init__()
        self._trace: Trace | None = None
        self._layer: LayerTrace | None = None
        self._unit = 0

    def show_layer(self, trace: Trace | None, layer: LayerTrace | None, unit: int) -> None:
        """Only numbers change where the rows stay the same, so that what is selected stays so."""
        before = self._shape
        self._trace, self._layer, self._unit = trace, layer, unit
        if self._shape == before and self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, self.columnCount() - 1))
        else:
            self.beginResetModel()
            self.endResetModel()

    @property
    def _shape(self) -> tuple[object, ...]:
        layer = self._layer
        return (layer.node, self.rowCount(), self._unit) if layer is not None else ()

    @property
    def _dense(self) -> bool:
        return self._layer is not None and self._layer.layer.kind == "dense"

    @property
    def head(self) -> tuple[str, ...]:
        return ("from", "x", "w", "∂E/∂w", "w new") if self._dense else ("weight", "w", "∂E/∂w", "w new")

    def _sizes(self) -> list[int]:
        assert self._trace is not None
        assert self._layer is not None
        return list(accumulate(self._trace.updated.by_key[key].size for key in self._layer.parameters))

    def weight_at(self, row: int) -> Weight:
        assert self._trace is not None
        assert self._layer is not None
        keys = self._layer.parameters
        if self._dense:
            inputs, units = self._trace.updated.by_key[keys[0]].shape
            column = self._unit % units
            return Weight(keys[0], row * units + column) if row < inputs else Weight(keys[1], column)
        ends = self._sizes()
        number = bisect_right(ends, row)
        return Weight(keys[number], row - (ends[number - 1] if number else 0))

    def row_of(self, weight: Weight) -> int | None:
        """Where a weight stands; None where it is of another layer or unit."""
        layer, trace = self._layer, self._trace
        if layer is None or trace is None or weight.key not in layer.parameters:
            return None
        number = layer.parameters.index(weight.key)
        if self._dense:
            inputs, units = trace.updated.by_key[layer.parameters[0]].shape
            if weight.index % units != self._unit % units:
                return None
            return inputs if number else weight.index // units
        return weight.index + (self._sizes()[number - 1] if number else 0)

    def rowCount(self, parent: Index = QModelIndex()) -> int:
        if parent.isValid() or self._layer is None or self._trace is None or not self._layer.parameters:
            return 0
        if self._dense:
            return int(self._trace.updated.by_key[self._layer.parameters[0]].shape[0]) + 1
        return self._sizes()[-1]

    def side(self, column: int) -> Qt.AlignmentFlag:
        return super().side(column) if column else LEFT

    def data(self, index: Index, role: int = SHOWN) -> Any:
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return self.side(index.column())
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole) or self._trace is None:
            return None
        weight = self.weight_at(index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            shape = self._trace.updated.by_key[weight.key].shape
            return f"{weight.key}{place_of(weight.index, shape)}: click for its chain"
        return self._cell(weight, index.row(), self.head[index.column()])

    def _cell(self, weight: Weight, row: int, column: str) -> str:
        assert self._trace is not None
        assert self._layer is not None
        updated = self._trace.updated
        match column:
            case "from":
                return self._source(row)
            case "weight":
                name = weight.key.rpartition("/")[2]
                return f"{name}{place_of(weight.index, updated.by_key[weight.key].shape)}"
            case "x":
                inputs = updated.by_key[self._layer.parameters[0]].shape[0]
                group = self._unit // self._layer.output.value.shape[-1]
                x = self._layer.inputs[0].value.reshape(-1, inputs)[group]
                return _read(x[row]) if row < inputs else ""
            case "w":
                return _read(updated.old(weight.key).flat[weight.index])
            case "∂E/∂w":
                return _read(updated.gradient(weight.key).flat[weight.index])
        return _read(updated.new(weight.key).flat[weight.index])

    def _source(self, row: int) -> str:
        assert self._trace is not None
        assert self._layer is not None
        inputs = self._trace.updated.by_key[self._layer.parameters[0]].shape[0]
        if row == inputs:
            return "bias"
        source = self._trace.by_node[self._layer.sources[0]]
        if not source.sources and len(self._trace.example) == inputs:
            return self._trace.example[row][0]
        return f"{source.label}, {row + 1}"


class WeightTable(QTableView):
    """A click on a row, or the keys, choose a weight.

    Signals:
        chosen: a `Weight`.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.rows = WeightRows()
        self.setModel(self.rows)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setAlternatingRowColors(True)
        self.setAccessibleName("Weights of the layer: choose one to see its chain")
        self.setMinimumSize(120, 40)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        self._size()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(40)
        self._fills = False  # what becomes current meanwhile was not chosen by hand
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.clicked.connect(lambda index: self.chosen.emit(self.rows.weight_at(index.row())))

    def _size(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 6)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size()

    def show_layer(self, trace: Trace | None, layer: LayerTrace | None, unit: int, weight: Weight | None) -> None:
        self._fills = True
        self.rows.show_layer(trace, layer, unit)
        row = None if weight is None else self.rows.row_of(weight)
        if row is None:
            self.clearSelection()
            self.selectionModel().clearCurrentIndex()
        elif self.currentIndex().row() != row or not self.selectionModel().isRowSelected(row, QModelIndex()):
            self.selectRow(row)
        self._fills = False

    def _on_current(self, current: QModelIndex, _before: QModelIndex) -> None:
        if current.isValid() and not self._fills:
            self.chosen.emit(self.rows.weight_at(current.row()))


def _read(value: float) -> str:
    return plain(figure(float(value)))
