"""What holds for every kind of data source."""

from __future__ import annotations

import subprocess
import sys
from itertools import groupby

import numpy as np
import pytest
from pydantic import ValidationError

import engine.data
from engine.data import Arrays, Source, Spiral, Table, datasets
from engine.data.synthetic import Synthetic

READY = [kind for kind in datasets() if kind not in (Arrays, Table)]


@pytest.mark.parametrize("kind", READY, ids=lambda kind: kind.kind)
class TestEveryBuiltInSet:
    def test_that_it_says_what_it_is(self, kind: type[Source]) -> None:
        assert kind.title
        assert kind.summary
        assert kind.group
        for name, field in kind.model_fields.items():
            assert field.title, f"{name} has no title"
            assert field.description, f"{name} has no description"

    def test_that_the_same_seed_gives_the_same_bits(self, kind: type[Source]) -> None:
        first, second = kind().load(7), kind().load(7)
        assert first.x.tobytes() == second.x.tobytes()
        assert first.y.tobytes() == second.y.tobytes()

    def test_that_rows_names_and_classes_fit(self, kind: type[Source]) -> None:
        dataset = kind().load(0)
        assert len(dataset.x) == len(dataset.y) == dataset.rows
        assert np.isfinite(dataset.x).all()
        assert np.isfinite(dataset.y).all()
        if dataset.features:
            assert len(dataset.features) == (dataset.x.shape[-1] if not dataset.tokens else 1)
        if dataset.task == "regression":
            assert dataset.classes == ()
        else:
            assert set(np.unique(dataset.y)) == set(range(len(dataset.classes)))
            assert (len(dataset.classes) == 2) == (dataset.task == "binary")
        if dataset.tokens:
            assert dataset.x.min() >= 0
            assert dataset.x.max() < dataset.tokens
            assert (dataset.x == np.floor(dataset.x)).all()

    def test_that_its_dump_is_read_back(self, kind: type[Source]) -> None:
        assert Source.parse(kind().dump()) == kind()
        assert Source.parse(kind.kind) == kind()


@pytest.mark.parametrize("kind", [k for k in READY if issubclass(k, Synthetic)], ids=lambda kind: kind.kind)
class TestEverySyntheticSet:
    def test_that_it_has_as_many_rows_as_asked_for(self, kind: type[Synthetic]) -> None:
        assert kind(samples=20).load(0).rows == 20
        assert kind(samples=1001).load(0).rows == 1001

    @pytest.mark.parametrize("wrong", [19, 100_001, 50.5])
    def test_that_sizes_out_of_bounds_are_refused(self, kind: type[Synthetic], wrong: float) -> None:
        with pytest.raises(ValidationError, match="samples"):
            kind(samples=wrong)

    def test_that_noise_has_bounds_and_an_effect(self, kind: type[Synthetic]) -> None:
        if "noise" not in kind.model_fields:
            return
        with pytest.raises(ValidationError, match="noise"):
            kind(noise=51)
        calm, wild = kind(noise=0).load(3), kind(noise=50).load(3)
        assert not (np.array_equal(calm.x, wild.x) and np.array_equal(calm.y, wild.y))

    def test_that_another_seed_draws_another_set(self, kind: type[Synthetic]) -> None:
        source = kind(noise=20) if "noise" in kind.model_fields else kind()
        first, second = source.load(1), source.load(2)
        assert not (np.array_equal(first.x, second.x) and np.array_equal(first.y, second.y))


def test_that_the_list_of_sets_names_everything_that_is_promised() -> None:
    promised = """
        spiral circle xor gauss moons blobs rings checkerboard linear and or xor_gate line parabola cubic sine x_sin_x
        abs step sinc complex_curve plane bumps saddle ripple sine_forecast adding parity copy characters shapes
        iris wine breast_cancer digits diabetes table arrays
    """
    assert {kind.kind for kind in datasets()} == set(promised.split())


def test_that_sets_of_a_group_stand_together() -> None:
    groups = [kind.group for kind in datasets()]
    assert [group for group, _ in groupby(groups)] == list(engine.data.GROUPS)


def test_that_importing_the_sources_loads_no_slow_library() -> None:
    code = "import sys, engine.data; print([m for m in ('pandas', 'sklearn', 'scipy', 'numba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_that_an_unknown_set_is_refused_with_near_names() -> None:
    with pytest.raises(ValueError, match=r"no data source called 'spirall'; near: spiral"):
        Source.parse("spirall")


def test_that_the_opening_set_is_a_spiral() -> None:
    assert engine.data.Spiral is Spiral
    assert Spiral().load(0).rows == 500
