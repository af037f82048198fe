"""The findings as cards, the worst first; without any, what was checked and how it stands."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.canvas.edits import with_room
from app.column import Column
from app.framed import Framed
from app.live import View
from app.live.doctor.after import Treated
from app.live.doctor.card import ROUND, FindingCard, sign_of, words
from app.live.doctor.visits import Visits
from app.live.doctor.word import DoctorWord
from app.live.empty import Waiting
from app.live.key import Header
from app.live.numbers import whole
from app.live.share import Columns, Sharing
from app.pulse import in_sight
from app.session import Session
from app.theme import GRID

if TYPE_CHECKING:
    from engine.design.document import Document
    from engine.insight.doctor.finding import Cure, Examination
    from engine.training.trainer import Trainer

ENDED: Final = ("diverged", "finished")  # a run that has ended by itself goes on after a cure, so that one sees it help
LONGEST: Final = 100  # letters of a line: longer ones lose the eye, and a button as wide as a window is none
AWAY: Final = 0.5  # s without a beat: it was behind another tab


class DoctorView(View):
    """Reads the examinations and applies cures; a cure is one undo step, and training goes on."""

    least = (30, 10)  # it stands in a column

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._seen_at = 0.0
        self._treated: Treated | None = None
        self.visits = Visits(lambda: in_sight(self), self)
        self.visits.examined.connect(self._on_examined)
        self.word = DoctorWord()
        self.word.clicked.connect(self.wanted)
        self._header = Header()
        self.sharing = Sharing(self, "doctor", lambda: [self._header.reading, self._scroll.viewport()], self._numbers)
        self._header.add_menu("mdi6.dots-horizontal", "Copy or save the findings", self.sharing.menu)
        self._scroll = Column("Findings of the doctor")
        self._scroll.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._header)
        column.addWidget(self._scroll, 1)
        self.cards: list[FindingCard] = []
        self._after: QLabel | None = None
        self._told: list[QLabel] = []
        session.document_changed.connect(self._on_document_changed)
        session.opened.connect(self._forget_cure)
        self._fill()

    @property
    def followers(self) -> tuple[Visits, ...]:
        return (self.visits,)

    def refresh(self, trainer: Trainer) -> None:
        """What there is to show arrives by the visits; that this is called says that it can be seen."""
        if not self.word.isHidden():
            self.word.say(self.visits.newest, seen=True)
        now = perf_counter()
        if now - self._seen_at > AWAY:
            self.visits.hurry()
        self._seen_at = now

    # What it shows

    def _on_examined(self, examination: Examination | None) -> None:
        count = len(examination.findings) if examination else 0
        self.titled.emit(f"Doctor ({count})" if count else "Doctor")
        self.word.say(examination, seen=in_sight(self))
        self._header.say(f"epoch {whole(examination.epoch)}" if examination else "")
        if examination is None or not self._update(examination):
            self._fill()

    def _update(self, examination: Examination) -> bool:
        """New numbers on what is there; False where other cards are needed."""
        if len(self.cards) != len(examination.findings) or not (self.cards or self._told):
            return False
        if not all(card.fits(new) for card, new in zip(self.cards, examination.findings, strict=True)):
            return False
        for card, finding in zip(self.cards, examination.findings, strict=True):
            card.show_finding(finding)
        if self._told:
            sentences = _sentences(examination)
            if len(sentences) != len(self._told):
                return False
            for label, sentence in zip(self._told, sentences, strict=True):
                label.setText(sentence)
        self._say_after()
        return True

    def _fill(self) -> None:
        examination = self.visits.newest
        page, self.cards, self._told, self._after = QWidget(), [], [], None
        column = QVBoxLayout(page)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.setSpacing(GRID)
        if self._treated is not None:
            self._after = words("", "dim")
            self._after.setAccessibleName("What came of the last cure")
            column.addWidget(self._after)
            self._say_after()
        if examination is None:
            column.addStretch(1)
            column.addWidget(Waiting(self._session, "what ails the network, and what helps,"))
        elif examination.findings:
            for finding in examination.findings:
                card = FindingCard(finding)
                card.lit.connect(self._session.select)
                card.taken.connect(lambda cure, card=card: self._on_cure(card, cure))
                self.cards.append(card)
                column.addWidget(card)
        else:
            column.addWidget(self._healthy(examination))
        column.addStretch(1)
        self._scroll.show_page(page, None if examination is None else LONGEST)

    def _healthy(self, examination: Examination) -> QWidget:
        """That nothing was found, in words, with what was looked at."""
        card = Framed("healthy", radius=ROUND)
        column = QVBoxLayout(card)
        column.setContentsMargins(GRID + 4, GRID, GRID, GRID)
        column.setSpacing(6)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(sign_of("healthy"), 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(words("No illness found so far" if examination.waiting else "No illness found", "heading"), 1)
        column.addLayout(head)
        for sentence in _sentences(examination):
            label = words(sentence, "dim")
            column.addWidget(label)
            self._told.append(label)
        return card

    def _say_after(self) -> None:
        if self._after is not None and self._treated is not None:
            self._after.setText(self._treated.words(self.visits.newest))

    # What it does

    def _on_cure(self, card: FindingCard, cure: Cure) -> None:
        """One undo step; the run goes on, or begins anew where the cure says so."""
        trainer, examination = self._session.trainer, self.visits.newest
        if trainer is None or examination is None:
            return
        before, phase = self._session.document, trainer.status.phase
        cured = with_room(before, cure.apply(before))
        if cured == before:
            return  # an edit has been quicker than the doctor
        self._treated = Treated(card.finding, cure, before, examination)
        self._session.settle()
        self._session.edit(cure.text, cured)
        if cure.restart:
            trainer.reset()
        if phase == "running" or phase in ENDED:
            trainer.play()
        self.visits.hurry()
        self._fill()

    def _on_document_changed(self, _before: Document, after: Document) -> None:
        if self._treated is not None and after == self._treated.before:
            self._forget_cure()  # it was undone

    def _forget_cure(self) -> None:
        self._treated = None
        self._fill()

    def _numbers(self) -> Columns:
        findings = self.visits.newest.findings if self.visits.newest else ()
        return {
            "finding": [finding.title for finding in findings],
            "evidence": ["; ".join(finding.evidence) for finding in findings],
            "cause": [finding.cause for finding in findings],
            "cures": ["; ".join(cure.label for cure in finding.cures) for finding in findings],
        }


def _sentences(examination: Examination) -> list[str]:
    return [*examination.checked, *([examination.waiting] if examination.waiting else [])]
