"""The numbers that the doctor reads, against those worked by hand."""

from __future__ import annotations

from math import log, sqrt
from typing import Any

import numpy as np
import pytest

from engine.data.prepare import Prepared
from engine.insight.doctor.cures import balanced, regularise_less
from engine.insight.doctor.evidence import gather
from engine.insight.doctor.examination import checked
from engine.insight.doctor.finding import Signs
from engine.insight.doctor.learnable import constant_loss, constant_score, neighbour_scores, r2, recalls, score
from engine.insight.doctor.prescriptions import overfitting
from engine.insight.doctor.standing import said
from engine.insight.doctor.watched import watch
from engine.insight.trail import Trail
from engine.layers import Layer
from engine.numbers import score_in_words
from engine.program.program import Program
from engine.training.log import COLUMNS, MetricLog
from engine.training.losses import CategoricalCrossEntropy, Loss
from engine.training.run import Run
from engine.training.spec import DataSplit
from tests.builders import chain, dense
from tests.engine.insight.doctor.networks import layer, net, spread

TWO = Prepared.from_arrays(np.arange(20.0), np.repeat([0, 1], 10), "binary")
NUMBERS = Prepared.from_arrays(np.arange(20.0), np.arange(20.0), "regression")


def test_that_answers_are_scored_as_people_do() -> None:
    y = np.array([[0.0], [0.0], [0.0], [1.0]])
    z = np.array([[-1.0], [-1.0], [2.0], [3.0]])
    assert score(TWO, z, y) == 0.75
    assert score(TWO, z, y, even=True) == pytest.approx((2 / 3 + 1) / 2)
    assert recalls(z, y, 2) == (pytest.approx(2 / 3), 1.0)
    assert recalls(np.hstack([-z, z]), y, 3)[:2] == (pytest.approx(2 / 3), 1.0)
    assert np.isnan(recalls(z, y, 3)[2])
    assert (constant_score(TWO, y), constant_score(TWO, y, even=True), constant_score(NUMBERS, y)) == (0.75, 0.5, 0.0)
    # squares of the errors 1, 0, 1; of the distances from the mean 4, 0, 4
    assert r2(np.array([[2.0], [3.0], [4.0]]), np.array([[1.0], [3.0], [5.0]])) == pytest.approx(1 - 2 / 8)
    assert np.isnan(r2(np.zeros((3, 1)), np.ones((3, 1))))
    assert constant_loss(CategoricalCrossEntropy(), np.empty(0), (3, 1, 0)) == pytest.approx(
        -(0.75 * log(0.75) + 0.25 * log(0.25))
    )


def test_that_a_look_up_knows_what_near_rows_know() -> None:
    rng = np.random.default_rng(0)
    x = np.concatenate([rng.normal(-5, 1, (40, 2)), rng.normal(5, 1, (40, 2))])
    y = np.repeat([[0.0], [1.0]], 40, axis=0)
    assert neighbour_scores(TWO, x, y) == (1.0, 1.0)
    # the scale of an input does not decide which rows are near
    assert neighbour_scores(TWO, x * np.array([1e-6, 1e6]), y) == (1.0, 1.0)
    chance, _ = neighbour_scores(TWO, x, rng.integers(0, 2, (80, 1)).astype(float))
    assert 0.2 < chance < 0.8
    line = np.linspace(0, 1, 200)[:, None]
    assert neighbour_scores(NUMBERS, line, np.sin(6 * line))[0] > 0.99
    assert neighbour_scores(NUMBERS, line[:9], line[:9]) == (float("-inf"), float("-inf"))


