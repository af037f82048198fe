"""Thumbnails of networks whose insides are known show just those."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from engine.data.prepare import Prepared, prepare
from engine.data.synthetic import Spiral
from engine.design.document import Document
from engine.insight.thumbnails import UNFOLDED, UNITS, Thumbnails, image_shape, plane, unfoldable
from engine.insight.tiles import FULL, Histogram, Tiles
from engine.layers import Layer
from engine.program.program import Program
from engine.training.spec import DataSplit
from tests.builders import chain, dense

UNSCALED = DataSplit(validation=0, scaling="none", scale_target=False)
SPIRAL = prepare(Spiral(samples=120), UNSCALED)


def program(document: Document, data: Prepared = SPIRAL, **parameters: Any) -> Program:
    made = Program(document.but(training=document.training.but(batch_size=32)), data)
    made.set_parameters({key.replace("__", "/"): np.array(value, float) for key, value in parameters.items()})
    return made


def images(*shape: int, rows: int = 40) -> Prepared:
    random = np.random.default_rng(0)
    return Prepared.from_arrays(random.random((rows, *shape)), random.integers(0, 3, rows), "multiclass")


def tiles(program: Program, node: str, unfolded: bool = False) -> Tiles:
    picture = Thumbnails((node,), frozenset({node} if unfolded else ())).answer(program).boxes[node].picture
    assert isinstance(picture, Tiles)
    return picture


@pytest.mark.parametrize("grown", [1, 700], ids=["one pass", "several passes"])
def test_that_every_nodes_outputs_are_those_of_numpy(grown: int) -> None:
    made = program(chain(dense(5, "tanh"), {"type": "dropout"}, dense(2)))
    x = np.tile(SPIRAL.x, (grown, 1))[: 120 if grown == 1 else 1300]
    p = made.parameters()
    hidden = np.tanh(x @ p["dense_1/weight"] + p["dense_1/bias"])
    found = made.layer_outputs(x, ("input_1", "dense_1", "dropout_1", "dense_2"))
    np.testing.assert_array_equal(found["input_1"], x)
    np.testing.assert_allclose(found["dense_1"], hidden, atol=1e-5)
    np.testing.assert_array_equal(found["dropout_1"], found["dense_1"])
    np.testing.assert_allclose(found["dense_2"], hidden @ p["dense_2/weight"] + p["dense_2/bias"], atol=1e-5)
    np.testing.assert_array_equal(found["dense_2"], made.outputs(x))


def test_that_a_unit_is_drawn_over_the_plane_with_the_second_input_upwards() -> None:
    made = program(chain(dense(2), dense(1)), dense_1__weight=[[1, 0], [0, 1]], dense_1__bias=[0, 0])
    shown = tiles(made, "dense_1")
    across, up = shown.pixels.astype(int)
    assert shown.shows == "plane"
    assert (np.diff(across, axis=1) > 0).all()
    assert (np.diff(across, axis=0) == 0).all()
    assert (np.diff(up, axis=0) < 0).all()
    assert shown.limit == pytest.approx(np.abs(plane(SPIRAL, 24)).max())
    assert np.abs(shown.pixels).max() == FULL


def test_that_inputs_are_drawn_as_themselves_and_dead_units_as_the_middle_colour() -> None:
    made = program(chain(dense(2, "relu"), dense(1)), dense_1__bias=[-1e6, 1])
    inputs, units = tiles(made, "input_1"), tiles(made, "dense_1")
    assert (np.diff(inputs.pixels[0].astype(int), axis=1) > 0).all()
    assert not units.pixels[0].any()
    assert units.pixels[1].any()


def test_that_the_last_layer_shows_the_answer() -> None:
    made = program(chain(dense(1)), dense_1__weight=[[0], [0]], dense_1__bias=[np.log(3)])
    shown = tiles(made, "dense_1")
    assert shown.limit == 1  # the sigmoid of log 3 is 3/4, which lies half way between "as likely as not" and 1
    assert (shown.pixels == round(FULL / 2)).all()


def test_that_wide_layers_show_units_evenly_and_all_of_them_unfolded() -> None:
    made = program(chain(dense(UNFOLDED, "tanh"), dense(1)))
    folded, unfolded = tiles(made, "dense_1"), tiles(made, "dense_1", unfolded=True)
    assert (folded.units[0], folded.units[-1], len(folded.units), folded.of) == (0, UNFOLDED - 1, UNITS, UNFOLDED)
    assert unfolded.units == tuple(range(UNFOLDED))
    np.testing.assert_array_equal(folded.pixels, unfolded.pixels[list(folded.units)])


def test_that_one_outlier_does_not_wash_out_the_others() -> None:
    weight = np.ones((64, 3))
    weight[5, 1] = 1000.0
    made = program(chain(dense(3), dense(3)), images(64), dense_1__weight=weight)
    shown = tiles(made, "dense_1")
    assert shown.pixels.max() == FULL
    assert shown.limit == pytest.approx(3 * np.sqrt((1000**2 + 191) / 192))


def test_that_what_is_no_number_is_drawn_as_the_middle() -> None:
    made = program(chain(dense(2), dense(1)))
    made.par[:] = np.nan
    assert not tiles(made, "dense_1").pixels.any()


def test_that_costly_networks_get_coarser_maps() -> None:
    assert tiles(program(chain(dense(4), dense(1))), "dense_1").pixels.shape == (4, 24, 24)
    assert tiles(program(chain(dense(300), dense(300), dense(1))), "dense_1").pixels.shape == (16, 8, 8)


@pytest.mark.parametrize("between", [(), ("flatten",), ("flatten", "dropout")], ids=str)
def test_that_weights_on_pixels_are_images(between: tuple[str, ...]) -> None:
    data = images(5, 4, 1) if between else images(64)
    made = program(chain(*between, dense(3, "relu"), dense(3)), data)
    weight = made.parameters()["dense_1/weight"]
    shown = tiles(made, "dense_1")
    shape = (5, 4) if between else (8, 8)
    assert shown.shows == "weights"
    assert shown.pixels.shape == (3, *shape)
    expected = weight.T.reshape(3, *shape).clip(-shown.limit, shown.limit)
    np.testing.assert_allclose(shown.pixels * shown.limit / FULL, expected, atol=shown.limit / FULL)
    inputs = tiles(made, "input_1")
    assert inputs.shows == "examples"
    np.testing.assert_allclose(
        inputs.pixels[0] / FULL * inputs.limit, data.unscale_x(data.x)[0].reshape(shape), atol=0.01
    )


def test_that_later_layers_of_an_image_network_show_histograms() -> None:
    made = program(chain(dense(4, "relu"), dense(3)), images(64))
    picture = Thumbnails(("dense_2",)).answer(made).boxes["dense_2"].picture
    assert isinstance(picture, Histogram)


def test_that_columns_with_names_of_their_own_are_no_pixels() -> None:
    random = np.random.default_rng(0)
    x, y = random.random((40, 64)), random.integers(0, 2, 40)
    named = Prepared.from_arrays(x, y, "binary", features=tuple(f"{a}{b}" for a in "abcdefgh" for b in "abcdefgh"))
    counted = Prepared.from_arrays(x, y, "binary", features=tuple(f"pixel_{i // 8}_{i % 8}" for i in range(64)))
    assert image_shape(named) is None
    assert image_shape(counted) == (8, 8)
    assert image_shape(images(16)) is None
    assert image_shape(images(6, 6, 3)) == (6, 6)
    assert image_shape(images(6, 6, 2)) is None


def test_that_a_histogram_counts_what_numpy_counts() -> None:
    data = Prepared.from_arrays(np.random.default_rng(0).normal(size=(100, 3)), np.zeros(100), split=UNSCALED)
    made = program(chain(dense(4, "tanh"), dense(1)), data)
    picture = Thumbnails(("dense_1",)).answer(made).boxes["dense_1"].picture
    assert isinstance(picture, Histogram)
    outputs = made.layer_outputs(data.x, ("dense_1",))["dense_1"]
    counts, edges = np.histogram(outputs, bins=len(picture.shares))
    assert (picture.low, picture.high) == pytest.approx((edges[0], edges[-1]))
    np.testing.assert_allclose(picture.shares, counts / counts.max(), atol=2 / counts.max())


def test_that_a_layer_of_constants_has_a_histogram_too() -> None:
    data = Prepared.from_arrays(np.ones((10, 3)), np.zeros(10), split=UNSCALED)
    made = program(chain(dense(2), dense(1)), data, dense_1__weight=np.zeros((3, 2)))
    picture = Thumbnails(("dense_1",)).answer(made).boxes["dense_1"].picture
    assert isinstance(picture, Histogram)
    assert picture.low < 0 < picture.high
    assert picture.shares.max() == 1


def test_that_an_unfolded_layer_tells_its_weights_and_what_feeds_it() -> None:
    made = program(chain(dense(3, "tanh"), dense(2), dense(1)))
    boxes = Thumbnails(("dense_1", "dense_2"), frozenset({"dense_1", "dense_2"})).answer(made).boxes
    first, second = boxes["dense_1"].neurons, boxes["dense_2"].neurons
    assert first is not None
    assert second is not None
    values = made.parameters()
    np.testing.assert_array_equal(first.weight, values["dense_1/weight"])
    np.testing.assert_array_equal(second.bias, values["dense_2/bias"])
    assert first.inputs == SPIRAL.dataset.features
    assert second.inputs == ("dense_1 1", "dense_1 2", "dense_1 3")
    assert second.feeding is not None
    hidden = boxes["dense_1"].picture
    assert isinstance(hidden, Tiles)
    np.testing.assert_array_equal(second.feeding.pixels, hidden.pixels)
    made.par[:] = 0
    assert first.weight is not None
    assert first.weight.any(), "what was told must not follow the program"


def test_that_too_many_inputs_have_no_lines_but_biases() -> None:
    neurons = Thumbnails(("dense_1",), frozenset({"dense_1"})).answer(program(chain(dense(3)), images(64))).boxes
    inside = neurons["dense_1"].neurons
    assert inside is not None
    assert inside.weight is None
    assert inside.bias.shape == (3,)


@pytest.mark.parametrize(
    ("layer", "can"),
    [
        ({"type": "dense", "units": UNFOLDED}, True),
        ({"type": "dense", "units": UNFOLDED + 1}, False),
        ("dropout", False),
        ("input", False),
    ],
)
def test_that_small_dense_layers_can_be_unfolded(layer: str | Mapping[str, object], can: bool) -> None:
    assert unfoldable(Layer.parse(layer)) is can


def test_that_what_cannot_be_unfolded_is_shown_folded_and_what_is_not_there_is_passed_over() -> None:
    made = program(chain("dropout", dense(40), dense(1)))
    asked = Thumbnails(("input_1", "dropout_1", "dense_1", "gone"), frozenset({"input_1", "dropout_1", "dense_1"}))
    boxes = asked.answer(made).boxes
    assert set(boxes) <= {"input_1", "dropout_1", "dense_1"}
    assert all(box.neurons is None for box in boxes.values())


def test_that_equal_thumbnails_are_told_from_others() -> None:
    made = program(chain(dense(3, "tanh"), dense(1)))
    asked = Thumbnails(("dense_1",), frozenset({"dense_1"}))
    first, again = asked.answer(made).boxes["dense_1"], asked.answer(made).boxes["dense_1"]
    assert first.equals(again)
    assert not first.equals(None)
    assert not first.equals(Thumbnails(("dense_1",)).answer(made).boxes["dense_1"])
    made.set_parameters({"dense_1/bias": np.full(3, 0.5)})
    assert not first.equals(asked.answer(made).boxes["dense_1"])


def test_that_looking_changes_nothing() -> None:
    watched, other = program(chain(dense(6, "tanh"), dense(1))), program(chain(dense(6, "tanh"), dense(1)))
    for _ in range(5):
        watched.run(7)
        Thumbnails(("input_1", "dense_1", "dense_2"), frozenset({"dense_1"})).answer(watched)
    other.run(35)
    assert watched.parameter_hash() == other.parameter_hash()


def test_that_a_sheet_says_what_it_cost_and_stops_in_time() -> None:
    sheet = Thumbnails(("dense_1",)).answer(program(chain(dense(8), dense(1))))
    assert 0 < sheet.seconds < 5
    deep = program(chain(*[dense(16) for _ in range(60)], dense(1)))
    wanted = tuple(f"dense_{number}" for number in range(1, 61)) * 40
    assert 0 < len(Thumbnails(wanted).answer(deep).boxes) <= 60
