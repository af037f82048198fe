"""Examining a run: the rules read the evidence, and what follows from another finding is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isfinite
from time import perf_counter
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.insight.doctor.evidence import Evidence, gather
from engine.insight.doctor.finding import Examination, Finding, Rule
from engine.insight.doctor.rules import RULES
from engine.insight.doctor.standing import EPOCHS, judged
from engine.numbers import number, score_in_words

if TYPE_CHECKING:
    from engine.insight.trail import Trail
    from engine.program.program import Program
    from engine.training.ending import Divergence
    from engine.training.log import MetricLog

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Examine:
    """A question to a program in training (`engine.training.published.Question`)."""

    log: MetricLog
    trail: Trail
    divergence: Divergence | None = None

    def answer(self, program: Program) -> Examination:
        began = perf_counter()
        evidence = gather(program, self.log, self.trail, self.divergence)
        return examined(evidence, perf_counter() - began)


def examined(evidence: Evidence, seconds: float = 0.0) -> Examination:
    """What the rules find."""
    return Examination(
        findings=diagnose(evidence),
        checked=checked(evidence),
        waiting=_waiting(evidence),
        step=evidence.step,
        epoch=evidence.epoch,
        loss=_last(evidence.curves.loss),
        validation=_last(evidence.curves.validation),
        score=evidence.score,
        metric=evidence.metric,
        seconds=seconds,
    )


def _last(curve: Array) -> float:
    """The newest finite value; NaN where there is none."""
    known = curve[np.isfinite(curve)]
    return float(known[-1]) if len(known) else float("nan")


def _waiting(evidence: Evidence) -> str:
    if judged(evidence):
        return ""
    return f"Curves are judged from epoch {evidence.epoch - evidence.epochs + EPOCHS} on."


def diagnose(evidence: Evidence, rules: Sequence[Rule] = RULES) -> tuple[Finding, ...]:
    """Every illness whose signs are there and that no other one explains, in the order of the table."""
    found = [(rule, signs) for rule in rules if (signs := rule.judge(evidence)) is not None]
    explained = {kind for rule, _ in found for kind in rule.explains}
    return tuple(
        Finding(
            rule.kind, rule.title, rule.severity, signs.evidence, rule.cause, rule.cures(evidence, signs), signs.layers
        )
        for rule, signs in found
        if rule.kind not in explained
    )


def checked(evidence: Evidence) -> tuple[str, ...]:
    """What was looked at, and how it stands."""
    said = []
    gradients = [layer.gradient for layer in evidence.learning if isfinite(layer.gradient)]
    if gradients:
        said.append(f"Gradients: {_between(gradients)} for a typical weight of a layer")
    ratios = [layer.update_ratio for layer in evidence.learning if isfinite(layer.update_ratio)]
    if ratios:
        said.append(f"Steps: {_between(ratios)} of the weights' length; 0.001 is usual")
    hidden = [layer for layer in evidence.layers if layer.hidden and layer.activation]
    if hidden:
        dead, flat = (max(getattr(layer.outputs, name) for layer in hidden) for name in ("dead", "saturated"))
        said.append(f"Units: at most {100 * dead:.0f} % of a layer dead, {100 * flat:.0f} % of its outputs saturated")
    rows = evidence.rows
    mine, constant, learnable = (
        score_in_words(evidence.metric, each) for each in (evidence.score, rows.constant, rows.learnable)
    )
    beside = f", asking the five nearest rows {learnable}" if isfinite(rows.learnable) else ""
    metric = f"{evidence.metric[:1].upper()}{evidence.metric[1:]}"
    if isfinite(evidence.score):
        said.append(f"{metric} on training rows: {mine}; one answer for all {constant}{beside}")
    else:
        said.append(f"{metric} on training rows: none, for their target is always the same")
    if len(rows.spreads):
        said.append(f"Inputs: spread {_between(rows.spreads)}; 1 is usual")
    if judged(evidence):
        said.append("Curves: looked through for divergence, jumps, standstill and overfitting")
    return tuple(said)


def _between(values: Sequence[float]) -> str:
    """The least and the largest, or the one number where they are told alike."""
    low, high = number(min(values), 2), number(max(values), 2)
    return low if low == high else f"{low} to {high}"
