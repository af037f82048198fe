"""The strip above a live view: what its marks mean, what can be toggled, and the reading under the mouse."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QMenu,
    QSizePolicy,
    QStyle,
    QStyleOptionToolButton,
    QStylePainter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.actions import icon
from app.elided import Elided
from app.live.flow import Flow

Shape = Literal["line", "dashes", "disc", "ring", "triangle", "square"]
SWATCH, SIGN = 12, 16  # px of a mark and of a sign, at the least: they grow with the letters
SHORT: Final = 4  # letters
FEWEST: Final = 8  # letters of a reading that tell something
SMALLER: Final = 0.92  # than the other letters: three views side by side have little room


class Entry(QAbstractButton):
    """A mark with its name; where it can be toggled, unchecked means hidden.

    ``role`` is a field of the theme, or a whole number for a class's colour, so that a change of theme needs no words.
    """

    def __init__(self, text: str, shape: Shape, role: str | int, toggles: bool = False) -> None:
        super().__init__()
        self.setText(text)
        self._shape: Shape = shape
        self._role = role
        self.setCheckable(toggles)
        self.setChecked(toggles)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if toggles else Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        if toggles:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(f"Show or hide {text}" if toggles else text)  # its name may be cut
        self.setAccessibleName(text)

    @property
    def _swatch(self) -> int:
        return max(SWATCH, round(0.85 * self.fontMetrics().height()))

    def sizeHint(self) -> QSize:
        metrics, swatch = self.fontMetrics(), self._swatch
        return QSize(swatch + 5 + metrics.horizontalAdvance(self.text()) + 4, max(metrics.height(), swatch) + 4)

    def minimumSizeHint(self) -> QSize:
        """A name of a few letters is not cut: an ellipsis would take their place."""
        return self.sizeHint() if len(self.text()) <= SHORT else QSize(self._swatch + 5, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        off = self.isCheckable() and not self.isChecked()
        color = QColor(colors.disabled if off else ink(self._role))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, swatch = self.height() / 2, self._swatch
        draw_mark(painter, self._shape, QPointF(swatch / 2, middle), swatch / 2 - 2, color)
        painter.setPen(QColor(colors.disabled if off else colors.text))
        room = QRectF(swatch + 5, 0, self.width() - swatch - 6, self.height())
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if off:
            painter.drawLine(QPointF(swatch + 5, middle), QPointF(self.sizeHint().width() - 4, middle))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)


class Small(QWidget):
    """A row above a view, with letters a little smaller than the others."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(theme.sized(QApplication.font(), SMALLER))


class Header(Small):
    """One row: the key's entries on the left, the reading and the small switches on the right.

    Where that is too long the entries stand below, on as many lines as they need.
    """

    def __init__(self, gap: int = 6) -> None:
        """``gap``: px between two of what stands there."""
        super().__init__()
        self._row, self._below = QHBoxLayout(), Flow()
        for row in (self._row, self._below):
            row.setSpacing(gap)
        self._row.setContentsMargins(8, 2, 4, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self._row)
        column.addLayout(self._below)
        self._entries: list[Entry] = []
        self._leading: list[QWidget] = []
        self._long = False
        self.reading = Elided(least=FEWEST)
        self.reading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        theme.set_role(self.reading, "dim")
        self._row.addWidget(self.reading, 1)

    @property
    def words(self) -> list[QWidget]:
        """What of it belongs into a picture: the key and the reading."""
        return [*self._entries, self.reading]

    def set_entries(self, entries: list[Entry]) -> None:
        for old in self._entries:
            for row in (self._row, self._below):
                row.removeWidget(old)
            old.hide()  # it is deleted later, and lies where the new ones come
            old.deleteLater()
        self._entries = []
        for entry in entries:
            entry.setParent(self)  # which takes the font that its length depends on
        self._entries = entries
        self._put()
        self._share()

    def lead(self, widget: QWidget) -> None:
        """Put a widget before the key."""
        self._row.insertWidget(len(self._leading), widget)
        self._leading.append(widget)
        self._share()

    def add_menu(self, sign: str, tip: str, menu: QMenu) -> QToolButton:
        """A small button at the right end that opens a menu; ``sign``: an icon of the Material Design set."""
        button = SignButton(sign, tip)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._row.addWidget(button)
        return button

    def add_widget(self, widget: QWidget) -> None:
        self._row.addWidget(widget)

    def _share(self) -> None:
        """The entries go below where one row is too long for them and the reading."""
        if (self._length > self.width()) != self._long:
            self._long = not self._long
            self._put()

    def _put(self) -> None:
        for row in (self._row, self._below):
            for entry in self._entries:
                row.removeWidget(entry)
        for place, entry in enumerate(self._entries, len(self._leading)):
            if self._long:
                self._below.addWidget(entry)
            else:
                self._row.insertWidget(place, entry)
        self._below.setContentsMargins(8, 0, 4, 2 if self._long and self._entries else 0)

    @property
    def _length(self) -> int:
        """px that all of it takes in one row."""
        widgets = [self._row.itemAt(place).widget() for place in range(self._row.count())]
        there = {widget for widget in (*widgets, *self._entries) if _is_there(widget)}
        margins = self._row.contentsMargins()
        return sum(each.sizeHint().width() + self._row.spacing() for each in there) + margins.left() + margins.right()

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self._share()
            # a layout that is short of room counts one line of those that stand below
            self.setMinimumHeight(self.layout().heightForWidth(self.width()) if self._long else 0)
        return done

    def say(self, text: str) -> None:
        """The reading; it may be cut where room is scarce, so the whole of it is also a tooltip."""
        if text != self.reading.text():
            self.reading.setText(text)
            self.reading.setToolTip(text)
            self._share()


