"""The numbers that the doctor reads, against those worked by hand."""

from __future__ import annotations

from math import log, sqrt

import numpy as np
import pytest

from engine.data.prepare import Prepared
from engine.insight.doctor.evidence import gather
from engine.insight.doctor.learnable import constant_score, entropy, neighbour_scores, r2, recalls, score
from engine.insight.doctor.watched import watch
from engine.insight.trail import Trail
from engine.training.log import COLUMNS, MetricLog
from engine.training.run import Run
from tests.builders import dense
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
    assert entropy((3, 1, 0)) == pytest.approx(-(0.75 * log(0.75) + 0.25 * log(0.25)))


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
