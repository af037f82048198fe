"""The design as a picture: PNG, SVG and PDF, in the colours that are asked for and without what the hand does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSize, QSizeF
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from app import theme
from app.canvas.scene import CanvasScene
from app.theme import GRID, Theme
from engine.errors import NetloomError
from engine.exchange.files import words, write_whole

ROOM: Final = 3.0 * GRID  # around the design
POINTS: Final = 72  # in an inch
LARGEST: Final = 16_000  # pixels along one side: more than any viewer takes
SUFFIXES: Final = (".png", ".svg", ".pdf")


class PictureError(NetloomError):
    """A picture cannot be made or saved."""


def area_of(scene: CanvasScene) -> QRectF:
    """What a picture of the design shows.

    Raises:
        PictureError: there is nothing to be seen.
    """
    area = scene.content_rect()
    for wire in scene.wires.values():
        if wire.isVisible():
            area = area.united(wire.sceneBoundingRect())
    if area.isEmpty():
        raise PictureError("The canvas", "there is nothing on it to make a picture of", "Drag a layer onto it first")
    return area.adjusted(-ROOM, -ROOM, ROOM, ROOM)


def picture(scene: CanvasScene, colors: Theme = theme.LIGHT, scale: float = 2.0) -> QImage:
    """The design as pixels, ``scale`` of them for one of the canvas; fewer where it would grow beyond all viewers."""
    area = area_of(scene)
    scale = min(scale, LARGEST / max(area.width(), area.height()))
    image = QImage(QSize(round(area.width() * scale), round(area.height() * scale)), QImage.Format.Format_RGB32)
    _paint(scene, QPainter(image), QRectF(image.rect()), area, colors)
    image.setDotsPerMeterX(round(96 * scale / 0.0254))
    image.setDotsPerMeterY(round(96 * scale / 0.0254))
    return image


def png(scene: CanvasScene, colors: Theme = theme.LIGHT, scale: float = 2.0) -> bytes:
    data, buffer = _buffer()
    picture(scene, colors, scale).save(buffer, "PNG")
    return bytes(data.data())


def svg(scene: CanvasScene, colors: Theme = theme.LIGHT) -> bytes:
    """Lines and letters, which any size leaves sharp."""
    area = area_of(scene)
    data, buffer = _buffer()
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setSize(area.size().toSize())
    generator.setViewBox(QRectF(0, 0, area.width(), area.height()))
    generator.setResolution(_dpi())
    generator.setTitle(scene.session.document.title or "Network")
    _paint(scene, QPainter(generator), QRectF(0, 0, area.width(), area.height()), area, colors)
    return bytes(data.data())


def pdf(scene: CanvasScene, colors: Theme = theme.LIGHT) -> bytes:
    """One page, as large as the design."""
    area = area_of(scene)
    data, buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(_dpi())
    page = QSizeF(area.size()) * (POINTS / _dpi())
    writer.setPageSize(QPageSize(page, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF())
    writer.setTitle(scene.session.document.title or "Network")
    _paint(scene, QPainter(writer), QRectF(0, 0, area.width(), area.height()), area, colors)
    return bytes(data.data())


def made(scene: CanvasScene, suffix: str, colors: Theme = theme.LIGHT, scale: float = 2.0) -> bytes:
    """The content of a picture file; ``suffix`` is one of `SUFFIXES`."""
    if suffix == ".svg":
        return svg(scene, colors)
    return pdf(scene, colors) if suffix == ".pdf" else png(scene, colors, scale)


def save(path: Path, content: bytes) -> None:
    """Write a picture; the old file stays whole when that fails.

    Raises:
        PictureError: the file cannot be written.
    """
    try:
        write_whole(path, lambda file: _write(file, content))
    except OSError as error:
        reason = f"the picture could not be saved: {words(error)}"
        raise PictureError(str(path), reason, "Choose another folder") from None


def _dpi() -> int:
    """The screen's: fonts are sized in points, and the words were laid out for it."""
    return round(QGuiApplication.primaryScreen().logicalDotsPerInch())


def _write(file: BinaryIO, content: bytes) -> None:
    file.write(content)


def _buffer() -> tuple[QByteArray, QBuffer]:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return data, buffer


def _paint(scene: CanvasScene, painter: QPainter, target: QRectF, area: QRectF, colors: Theme) -> None:
    """A fault on the way must not leave a painter that still paints: that would crash Qt."""
    try:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(target, QColor(colors.canvas))
        with _posing(scene, colors):
            scene.render(painter, target, area)
    finally:
        painter.end()


@contextmanager
def _posing(scene: CanvasScene, colors: Theme) -> Iterator[None]:
    """The scene in other colours, with nothing selected."""
    try:
        with theme.lent(colors):
            scene.show_plain()
            yield
    finally:
        scene.show_states()
