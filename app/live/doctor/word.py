"""An unobtrusive word in the run bar: the doctor has found something, and nobody has seen it yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QToolButton

from app import theme
from app.live.doctor.card import SIGNS

if TYPE_CHECKING:
    from engine.insight.doctor.finding import Examination


class DoctorWord(QToolButton):
    """Hidden while there is nothing new; a click opens the findings."""

    def __init__(self) -> None:
        super().__init__()
        self.setAutoRaise(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._seen: set[str] = set()
        self._tone = "warning"
        theme.announcer.changed.connect(self._wear)
        self.hide()

    def say(self, examination: Examination | None, seen: bool) -> None:
        """Name the first finding that is new; ``seen``: whoever looks can see all of them."""
        findings = examination.findings if examination else ()
        kinds = {finding.kind for finding in findings}
        self._seen = kinds if seen else self._seen & kinds  # what comes back after it was gone is new again
        new = [finding for finding in findings if finding.kind not in self._seen]
        if new:
            more = f" and {len(new) - 1} more" if len(new) > 1 else ""
            self.setText(f"{SIGNS[new[0].severity]} Doctor: {new[0].title.lower()}{more}")
            self.setToolTip(f"{new[0].cause}\nClick to see what was seen, and what helps")
            self.setAccessibleName(f"Doctor: {new[0].title}. Opens the findings")
            self._tone = new[0].severity
            self._wear()
        self.setVisible(bool(new))

    def _wear(self) -> None:
        inks = self.palette()
        inks.setColor(QPalette.ColorRole.ButtonText, QColor(getattr(theme.current(), self._tone)))
        self.setPalette(inks)