def _is_there(widget: QWidget) -> bool:
    """Whether it is seen as soon as what it stands in is."""
    return not (widget.isHidden() and widget.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide))


class SignButton(QToolButton):
    """A small flat button with a sign, in the colours of the theme."""

    def __init__(self, sign: str, tip: str) -> None:
        super().__init__()
        self._sign, self._role = sign, "dim"
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setAutoRaise(True)
        self._size()
        theme.announcer.changed.connect(self._wear)
        self._wear()

    def _size(self) -> None:
        edge = max(SIGN, round(1.05 * self.fontMetrics().height()))
        self.setIconSize(QSize(edge, edge))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size()

    def set_sign(self, sign: str, role: str = "dim") -> None:
        """Another sign, in a colour of the theme."""
        self._sign, self._role = sign, role
        self._wear()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Without the small arrow of those that have a menu: there is no room beside the sign."""
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.features &= ~QStyleOptionToolButton.ToolButtonFeature.HasMenu
        QStylePainter(self).drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option)

    def _wear(self) -> None:
        self.setIcon(icon(self._sign, self._role))


def ink(role: str | int) -> str:
    """A colour of the theme as it is now: a field's name, or a class's number."""
    colors = theme.current()
    return colors.class_color(role) if isinstance(role, int) else str(getattr(colors, role))


def mixed(ground: str | QColor, color: str | QColor, share: float) -> QColor:
    """A colour on a ground, opaque: blending while drawing costs milliseconds."""
    pairs = zip(QColor(ground).getRgb()[:3], QColor(color).getRgb()[:3], strict=True)
    return QColor(*(round(g + (c - g) * share) for g, c in pairs))


def draw_mark(painter: QPainter, shape: Shape, at: QPointF, radius: float, color: QColor) -> None:
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(color)
    match shape:
        case "line" | "dashes":
            pen = QPen(color, 2)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            if shape == "dashes":
                pen.setDashPattern([(radius + 1) / 5] * 2)  # of the width: three dashes
            painter.setPen(pen)
            painter.drawLine(at - QPointF(radius + 1, 0), at + QPointF(radius + 1, 0))
        case "ring":
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(at, radius - 1, radius - 1)
        case "disc":
            painter.drawEllipse(at, radius - 1, radius - 1)
        case "square":
            painter.drawRect(QRectF(at.x() - radius + 1, at.y() - radius + 1, 2 * radius - 2, 2 * radius - 2))
        case "triangle":
            top, base = at.y() - radius + 1, at.y() + radius - 2
            painter.drawPolygon(
                QPolygonF([QPointF(at.x(), top), QPointF(at.x() - radius, base), QPointF(at.x() + radius, base)])
            )
