"""What this is, which versions it runs on, and where it keeps its log and its cache."""

from __future__ import annotations

import platform
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication, QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app import theme
from app.theme import GRID, sized

PACKAGES: Final = {"PySide6": "PySide6_Essentials", "NumPy": "numpy", "Numba": "numba", "SciPy": "scipy"}
WHAT: Final = "Build neural networks by drawing them, train them at once, and see through them while they learn."
LICENCE: Final = "MIT: free to use, to change and to pass on."


def facts(log: Path) -> dict[str, str]:
    """Names and values, as the dialog lists and copies them."""
    from engine.kernels.cache import cache_folder

    return {
        "Netloom": _version("netloom"),
        "Python": platform.python_version(),
        "Qt": qVersion(),
        **{name: _version(package) for name, package in PACKAGES.items()},
        "System": platform.platform(terse=True),
        "Licence": LICENCE,
        "Log": str(log),
        "Cache": str(cache_folder() or "none: no folder can be written"),
    }


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "run from its folder, not installed"


class About(QDialog):
    """Told once and closed; nothing waits for it."""

    def __init__(self, log: Path, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About Netloom")
        self._facts = facts(log)
        name = QLabel("Netloom", self)
        name.setFont(sized(name.font(), 1.7, bold=True))
        what = QLabel(WHAT, self, wordWrap=True)
        theme.set_role(what, "dim")
        table = QFormLayout()
        table.setHorizontalSpacing(2 * GRID)
        table.setVerticalSpacing(GRID // 2)
        for title, value in self._facts.items():
            label = QLabel(title, self)
            theme.set_role(label, "dim")
            said = QLabel(value, self, wordWrap=True)
            said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            said.setAccessibleName(f"{title}: {value}")
            table.addRow(label, said)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        self.copy = QPushButton("Copy", self)
        self.copy.setToolTip("All of this as text, for a letter to us")
        self.copy.clicked.connect(self._on_copied)
        folder = QPushButton("Open log folder", self)
        folder.clicked.connect(partial(_open_folder, log.parent))
        buttons.addButton(self.copy, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.addButton(folder, QDialogButtonBox.ButtonRole.ActionRole)
        buttons.button(QDialogButtonBox.StandardButton.Close).setIcon(QIcon())  # the others have none
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * GRID, 2 * GRID, 3 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(name)
        layout.addWidget(what)
        layout.addSpacing(GRID)
        layout.addLayout(table)
        layout.addStretch(1)
        layout.addWidget(buttons)
        self.setMinimumWidth(60 * GRID)
        width = max(self.minimumWidth(), layout.minimumSize().width())
        self.resize(width, layout.heightForWidth(width) + GRID)  # lines that may wrap ask for more than they need

    @property
    def text(self) -> str:
        """All of it, a line each."""
        return "\n".join(f"{title}: {value}" for title, value in self._facts.items())

    def _on_copied(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self.copy.setText("Copied")


def _open_folder(folder: Path, _checked: bool = False) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
