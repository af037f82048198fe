"""The strip above a live view: what its marks mean, what can be toggled, and the reading under the mouse."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QChildEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton, QApplication, QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from app import theme
from app.actions import icon
from app.elided import Elided

Shape = Literal["line", "dashes", "disc", "ring", "triangle", "square"]
SWATCH: Final = 12  # px
SHORT: Final = 4  # letters
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

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        return QSize(SWATCH + 5 + metrics.horizontalAdvance(self.text()) + 4, max(metrics.height(), SWATCH) + 4)

    def minimumSizeHint(self) -> QSize:
        """A name of a few letters is not cut: an ellipsis would take their place."""
        return self.sizeHint() if len(self.text()) <= SHORT else QSize(SWATCH + 5, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        colors = theme.current()
        off = self.isCheckable() and not self.isChecked()
        color = QColor(colors.disabled if off else ink(self._role))
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        draw_mark(painter, self._shape, QPointF(SWATCH / 2, middle), SWATCH / 2 - 2, color)
        painter.setPen(QColor(colors.disabled if off else colors.text))
        room = QRectF(SWATCH + 5, 0, self.width() - SWATCH - 6, self.height())
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        if off:
            painter.drawLine(QPointF(SWATCH + 5, middle), QPointF(self.sizeHint().width() - 4, middle))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colors.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)


class Header(QWidget):
    """One row: the key's entries on the left, the reading and the small switches on the right."""

    def __init__(self) -> None:
        super().__init__()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 2, 4, 2)
        self._row.setSpacing(6)
        self._entries: list[Entry] = []
        self.setFont(theme.sized(QApplication.font(), SMALLER))
        self.reading = Elided()
        self.reading.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.reading.setProperty("role", "dim")
        self._row.addWidget(self.reading, 1)

    @property
    def words(self) -> list[QWidget]:
        """What of it belongs into a picture: the key and the reading."""
        return [*self._entries, self.reading]

    def set_entries(self, entries: list[Entry]) -> None:
        for old in self._entries:
            self._row.removeWidget(old)
            old.hide()  # it is deleted later, and lies where the new ones come
            old.deleteLater()
        self._entries = entries
        first = self._row.indexOf(self.reading)
        for place, entry in enumerate(entries):
            self._row.insertWidget(first + place, entry)

    def lead(self, widget: QWidget) -> None:
        """Put a widget before the key."""
        self._row.insertWidget(self._row.indexOf(self._entries[0] if self._entries else self.reading), widget)

    def add_menu(self, sign: str, tip: str, menu: QMenu) -> QToolButton:
        """A small button at the right end that opens a menu; ``sign``: an icon of the Material Design set."""
        button = SignButton(sign, tip)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._row.addWidget(button)
        return button

    def add_widget(self, widget: QWidget) -> None:
        self._row.addWidget(widget)

    def childEvent(self, event: QChildEvent) -> None:
        """With a style sheet for the program nothing takes over the font of what it stands in."""
        super().childEvent(event)
        child = event.child()
        if event.added() and isinstance(child, QWidget):
            child.setFont(self.font())

    def say(self, text: str) -> None:
        """The reading; it may be cut where room is scarce, so the whole of it is also a tooltip."""
        if text != self.reading.text():
            self.reading.setText(text)
            self.reading.setToolTip(text)


class SignButton(QToolButton):
    """A small flat button with a sign, in the colours of the theme."""

    def __init__(self, sign: str, tip: str) -> None:
        super().__init__()
        self._sign, self._role = sign, "dim"
        self.setToolTip(tip)
        self.setAccessibleName(tip)
        self.setAutoRaise(True)
        self.setIconSize(QSize(16, 16))
        self.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        theme.announcer.changed.connect(self._wear)
        self._wear()

    def set_sign(self, sign: str, role: str = "dim") -> None:
        """Another sign, in a colour of the theme."""
        self._sign, self._role = sign, role
        self._wear()

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
            style = Qt.PenStyle.SolidLine if shape == "line" else Qt.PenStyle.DashLine
            painter.setPen(QPen(color, 2, style))
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
