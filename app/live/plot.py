"""A plot that follows its data until the user takes it in hand, in the colours of the theme."""

from __future__ import annotations

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGraphicsGridLayout, QGraphicsItem, QGraphicsWidget, QLabel, QToolButton

from app import theme
from app.live.axis import BESIDE, Axis

pg.setConfigOptions(antialias=False)
FILLED = [(0, 0.8), (2, 0.4)]  # with more than two numbers they may fill 0.4 of an axis: more is a crowd
STROKE = 14  # px of letters for each px of a line
NAMES_ROOM = (12, 7)  # heights of a line across and down: in less its axes have numbers alone, and it has the rest
GROWTH = 0.08  # how much room a growing curve gets ahead of it, as a share


class LivePlot(pg.GraphicsView):
    """Axes in the theme's colours, the user's own zoom kept, and a word where there is nothing to show yet.

    Made of a view box and two axes alone: pyqtgraph's own plot item brings menus and controls that nobody sees here.

    Signals:
        hovered: a place under the mouse in the plot's own units, or None when the mouse left.
        resized: its letters have another size, and with them its lines.
        clicked: a place in the plot that was clicked, in the plot's own units.
        menu_wanted: a place on the screen: the right button without a drag, or the menu key.
    """

    hovered = Signal(object)
    resized = Signal()
    clicked = Signal(QPointF)
    menu_wanted = Signal(QPoint)

    def __init__(self, empty: QLabel | None = None) -> None:
        """``empty``: the word that is shown while there is nothing else."""
        super().__init__()
        self._span: tuple[float, float, float, float] | None = None
        self._names: dict[str, str] = {}
        self.following = True
        self.viewport().setMouseTracking(True)
        self.setMinimumSize(120, 60)
        self.box = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self.box.disableAutoRange()
        self.box.sigRangeChangedManually.connect(self._take)
        self.axes = {side: Axis(side, linkView=self.box) for side in ("left", "bottom")}
        for axis in self.axes.values():
            axis.setStyle(tickLength=-4, maxTickLevel=1, textFillLimits=FILLED)
            axis.enableAutoSIPrefix(False)
            axis.setZValue(50)
        self._body = QGraphicsWidget()
        grid = QGraphicsGridLayout(self._body)
        grid.setContentsMargins(0, 8, BESIDE, 0)
        grid.setSpacing(0)
        grid.addItem(self.axes["left"], 0, 0)
        grid.addItem(self.box, 0, 1)
        grid.addItem(self.axes["bottom"], 1, 1)
        self.setCentralItem(self._body)
        self._size_axes()
        self._empty = empty or QLabel()
        self._empty.setParent(self)
        self._empty.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._reading = QLabel(self)
        self._reading.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._reading.setAutoFillBackground(True)
        self._reading.setMargin(4)
        self._reading.hide()
        self.scene().sigMouseClicked.connect(self._on_clicked)
        self._follow = QToolButton(self)
        self._follow.setText("Follow")
        self._follow.setToolTip("Show all of it again, and keep up with what is new (double-click)")
        self._follow.setAccessibleName("Follow: show all of it again, and keep up with what is new")
        self._follow.clicked.connect(self.follow)
        self._follow.hide()
        self.set_empty(empty is not None)
        theme.announcer.then(self._wear)
        self._wear()

    @property
    def is_empty(self) -> bool:
        return not self._body.isVisible()

    def add(self, item: QGraphicsItem) -> None:
        """Put something into the plot."""
        self.box.addItem(item, ignoreBounds=True)

    def name_axes(self, bottom: str, left: str = "") -> None:
        self._names = {"bottom": bottom, "left": left}
        self._name_axes()

    def _name_axes(self) -> None:
        """Where there is room for more than numbers and what they measure."""
        line = self.fontMetrics().height()
        roomy = all(size >= lines * line for size, lines in zip(self.size().toTuple(), NAMES_ROOM, strict=True))
        for side, text in self._names.items():
            if self.axes[side].name != (name := text if roomy else ""):
                self.axes[side].show_name(name)

    def set_empty(self, empty: bool) -> None:
        """Show the word instead of axes that mean nothing."""
        self._empty.setVisible(empty)
        self._body.setVisible(not empty)
        if empty:
            self.read_out("")

    def reach(self, left: float, right: float, bottom: float, top: float) -> None:
        """The range that holds all of the data; shown while the plot follows."""
        span = (left, right, bottom, top)
        if span == self._span:
            return
        self._span = span
        if self.following:
            self._show_span()

    def grow(self, left: float, right: float, bottom: float, top: float) -> None:
        """As `reach`, for data that grow: in steps, because axes that change with every frame cost more than curves."""
        if self._span is not None:
            old_left, old_right, old_bottom, old_top = self._span
            width, height = right - left, top - bottom
            wide = 0.8 * (old_right - old_left) <= width <= old_right - old_left
            high = 0.8 * (old_top - old_bottom) <= height <= old_top - old_bottom
            if wide and left == old_left and right <= old_right:
                right = old_right
            else:
                right += GROWTH * width
            if high and old_bottom <= bottom and top <= old_top:
                bottom, top = old_bottom, old_top
        self.reach(left, right, bottom, top)

    def follow(self) -> None:
        """Back to all of the data."""
        self.following = True
        self._follow.hide()
        self._show_span()

    def read_out(self, text: str) -> None:
        """Values under the mouse, in a corner of the plot; empty for none."""
        self._reading.setVisible(bool(text))
        if text and text != self._reading.text():
            self._reading.setText(text)
            self._place()

    @property
    def reading(self) -> str:
        """What is read out at the moment."""
        return self._reading.text() if self._reading.isVisible() else ""

    def _show_span(self) -> None:
        if self._span is not None:
            left, right, bottom, top = self._span
            self.box.setRange(xRange=(left, right), yRange=(bottom, top), padding=0)
            self.box.prepareForPaint()  # put off until it is painted, all that it moves would be painted once more

    def _take(self) -> None:
        self.following = False
        self._follow.show()
        self._place()

    def _place(self) -> None:
        self._follow.adjustSize()
        self._follow.move(self.width() - self._follow.width() - 8, 8)
        self._reading.adjustSize()
        taken = self._follow.width() + 8 if self._follow.isVisible() else 0
        self._reading.move(max(self.width() - taken - self._reading.width() - 16, 0), 8)
        self._empty.setGeometry(self.rect())

    def _wear(self) -> None:
        colors = theme.current()
        self.setBackground(colors.window)
        for axis in self.axes.values():
            axis.setPen(pg.mkPen(colors.border, width=1, cosmetic=False))
            axis.setTextPen(colors.dim)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange and hasattr(self, "axes"):
            self._size_axes()
            self._name_axes()
            self.resized.emit()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if theme.announcer.awaits(self):  # an empty ground for a frame or two, and no plot waits for all the others
            QPainter(self.viewport()).fillRect(event.rect(), QColor(theme.current().window))
        else:
            super().paintEvent(event)

    @property
    def stroke(self) -> int:
        """px of the window that a line of data is wide: one, and more where the letters are large."""
        return max(1, round(self.fontMetrics().height() / STROKE))

    def _size_axes(self) -> None:
        """Room for numbers and names in letters as large as they are."""
        for axis in self.axes.values():
            axis.label.setFont(self.font())
            axis.setTickFont(self.font())
            axis.size_up()
            axis.resizeEvent()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if hasattr(self, "_follow"):  # the base class resizes before it is built
            self._place()
            self._name_axes()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        place = self.mapToScene(event.position().toPoint())
        inside = self.box.sceneBoundingRect().contains(place)
        self.hovered.emit(self.box.mapSceneToView(QPointF(place)) if inside else None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The mouse's right button also drags: only a click of it opens the menu, and the scene tells that."""
        event.accept()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            self.menu_wanted.emit(self.mapToGlobal(self.rect().center()))

    def _on_clicked(self, event: MouseClickEvent) -> None:
        if event.button() == Qt.MouseButton.RightButton:
            self.menu_wanted.emit(event.screenPos().toPoint())
        elif self.box.sceneBoundingRect().contains(event.scenePos()):
            self.clicked.emit(self.box.mapSceneToView(event.scenePos()))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.follow()
        event.accept()

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self.hovered.emit(None)
