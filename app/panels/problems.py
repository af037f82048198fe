"""What keeps the design from training, or will disappoint: one row each, with the edit that mends it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app import theme
from app.canvas.edits import mended
from app.column import Column
from app.framed import Sign
from app.session import Session
from app.theme import GRID
from engine.design.checks import Problem

SIGNS = {"error": ("✕", "sick"), "warning": ("▲", "warning")}
LONGEST = 80  # letters of a line, with its button
MOST = 50  # rows: who has more mends the first ones first


class ProblemsPanel(Column):
    """The problems of the session's report. A click selects the box, the button mends it.

    Signals:
        counted: the panel's title with the number of problems, whenever it is another.
    """

    counted = Signal(str)

    def __init__(self, session: Session) -> None:
        super().__init__("Problems")
        self._session = session
        self._shown: tuple[Problem, ...] | None = None
        session.report_changed.connect(self._on_report_changed)
        self._on_report_changed()

    @property
    def title(self) -> str:
        count = len(self._shown or ())
        return f"Problems ({count})" if count else "Problems"

    def rows(self) -> list[ProblemRow]:
        return self.widget().findChildren(ProblemRow)

    def _on_report_changed(self) -> None:
        problems = self._session.report.problems
        if problems != self._shown:
            self._shown = problems
            self._fill()
            self.counted.emit(self.title)

    def _fill(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        for problem in (self._shown or ())[:MOST]:
            column.addWidget(ProblemRow(self._session, problem))
        if not self._shown:
            fine = QLabel("Nothing stands in the way: press Play (Space).")
            fine.setWordWrap(True)
            fine.setAlignment(Qt.AlignmentFlag.AlignCenter)
            theme.set_role(fine, "dim")
            column.addStretch(1)
            column.addWidget(fine)
        column.addStretch(1)
        self.show_page(page, LONGEST if self._shown else None)


class ProblemRow(QFrame):
    """One problem: its sign, its box, its sentence, and the button that mends it."""

    def __init__(self, session: Session, problem: Problem) -> None:
        super().__init__()
        self._session, self.problem = session, problem
        sign_text, tone = SIGNS[problem.severity]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        sign = Sign(sign_text, tone)
        sign.setFixedWidth(2 * GRID)
        sign.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignHCenter)
        row.addWidget(sign)
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        row.addLayout(words, 1)
        known = session.document.by_id.get(problem.node)
        if known is not None:
            name = QLabel(known.label)
            theme.set_role(name, "heading")
            words.addWidget(name)
            self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.setToolTip("Select this box")
        reason = QLabel(f"{problem.reason[:1].upper()}{problem.reason[1:]}.".replace("..", "."))
        reason.setWordWrap(True)
        reason.setMinimumWidth(10 * GRID)  # else a long sentence asks for more room than the panel has
        words.addWidget(reason)
        if problem.fix is not None:
            self.mend = QPushButton(problem.fix.text)
            self.mend.clicked.connect(self._on_mend)
            words.addWidget(self.mend, 0, Qt.AlignmentFlag.AlignLeft)
        self.setAccessibleName(f"{problem.severity}: {problem}")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.problem.node:
            self._session.select([self.problem.node])

    def _on_mend(self) -> None:
        assert self.problem.fix is not None  # the button is made for a fix only
        self._session.edit(self.problem.fix.text, mended(self._session.document, self.problem))
