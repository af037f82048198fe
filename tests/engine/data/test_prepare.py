"""From a source to what a network trains on."""

from __future__ import annotations

import gc
import weakref
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.data import Diabetes, Digits, Iris, Source, Spiral, Table, datasets
from engine.data.dataset import Dataset
from engine.data.prepare import Prepared, from_dataset, prepare
from engine.data.synthetic import Copy, Parity, Plane, Shapes
from engine.errors import DataError
from engine.training.spec import DataSplit

KINDS = [kind for kind in datasets() if kind.group != "own data"]
SPLIT = DataSplit(validation=0.2, test=0.1, seed=5)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_every_set_comes_in_the_form_of_the_engine(kind: type[Source], dtype: type) -> None:
    raw = kind().load(SPLIT.seed)
    prepared = prepare(kind(), SPLIT, dtype)
    for values in (prepared.x, prepared.y):
        assert values.dtype == dtype
        assert values.flags.c_contiguous
        assert len(values) == raw.rows
    assert prepared.y.ndim == 2
    assert prepared.x.shape[1:] == prepared.input.shape == raw.x.shape[1:]
    assert prepared.input.tokens == raw.tokens
    parts = (prepared.train, prepared.validation, prepared.test)
    assert np.concatenate([np.arange(raw.rows)[part] for part in parts]).tolist() == list(range(raw.rows))
    assert prepared.dataset.rows == 0
    assert prepared.dataset.features == raw.features
    assert prepared.dataset.classes == raw.classes
    # No row is lost or changed, whatever its place and scale; and a row keeps its own target.
    back = np.hstack(
        [
            prepared.unscale_x(prepared.x).reshape(raw.rows, -1),
            prepared.unscale_y(prepared.y) if raw.task == "regression" else prepared.y,
        ]
    )
    before = np.hstack([raw.x.reshape(raw.rows, -1), raw.y.reshape(raw.rows, -1)])
    places = np.round(np.abs(before).max(0, keepdims=True) * 1e-5, 12) + 1e-9
    np.testing.assert_allclose(np.sort(back / places, 0), np.sort(before / places, 0), atol=1)


@pytest.mark.parametrize("source", [Iris(), Spiral(noise=10), Diabetes(), Shapes(samples=100), Copy(samples=100)])
def test_that_rows_keep_their_targets(source: Source) -> None:
    raw = source.load(SPLIT.seed)
    raw = replace(raw, x=raw.x.astype(np.float64))
    prepared = prepare(source, SPLIT, np.float64)
    x = np.round(prepared.unscale_x(prepared.x).reshape(raw.rows, -1), 6)
    y = np.round(prepared.unscale_y(prepared.y), 6)
    have = sorted(map(tuple, np.hstack([x, y])))
    want = sorted(map(tuple, np.round(np.hstack([raw.x.reshape(raw.rows, -1), raw.y.reshape(raw.rows, -1)]), 6)))
    np.testing.assert_allclose(have, want, atol=2e-6)


@given(st.integers(0, 100), st.sampled_from(["standard", "0..1", "-1..1"]))
def test_that_scaling_is_fitted_on_the_training_part_only(seed: int, scaling: str) -> None:
    prepared = prepare(Iris(), DataSplit(validation=0.3, test=0.2, seed=seed, scaling=scaling), np.float64)
    part = prepared.x[prepared.train]
    if scaling == "standard":
        np.testing.assert_allclose(part.mean(0), 0, atol=1e-9)
        np.testing.assert_allclose(part.std(0), 1)
        assert np.abs(prepared.x.mean(0)).max() > 1e-6
    else:
        np.testing.assert_allclose(part.min(0), 0 if scaling == "0..1" else -1, atol=1e-12)
        np.testing.assert_allclose(part.max(0), 1)


def test_that_rows_held_out_do_not_move_the_scale() -> None:
    x = np.arange(100.0).reshape(-1, 1)
    plain = Prepared.from_arrays(x, x, split=SPLIT, dtype=np.float64)
    held_out = int(plain.unscale_x(plain.x[plain.test])[0, 0])
    changed = x.copy()
    changed[held_out] = 1e6
    outlier = Prepared.from_arrays(changed, changed, split=SPLIT, dtype=np.float64)
    np.testing.assert_array_equal(outlier.x[outlier.train], plain.x[plain.train])
    np.testing.assert_array_equal(outlier.y[outlier.train], plain.y[plain.train])


