"""The palette: every layer, by category, to be dragged onto the canvas or added with Enter."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QDrag, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QLineEdit, QListView, QVBoxLayout, QWidget

from app import catalogue, theme
from app.canvas.edits import added_after
from app.layer_list import ENTRY, SIDE, LayerDelegate, LayerModel
from app.session import Session
from app.theme import GRID
from engine.layers import Layer

LONGEST = 50  # letters of the search field


class Palette(QWidget):
    """A search field over the list of layers.

    Signals:
        added: the id of a node that Enter or a double click has put on the canvas.
    """

    added = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.search = QLineEdit(self, placeholderText="Search layers", clearButtonEnabled=True)
        self.search.setAccessibleName("Search layers")
        self.search.setTextMargins(4, 2, 4, 2)
        self.model = LayerModel(headed=True, parent=self)
        self.list = _LayerView(self)
        self.list.setModel(self.model)
        self.list.setItemDelegate(LayerDelegate(self.list))
        self.list.setAccessibleName("Layers")
        self.list.setAccessibleDescription("Drag one onto the canvas, or press Enter to add it after the selected box")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.search.textChanged.connect(self._on_text_changed)
        self.search.returnPressed.connect(self._on_return_pressed)
        self.search.installEventFilter(self)
        self.list.activated.connect(self._on_activated)
        theme.announcer.changed.connect(self._on_theme_changed)
        self._bound()
        self._on_text_changed("")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._bound()

    def _bound(self) -> None:
        """A panel as wide as the window is no reason to write the name of a layer across it."""
        self.search.setMaximumWidth(LONGEST * self.fontMetrics().averageCharWidth())

    def sizeHint(self) -> QSize:
        return QSize(25 * GRID, 60 * GRID)

    def minimumSizeHint(self) -> QSize:
        """The name of every layer can be read, with letters of any size."""
        title = max(self.fontMetrics().horizontalAdvance(entry.title) for entry in catalogue.entries())
        beside = SIDE + 5 * GRID + self.list.verticalScrollBar().sizeHint().width()
        return QSize(title + beside, super().minimumSizeHint().height())

    def add(self, kind: str) -> None:
        """Put a layer after the selected box, and wire it."""
        layer = Layer.parse(kind)
        chosen = self._session.selection
        document = self._session.document
        after = next(iter(chosen)) if len(chosen) == 1 else None
        if after is None and self._session.report.sink and layer.arity[1] != 0:
            after = self._session.report.sink
        document, id = added_after(document, layer, after)
        self._session.edit(f"Add {layer.title}", document)
        self._session.select([id])
        self.added.emit(id)

    def _on_text_changed(self, words: str) -> None:
        every = catalogue.entries()
        hits = catalogue.found(words, every) if words.strip() else every
        self.model.show(tuple(entry for entry in every if entry in hits))
        if words.strip() and hits:
            self.list.setCurrentIndex(self.model.index_of(hits[0]))

    def _on_return_pressed(self) -> None:
        self._on_activated(self.list.currentIndex() if self.list.currentIndex().isValid() else self.model.first())

    def _on_activated(self, index: QModelIndex) -> None:
        entry = index.data(ENTRY)
        if entry is not None:
            self.add(entry.kind)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up and down in the search field move through the list."""
        if watched is self.search and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.keyPressEvent(event)
                return True
            if event.key() == Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _on_theme_changed(self, _theme: object) -> None:
        self.list.viewport().update()


def layer_drag(entry: catalogue.Entry, source: QObject) -> QDrag:
    """A drag of a layer under its icon: over the canvas a ghost of the box says the rest."""
    drag = QDrag(source)
    drag.setMimeData(catalogue.carried(entry.kind))
    icon = catalogue.icon(entry.kind, entry.category, theme.current().category(entry.category))
    drag.setPixmap(icon.pixmap(3 * GRID, 3 * GRID))
    drag.setHotSpot(QPoint(-GRID, -GRID))
    return drag


class _LayerView(QListView):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setUniformItemSizes(False)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.viewport().setAutoFillBackground(False)

    def startDrag(self, actions: Qt.DropAction) -> None:
        entry = self.currentIndex().data(ENTRY)
        if entry is not None:
            drag = layer_drag(entry, self)
            drag.exec(Qt.DropAction.CopyAction)
            # Qt keeps a drag for as long as its source, which is the whole session.
            drag.deleteLater()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Not every platform activates an entry by Enter of its own accord.
            self.activated.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)
