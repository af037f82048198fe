"""How much a network could learn from its training rows, and how much it has: by looking up near neighbours."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.training.losses import ClassLoss, Huber, Loss

if TYPE_CHECKING:
    from engine.data.prepare import Prepared

Array = NDArray[Any]
NEIGHBOURS: Final = 5  # k of the look-up: one is misled by noise, many blur (Fix and Hodges 1951)


def score(prepared: Prepared, outputs: Array, y: Array, even: bool = False) -> float:
    """Share of right answers, or R² (mean over the targets), of what the last layer gives, before any link.

    Args:
        outputs: (n, *output shape). y: (n, values per row), as the network takes them.
        even: every class counts alike, however many rows it has: the mean of the recalls.
    """
    if prepared.task == "regression":
        return r2(outputs.reshape(len(y), -1), y)
    return hits(chosen(outputs), y, even)


def hits(answers: Array, y: Array, even: bool = False) -> float:
    """Share of class indices that are right, over all answers, or the mean over the classes that there are."""
    true = y.ravel().astype(np.int64)
    right = answers == true
    return float(np.mean([right[true == k].mean() for k in np.unique(true)]) if even else right.mean())


def chosen(outputs: Array) -> Array:
    """(answers,) the index of the most probable class: by the sign of one logit, or the largest of several."""
    if outputs.shape[-1] == 1:
        return (outputs.ravel() > 0).astype(np.int64)
    index: Array = outputs.reshape(-1, outputs.shape[-1]).argmax(axis=-1)
    return index


def recalls(outputs: Array, y: Array, classes: int) -> tuple[float, ...]:
    """The share of each class's rows that are answered with it; NaN for a class without rows."""
    true = y.ravel().astype(np.int64)
    right = chosen(outputs) == true
    return tuple(float(right[true == k].mean()) if (true == k).any() else float("nan") for k in range(classes))


def r2(answers: Array, targets: Array) -> float:
    """1 - residual / total sum of squares, the mean over the targets that vary; NaN where none does."""
    spread = ((targets - targets.mean(axis=0, dtype=np.float64)) ** 2).sum(axis=0)
    errors = ((answers.astype(np.float64) - targets) ** 2).sum(axis=0)
    varies = spread > 0
    return float(np.mean(1 - errors[varies] / spread[varies])) if varies.any() else float("nan")


def constant_score(prepared: Prepared, y: Array, even: bool = False) -> float:
    """What the best answer scores that is always the same: the share of the largest class, or R² = 0."""
    if prepared.task == "regression":
        return 0.0
    counts = np.bincount(y.ravel().astype(np.int64))
    return 1 / int(np.count_nonzero(counts)) if even else float(counts.max() / y.size)


def constant_loss(loss: Loss, y: Array, counts: Sequence[int]) -> float:
    """The least loss of one answer for all rows.

    Args:
        loss: as it is emitted, with its weights. y: (n, values per row) of a regression.
        counts: answers of each class; empty for regression.
    """
    if not counts:
        y = y.astype(np.float64)
        if loss.kind == "mse":
            return float(y.var(axis=0).mean())
        best, most = np.median(y, axis=0), np.inf
        if isinstance(loss, Huber):
            best, most = _huber_mean(y, loss.delta), loss.delta
        away = np.abs(y - best)
        near = np.minimum(away, most)
        return float((away if most == np.inf else near * (away - near / 2)).mean())
    assert isinstance(loss, ClassLoss)
    weights = np.array(loss.weight_of_each(len(counts)))
    mass = weights * counts / sum(counts)  # of each class
    if loss.kind == "hinge":
        return float(2 * mass.min())  # the loss bends at a score of ±1, and nowhere between
    if loss.kind == "multiclass_hinge":
        return float(min(mass.sum(), 2 * (mass.sum() - mass.max())))
    smoothing = float(getattr(loss, "smoothing", 0.0))
    mass = (1 - smoothing) * mass + smoothing * mass.sum() / len(mass)
    known = mass[mass > 0]
    # the best probabilities are the shares of the mass (Gibbs' inequality)
    return float(-(known * np.log(known / known.sum())).sum())


def _huber_mean(y: Array, delta: float) -> Array:
    """(values per row,) where the mean of the clipped errors (n, values per row) is zero, by halving."""
    low, high = y.min(axis=0), y.max(axis=0)
    middle: Array = (low + high) / 2
    for _ in range(60):
        above = np.clip(y - middle, -delta, delta).mean(axis=0) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
        middle = (low + high) / 2
    return middle


def neighbour_scores(prepared: Prepared, x: Array, y: Array) -> tuple[float, float]:
    """What the k nearest other rows would answer: something that can be learnt from these inputs, at the least.

    A look-up fails where what matters hides among many inputs, as in long sequences: then it says less than a network
    could learn, never more. Inputs are brought to one spread first, so that no unit of measurement decides.

    Args:
        x: (n, *input shape). y: (n, values per row).

    Returns:
        Share of right answers and the mean of the recalls, or R² twice; -inf where there are too few rows, tokens, or
        an answer per step.
    """
    single = prepared.task == "regression" or y.shape[1] == 1
    if len(x) <= 4 * NEIGHBOURS or prepared.input.tokens or not single:
        return float("-inf"), float("-inf")
    flat = x.reshape(len(x), -1).astype(np.float64)
    spread = flat.std(axis=0)
    flat = (flat - flat.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    squares = np.einsum("ij,ij->i", flat, flat)
    apart = squares[:, None] + squares - 2 * flat @ flat.T  # n, n
    np.fill_diagonal(apart, np.inf)
    near = np.argpartition(apart, NEIGHBOURS, axis=1)[:, :NEIGHBOURS]
    if prepared.task == "regression":
        explained = r2(y[near].mean(axis=1), y)
        return explained, explained
    votes = y[near, 0].astype(np.int64)  # n, k
    counts = np.stack([(votes == k).sum(axis=1) for k in range(int(y.max()) + 1)], axis=1)
    answers = counts.argmax(axis=1)
    return hits(answers, y), hits(answers, y, even=True)
