"""Signs of icon fonts as icons, drawn once for every size and state."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap


class Drawn(QIconEngine):
    """Puts down pictures of a sign: to draw its letter anew at every paint takes several times as long."""

    def __init__(self, sign: QIcon) -> None:
        super().__init__()
        self._sign = sign
        self._pictures: dict[tuple[int, int, QIcon.Mode, QIcon.State], QPixmap] = {}

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        picture = self.pixmap(rect.size() * painter.device().devicePixelRatioF(), mode, state)
        painter.drawPixmap(rect, picture)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The sign in so many pixels of the screen."""
        key = size.width(), size.height(), mode, state
        if key not in self._pictures:
            made = QPixmap(size)
            made.fill(Qt.GlobalColor.transparent)
            painter = QPainter(made)
            self._sign.paint(painter, made.rect(), Qt.AlignmentFlag.AlignCenter, mode, state)
            painter.end()
            self._pictures[key] = made
        return self._pictures[key]

    def clone(self) -> Drawn:
        return Drawn(self._sign)


@cache
def icon(name: str, color: str, disabled: str = "") -> QIcon:
    """A sign in a colour, and in another where what it stands on is disabled; the platform's grey by default.

    Args:
        name: of a font and a sign in it, as ``mdi6.play``; color, disabled: as ``#rrggbb``.
    """
    import qtawesome  # its fonts take a quarter of a second: nobody waits for them before an icon is seen

    options = {"color_disabled": disabled} if disabled else {}
    return QIcon(Drawn(qtawesome.icon(name, color=color, **options)))
