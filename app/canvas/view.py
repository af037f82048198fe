"""The canvas as a widget: what of the design is seen, what is written there, and where keys and the mouse lead."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QCursor,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QShowEvent,
    QTransform,
)
from PySide6.QtWidgets import QMenu, QWidget

from app import theme
from app.canvas.commands import EDITS, CanvasCommands
from app.canvas.dragged_in import DraggedIn
from app.canvas.free_room import place_for
from app.canvas.gallery import Gallery
from app.canvas.geometry import COLUMN, WIDTH, Port
from app.canvas.glide import Glide
from app.canvas.hint import Hint
from app.canvas.live_strip import LiveStrips
from app.canvas.look import spoken
from app.canvas.minimap import Minimap
from app.canvas.mouse import Mouse
from app.canvas.paint import FAR_LABEL
from app.canvas.quick_add import QuickAdd
from app.canvas.scene import CanvasScene
from app.canvas.surface import Surface
from app.canvas.unfolding import Unfolding
from app.canvas.writing import Writing
from app.session import Session
from app.theme import GRID

if TYPE_CHECKING:
    from engine.training.trainer import Trainer

AROUND = (-12, -24, 12, 24)  # px of the scene that are left around what is shown whole
MANY: Final = 100  # wires
EMPTY = "Drag a layer from the palette to here,\nor press Tab to search for one.\n\nA network begins with an Input."


class CanvasView(Surface):
    """The design as boxes and wires.

    Signals:
        settings_asked: the fields of what is selected are to be edited.
        space_tapped: Space was pressed and let go without a pan: the window may take it for Play.
    """

    space_tapped = Signal()
    settings_asked = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.canvas_scene = CanvasScene(session, self)
        self.setScene(self.canvas_scene)
        self.gallery = Gallery(self, self.canvas_scene)
        self.unfolding = Unfolding(self)
        self.live = LiveStrips(self)
        self.commands = CanvasCommands(self)
        self.hint = Hint(session, self.viewport())
        self.quick_add = QuickAdd(self)
        self.writing = Writing(self.viewport())
        self.glide = Glide(self.canvas_scene, self)
        self.minimap = Minimap(self)
        self.pressed_port: Port | None = None
        self.mouse = Mouse(self)
        self.dragged_in = DraggedIn(self)
        self._fit_when_shown = True
        self._data = session.prepared
        self._opened_at: tuple[QTransform, QPointF] | None = None
        self.setAcceptDrops(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Canvas")
        session.opened.connect(self.open_whole)
        session.report_changed.connect(self._on_report_changed)
        theme.announcer.changed.connect(self._renew_map)
        self.zoom_changed.connect(self.minimap.follow)
        self.canvas_scene.crowd_moved.connect(self.stir)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self.minimap.follow)
            # what lies in the viewport scrolls along; put back but once a frame, what is drawn can be scrolled too
            bar.valueChanged.connect(self.minimap.place, Qt.ConnectionType.QueuedConnection)
        session.document_changed.connect(self._on_document_changed)
        session.selection_changed.connect(self._on_selection_changed)
        self._on_selection_changed(session.selection)
        self.minimap.renew()

    # What is seen

    @property
    def crowded(self) -> bool:
        return len(self.canvas_scene.wires) > MANY

    def refresh(self, trainer: Trainer) -> None:
        """Show in the boxes how they learn; called at every beat while the canvas can be seen."""
        self.live.refresh(trainer)

    def fit(self) -> None:
        """Show the selected boxes, or all; never larger than they are."""
        self._show_all(self.session.selection or None)

    def _show_all(self, ids: Iterable[str] | None = None) -> None:
        if not self.canvas_scene.nodes:
            self.show_area(None)
            return
        area = self.canvas_scene.content_rect(ids).adjusted(*AROUND)
        if self.zoom_for(area) < FAR_LABEL:  # the words are larger there
            area = self.canvas_scene.content_rect(ids, far=True).adjusted(*AROUND)
        self.show_area(area)

    def show_boxes(self, ids: Iterable[str]) -> None:
        """Scroll as little as needed to bring boxes into sight."""
        self.ensureVisible(self.canvas_scene.content_rect(ids), 3 * GRID, 3 * GRID)

    def place_for_new(self, size: QSizeF) -> QPointF:
        """The corner of something new: in free room near the mouse, else near the middle of what is seen."""
        at, port = self.viewport().mapFromGlobal(QCursor.pos()), self.viewport().rect()
        around = self.mapToScene(at) if port.contains(at) and self.underMouse() else self.center
        under_map = self.minimap.geometry() if self.minimap.isVisible() else QRect()
        seen, hidden = (QRectF(self.mapToScene(part).boundingRect()) for part in (port, under_map))
        return place_for(size, around, seen, hidden, self.canvas_scene)

    def loose_end(self) -> tuple[QPointF, Port | None]:
        """Where a layer that is added by keyboard goes: behind the selected box, else into the middle."""
        chosen = self.session.selection
        if len(chosen) != 1:
            return self.center, None
        port = Port(next(iter(chosen)), "output")
        return self.canvas_scene.point_of(port) + QPointF(COLUMN - WIDTH, 0), port

    def _on_document_changed(self, before: object, after: object) -> None:
        self.mouse.abort()
        self.writing.leave()
        self.hint.hide()
        self.minimap.renew()
        self.viewport().update()

    def _on_report_changed(self) -> None:
        self.minimap.renew()
        arrived = self.session.prepared is not self._data
        self._data = self.session.prepared
        if arrived and self._untouched:
            self.open_whole()  # what the data say of themselves takes room too

    def open_whole(self) -> None:
        """Show all of a design that has been opened, until the user looks elsewhere."""
        self._show_all()
        self._opened_at = self.transform(), self._corner

    @property
    def _corner(self) -> QPointF:
        """The upper left corner of what is seen: where it stays while the window changes its size."""
        return self.mapToScene(QPoint(0, 0))

    @property
    def _untouched(self) -> bool:
        """Whether all is still shown as it was opened."""
        return self._opened_at == (self.transform(), self._corner)

    def _renew_map(self, _theme: object = None) -> None:
        self.minimap.renew()

    def _on_selection_changed(self, ids: frozenset[str]) -> None:
        document, report = self.session.document, self.session.report
        if len(ids) == 1:
            words = spoken(document.node(next(iter(ids))), report)
        else:
            words = f"{len(ids)} of {len(document.nodes)} boxes selected"
        self.setAccessibleDescription(words)

    def resizeEvent(self, event: QResizeEvent) -> None:
        untouched = self._untouched
        super().resizeEvent(event)
        if untouched:
            self.open_whole()
        self.minimap.place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._fit_when_shown:
            self._fit_when_shown = False
            self.open_whole()

    def drawForeground(self, painter: QPainter, rect: QRectF) -> None:
        if self.canvas_scene.nodes or self.canvas_scene.remarks or self.dragged_in.on:
            return
        painter.save()
        painter.resetTransform()
        painter.setPen(QColor(theme.current().dim))
        painter.setFont(theme.sized(self.font(), 1.2))
        painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, EMPTY)
        painter.restore()

    # What the hand does

    @property
    def reach(self) -> float:
        """How near to a port, in the scene, the mouse means the port: less on the screen when far away."""
        return min(10.0 / self.zoom, 12.0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.mouse.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.mouse.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.mouse.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mouse.double_click(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        self.dragged_in.enter(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        self.dragged_in.move(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.dragged_in.leave(event)

    def dropEvent(self, event: QDropEvent) -> None:
        self.dragged_in.drop(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        item = self.canvas_scene.node_at(self.mapToScene(event.pos()))
        if item is not None and not self.session.selection.issuperset(item.ids):
            self.session.select(item.ids)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.commands.fill(menu, (*EDITS, "view"), usable=True)
        menu.popup(event.globalPos())

    def offer_layers(self, point: QPointF, port: Port | None = None) -> None:
        """The searchable list of layers at a place of the scene; with ``port``, of those that fit there."""
        self.quick_add.ask(point, port)

    # What is written in place

    def write_note(self, id: str) -> None:
        item = self.canvas_scene.remarks[id]
        area = self.mapFromScene(item.mapRectToScene(item.rect())).boundingRect()
        self.writing.ask(item.remark.text, "Note", area, self.zoom, False, partial(self.commands.set_note, id))

    def write_name(self, name: str, of: str, room: QRectF, take: Callable[[str], None]) -> None:
        """Ask for a name in an area of the scene."""
        self.writing.ask(name, f"Name of {of}", self.mapFromScene(room).boundingRect(), self.zoom, True, take)

    # What keys do

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent):
            if event.type() == QEvent.Type.ShortcutOverride and event.key() == Qt.Key.Key_Space:
                event.accept()  # held, it pans; the window hears of a tap by `space_tapped`
                return True
            if event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Tab and not event.modifiers():
                self.commands.find_layer()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.mouse.hold_space()
        elif event.key() == Qt.Key.Key_Escape and (self.mouse.busy or self.hint.isVisible()):
            self.mouse.abort()
            self.hint.hide()
        elif not self.commands.press(event):
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            if self.mouse.let_space_go():
                self.space_tapped.emit()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.mouse.let_space_go()
        super().focusOutEvent(event)
