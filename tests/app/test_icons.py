"""Signs: they look as the font draws them, on every screen, and are drawn but once."""

from __future__ import annotations

import pytest
import qtawesome
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QApplication
from qtawesome.iconic_font import CharIconPainter

from app.icons import icon

RED, GREY = "#ff0000", "#808080"


def shown(sign: QIcon, ratio: float, mode: QIcon.Mode = QIcon.Mode.Normal) -> QPixmap:
    """A sign of 16 px on a white ground, on a screen of so many pixels for one."""
    ground = QPixmap(QSize(16, 16) * ratio)
    ground.setDevicePixelRatio(ratio)
    ground.fill(Qt.GlobalColor.white)
    painter = QPainter(ground)
    sign.paint(painter, QRect(0, 0, 16, 16), Qt.AlignmentFlag.AlignCenter, mode)
    painter.end()
    return ground


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_that_a_sign_has_the_pixels_of_the_screen(qapp: QApplication, ratio: float) -> None:
    drawn = qtawesome.icon("mdi6.play", color=RED)
    expected = QPixmap(QSize(16, 16) * ratio)
    expected.fill(Qt.GlobalColor.white)
    painter = QPainter(expected)
    drawn.paint(painter, expected.rect())
    painter.end()
    image = shown(icon("mdi6.play", RED), ratio).toImage()
    image.setDevicePixelRatio(1.0)
    assert image == expected.toImage()
    assert image.pixelColor(image.rect().center()) == QColor(RED)


def test_that_a_disabled_sign_is_of_another_colour(qapp: QApplication) -> None:
    image = shown(icon("mdi6.square", RED, GREY), 1.0, QIcon.Mode.Disabled).toImage()
    assert image.pixelColor(image.rect().center()) == QColor(GREY)


def test_that_a_sign_is_drawn_once(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[QRect] = []
    paint = CharIconPainter.paint
    monkeypatch.setattr(CharIconPainter, "paint", lambda self, *rest: (drawn.append(rest[2]), paint(self, *rest))[1])
    sign = icon("mdi6.stop", RED)
    for _ in range(3):
        shown(sign, 1.0)
        assert not sign.pixmap(QSize(16, 16)).isNull()
        assert icon("mdi6.stop", RED).cacheKey() == sign.cacheKey()
    assert len(drawn) == 1
