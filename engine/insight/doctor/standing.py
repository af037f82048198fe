"""How a run stands: what the rules ask first, before they speak of an illness."""

from __future__ import annotations

from typing import Final

import numpy as np

from engine.insight.doctor.evidence import Evidence, Vitals
from engine.numbers import score_in_words

LOOKED: Final = 10  # steps: what the first batches show is not yet chance. Ours.
EPOCHS: Final = 20  # before curves are judged: twice the usual patience of early stopping. Ours.
STEPS: Final = 100  # and as many steps: with Adam each weight has then moved by some 100 learning rates. Ours.
PATIENT: Final = 60  # epochs before a loss that stands still is an illness: many nets rest once on their way. Ours.
LACKS: Final = 0.2  # of what is beyond a constant answer: so far behind a look-up (Fix and Hodges 1951) nothing is well
STALLED: Final = 0.05  # of the loss: less than this was gained in the second half of the epochs. Ours.


def lacking(e: Evidence) -> bool:
    """There is more to be learnt from the rows than has been; where nobody knows: a constant answer is as good."""
    margin = LACKS * (1 - e.rows.constant)
    if e.rows.learnable > e.rows.constant + margin:
        return e.lacks >= margin
    return e.score < e.rows.constant + margin / 2


def judged(e: Evidence) -> bool:
    """Enough has been trained for the curves to speak."""
    return e.epochs >= EPOCHS and e.steps >= STEPS


def stalled(e: Evidence) -> bool:
    """The loss has hardly fallen in the second half of the epochs; both ends as the median of a few."""
    loss = e.curves.loss
    if not len(loss) or not judged(e):
        return False
    few = max(1, len(loss) // 10)
    half, last = (float(np.median(part)) for part in (loss[len(loss) // 2 :][:few], loss[-few:]))
    return not last < (1 - STALLED) * half


def ill(e: Evidence) -> bool:
    """It has diverged, or is still far from what it could know."""
    return e.divergence is not None or (e.steps >= LOOKED and lacking(e))


def stuck(e: Evidence) -> bool:
    """It has stood still for long, and there is more to be learnt."""
    return e.epochs >= PATIENT and stalled(e) and lacking(e)


def said(e: Evidence) -> str:
    """How far it is from what could be learnt, in words."""
    mine, constant, learnable = (
        score_in_words(e.metric, each) for each in (e.score, e.rows.constant, e.rows.learnable)
    )
    beside = f", asking the five nearest rows {learnable}" if np.isfinite(e.rows.learnable) else ""
    return f"{e.metric} {mine} on training rows; one answer for all has {constant}{beside}"


def bent_layers(e: Evidence) -> tuple[Vitals, ...]:
    """The layers that make more than a straight line."""
    plain = ("", "linear")
    return tuple(v for v in e.layers if (v.hidden and v.activation not in plain) or v.kind in ("maxout", "prelu"))
