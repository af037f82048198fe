"""How Qt draws controls: as its style Fusion does, in colours that all widgets share."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QIcon, QPainter, QPalette
from PySide6.QtWidgets import QProxyStyle, QStyle, QStyleOption, QStyleOptionComplex, QWidget


class Style(QProxyStyle):
    """Fusion with a palette of ours.

    A palette that is set for the program is copied into every widget; then every control is drawn into a picture of
    its own, and the names of these pictures are never freed. What the style itself says of colours is shared. A style
    sheet for the program does worse: it holds on to what was built of each control that is gone.

    Attributes:
        colors: what the palette is to be; Qt asks for it when the program is given an empty palette.
        handles: the same, for scroll bars.
        signs: in place of Qt's own, which are a dark grey in every theme.
    """

    def __init__(self) -> None:
        super().__init__("Fusion")
        self.colors = QPalette()
        self.handles = QPalette()
        self.signs: dict[QStyle.StandardPixmap, QIcon] = {}

    def polish(self, what: Any) -> Any:
        if not isinstance(what, QPalette):
            return super().polish(what)
        what.swap(QPalette(self.colors))
        return None

    def standardIcon(
        self, which: QStyle.StandardPixmap, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> QIcon:
        return self.signs[which] if which in self.signs else super().standardIcon(which, option, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        if control == QStyle.ComplexControl.CC_ScrollBar:
            option.palette = self.handles
        super().drawComplexControl(control, option, painter, widget)
