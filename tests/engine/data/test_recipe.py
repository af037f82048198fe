"""What is known of the data without their rows: as exact as with them, and refused where it contradicts itself."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.data import Iris, Source, Table, datasets
from engine.data.prepare import Prepared, prepare
from engine.data.scaling import NONE
from engine.errors import DataError
from engine.training.spec import DataSplit

KINDS = [kind for kind in datasets() if kind.group != "own data"]
FLATS = "size,side,price\n40.1,north,1000\n55.7,south,2500\n61.3,north,2750.5\n70,west,4000\n"
SIDES = FLATS + "71,north,4100\n72,south,4200\n"


def through_json(prepared: Prepared, dtype: type = np.float32) -> Prepared:
    return Prepared.from_recipe(json.loads(json.dumps(prepared.recipe(), allow_nan=False)), dtype)


def flats(**fields: Any) -> Prepared:
    fields = {"text": FLATS, "target": "price", "task": "regression"} | fields
    return prepare(Table(**fields), DataSplit(validation=0))


@pytest.mark.parametrize(
    ("kind", "method"),
    [*((kind, "standard") for kind in KINDS), *((Iris, method) for method in ("0..1", "-1..1", "none"))],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
def test_that_every_set_is_known_without_its_rows(kind: type[Source], method: str) -> None:
    prepared = prepare(kind(), DataSplit(scaling=method, scale_target=True), np.float64)
    known = through_json(prepared, np.float64)
    for name in ("task", "input", "target_shape", "answer_shape", "outputs", "fingerprint"):
        assert getattr(known, name) == getattr(prepared, name), name
    for name in ("name", "task", "features", "targets", "classes", "tokens", "columns"):
        assert getattr(known.dataset, name) == getattr(prepared.dataset, name), name
    for name in ("x", "y"):
        ours, theirs = getattr(known.dataset, name), getattr(prepared.dataset, name)
        assert (ours.shape, ours.dtype) == (theirs.shape, theirs.dtype)
        ours, theirs = getattr(known, name), getattr(prepared, name)
        assert (ours.shape, ours.dtype) == ((0, *theirs.shape[1:]), theirs.dtype)
    for ours, theirs in ((known.x_scaling, prepared.x_scaling), (known.y_scaling, prepared.y_scaling)):
        assert (ours is NONE) == (theirs is NONE)
        assert (ours.offset.tobytes(), ours.scale.tobytes()) == (theirs.offset.tobytes(), theirs.scale.tobytes())
        assert (ours.offset.shape, ours.scale.shape) == (theirs.offset.shape, theirs.scale.shape)
    raw = prepared.unscale_x(prepared.x[:5])
    assert known.scale_x(raw).tobytes() == prepared.scale_x(raw).tobytes()
    assert known.unscale_y(prepared.y[:5]).tobytes() == prepared.unscale_y(prepared.y[:5]).tobytes()
    assert (known.rows, known.learnt_from) == (0, prepared.rows)
    assert known.recipe() == prepared.recipe()


@settings(max_examples=100, deadline=None)
@given(st.lists(st.floats(-1e30, 1e30), min_size=2, max_size=8, unique=True), st.floats(-1e6, 1e6))
def test_that_no_bit_of_a_scaling_is_lost(column: list[float], factor: float) -> None:
    x = np.array(column)
    prepared = Prepared.from_arrays(x, factor * x, split=DataSplit(validation=0), dtype=np.float64)
    known = through_json(prepared, np.float64)
    for ours, theirs in ((known.x_scaling, prepared.x_scaling), (known.y_scaling, prepared.y_scaling)):
        assert (ours.offset.tobytes(), ours.scale.tobytes()) == (theirs.offset.tobytes(), theirs.scale.tobytes())


def test_that_a_tables_columns_come_back_with_categories_and_fillings() -> None:
    prepared = flats(missing="mean")
    known = through_json(prepared)
    assert known.dataset.columns == prepared.dataset.columns
    assert known.dataset.features == ("size", "side = north", "side = south", "side = west")
    assert known.dataset.columns[1].fill == (0.5, 0.25, 0.25)


def test_that_a_recipe_of_a_recipe_is_the_same() -> None:
    recipe = flats().recipe()
    assert Prepared.from_recipe(recipe).recipe() == recipe


def test_that_what_is_done_to_a_recipe_does_nothing_to_the_data() -> None:
    prepared = flats()
    prepared.recipe()["name"] = "another"
    assert prepared.recipe()["name"] == prepared.dataset.name


def test_that_rows_are_asked_for_in_words() -> None:
    flats().require_rows()
    with pytest.raises(DataError, match="the 4 rows that were learnt from are not here"):
        through_json(flats()).require_rows()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"rows": 0}, "rows"),
        ({"rows": "many"}, "rows"),
        ({"more": 1}, "more"),
        ({"task": "guess"}, "task"),
        ({"task": "binary"}, "classes"),
        ({"task": "multiclass"}, "classes"),
        ({"classes": ["a", "b"]}, "classes"),
        ({"input": []}, "input"),
        ({"input": [0]}, "input"),
        ({"input": [10**30]}, "input"),
        ({"input": [2**31] * 17}, "input"),
        ({"input": [2**31] * 2, "x_scaling": None, "columns": []}, "larger than any memory"),
        ({"target_shape": [2**31] * 2, "y_scaling": None, "columns": []}, "larger than any memory"),
        ({"input": [5]}, "inputs"),
        ({"target_shape": [2]}, "targets"),
        ({"targets": []}, "targets"),
        ({"targets": ["size"]}, "targets"),
        ({"features": ["size"]}, "inputs"),
        ({"tokens": -1}, "tokens"),
        ({"x_scaling": {"offset": [1.0], "scale": [1.0, 2.0]}}, "x_scaling"),
        ({"x_scaling": {"offset": [1.0, 2.0], "scale": [1.0, 2.0]}}, "inputs"),
        ({"x_scaling": {"offset": 1.0, "scale": 0.0}}, "x_scaling"),
        ({"x_scaling": {"offset": 1.0, "scale": -1.0}}, "x_scaling"),
        ({"y_scaling": {"offset": float("nan"), "scale": 1.0}}, "y_scaling"),
        ({"y_scaling": {"offset": 0.0, "scale": float("inf")}}, "y_scaling"),
        ({"y_scaling": {"offset": [0.0] * 3, "scale": [1.0] * 3}}, "targets"),
        ({"y_scaling": 3}, "y_scaling"),
        ({"columns": [{"name": "size", "role": "spice"}]}, "columns"),
        ({"columns": [{"name": "size", "role": "number", "fill": [1.0, 2.0]}]}, "columns"),
        ({"columns": "size"}, "columns"),
        ({"name": None}, "name"),
    ],
)
def test_that_a_recipe_that_cannot_be_is_refused(change: dict[str, Any], words: str) -> None:
    with pytest.raises(DataError, match=words) as caught:
        Prepared.from_recipe(flats().recipe() | change)
    assert "\n" not in str(caught.value)


def test_that_a_part_that_is_missing_is_named() -> None:
    for name in flats().recipe():
        recipe = flats().recipe()
        del recipe[name]
        with pytest.raises(DataError, match=name):
            Prepared.from_recipe(recipe)


def test_that_a_filling_must_fit_its_column() -> None:
    recipe = flats(missing="mean").recipe()
    recipe["columns"] = [dict(column) for column in recipe["columns"]]
    recipe["columns"][1]["fill"] = [1.0, 0.0]
    with pytest.raises(DataError, match="filled"):
        Prepared.from_recipe(recipe)


def test_that_the_targets_categories_are_the_classes() -> None:
    recipe = flats(text=SIDES, target="side", task="multiclass").recipe()
    assert recipe["classes"] == ["north", "south", "west"]
    recipe["classes"] = ["north", "south", "east"]
    with pytest.raises(DataError, match="classes"):
        Prepared.from_recipe(recipe)
