"""Every colour, distance and font of the window, once for dark and once for light."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QToolTip, QWidget

from app.announcer import Announcer
from app.icons import icon
from app.style import Style

ANIMATION: Final = 150  # ms that a movement lasts
TABS: Final = 0.9  # of the other letters: four docks share the width of one
GRID: Final = 8  # px; every distance is a multiple of it, every box stands on it


@dataclass(frozen=True, eq=False)
class Theme:
    """The colours of one mode, as ``#rrggbb``. Views name a meaning and never a colour of their own.

    Attributes:
        window, surface, raised, canvas: the grounds text may stand on: frame, panels, boxes and fields, the canvas.
        selection: ground of a chosen row; ``text`` is readable on it.
        accent: the one colour for what is active; ``on_accent`` is the text on it.
        negative, neutral, positive: signed values (weights, activations, targets of -1 and +1).
        healthy, warning, sick: judgements, always together with a shape or a word.
        classes: one colour per class, told apart by the colour-blind too, in fixed order.
        categories: the thin edge of a box, per category of layers.
    """

    name: str
    dark: bool
    window: str
    surface: str
    raised: str
    canvas: str
    grid: str
    border: str
    text: str
    dim: str
    disabled: str
    accent: str
    on_accent: str
    selection: str
    wire: str
    negative: str
    neutral: str
    positive: str
    healthy: str
    warning: str
    sick: str
    classes: tuple[str, ...]
    categories: dict[str, str]

    def category(self, name: str) -> str:
        """The edge colour of a category; a plain one where the table has none."""
        return self.categories.get(name, self.dim)

    def class_color(self, index: int) -> str:
        return self.classes[index % len(self.classes)]

    @property
    def grounds(self) -> dict[str, str]:
        """What text may stand on."""
        return {name: getattr(self, name) for name in ("window", "surface", "raised", "canvas", "selection")}

    @property
    def inks(self) -> dict[str, str]:
        """What text may be written in."""
        return {name: getattr(self, name) for name in ("text", "dim", "accent", "healthy", "warning", "sick")}


DARK: Final = Theme(
    name="dark", dark=True,
    window="#1c1e22", surface="#23262b", raised="#2b2f35", canvas="#17181b", grid="#24262b", border="#434850",
    text="#e8eaed", dim="#aeb4bd", disabled="#7d848e",
    accent="#b3a6ff", on_accent="#1b1633", selection="#38345a", wire="#7f8894",
    negative="#f59322", neutral="#8b9097", positive="#4da3e8",
    healthy="#5fd0a0", warning="#f2c14e", sick="#ff9a91",
    classes=(
        "#f59322", "#4da3e8", "#4d8c38", "#d92bad", "#add9c3", "#8561f2", "#d9ad82", "#dac2f2", "#30f261", "#8c7770",
    ),
    categories={
        "Core": "#7aa7f0", "Activation": "#f2b45c", "Normalise": "#5ec8c0", "Regularise": "#d78cc0",
        "Combine": "#a8c957", "Shape": "#b9b4a8", "Sequence": "#b391f0", "Image": "#ef8a70",
    },
)  # fmt: skip

LIGHT: Final = Theme(
    name="light", dark=False,
    window="#eef0f3", surface="#f7f8fa", raised="#ffffff", canvas="#fafbfc", grid="#e9ecf0", border="#c3c9d1",
    text="#1d2127", dim="#545c67", disabled="#8a919b",
    accent="#5646c8", on_accent="#ffffff", selection="#dedafa", wire="#7a838f",
    negative="#d96f00", neutral="#8b9097", positive="#0877bd",
    healthy="#0d6b43", warning="#7a4f00", sick="#b3261e",
    classes=(
        "#d57300", "#0877bd", "#708c70", "#8c1c1c", "#8561f2", "#594750", "#a685a6", "#732e73", "#4c26bf", "#a67442",
    ),
    categories={
        "Core": "#2f6fd6", "Activation": "#b87400", "Normalise": "#0f958c", "Regularise": "#b8569b",
        "Combine": "#6f9412", "Shape": "#8a8478", "Sequence": "#7c4fd0", "Image": "#d2573a",
    },
)  # fmt: skip


# What words of a role are written in. Qt has no role for words that warn, and no link is ever marked as visited.
ROLES: Final = {
    "dim": QPalette.ColorRole.PlaceholderText, "sick": QPalette.ColorRole.BrightText,
    "warning": QPalette.ColorRole.LinkVisited,
}  # fmt: skip
# Of the buttons in the title of a panel.
SIGNS: Final = {
    QStyle.StandardPixmap.SP_TitleBarNormalButton: "mdi6.dock-window",
    QStyle.StandardPixmap.SP_TitleBarCloseButton: "mdi6.close",
}
HEADING: Final = QFont.Weight.DemiBold

announcer: Final = Announcer()
_current: Theme = DARK


def current() -> Theme:
    return _current


def apply(app: QApplication, dark: bool) -> Theme:
    """Give the whole program one of the two themes; returns it. Palettes reach the widgets with the next events."""
    global _current
    _current = DARK if dark else LIGHT
    if not isinstance(style := app.property("style"), Style):  # every widget is polished anew: once is enough
        style = Style()
        app.setStyle(style)
        app.setProperty("style", style)
    style.colors, style.handles = palette(_current), _of_handles(_current)
    style.signs = {which: icon(sign, _current.dim) for which, sign in SIGNS.items()}
    app.setPalette(QPalette())  # which asks the style for its own
    QToolTip.setPalette(_of_tips(_current))
    if app.font() != (font := with_tabular_figures(app.font())):
        app.setFont(font)
    if app.font("QTabBar") != (smaller := sized(app.font(), TABS)):  # another font of all makes this one forgotten
        app.setFont(smaller, "QTabBar")
    announcer.tell(_current)
    return _current


def set_role(label: QWidget, role: str) -> None:
    """What its words are: ``heading``, or one of `ROLES`; in whatever theme is worn."""
    if role == "heading":
        font = QFont()
        font.setWeight(HEADING)
        label.setFont(font)  # all else of it is inherited
    else:
        label.setForegroundRole(ROLES[role])


def color_of(widget: QWidget) -> QColor:
    """In which its words are written."""
    return widget.palette().color(widget.foregroundRole())


@contextmanager
def lent(theme: Theme) -> Iterator[None]:
    """What is painted meanwhile is painted in this theme; nobody is told, and no widget changes."""
    global _current
    worn, _current = _current, theme
    try:
        yield
    finally:
        _current = worn


def system_is_dark(app: QApplication) -> bool:
    return app.styleHints().colorScheme() == Qt.ColorScheme.Dark


def with_tabular_figures(font: QFont) -> QFont:
    """The font with digits of one width, so that running numbers do not shake."""
    font = QFont(font)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def sized(font: QFont, factor: float, bold: bool = False) -> QFont:
    """The font larger or smaller by ``factor``: everything scales with the system's own size."""
    font = QFont(font)
    if font.pixelSize() > 0:
        font.setPixelSize(max(1, round(font.pixelSize() * factor)))
    else:
        font.setPointSizeF(font.pointSizeF() * factor)
    font.setBold(bold)
    return font


