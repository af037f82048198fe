"""How the program looks to this user: the theme worn, the size of its letters, and whether things may move."""

from __future__ import annotations

from typing import Final, Literal

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QDockWidget, QStyle, QWidget

from app import preferences, theme

Choice = Literal["system", "dark", "light"]
CHOICES: Final = ("system", "dark", "light")
ANOTHER: Final = 1.002  # so much larger letters are others, and look the same
SIZE_RESOLVED: Final = 0x2  # of QFont's resolve mask: its size was set, and is not that of what it stands in
_system_font: QFont | None = None  # as the system gave it, before it was scaled
_worn_scale = 100


def worn() -> Choice:
    """What the user has chosen."""
    stored = QSettings().value("theme", "system")
    return stored if stored in CHOICES else "system"


def wear(choice: Choice) -> None:
    """Choose a theme, now and at the next start."""
    QSettings().setValue("theme", choice)
    dress()


def dress() -> None:
    """Put the chosen theme and size on; again whenever the system's own may have changed."""
    app = _app()
    dark = theme.system_is_dark(app) if worn() == "system" else worn() == "dark"
    if (before := app.font()) != (font := _scaled(app)):
        app.setFont(font)
        _resize(app, font.pointSizeF() / before.pointSizeF())
    theme.apply(app, dark)


def _resize(app: QApplication, factor: float) -> None:
    """What has letters of its own size does not hear of another font of the program."""
    widgets = app.allWidgets()
    own = _with_own([widget for widget in widgets if not isinstance(widget, QDockWidget)])
    for dock in widgets:
        if isinstance(dock, QDockWidget):  # with the program's font its title has what the platform had at the start
            dock.setFont(theme.sized(app.font(), ANOTHER))
    _resize_all(own, factor)


def _with_own(widgets: list[QWidget]) -> list[tuple[QWidget, QFont]]:
    """Those with a size of their own, before any other is set: a choice gives its list the one that it has."""
    own = (widget for widget in widgets if widget.testAttribute(Qt.WidgetAttribute.WA_SetFont))  # and not inherited
    return [(widget, font) for widget in own if (font := widget.font()).resolveMask() & SIZE_RESOLVED]


def _resize_all(widgets: list[tuple[QWidget, QFont]], factor: float) -> None:
    for widget, font in widgets:
        widget.setFont(theme.sized(font, factor, font.bold()))


def enlarge(dock: QDockWidget, before: float, now: float) -> None:
    """Letters in a dock ``now`` times as large as the program's, where they were ``before`` times as large."""
    own = _with_own(dock.findChildren(QWidget))
    dock.setFont(theme.sized(_app().font(), now * ANOTHER))
    _resize_all(own, now / before)


def moves() -> bool:
    """Whether what changes place may be seen on its way; not where that makes people unwell."""
    still = _app().style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0  # so the system says
    return not (still or preferences.CALM.get())


def follow_system() -> None:
    """From now on wear what the system wears, where the user has chosen that; and obey the preferences."""
    _app().styleHints().colorSchemeChanged.connect(lambda _scheme: dress() if worn() == "system" else None)
    preferences.announcer.changed.connect(_obey)


def _obey() -> None:
    if _worn_scale != preferences.FONT_SCALE.get():
        dress()


def _scaled(app: QApplication) -> QFont:
    """The system's font in the size that is preferred."""
    global _system_font, _worn_scale
    _system_font = _system_font or app.font()
    _worn_scale = preferences.FONT_SCALE.get()
    return theme.with_tabular_figures(theme.sized(_system_font, _worn_scale / 100))


def _app() -> QApplication:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    return app
