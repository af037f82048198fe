"""The words beside the mouse: why a wire is refused, and the button that mends it."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QVBoxLayout, QWidget

from app.canvas.edits import mended
from app.canvas.look import sentence
from app.session import Session
from app.theme import GRID
from engine.design.checks import Problem
from engine.design.document import Document

WIDEST = 36 * GRID


class Hint(QFrame):
    """A note over the canvas. It never takes the focus and goes away at the next press."""

    def __init__(self, session: Session, over: QWidget) -> None:
        super().__init__(over)
        self._session = session
        self._mend: tuple[Problem, Document] | None = None
        self._words = QLabel(self, wordWrap=True)
        self._words.setTextFormat(Qt.TextFormat.PlainText)
        self._button = QPushButton(self)
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self._on_clicked)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.setAccessibleName("Note")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._words)
        layout.addWidget(self._button, alignment=Qt.AlignmentFlag.AlignLeft)
        self.hide()

    @property
    def words(self) -> str:
        return self._words.text()

    @property
    def button(self) -> QPushButton:
        return self._button

    def say(self, words: str, at: QPoint) -> None:
        """Show the words beside a place of the viewport; the mouse goes through them."""
        self._show(words, "", at)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, True)

    def stay(self, problem: Problem, document: Document, at: QPoint) -> None:
        """Show a refusal with, where there is one, the button that mends it in ``document``."""
        self._mend = (problem, document)
        self._show(problem.reason, problem.fix.text if problem.fix else "", at)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, False)

    def _show(self, words: str, button: str, at: QPoint) -> None:
        words = sentence(words)
        self._words.setText(words)
        needed = self._words.fontMetrics().horizontalAdvance(words) + GRID
        self._words.setFixedWidth(min(needed, WIDEST))
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.layout().activate()
        self.resize(self.sizeHint())
        self.move(self._beside(at))
        self.show()
        self.raise_()

    def _beside(self, at: QPoint) -> QPoint:
        """Below right of the mouse, but inside the viewport and never under the mouse."""
        room = self.parentWidget().rect()
        x = min(at.x() + 2 * GRID, room.right() - self.width() - GRID)
        y = at.y() + 3 * GRID
        if y + self.height() > room.bottom():
            y = at.y() - 2 * GRID - self.height()
        return QPoint(max(x, GRID), max(y, GRID))

    def _on_clicked(self) -> None:
        self.hide()
        if self._mend is not None:
            problem, document = self._mend
            self._mend = None
            assert problem.fix is not None  # the button shows for a fix only
            self._session.edit(problem.fix.text, mended(document, problem))
