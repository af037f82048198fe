"""The searchable list of layers that opens on the canvas, at the mouse or at the end of a wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPointF, QSize, Qt
from PySide6.QtWidgets import QFrame, QLabel, QLineEdit, QListView, QVBoxLayout

from app import catalogue, theme
from app.canvas.geometry import box_geometry, input_ports, snapped
from app.canvas.interactions.drop import Landing
from app.canvas.scene import Port
from app.layer_list import ENTRY, LayerDelegate, LayerModel
from app.steering import Steering
from app.theme import GRID
from engine.design.checks import refuse_wire
from engine.design.document import Document, Node
from engine.layers import Layer

if TYPE_CHECKING:
    from app.canvas.view import CanvasView


class QuickAdd(QFrame):
    """Type, choose, and the layer lies there; Esc or a click elsewhere closes the list."""

    def __init__(self, canvas: CanvasView) -> None:
        super().__init__(canvas, Qt.WindowType.Popup)
        self._canvas = canvas
        self._place = QPointF()
        self._port: Port | None = None
        self._offered: tuple[catalogue.Entry, ...] = ()
        self.search = QLineEdit(self, placeholderText="Search layers")
        self.search.setAccessibleName("Search layers")
        self.search.setTextMargins(4, 2, 4, 2)
        self.model = LayerModel(headed=False, parent=self)
        self.list = QListView(self)
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setModel(self.model)
        self.list.setItemDelegate(LayerDelegate(self.list))
        self.list.setAccessibleName("Layers that fit")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.nothing = QLabel("No layer of that name fits here.", self, wordWrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_role(self.nothing, "dim")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        for widget in (self.search, self.list, self.nothing):
            layout.addWidget(widget)
        self.search.textChanged.connect(self._on_text_changed)
        self.search.returnPressed.connect(self._on_return_pressed)
        Steering(self.search, self.list, self)
        self.list.clicked.connect(self._choose)

    def sizeHint(self) -> QSize:
        return QSize(32 * GRID, 40 * GRID)

    def ask(self, place: QPointF, port: Port | None) -> None:
        """Offer layers for a place of the scene: all, or those that fit at ``port``."""
        self._place, self._port = place, port
        document = self._canvas.session.document
        self._offered = tuple(e for e in catalogue.entries() if port is None or self._fits(document, e.kind, port))
        self.search.clear()
        self._on_text_changed("")
        self.resize(self.sizeHint())
        corner = self._canvas.viewport().mapToGlobal(self._canvas.mapFromScene(place))
        room = self._canvas.screen().availableGeometry()
        corner.setX(max(room.left(), min(corner.x(), room.right() - self.width())))
        corner.setY(max(room.top(), min(corner.y(), room.bottom() - self.height())))
        self.move(corner)
        self.show()
        self.search.setFocus()

    def _fits(self, document: Document, kind: str, port: Port) -> bool:
        layer = Layer.parse(kind)
        id = document.fresh_id(kind)
        trial = document.add(layer, id=id)
        ends = (port.node, id, 0) if port.side == "output" else (id, port.node, port.number)
        return refuse_wire(trial, *ends, self._canvas.session.prepared) is None

    def _on_text_changed(self, words: str) -> None:
        hits = catalogue.found(words, self._offered) if words.strip() else self._offered
        self.model.show(hits)
        self.list.setVisible(bool(hits))
        self.nothing.setVisible(not hits)
        self.list.setCurrentIndex(self.model.first())

    def _on_return_pressed(self) -> None:
        self._choose(self.list.currentIndex())

    def _choose(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if entry is None:
            return
        self.hide()
        layer = Layer.parse(entry.kind)
        plan = Landing(layer, self._corner(layer))
        if self._port is not None and self._port.side == "output":
            plan = Landing(layer, plan.place, source=self._port)
        elif self._port is not None:
            plan = Landing(layer, plan.place, target=self._port)
        session = self._canvas.session
        document, id = plan.apply(session.document)
        session.edit(f"Add {layer.title}", document)
        session.select([id])
        self._canvas.setFocus()

    def _corner(self, layer: Layer) -> QPointF:
        """Where the box goes so that the port in question, or its middle, lies at the asked place."""
        ports = input_ports(Node(id="new", layer=layer), ())
        geometry = box_geometry(ports)
        anchor = geometry.box.center()
        if self._port is not None:
            anchor = geometry.output if self._port.side == "input" else geometry.inputs[0]
        return snapped(self._place - anchor)
