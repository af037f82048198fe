"""One finding as a card: its sign, what was seen, why it is so, and a button for every cure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout

from app import theme
from app.framed import Framed, Sign
from app.theme import GRID
from engine.insight.doctor.finding import Cure, Finding

ROUND: Final = 3.0  # px; of the corners of cards
SIGNS: Final = {"sick": "✕", "warning": "▲", "healthy": "✓"}  # shape and colour, so that neither is needed alone


class Words(QLabel):
    """What wraps in a narrow dock, and not before the sign of a percentage."""

    def setText(self, text: str) -> None:
        super().setText(text.replace(" %", "\N{NO-BREAK SPACE}%"))


def words(text: str, role: str = "") -> QLabel:
    """Words that wrap in a narrow dock."""
    label = Words()
    label.setText(text)
    label.setWordWrap(True)
    label.setMinimumWidth(10 * GRID)  # else a long sentence asks for more room than the dock has
    if role:
        theme.set_role(label, role)
    return label


def listed(sentences: Sequence[str]) -> str:
    """Each with a dot, to the right of which all of its lines begin, in letters of any size."""
    rows = (f"<tr><td>•&nbsp;</td><td>{escape(sentence)}</td></tr>" for sentence in sentences)
    return f'<table cellspacing="0" cellpadding="1">{"".join(rows)}</table>'


def sign_of(severity: str) -> Sign:
    sign = Sign(SIGNS[severity], severity)
    theme.set_role(sign, "heading")
    return sign


class CureButton(QPushButton):
    """A button whose words wrap."""

    def __init__(self, cure: Cure) -> None:
        super().__init__()
        self.cure = cure
        self._words = words(cure.label)
        self._words.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + 2, 5, GRID + 2, 5)
        column.addWidget(self._words)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(cure.label)
        anew = " The run begins anew, from the first weights." if cure.restart else ""
        self.setToolTip(f"One step of Undo.{anew}")

    def sizeHint(self) -> QSize:
        return self.layout().sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self.layout().minimumSize()

    def heightForWidth(self, width: int) -> int:
        return self.layout().heightForWidth(width)


class FindingCard(Framed):
    """A click, or Enter, selects the layers that are meant.

    Signals:
        lit: ids of the layers concerned. taken: the cure whose button was pressed.
    """

    lit = Signal(object)
    taken = Signal(object)

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.severity, radius=ROUND)
        self.finding = finding
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("page", f"illness/{finding.kind}")  # what F1 opens here
        column = QVBoxLayout(self)
        column.setContentsMargins(GRID + 4, GRID, GRID, GRID)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(sign_of(finding.severity), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(words(finding.title, "heading"), 1)
        column.addLayout(head)
        column.addWidget(words(finding.cause))
        self._evidence = words("", "dim")
        column.addWidget(self._evidence)
        self.buttons = [CureButton(cure) for cure in finding.cures]
        for button in self.buttons:
            button.clicked.connect(lambda _on=False, cure=button.cure: self.taken.emit(cure))
            column.addWidget(button)
        if finding.layers:
            self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.show_finding(finding)

    def fits(self, finding: Finding) -> bool:
        """Whether it can show another finding without being made anew: the buttons under the mouse stay."""
        mine = self.finding
        alike = (mine.kind, mine.layers) == (finding.kind, finding.layers)
        return alike and [cure.label for cure in mine.cures] == [cure.label for cure in finding.cures]

    def show_finding(self, finding: Finding) -> None:
        """The newest numbers."""
        self.finding = finding
        for button, cure in zip(self.buttons, finding.cures, strict=True):
            button.cure = cure
        self._evidence.setText(listed(finding.evidence))
        self.setAccessibleName(f"{finding.title}. {finding.cause}")
        self.setAccessibleDescription("; ".join(finding.evidence))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.finding.layers:
            self.lit.emit(self.finding.layers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.finding.layers:
            self.lit.emit(self.finding.layers)
        else:
            super().keyPressEvent(event)
