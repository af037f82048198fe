"""The question in which form the design's picture is wanted, with a look at it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from PySide6.QtCore import QSettings, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QPixmap
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QFormLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app import theme
from app.canvas import export
from app.canvas.scene import CanvasScene
from app.theme import GRID, Theme
from engine.errors import NetloomError

FORMS: Final = (
    ("PNG: pixels", ".png", "PNG (*.png)"),
    ("SVG: lines and letters, for the web", ".svg", "SVG (*.svg)"),
    ("PDF: lines and letters, for print", ".pdf", "PDF (*.pdf)"),
)
LOOK: Final = QSize(56 * GRID, 28 * GRID)  # of the preview


class PictureDialog(QDialog):
    """Format, size and colours; Save asks for a file, Copy puts pixels into the clipboard.

    Signals:
        told: what became of it, in a sentence.
    """

    told = Signal(str)

    def __init__(self, scene: CanvasScene, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._scene = scene
        self.setWindowTitle("Picture of the design")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.look = QLabel(self, alignment=Qt.AlignmentFlag.AlignCenter)
        self.look.setFixedSize(LOOK)
        self.look.setAccessibleName("How it will look")
        self.form = QComboBox(self)
        self.form.addItems([title for title, _, _ in FORMS])
        self.scale = QSpinBox(self, minimum=1, maximum=4, value=2, suffix=" ×")
        self.colors = QComboBox(self)
        self.colors.addItems(["Light", "Dark"])
        self.size_word = QLabel(self)
        theme.set_role(self.size_word, "dim")
        self.problem = QLabel(self, wordWrap=True)
        theme.set_role(self.problem, "sick")
        self.problem.hide()
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.save = buttons.addButton("Save…", QDialogButtonBox.ButtonRole.ActionRole)
        self.save.setDefault(True)
        self.copy: QPushButton = buttons.addButton("Copy", QDialogButtonBox.ButtonRole.ActionRole)
        rows = QFormLayout()
        for title, widget in (("&Format", self.form), ("&Size", self.scale), ("&Colours", self.colors)):
            rows.addRow(title, widget)
        rows.addRow("", self.size_word)
        layout = QVBoxLayout(self)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self.look)
        layout.addLayout(rows)
        layout.addWidget(self.problem)
        layout.addWidget(buttons)
        self.form.currentIndexChanged.connect(self._show)
        self.scale.valueChanged.connect(self._show)
        self.colors.currentIndexChanged.connect(self._show)
        self.save.clicked.connect(self._ask)
        self.copy.clicked.connect(self._copy)
        buttons.rejected.connect(self.close)
        self._show()

    @property
    def _suffix(self) -> str:
        return FORMS[self.form.currentIndex()][1]

    @property
    def _theme(self) -> Theme:
        return theme.DARK if self.colors.currentIndex() == 1 else theme.LIGHT

    def _show(self, _changed: int = 0) -> None:
        pixels = self._suffix == ".png"
        self.scale.setEnabled(pixels)
        ratio = self.devicePixelRatioF()
        image = export.picture(self._scene, self._theme, ratio).scaled(
            LOOK * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
        shown = QPixmap.fromImage(image)
        shown.setDevicePixelRatio(ratio)
        self.look.setPixmap(shown)
        area = export.area_of(self._scene)
        scale = self.scale.value() if pixels else 1
        unit = "pixels" if pixels else "pixels at any scale"
        self.size_word.setText(f"{round(area.width() * scale):,} × {round(area.height() * scale):,} {unit}")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setImage(export.picture(self._scene, self._theme, self.scale.value()))
        self.told.emit("The picture of the design is in the clipboard")

    def _ask(self) -> None:
        folder = Path(str(QSettings().value("folder", str(Path.home()))))
        name = self._scene.session.document.title or "network"
        filter = FORMS[self.form.currentIndex()][2]
        dialog = QFileDialog(self, "Save the picture", str(folder), filter)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(self._suffix[1:])
        dialog.selectFile(f"{name}{self._suffix}")
        dialog.fileSelected.connect(lambda chosen: self.write(Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, path: Path) -> None:
        """Save, and close; what goes wrong is said here, and another file can be chosen."""
        try:
            export.save(path, export.made(self._scene, self._suffix, self._theme, self.scale.value()))
        except NetloomError as error:
            self.problem.setText(str(error))
            self.problem.show()
            return
        QSettings().setValue("folder", str(path.parent))
        self.told.emit(f"Saved {path.name}")
        self.close()
