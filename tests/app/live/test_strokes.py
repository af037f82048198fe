"""Lines and marks of plots are as wide in px of the window on a fine screen as on a coarse one."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QBuffer, QByteArray, QRectF
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator, QSvgRenderer
from pytestqt.qtbot import QtBot

from app.live.marks import SHADES, Marks, by_value, plainly
from app.live.plot import LivePlot
from app.live.strokes import FEW, Curve, Discs, Rule, pen
from app.theme import sized
from tests.app.live.views import shown

INK = "#ff0000"
RATIOS = (1, 2, 3)


@pytest.fixture
def plot(qtbot: QtBot) -> LivePlot:
    plot = LivePlot()
    shown(qtbot, plot)
    plot.reach(0, 1, 0, 1)
    return plot


def painted(plot: LivePlot, ratio: int) -> np.ndarray:
    """(rows, columns) True where a device of so many pixels for one of the window got the ink."""
    image = QImage(plot.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(QColor("white"))
    painter = QPainter(image)
    plot.render(painter, QRectF(plot.rect()), plot.viewport().rect())
    painter.end()
    return reddish(image)


def reddish(image: QImage) -> np.ndarray:
    """(rows, columns) True where there is ink."""
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return (pixels[..., 2] > 200) & (pixels[..., 1] < 100)


def thickness(ink: np.ndarray, axis: int) -> int:
    """Pixels that most lines across have."""
    counts = ink.sum(axis)
    return int(np.median(counts[counts > 0]))


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("width", [1, 2])
@pytest.mark.parametrize("points", [2, FEW + 1])
def test_that_a_curve_is_as_wide_on_every_screen(plot: LivePlot, ratio: int, width: int, points: int) -> None:
    curve = Curve(connect="finite")
    plot.add(curve)
    curve.setData(np.linspace(0, 1, points), np.full(points, 0.5), pen=pen(INK, width))
    assert thickness(painted(plot, ratio), 0) == width * ratio
    curve.setData(np.full(points, 0.5), np.linspace(0, 1, points))
    assert thickness(painted(plot, ratio), 1) == width * ratio
    assert curve.opts["pen"].widthF() == width


@pytest.mark.parametrize("ratio", RATIOS)
def test_that_a_rule_is_as_wide_on_every_screen(plot: LivePlot, ratio: int) -> None:
    rule = Rule(90)
    plot.add(rule)
    rule.setPos(0.5)
    rule.setPen(pen(INK))
    assert thickness(painted(plot, ratio), 1) == ratio


@pytest.mark.parametrize("ratio", RATIOS)
def test_that_a_ring_is_as_large_and_as_wide_on_every_screen(plot: LivePlot, ratio: int) -> None:
    ring = Discs(15, 2, brush=None)
    plot.add(ring)
    ring.setData([0.5], [0.5], pen=ring.outline(INK))
    ring.setExportMode(True)  # outlines, and not pixels that were drawn for one screen
    ink = painted(plot, ratio)
    rows, columns = np.nonzero(ink)
    assert np.ptp(columns) + 1 == pytest.approx(17 * ratio, abs=2)
    across = ink[(rows.min() + rows.max()) // 2]
    assert across.sum() == pytest.approx(2 * 2 * ratio, abs=2)


@pytest.mark.parametrize("points", [2, FEW + 1])
def test_that_a_line_in_a_drawing_that_is_taken_out_grows_with_it(plot: LivePlot, points: int) -> None:
    curve, rule = Curve(connect="finite"), Rule(90)
    curve.setData(np.linspace(0, 1, points), np.full(points, 0.5), pen=pen(INK, 2))
    rule.setPos(0.5)
    rule.setPen(pen(INK, 2))
    for item, axis in ((curve, 0), (rule, 1)):
        plot.add(item)
        item.setExportMode(True)
        drawing = QByteArray()
        generator = QSvgGenerator()
        generator.setOutputDevice(QBuffer(drawing, plot))
        generator.setViewBox(plot.rect())
        painter = QPainter(generator)
        plot.render(painter, QRectF(plot.rect()), plot.viewport().rect())
        painter.end()
        image = QImage(plot.size() * 3, QImage.Format.Format_RGB32)
        image.fill(QColor("white"))
        painter = QPainter(image)
        QSvgRenderer(drawing).render(painter)
        painter.end()
        assert thickness(reddish(image), axis) == pytest.approx(6, abs=1)
        plot.box.removeItem(item)


@pytest.mark.parametrize("points", [2, 9, 60])
def test_that_a_line_drawn_in_parts_is_that_drawn_as_a_whole(plot: LivePlot, points: int) -> None:
    """One that can be seen through, if hardly, is drawn as a whole: its parts would be seen."""
    seen = []
    for alpha in (255, 254):
        curve = Curve(connect="finite")
        color = QColor(255, 0, 0, alpha)
        curve.setData(np.linspace(0, 1, points), np.sin(np.linspace(0, 9, points)) / 2 + 0.5, pen=pen(color, 3))
        plot.add(curve)
        curve.setExportMode(True)
        seen.append(painted(plot, 2))
        plot.box.removeItem(curve)
    parts, whole = seen
    assert whole.sum() > 1000
    assert (parts ^ whole).sum() < 0.02 * whole.sum()


def test_that_marks_are_smaller_in_a_small_plot_and_larger_among_large_letters(plot: LivePlot) -> None:
    marks = Marks(plot, hollow=True)
    marks.show_points(np.array([[0.5, 0.5]]), np.zeros(1), plainly("dim"))
    full = marks.opts["size"]
    plot.resize(140, 110)
    assert marks.opts["size"] < 0.8 * full
    plot.resize(500, 400)
    assert marks.opts["size"] == full
    plot.setFont(sized(plot.font(), 2.0))
    assert marks.opts["size"] > 1.5 * full


@pytest.mark.parametrize("hollow", [False, True])
def test_that_nothing_is_kept_of_marks_that_were_others(plot: LivePlot, hollow: bool) -> None:
    marks, rng = Marks(plot, hollow), np.random.default_rng(0)
    for _ in range(5):
        marks.show_points(rng.uniform(0, 1, (300, 2)), rng.uniform(-1, 1, 300), by_value(-1.0, 1.0))
        plot.grab()
    assert 20 < len(marks.fragmentAtlas) <= SHADES
