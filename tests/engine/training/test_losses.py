"""The losses as settings: which is chosen, what they weigh, and their gradients through whole networks."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from engine.errors import DesignError
from engine.insight.gradient_check import compare
from engine.training.losses import (
    Automatic,
    BinaryCrossEntropy,
    CategoricalCrossEntropy,
    ClassLoss,
    Hinge,
    Huber,
    Loss,
    MeanAbsoluteError,
    MeanSquaredError,
    MulticlassHinge,
    class_counts,
    resolve,
)
from tests.engine.training.designs import design, program, rows


def test_that_the_loss_follows_from_the_task_unless_it_is_chosen() -> None:
    assert resolve(Automatic(), "regression", 3) == MeanSquaredError()
    assert resolve(Automatic(), "binary", 1) == BinaryCrossEntropy()
    assert resolve(Automatic(), "binary", 2) == CategoricalCrossEntropy()
    assert resolve(Automatic(), "multiclass", 4) == CategoricalCrossEntropy()
    assert resolve(Huber(delta=2), "regression", 1) == Huber(delta=2)


CHECKED = [
    ("regression", 1, MeanSquaredError()),
    ("regression", 1, Huber(delta=0.3)),
    ("regression", 1, MeanAbsoluteError()),
    ("binary", 1, BinaryCrossEntropy(smoothing=0.2, class_weights="balanced")),
    ("binary", 1, Hinge(class_weights="own", weights=(2.0, 0.5))),
    ("binary", 2, CategoricalCrossEntropy(class_weights="balanced")),
    ("multiclass", 3, CategoricalCrossEntropy(smoothing=0.1, class_weights="own", weights=(1.0, 3.0, 0.5))),
    ("multiclass", 3, MulticlassHinge(class_weights="balanced")),
]


@pytest.mark.parametrize(("task", "outputs", "loss"), CHECKED, ids=lambda value: getattr(value, "kind", ""))
def test_that_gradients_through_a_network_are_those_of_the_loss(task: str, outputs: int, loss: Loss) -> None:
    prepared = rows(task, 12)
    made = program(design(outputs, loss=loss, batch_size=12), prepared)
    results = list(compare(made, prepared.x, prepared.y))
    assert len(results) == 4
    assert all(result.passed for result in results), results


def test_that_balanced_weights_give_every_class_the_same_say() -> None:
    # 8 rows, 2 classes: 8/(2·6) = 0.6667 and 8/(2·2) = 2; 6·0.6667 = 2·2
    assert BinaryCrossEntropy(class_weights="balanced").weighed((6, 2)).weights == pytest.approx((2 / 3, 2))
    # a class without rows is left out: 8/(2·6), and 1 for it
    three = CategoricalCrossEntropy(class_weights="balanced").weighed((6, 0, 2))
    assert three.weights == pytest.approx((2 / 3, 1, 2))
    for loss in (BinaryCrossEntropy(), Hinge(class_weights="own", weights=(1, 2)), MeanSquaredError()):
        assert loss.weighed((6, 2)) == loss


def test_that_weights_are_balanced_by_the_training_rows_alone() -> None:
    prepared = rows("multiclass", 40, validation=0.25)
    counts = np.bincount(prepared.y[prepared.train, 0].astype(int), minlength=3)
    assert counts.sum() == 30
    assert len(set(counts)) > 1
    balanced = program(design(3, loss=CategoricalCrossEntropy(class_weights="balanced")), prepared)
    own = CategoricalCrossEntropy(class_weights="own", weights=tuple(float(30 / (3 * n)) for n in counts))
    listed = program(design(3, loss=own), prepared)
    for made in (balanced, listed):
        made.run(20)
    assert balanced.parameter_hash() == listed.parameter_hash()


def test_that_labels_of_every_time_step_are_counted() -> None:
    assert class_counts(np.array([[0.0, 2.0], [2.0, 2.0]]), 4) == (1, 0, 3, 0)


@pytest.mark.parametrize(
    ("task", "outputs", "kind"), [("binary", 1, "bce"), ("binary", 1, "hinge"), ("multiclass", 3, "cce")]
)
def test_that_a_wrong_number_of_weights_is_refused_in_words(task: str, outputs: int, kind: str) -> None:
    loss = Loss.kinds[kind](class_weights="own", weights=(1.0, 2.0, 3.0, 4.0))
    classes = 2 if task == "binary" else 3
    with pytest.raises(DesignError, match=f"4 own weights are listed, and there are {classes} classes"):
        program(design(outputs, loss=loss), rows(task, 12))


def test_that_own_weights_that_are_not_listed_yet_are_all_1() -> None:
    hashes = []
    for choice in ("none", "own"):
        made = program(design(3, loss=CategoricalCrossEntropy(class_weights=choice), epochs=2), rows("multiclass", 12))
        made.run(10)
        hashes.append(made.parameter_hash())
    assert hashes[0] == hashes[1]


@pytest.mark.parametrize("weights", [(-1.0, 1.0), (0.0, 0.0), (1e7, 1.0), (float("nan"), 1.0)])
def test_that_weights_that_make_no_sense_are_refused(weights: tuple[float, ...]) -> None:
    with pytest.raises(ValidationError, match="weights"):
        BinaryCrossEntropy(weights=weights)


@pytest.mark.parametrize(
    ("task", "outputs", "kind"),
    [
        ("regression", 1, "mae"), ("regression", 1, "huber"), ("binary", 1, "hinge"), ("multiclass", 3, "cce"),
        ("multiclass", 3, "multiclass_hinge"),
    ],
)  # fmt: skip
def test_that_a_network_learns_by_every_loss(task: str, outputs: int, kind: str) -> None:
    made = program(design(outputs, loss=kind, epochs=80, learning_rate=0.02, batch_size=8), rows(task, 80))
    made.run(100_000)
    losses = made.take_log()[:, 2]
    assert losses[-1] < 0.5 * losses[0]


def test_that_losses_are_read_back_from_their_dump() -> None:
    for loss in [*(kind() for kind in Loss.kinds.values()), *(loss for _, _, loss in CHECKED)]:
        assert Loss.parse(loss.dump()) == loss
    assert all(issubclass(kind, ClassLoss) for kind in Loss.kinds.values() if kind.link != "identity")
