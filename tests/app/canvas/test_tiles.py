"""Small pictures as they are painted."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from app import theme
from app.canvas.tiles import caption, grid_for, histogram_outline, tile_image, told
from engine.insight.tiles import Histogram
from tests.app.canvas.strips import tiles


@pytest.mark.parametrize(("count", "columns", "rows"), [(1, 1, 1), (2, 2, 1), (8, 4, 2), (16, 8, 2)])
def test_that_tiles_are_as_large_as_can_be(count: int, columns: int, rows: int) -> None:
    grid = grid_for(count, 124, 47)
    assert (grid.columns, grid.rows) == (columns, rows)
    assert grid.width <= 124
    assert grid.height <= 47


def test_that_tiles_have_the_colours_of_the_theme(qapp: QApplication) -> None:
    colors = theme.current()
    picture = replace(tiles(3), pixels=np.array([[[-127]], [[0]], [[127]]], np.int8))
    image = tile_image(picture, 3, colors)
    seen = [image.pixelColor(3 * number, 0) for number in range(3)]
    for color, expected in zip(seen, (colors.negative, colors.neutral, colors.positive), strict=True):
        wanted = QColor(expected)
        assert max(abs(a - b) for a, b in zip(color.getRgb()[:3], wanted.getRgb()[:3], strict=True)) <= 2


def test_that_a_histogram_stands_on_its_floor(qapp: QApplication) -> None:
    outline = histogram_outline(Histogram(np.array([0.0, 1.0, 0.5]), -1.0, 2.0), QRectF(0, 0, 30, 10))
    assert outline.boundingRect() == QRectF(0, 0, 30, 10)
    assert caption(Histogram(np.zeros(3), -1.0, 2.0)) == "−1…2"


def test_that_pictures_say_what_they_leave_out() -> None:
    assert caption(tiles(16, of=512)) == "16 of 512"
    assert caption(tiles(3)) == ""
    assert told(tiles(16, of=512)).startswith("16 of 512 units")