def test_that_answers_of_a_regression_return_to_the_users_units() -> None:
    prepared = prepare(Diabetes(), DataSplit(seed=1), np.float64)
    np.testing.assert_allclose(prepared.y[prepared.train].mean(), 0, atol=1e-9)
    np.testing.assert_allclose(prepared.y[prepared.train].std(), 1)
    assert (prepared.unscale_y(prepared.y).min(), prepared.unscale_y(prepared.y).max()) == pytest.approx((25, 346))
    np.testing.assert_allclose(prepared.scale_y(prepared.unscale_y(prepared.y)), prepared.y)
    plain = prepare(Diabetes(), DataSplit(seed=1, scale_target=False), np.float64)
    assert (plain.y.min(), plain.y.max()) == (25, 346)
    np.testing.assert_array_equal(plain.unscale_y(plain.y), plain.y)


@pytest.mark.parametrize(
    ("source", "input", "outputs", "target", "answer"),
    [
        (Iris(), "4", 3, (1,), (3,)),
        (Spiral(), "2", 1, (1,), (1,)),
        (Diabetes(), "10", 1, (1,), (1,)),
        (Digits(flat=False), "8×8×1", 10, (1,), (10,)),
        (Parity(length=6), "6×1", 1, (1,), (1,)),
        (Copy(length=3, delay=2, symbols=4), "8 tokens of 6", 5, (8,), (8, 5)),
    ],
)
def test_that_shapes_of_inputs_and_answers_are_said(
    source: Source, input: str, outputs: int, target: tuple[int, ...], answer: tuple[int, ...]
) -> None:
    prepared = prepare(source, DataSplit())
    assert str(prepared.input) == input
    assert (prepared.outputs, prepared.target_shape, prepared.answer_shape) == (outputs, target, answer)


def test_that_token_ids_are_never_scaled() -> None:
    prepared = prepare(Copy(), DataSplit(scaling="0..1"))
    assert set(np.unique(prepared.x)) == set(range(10))


def test_that_a_picture_has_one_scale() -> None:
    prepared = prepare(Shapes(noise=0), DataSplit(scaling="standard"), np.float64)
    assert prepared.x_scaling.offset.shape == ()
    np.testing.assert_allclose(prepared.x[prepared.train].mean(), 0, atol=1e-9)
    assert len(np.unique(prepared.x[0, 0])) == 1  # an empty rim stays even


def test_that_a_sequence_has_a_scale_per_feature() -> None:
    x = np.random.default_rng(0).normal(0, 1, (50, 7, 2)) * [1, 100]
    prepared = Prepared.from_arrays(x, x[:, 0, :1], dtype=np.float64)
    assert prepared.x_scaling.offset.shape == (2,)
    np.testing.assert_allclose(prepared.x[prepared.train].std((0, 1)), 1)


def test_that_targets_with_several_axes_are_laid_out_and_return() -> None:
    y = np.random.default_rng(0).normal(3, 5, (30, 4, 2))
    prepared = Prepared.from_arrays(np.arange(30.0), y, dtype=np.float64)
    assert prepared.y.shape == (30, 8)
    assert prepared.target_shape == (4, 2)
    assert prepared.outputs == 8
    np.testing.assert_allclose(np.sort(prepared.unscale_y(prepared.y), 0), np.sort(y.reshape(30, 8), 0))


def test_that_the_same_settings_give_the_same_bits() -> None:
    first, second = (from_dataset(Plane().load(SPLIT.seed), SPLIT) for _ in range(2))
    assert first.x.tobytes() == second.x.tobytes()
    assert first.y.tobytes() == second.y.tobytes()


def test_that_rows_in_use_are_shared_and_then_let_go() -> None:
    first = prepare(Plane(samples=77), SPLIT)
    assert prepare(Plane(samples=77), SPLIT) is first
    for other in (
        prepare(Plane(samples=78), SPLIT),
        prepare(Plane(samples=77), SPLIT, np.float64),
        prepare(Plane(samples=77), SPLIT.but(seed=6)),
    ):
        assert other is not first
    gone = weakref.ref(first)
    del first, other
    gc.collect()
    assert gone() is None