@cache  # controls are drawn once for each palette, and Qt never forgets the names of such pictures
def palette(theme: Theme) -> QPalette:
    """Qt's roles from the theme, all of them. Our own: the platform's colour scheme cannot be set everywhere."""
    role = QPalette.ColorRole
    colors = {
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.raised, role.Text: theme.text,
        role.AlternateBase: theme.surface, role.Button: theme.surface, role.ButtonText: theme.text,
        role.BrightText: theme.sick, role.ToolTipBase: theme.raised, role.ToolTipText: theme.text,
        role.PlaceholderText: theme.dim, role.Highlight: theme.accent, role.HighlightedText: theme.on_accent,
        role.Accent: theme.accent, role.Link: theme.accent,
        role.LinkVisited: theme.warning,
        role.Light: theme.raised, role.Midlight: theme.surface, role.Mid: theme.border, role.Dark: theme.border,
        role.Shadow: theme.canvas if theme.dark else theme.border,
    }  # fmt: skip
    made = QPalette()
    for name, color in colors.items():
        made.setColor(name, QColor(color))
    for name in (role.WindowText, role.Text, role.ButtonText, role.HighlightedText):
        made.setColor(QPalette.ColorGroup.Disabled, name, QColor(theme.disabled))
    made.setColor(QPalette.ColorGroup.Disabled, role.Highlight, QColor(theme.border))
    made.setResolveMask(0)  # Qt would copy any other
    return made


@cache
def _of_handles(theme: Theme) -> QPalette:
    """Of scroll bars, whose groove Fusion derives from the colour of their handle.

    On a dark ground it made a groove lighter than a button, on a light one it left a white handle on a white page:
    either was taken for the other.
    """
    made = QPalette(palette(theme))
    made.setColor(QPalette.ColorRole.Button, QColor(theme.border).lighter(130 if theme.dark else 106))
    return made


@cache
def _of_tips(theme: Theme) -> QPalette:
    """Their edge is drawn in the colour of words on windows."""
    made = QPalette(palette(theme))
    made.setColor(QPalette.ColorRole.WindowText, QColor(theme.border))
    return made


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: str) -> float:
    channels = (int(color[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
