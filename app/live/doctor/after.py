"""What came of the last cure: the numbers before it and now, whichever way they went."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite

from app.live.numbers import short, whole
from engine.design.document import Document
from engine.insight.doctor.finding import Cure, Examination, Finding
from engine.numbers import score_in_words


@dataclass(frozen=True, eq=False)
class Treated:
    """A cure that was applied.

    Attributes:
        finding: what it was for. before: the design before it, and the examination then.
    """

    finding: Finding
    cure: Cure
    before: Document
    examination: Examination

    def words(self, now: Examination | None) -> str:
        """How it went, in two sentences."""
        when = f"since epoch {whole(self.examination.epoch)}" if not self.cure.restart else "from the start"
        lead = f"{self.cure.text}, {when}."
        if now is None or now.step == 0:
            return f"{lead} Nothing can be said yet."
        parts = []
        for name, was, value in (
            ("loss", self.examination.loss, now.loss), ("validation", self.examination.validation, now.validation),
        ):  # fmt: skip
            if isfinite(was) and isfinite(value):
                parts.append(f"{name} {short(was)} → {short(value)}")
        if now.metric == self.examination.metric:
            scores = (score_in_words(now.metric, each.score) for each in (self.examination, now))
            parts.append(f"{now.metric} {' → '.join(scores)}")
        return f"{lead} {self._verdict(now)}{': ' if parts else ''}{', '.join(parts)}."

    def _verdict(self, now: Examination) -> str:
        if any(finding.kind == self.finding.kind for finding in now.findings):
            return "The finding is still there"
        return "Not seen so far, but it is early" if now.waiting else "The finding is gone"