@pytest.mark.parametrize(
    ("initialiser", "ratio"),
    [
        ({"type": "auto"}, 1.0), ({"type": "he_uniform"}, 1.0), ({"type": "zeros"}, 0.0),
        ({"type": "constant", "value": 0.5}, 0.5 / sqrt(2 / 8)), ({"type": "orthogonal", "gain": 3.0}, 3.0),
        ({"type": "normal", "std": 2.0}, pytest.approx(2 / sqrt(2 / 8), rel=0.2)),
        ({"type": "uniform", "limit": 3.0}, pytest.approx(sqrt(3) / sqrt(2 / 8), rel=0.2)),
    ],
)  # fmt: skip
def test_that_first_weights_are_compared_with_those_that_suit(initialiser: dict[str, object], ratio: float) -> None:
    run = Run(net(dense(8, "linear"), layer(32, "relu", initialiser=initialiser), dense(1), data="circle"))
    evidence = gather(run.program, run.log, Trail())
    assert evidence.hidden[1].weights.first == ratio
    assert evidence.hidden[1].weights.alike == (initialiser["type"] in ("zeros", "constant"))


def test_that_evidence_is_that_of_the_run() -> None:
    document = net(dense(6, "tanh"), dense(1), data="circle", epochs=30, batch_size=50)
    run = Run(document)
    trail = watch(run)
    evidence = gather(run.program, run.log, trail)
    assert (evidence.steps, evidence.epochs, evidence.rate) == (240, 30, pytest.approx(0.01))
    assert evidence.curves.loss.tolist() == run.log.read()["loss"].tolist()
    norms = trail.course("norm").values[0]
    assert evidence.hidden[0].first_norm == pytest.approx(norms[0], rel=1e-5)
    assert evidence.hidden[0].largest_norm == pytest.approx(norms.max(), rel=1e-5)
    late = norms[-round(0.25 * len(norms)) :]
    assert evidence.hidden[0].gradient == pytest.approx(np.median(late) / sqrt(3 * 6), rel=1e-5)
    assert evidence.rows.counts == (200, 200)
    assert evidence.rows.constant_loss == pytest.approx(log(2))
    assert evidence.rows.spreads == (pytest.approx(1, abs=0.01), pytest.approx(1, abs=0.01))


def test_that_the_same_looks_are_taken_whatever_the_clock() -> None:
    document = net(layer(6, "tanh", **spread(0.1)), dense(1), data="circle", epochs=40)
    first, again = (watch(Run(document)).course("norm") for _ in range(2))
    assert first.steps.tolist() == again.steps.tolist()
    assert first.values.tolist() == again.values.tolist()
    whole, parts, trail = Run(document), Run(document), Trail()
    watch(whole)
    for epoch in (1, 2, 7, 40):
        watch(parts, epoch, trail)
        assert parts.epoch == epoch
    assert whole.program.parameter_hash() == parts.program.parameter_hash()


def test_that_a_log_is_sampled_evenly_with_its_end() -> None:
    log, rows = MetricLog(), np.full((1000, len(COLUMNS)), np.nan)
    rows[:, 0] = np.arange(1, 1001)
    log.append(rows)
    assert log.sampled(5)["epoch"].tolist() == [1, 251, 501, 750, 1000]
    assert log.sampled(5, after_epoch=998)["epoch"].tolist() == [999, 1000]
    assert log.sampled(5, after_epoch=1000)["epoch"].tolist() == []


@pytest.mark.parametrize(
    "loss", ["mse", "mae", {"type": "huber", "delta": 0.3}, {"type": "huber", "delta": 50.0}],
    ids=["mse", "mae", "huber", "wide huber"],
)  # fmt: skip
def test_that_one_answer_for_all_is_judged_by_the_loss_that_is_trained_with(loss: Any) -> None:
    y = np.random.default_rng(1).exponential(7, (80, 1))
    document = chain(dense(1))
    document = document.but(training=document.training.but(loss=loss))
    program = Program(document, Prepared.from_arrays(y * 0, y, split=DataSplit(scale_target=False, validation=0)))
    found = constant_loss(program.plan.lowered.loss, program.prepared.y, ())
    losses = []
    for answer in np.linspace(0, 40, 4001):
        program.set_parameters({"dense_1/bias": np.array([answer])})
        losses.append(program.training_loss())
    assert found == pytest.approx(min(losses), rel=1e-4)
    assert found <= min(losses) * (1 + 1e-5)


