"""How weights begin: their statistics, and what they depend on."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernels.activations import ACTIVATIONS
from engine.training.initialisers import (
    Automatic,
    Constant,
    GlorotUniform,
    HeNormal,
    Initialiser,
    LecunNormal,
    Normal,
    Orthogonal,
    Uniform,
    Zeros,
    draw_parameter,
)
from tests.engine.training.designs import design, program, rows

SHAPE = (300, 200)


def drawn(initialiser: Initialiser, shape: tuple[int, ...] = SHAPE, seed: int = 0, key: str = "a/weight") -> np.ndarray:
    return draw_parameter(initialiser, seed, key, shape, shape[0], shape[-1])


@pytest.mark.parametrize(
    ("kind", "variance", "limit"),
    [
        # fan-in 300, fan-out 200
        ("glorot_uniform", 2 / 500, math.sqrt(6 / 500)),
        ("glorot_normal", 2 / 500, None),
        ("he_uniform", 2 / 300, math.sqrt(6 / 300)),
        ("he_normal", 2 / 300, None),
        ("lecun_uniform", 1 / 300, math.sqrt(3 / 300)),
        ("lecun_normal", 1 / 300, None),
        ("normal", 0.05**2, None),
        ("uniform", 0.5**2 / 3, 0.5),
    ],
)
def test_that_weights_have_the_spread_of_the_formula(kind: str, variance: float, limit: float | None) -> None:
    values = drawn(Initialiser.kinds[kind]())
    # 60,000 numbers: the mean's error is σ/245, the variance's under 0.6 %
    assert values.mean() == pytest.approx(0, abs=4 * math.sqrt(variance) / 245)
    assert values.var() == pytest.approx(variance, rel=0.025)
    kurtosis = ((values - values.mean()) ** 4).mean() / values.var() ** 2
    if limit is None:
        assert kurtosis == pytest.approx(3, abs=0.1)
    else:
        assert kurtosis == pytest.approx(1.8, abs=0.02)
        assert np.abs(values).max() <= limit
        assert np.abs(values).max() > 0.999 * limit


@given(k=st.integers(1, 12), m=st.integers(1, 12), seed=st.integers(0, 1000), gain=st.floats(0.1, 3))
def test_that_orthogonal_weights_are(k: int, m: int, seed: int, gain: float) -> None:
    w = drawn(Orthogonal(gain=gain), (k, m), seed)
    assert w.shape == (k, m)
    products = w.T @ w if k >= m else w @ w.T
    assert products == pytest.approx(gain**2 * np.eye(min(k, m)), abs=1e-12)


def test_that_orthogonal_weights_prefer_no_direction() -> None:
    corners = [drawn(Orthogonal(), (3, 3), seed)[0, 0] for seed in range(300)]
    # uniform on a sphere's axis: mean 0, variance 1/3
    assert np.mean(corners) == pytest.approx(0, abs=0.12)
    assert np.var(corners) == pytest.approx(1 / 3, abs=0.06)


def test_that_more_than_two_axes_are_one_matrix_to_orthogonal_weights() -> None:
    w = drawn(Orthogonal(), (3, 2, 4))
    assert w.shape == (3, 2, 4)
    assert w.reshape(6, 4).T @ w.reshape(6, 4) == pytest.approx(np.eye(4), abs=1e-12)


def test_that_constants_are_the_same_everywhere() -> None:
    assert (drawn(Constant(value=0.25)) == 0.25).all()
    assert (drawn(Zeros()) == 0).all()


def test_that_spread_and_limit_can_be_chosen() -> None:
    assert drawn(Normal(std=2)).std() == pytest.approx(2, rel=0.02)
    assert np.abs(drawn(Uniform(limit=0.01))).max() <= 0.01


def test_that_automatic_suits_the_activation() -> None:
    auto = Automatic()
    assert {row.family for row in ACTIVATIONS.values()} == {"he", "glorot", "lecun"}
    assert [auto.suited_to(family) for family in ("he", "glorot", "lecun")] == [
        HeNormal(), GlorotUniform(), LecunNormal(),
    ]  # fmt: skip
    assert Uniform().suited_to("he") == Uniform()
    # where there is no activation, as for biases
    assert np.array_equal(drawn(auto), drawn(GlorotUniform()))


@pytest.mark.parametrize("kind", sorted(Initialiser.kinds))
@pytest.mark.parametrize("shape", [(5,), (1,), (4, 3), (3, 1), (2, 3, 4)])
def test_that_tensors_of_every_shape_can_be_drawn(kind: str, shape: tuple[int, ...]) -> None:
    values = draw_parameter(Initialiser.kinds[kind](), 0, "a/b", shape, 0, 0)
    assert values.shape == shape
    assert np.isfinite(values).all()


@pytest.mark.parametrize("kind", sorted(set(Initialiser.kinds) - {"zeros", "constant"}))
def test_that_a_draw_depends_on_the_seed_and_the_name_alone(kind: str) -> None:
    initialiser = Initialiser.kinds[kind]()
    first = drawn(initialiser, (4, 3))
    assert np.array_equal(drawn(initialiser, (4, 3)), first)
    assert not np.array_equal(drawn(initialiser, (4, 3), seed=1), first)
    assert not np.array_equal(drawn(initialiser, (4, 3), key="b/weight"), first)


def test_that_other_layers_leave_a_layers_first_weights_alone() -> None:
    alone = program(design(hidden=4), rows()).parameters()
    wider = program(design(outputs=2, hidden=4), rows("multiclass", 12, classes=2)).parameters()
    assert np.array_equal(alone["dense_1/weight"], wider["dense_1/weight"])
    assert alone["dense_2/weight"].shape != wider["dense_2/weight"].shape


def test_that_initialisers_are_read_back_from_their_dump() -> None:
    for kind in Initialiser.kinds.values():
        assert Initialiser.parse(kind().dump()) == kind()
