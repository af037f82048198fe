"""Which of the two themes is worn: the system's, or the one the user has chosen."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from app import theme

Choice = Literal["system", "dark", "light"]
CHOICES: Final = ("system", "dark", "light")


def worn() -> Choice:
    """What the user has chosen."""
    stored = QSettings().value("theme", "system")
    return stored if stored in CHOICES else "system"


def wear(choice: Choice) -> None:
    """Choose a theme, now and at the next start."""
    QSettings().setValue("theme", choice)
    dress()


def dress() -> None:
    """Put the chosen theme on; again whenever the system's own may have changed."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    dark = theme.system_is_dark(app) if worn() == "system" else worn() == "dark"
    theme.apply(app, dark)


def follow_system() -> None:
    """From now on wear what the system wears, where the user has chosen that."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    app.styleHints().colorSchemeChanged.connect(lambda _scheme: dress() if worn() == "system" else None)
