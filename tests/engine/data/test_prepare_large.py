"""Large sets and missing values on their way through preparing: their memory, and what is filled in."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data import Arrays, Table
from engine.data.dataset import Dataset
from engine.data.filling import refilled
from engine.data.prepare import Prepared, from_dataset, prepare
from engine.training.spec import DataSplit

SPLIT = DataSplit(validation=0.2, test=0.1, seed=5)


def test_that_a_large_set_is_prepared_within_little_more_than_its_own_memory(tmp_path: Path) -> None:
    # 20,000 × 784 numbers in float32: 60 MB. The limit of the whole process is 2.2 times that and 300 MB.
    random = np.random.default_rng(0)
    x = random.random((20_000, 784), np.float32)
    np.savez(tmp_path / "big.npz", x=x, y=random.integers(0, 10, 20_000))
    code = """if True:
        import resource, sys
        from engine.data import Arrays
        from engine.data.prepare import prepare
        from engine.training.spec import DataSplit
        unit = 1 if sys.platform == "darwin" else 1024
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
        prepared = prepare(Arrays(path=sys.argv[1]), DataSplit(test=0.1))
        assert prepared.x.shape == (20_000, 784) and prepared.outputs == 10
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit - before)
    """
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "big.npz")], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 1.6 * x.nbytes


@settings(max_examples=10)
@given(st.integers(2, 40))
def test_that_spending_memory_does_not_change_the_result(columns: int) -> None:
    x = np.random.default_rng(columns).normal(size=(70_000 // columns, columns)).astype(np.float32)
    raw = Dataset("toy", x, x[:, :1] * 2, "regression")
    kept = from_dataset(raw, SPLIT)
    spent = from_dataset(replace(raw, x=x.copy()), SPLIT, spend=True)
    np.testing.assert_array_equal(kept.x, spent.x)
    np.testing.assert_array_equal(kept.y, spent.y)


def test_that_arrays_from_a_file_are_prepared_like_those_in_memory(tmp_path: Path) -> None:
    x, y = np.random.default_rng(0).normal(size=(50, 3)), np.arange(50) % 2
    np.savez(tmp_path / "small.npz", x=x, y=y)
    from_file = prepare(Arrays(path=str(tmp_path / "small.npz")), SPLIT)
    from_memory = Prepared.from_arrays(x, y, "binary", split=SPLIT)
    np.testing.assert_array_equal(from_file.x, from_memory.x)
    np.testing.assert_array_equal(from_file.y, from_memory.y)


def test_that_missing_values_are_filled_from_the_training_rows_alone() -> None:
    """Means and shares of all rows would tell a network what the rows are like that it is judged by."""
    random = np.random.default_rng(0)
    size, side = random.normal(5, 2, 60), random.choice(["left", "right", "top"], 60)
    rows = [f"{size[n] if n % 7 else 'NA'},{side[n] if n % 5 else 'NA'},{n}.5" for n in range(60)]
    text = "size,side,y\n" + "\n".join(rows) + "\n"
    split = DataSplit(validation=0.3, test=0.3, scaling="none", scale_target=False)
    prepared = prepare(Table(text=text, missing="mean", target="y"), split, np.float64)
    number = np.round(prepared.y[:, 0] - 0.5).astype(int)  # which row of the table it is
    known = np.array([row for row in number[prepared.train] if row % 7])
    sides = np.array([side[row] for row in number[prepared.train] if row % 5])
    shares = [np.mean(sides == name) for name in ("left", "right", "top")]
    np.testing.assert_allclose(prepared.x[number % 7 == 0, 0], size[known].mean(), rtol=1e-12)
    np.testing.assert_allclose(prepared.x[number % 5 == 0, 1:], np.tile(shares, (12, 1)), rtol=1e-12)
    np.testing.assert_allclose(prepared.x[number % 7 > 0, 0], size[number[number % 7 > 0]])
    filled = {column.name: column.fill for column in prepared.dataset.columns}
    assert filled["size"] == pytest.approx((size[known].mean(),))
    assert filled["side"] == pytest.approx(tuple(shares))
    assert filled["y"] == ()


def test_that_of_a_column_without_a_training_value_the_mean_of_all_rows_stands_in() -> None:
    dataset = Table(text="a,b,y\n1,1,1.5\n2,2,2.5\n3,NA,3.5\n4,NA,4.5\n", missing="mean", numbers="b").load(0)
    assert refilled(dataset, np.array([2, 3])).x[:, 1].tolist() == [1, 2, 1.5, 1.5]
    assert dataset.gaps is not None
    assert dataset.gaps.tolist() == [[False, False], [False, False], [False, True], [False, True]]