@pytest.mark.parametrize("weights", ["none", "balanced", "own"])
@pytest.mark.parametrize(
    ("kind", "fields"),
    [("bce", {}), ("bce", {"smoothing": 0.2}), ("hinge", {}), ("cce", {}), ("cce", {"smoothing": 0.2}),
     ("multiclass_hinge", {})],
)  # fmt: skip
def test_that_one_class_for_all_is_judged_by_the_loss_that_is_trained_with(
    kind: str, fields: dict[str, float], weights: str
) -> None:
    two = kind in ("bce", "hinge")
    y = np.repeat(np.arange(2 if two else 3), [70, 30] if two else [20, 50, 30]).astype(float)
    document = chain(dense(1 if two else 3))
    loss = {"type": kind, "class_weights": weights, "weights": (1.0, 4.0, 2.0)[: 2 if two else 3], **fields}
    document = document.but(training=document.training.but(loss=loss))
    prepared = Prepared.from_arrays(
        np.zeros((100, 1)), y, "binary" if two else "multiclass", split=DataSplit(validation=0)
    )
    program = Program(document, prepared)
    found = constant_loss(program.plan.lowered.loss, prepared.y, np.bincount(y.astype(int)).tolist())
    places = np.linspace(-3, 3, 1201) if two else np.linspace(-3, 3, 61)
    losses = []
    for z in places[:, None] if two else ([0.0, a, b] for a in places for b in places):
        program.set_parameters({"dense_1/bias": np.asarray(z)})
        losses.append(program.training_loss())
    assert found == pytest.approx(min(losses), rel=2e-3)
    assert found <= min(losses) * (1 + 1e-5)


def test_that_a_cure_takes_nothing_away_that_was_chosen() -> None:
    smooth = Loss.parse({"type": "bce", "smoothing": 0.1})
    assert balanced(smooth, "bce").apply(chain(dense(1))).training.loss == smooth.but(class_weights="balanced")
    gentle = regularise_less().apply(chain(Layer.parse({"type": "dropout", "rate": 0.05}), dense(1)))
    assert gentle.node("dropout_1").layer.model_dump()["rate"] == 0.05


def test_that_no_dropout_is_put_behind_a_dropout() -> None:
    rows = np.random.default_rng(0).normal(size=(30, 2))
    document = chain(dense(8, "relu"), Layer.parse({"type": "dropout", "rate": 0.5}), dense(6, "tanh"), dense(1))
    evidence = gather(Program(document, Prepared.from_arrays(rows, rows[:, :1])), MetricLog(), Trail())
    texts = [cure.text for cure in overfitting(evidence, Signs(()))]
    assert texts[:2] == ["Use L2 regularisation 0.01", "Insert Dropout 0.3 behind dense_2"]
    stronger = document.but(training=document.training.but(l2=0.02))
    evidence = gather(Program(stronger, Prepared.from_arrays(rows, rows[:, :1])), MetricLog(), Trail())
    assert overfitting(evidence, Signs(()))[0].text == "Use L2 regularisation 0.06"


def test_that_a_share_of_rows_is_told_in_percent_as_everywhere_else() -> None:
    assert score_in_words("accuracy", 0.9375) == "93.8 %"
    assert score_in_words("mean recall", 0.5) == "50.0 %"
    assert score_in_words("R²", -0.204) == "−0.20"
    evidence = gather(Program(chain(dense(1)), TWO), MetricLog(), Trail())
    assert "Accuracy on training rows: 0.0 %; one answer for all 50.0 %" in checked(evidence)
    assert "Inputs: spread 1; 1 is usual" in checked(evidence)  # and not 1 to 1
    assert said(evidence) == "accuracy 0.0 % on training rows; one answer for all has 50.0 %"


def test_that_of_a_target_that_is_always_the_same_no_score_is_told() -> None:
    rows = np.random.default_rng(0).normal(size=(30, 2))
    prepared = Prepared.from_arrays(rows, np.full((30, 1), 5.0))
    told = checked(gather(Program(chain(dense(1)), prepared), MetricLog(), Trail()))
    assert "R² on training rows: none, for their target is always the same" in told
    assert not any("nan" in line for line in told)
