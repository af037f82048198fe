"""What the user prefers: each choice with its bounds and the value it begins with, kept in the settings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

from PySide6.QtCore import QObject, QSettings, Signal

T = TypeVar("T", bool, int, str)


class _Announcer(QObject):
    changed = Signal()


announcer: Final = _Announcer()  # ``announcer.changed()``: some preference is another; whoever obeys one looks


@dataclass(frozen=True)
class Preference(Generic[T]):
    """One choice.

    Attributes:
        key: where it is kept. usual: what it is for who never chose.
        choices: what a word may be, any where empty; for a number instead ``least`` and ``most``.
    """

    key: str
    usual: T
    choices: tuple[T, ...] = ()
    least: int = 0
    most: int = 0

    def get(self) -> T:
        """As chosen; as usual where what is kept makes no sense."""
        stored: Any = QSettings().value(self.key, self.usual)
        if isinstance(self.usual, bool):
            return {"true": True, "false": False}.get(str(stored).casefold(), self.usual)
        if isinstance(self.usual, int):
            try:
                number = int(stored)
            except (TypeError, ValueError):
                return self.usual
            return min(max(number, self.least), self.most) if self.most else number
        return stored if isinstance(stored, str) and stored in (self.choices or (stored,)) else self.usual

    def set(self, value: T) -> None:
        """From now on, and at the next start."""
        if value != self.get():
            QSettings().setValue(self.key, value)
            announcer.changed.emit()


FONT_SCALE: Final = Preference("font/scale", 100, least=75, most=250)  # % of the system's own size
AUTOSAVE: Final = Preference("autosave/on", True)
AUTOSAVE_EVERY: Final = Preference("autosave/seconds", 30, least=5, most=600)
CALM: Final = Preference("motion/reduced", False)
START: Final = Preference("start/with", "example", ("example", "last", "empty"))
PACE: Final = Preference("start/pace", "last")  # as the run bar says it: "10 epochs / s"
TIMELINE: Final = Preference("timeline/shown", True)
TIMELINE_MEMORY: Final = Preference("timeline/megabytes", 256, least=16, most=65536)
TIMELINE_FILE: Final = Preference("timeline/megabytes_in_file", 32, least=0, most=4096)
