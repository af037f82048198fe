"""What the doctor says: findings with their evidence, cause and cures, and what was looked at."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from engine.design.document import Document

if TYPE_CHECKING:
    from engine.insight.doctor.evidence import Evidence

Severity = Literal["sick", "warning"]


@dataclass(frozen=True)
class Cure:
    """An edit that is likely to help.

    Attributes:
        text: what the button says: "Use ReLU in Hidden 1 … Hidden 6".
        edit: makes the edit. A node that is no longer there is passed over.
        restart: it acts on the first weights, or what was learnt stands in its way: the run has to begin anew.
    """

    text: str
    edit: Callable[[Document], Document]
    restart: bool = False

    @property
    def label(self) -> str:
        """The text, with a word where the run begins anew."""
        return f"{self.text}, begin anew" if self.restart else self.text

    def apply(self, document: Document) -> Document:
        """The document with the cure."""
        return self.edit(document)


@dataclass(frozen=True)
class Signs:
    """What speaks for an illness.

    Attributes:
        evidence: what was seen, in numbers: a sentence or half of one each.
        layers: ids of the layers concerned, in forward order; empty where it is the run or the data.
    """

    evidence: tuple[str, ...]
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Finding:
    """An illness that was found.

    Attributes:
        kind: its name, and that of its page of help: "vanishing".
        cause: one sentence that a student understands.
        cures: the first is the one to try first.
    """

    kind: str
    title: str
    severity: Severity
    evidence: tuple[str, ...]
    cause: str
    cures: tuple[Cure, ...]
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Examination:
    """What came of looking at a run.

    Attributes:
        findings: the worst first; consequences of one that is listed are left out.
        checked: what was looked at and how it stands, a sentence each. waiting: what it is still too early for, or "".
        step, epoch, loss, validation: where the run was; NaN without validation. score: on training rows, as ``metric``
            says: "accuracy", "mean recall" or "R²".
        seconds: what it cost.
    """

    findings: tuple[Finding, ...]
    checked: tuple[str, ...]
    waiting: str
    step: int
    epoch: int
    loss: float
    validation: float
    score: float
    metric: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Rule:
    """A row of the table of illnesses.

    Attributes:
        kind: its name, which is also that of its page of help. title: for people.
        cause: one sentence that a student understands.
        judge: evidence -> signs. cures: (evidence, signs) -> what helps, the best first.
        explains: kinds that are its consequences.
    """

    kind: str
    title: str
    severity: Severity
    cause: str
    judge: Callable[[Evidence], Signs | None]
    cures: Callable[[Evidence, Signs], tuple[Cure, ...]]
    explains: tuple[str, ...] = ()
