"""What can be taken out of a live view: its picture to the clipboard or a file, and its numbers as CSV."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final, Protocol

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QPoint, QRect, QRectF, QSettings, QSize, Signal
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QFileDialog, QGraphicsView, QMenu, QWidget

from app import theme
from engine.errors import NetloomError
from engine.exchange.csv_file import save_columns
from engine.exchange.files import words, write_whole

FINE: Final = 2.0  # pixels of a picture for one of the screen, at the least: it is to be looked at more closely
PICTURES: Final = "Picture (*.png);;Drawing that can be scaled (*.svg)"
NUMBERS: Final = "Table (*.csv)"

Columns = Mapping[str, Any]
Write = Callable[[Path], None]


class Worker(Protocol):
    """Whoever does things beside the window."""

    def run(
        self, work: Callable[[], None], done: Callable[[None], None], failed: Callable[[NetloomError], None]
    ) -> None: ...


class Sharing(QObject):
    """The menu of a view. Files are written by the worker that the window gives, at once where there is none.

    Signals:
        told: what became of it, in a sentence.
    """

    told = Signal(str)

    def __init__(
        self, view: QWidget, name: str, parts: Callable[[], list[QWidget]], numbers: Callable[[], Columns] | None = None
    ) -> None:
        """``parts``: what of the view belongs into a picture; ``numbers``: its columns, read when they are wanted."""
        super().__init__(view)
        self._view, self._name, self._parts, self._numbers = view, name, parts, numbers
        self.worker: Worker | None = None
        self.menu = QMenu(view)
        self.menu.setAccessibleName(f"What to do with {name}")
        self.menu.addAction("&Copy picture", self.copy_picture)
        self.menu.addAction("&Save picture…", self.ask_picture)
        if numbers is not None:
            self.menu.addAction("Save &numbers as CSV…", self.ask_numbers)

    def pop_up(self, place: QPoint) -> None:
        """The menu at a place on the screen."""
        self.menu.popup(place)

    def copy_picture(self) -> None:
        QGuiApplication.clipboard().setImage(self.picture())
        self.told.emit(f"The picture of {self._name} is in the clipboard")

    def ask_picture(self) -> None:
        self._ask("Save the picture", PICTURES, ".png", self.save_picture)

    def ask_numbers(self) -> None:
        self._ask("Save the numbers", NUMBERS, ".csv", self.save_numbers)

    def picture(self) -> QImage:
        """As it looks now, without buttons, at least twice as fine."""
        ratio = max(FINE, self._view.devicePixelRatioF())
        size = QSize(round(self._view.width() * ratio), round(self._view.height() * ratio))
        image = QImage(size, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(ratio)
        painter = QPainter(image)
        self._paint(painter)
        return image

    def drawing(self) -> bytes:
        """The same as SVG: lines and letters, which any size leaves sharp."""
        data = QByteArray()
        buffer = QBuffer(data)
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
        generator.setOutputDevice(buffer)
        generator.setSize(self._view.size())
        generator.setViewBox(self._view.rect())
        generator.setTitle(self._name)
        generator.setResolution(self._view.logicalDpiX())
        painter = QPainter(generator)
        self._paint(painter)
        return bytes(data.data())

    def save_picture(self, path: Path) -> None:
        """PNG, or SVG where the name says so."""
        if path.suffix.lower() == ".svg":
            drawing = self.drawing()
            self._write(path, lambda: _save(path, drawing))
        else:
            picture = self.picture()
            self._write(path, lambda: _save(path, _png(picture)))

    def save_numbers(self, path: Path) -> None:
        assert self._numbers is not None
        columns = self._numbers()
        self._write(path, lambda: save_columns(path, columns))

    def _paint(self, painter: QPainter) -> None:
        """A fault on the way must not leave a painter that still paints: that would crash Qt."""
        try:
            painter.fillRect(self._view.rect(), QColor(theme.current().window))
            for part in self._parts():
                if part.isVisible():
                    _paint_part(painter, part, part.mapTo(self._view, QPoint()))
        finally:
            painter.end()

    def _write(self, path: Path, work: Callable[[], None]) -> None:
        def done(_: None) -> None:
            QSettings().setValue("folder", str(path.parent))
            self.told.emit(f"Saved {path.name}")

        if self.worker is not None:
            self.worker.run(work, done, self._fail)
            return
        try:
            work()
        except NetloomError as error:
            self._fail(error)
        else:
            done(None)

    def _fail(self, error: NetloomError) -> None:
        self.told.emit(str(error))

    def _ask(self, title: str, filters: str, suffix: str, write: Write) -> None:
        folder = Path(str(QSettings().value("folder", str(Path.home()))))
        dialog = QFileDialog(self._view, title, str(folder / f"{self._name}{suffix}"), filters)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix[1:])
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("svg" if ".svg" in chosen else suffix[1:]))
        dialog.fileSelected.connect(lambda name: write(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _paint_part(painter: QPainter, part: QWidget, place: QPoint) -> None:
    if isinstance(part, QGraphicsView):  # its scene alone, without the buttons that lie on it
        items = [item for item in part.scene().items() if hasattr(item, "setExportMode")]
        for item in items:
            item.setExportMode(True, {"antialias": True, "resolutionScale": 1.0})  # marks as outlines, not as pixels
        try:
            part.render(painter, QRectF(QRect(place, part.viewport().size())), part.viewport().rect())
        finally:
            for item in items:
                item.setExportMode(False)
    else:
        part.render(painter, place, renderFlags=QWidget.RenderFlag.DrawChildren)


def _png(picture: QImage) -> bytes:
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    picture.save(buffer, "PNG")
    return bytes(data.data())


def _save(path: Path, content: bytes) -> None:
    try:
        write_whole(path, lambda file: file.write(content))
    except OSError as error:
        raise NetloomError(path.name, f"it cannot be written: {words(error)}", "Choose another place") from None