def test_that_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("a,b\n" + "".join(f"{row},{row * 1.5}\n" for row in range(20)))
    source = Table(path=str(file))
    first = prepare(source, SPLIT)
    file.write_text("a,b\n" + "".join(f"{row},{row * 1.5}\n" for row in range(30)))
    assert (first.rows, prepare(source, SPLIT).rows) == (20, 30)
    file.unlink()
    with pytest.raises(DataError, match="there is no such file"):
        prepare(source, SPLIT)


def test_that_the_fingerprint_is_that_of_the_data_alone() -> None:
    mark = prepare(Iris(), DataSplit()).fingerprint
    assert prepare(Iris(), DataSplit(scaling="none", test=0.3, seed=9), np.float64).fingerprint == mark
    raw = Iris().load(0)
    raw.x[77, 2] += 1e-9
    assert from_dataset(raw, DataSplit()).fingerprint != mark


def test_that_arrays_of_the_user_are_left_as_they_are() -> None:
    x, y = np.random.default_rng(0).normal(size=(2, 40, 1))
    before = x.copy(), y.copy()
    prepared = Prepared.from_arrays(x, y, dtype=np.float64)
    assert not np.shares_memory(prepared.x, x)
    np.testing.assert_array_equal((x, y), before)


def test_that_classes_of_arrays_are_called_by_their_index() -> None:
    prepared = Prepared.from_arrays(np.arange(12.0), np.arange(12) % 3, "multiclass")
    assert prepared.dataset.classes == ("0", "1", "2")
    assert prepared.outputs == 3
    assert set(np.unique(prepared.y)) == {0, 1, 2}


def test_that_raw_examples_can_be_scaled_like_those_learnt_from() -> None:
    prepared = prepare(Iris(), SPLIT)
    raw = prepared.unscale_x(prepared.x[:7])
    np.testing.assert_allclose(prepared.scale_x(raw), prepared.x[:7], atol=1e-6)
    assert prepared.scale_x(raw).dtype == np.float32


def dataset(**changes: object) -> Dataset:
    x = np.arange(40.0).reshape(20, 2)
    sound = Dataset("toy", x, x[:, :1] % 4 / 2, "binary", features=("a", "b"), classes=("no", "yes"))
    return replace(sound, **changes)


def with_value(value: float, place: tuple[int, ...], size: tuple[int, ...]) -> np.ndarray:
    values = np.ones(size)
    values[place] = value
    return values


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"x": with_value(np.nan, (3, 1), (20, 2))}, "toy: row 4, column 'b' of the inputs is nan"),
        ({"x": with_value(-np.inf, (0, 0), (20, 2))}, "row 1, column 'a' of the inputs is -inf"),
        ({"y": with_value(np.inf, (19, 0), (20, 1))}, "row 20, column 'y' of the targets is inf"),
        ({"x": with_value(np.nan, (3, 2, 1), (20, 3, 2))}, "row 4, column 3, 2 of the inputs is nan"),
        ({"y": np.ones((20, 1))}, "all rows are of one class, 'yes'. Give rows of a second class"),
        ({"y": np.ones((19, 1))}, "there are 20 rows of inputs and 19 of targets"),
        ({"y": with_value(2, (5, 0), (20, 1))}, "row 6 has the class 2.0. There are 2: give whole numbers from 0 to 1"),
        ({"y": with_value(0.5, (5, 0), (20, 1))}, "row 6 has the class 0.5"),
        ({"x": np.full((20, 2), 7.0), "tokens": 7}, "row 1 has the token 7.0. There are 7"),
        ({"x": np.empty((0, 2)), "y": np.empty((0, 1))}, "there are no rows"),
        ({"x": np.empty((20, 0))}, "a row holds no values"),
        ({"x": np.array([["a", "b"]] * 20)}, "the inputs hold <U1, not numbers"),
    ],
)
def test_that_what_cannot_be_learnt_from_is_refused_with_its_place(changes: dict[str, object], words: str) -> None:
    with pytest.raises(DataError) as caught:
        from_dataset(dataset(**changes), DataSplit())
    assert words in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize("scaling", ["none", "standard"])
def test_that_values_beyond_the_precision_are_refused(scaling: str) -> None:
    x = np.tile([1e200, -1e200], 20)
    with pytest.raises(DataError, match="some values of x are too large for float32"):
        Prepared.from_arrays(x, np.arange(40.0), split=DataSplit(scaling=scaling))
