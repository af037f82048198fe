"""What every layer, activation and loss is told by: all have their formula, and its numbers are true."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from engine.data.prepare import Prepared
from engine.insight.trace import backward_lines, plain, trace
from engine.insight.trace.formulas import FORMULAS
from engine.insight.trace.formulas.activations import WRITTEN
from engine.insight.trace.losses import LOSSES
from engine.kernels.activations import ACTIVATIONS
from engine.layers import Layer
from engine.program.program import Program
from engine.training.losses import Loss
from tests.engine.layers.designs import AS_IT_IS, chain, dense, rows_of


def test_that_every_layer_activation_and_loss_has_its_formula() -> None:
    assert set(FORMULAS) == set(Layer.kinds) - {"input"}
    assert set(WRITTEN) == set(ACTIVATIONS)
    assert set(LOSSES) == set(Loss.kinds) - {"auto"}


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_that_every_activation_is_told_with_its_own_z_and_slope(activation: str) -> None:
    document, prepared = chain(dense(4, activation), dense(2)), rows_of((3,), 2, dtype=np.float32)
    found = trace(document, prepared, 1)
    layer = found.by_node["dense_1"]
    z, weight = layer.named("z"), found.updated.old("dense_1/weight")
    assert z is not None
    assert z.value == pytest.approx(prepared.x[1] @ weight, rel=1e-5, abs=1e-6)
    row = ACTIVATIONS[activation]
    if row.value is not None and row.slope is not None:
        bent = [row.value(float(each), row.default) for each in z.value]
        assert layer.output.value == pytest.approx(np.array(bent), rel=1e-5, abs=1e-6)
        slopes = [row.slope(float(a), float(b), row.default) for a, b in zip(z.value, bent, strict=True)]
        assert z.gradient == pytest.approx(layer.output.gradient * np.array(slopes), rel=1e-4, abs=1e-6)


SETTINGS: list[dict[str, Any]] = [{}, {"smoothing": 0.1}, {"class_weights": "own", "weights": [1.0, 3.0]}]
SET_LOSSES = [
    (kind, chosen)
    for kind, loss in Loss.kinds.items()
    for chosen in SETTINGS
    if kind != "auto" and set(chosen) <= set(loss.model_fields)
]


@pytest.mark.parametrize(("kind", "chosen"), SET_LOSSES)
def test_that_every_loss_tells_its_own_value(kind: str, chosen: dict[str, Any]) -> None:
    loss = Loss.kinds[kind]
    task: Any = "binary" if "binary" in loss.tasks else "regression"
    y = np.arange(20.0) % 2
    x = np.random.default_rng(0).standard_normal((20, 3))
    prepared = Prepared.from_arrays(x, y, task, split=AS_IT_IS, dtype=np.float32)
    units = 2 if "multiclass" in loss.tasks else 1
    document = chain(dense(units), loss={"type": kind, **chosen})
    program = Program(document, prepared)
    found = trace(document, prepared, 3, program.state())
    value, _ = program.batch_gradients(prepared.x[3:4], prepared.y[3:4])
    assert found.loss.value == pytest.approx(value, rel=1e-6)
    assert any(line.symbol == "E" and line.value == found.loss.value for line in found.loss.lines)
    assert all("{" not in plain(line.text) for line in found.loss.lines)


@pytest.mark.parametrize("kind", ["cce", "multiclass_hinge"])
def test_that_what_a_class_costs_is_told(kind: str) -> None:
    """Weights 1, 3 and 2: the loss of a row is that many times what the formula gives, and says so."""
    x = np.random.default_rng(0).normal(size=(24, 4))
    prepared = Prepared.from_arrays(x, np.arange(24.0) % 3, "multiclass", split=AS_IT_IS)
    document = chain(dense(3), loss={"type": kind, "class_weights": "own", "weights": (1.0, 3.0, 2.0)})
    row = int(np.flatnonzero(prepared.y[:, 0] == 1)[0])
    loss = trace(document, prepared, row).loss
    line = next(line for line in loss.lines if line.symbol == "E")
    assert "w_{k} · " in line.formula
    z = trace(document, prepared, row).by_node["dense_1"].output.value
    once = -np.log(loss.answer[1]) if kind == "cce" else 1 + max(z[0], z[2]) - z[1]
    assert line.value == pytest.approx(3 * once, rel=1e-5)
    assert line.filled.removeprefix("−").startswith("3 · ")


def test_that_nothing_is_left_unread_where_a_number_is_tiny() -> None:
    document, prepared = chain(dense(3)), rows_of((4,), 3, dtype=np.float32)
    prepared = Prepared.from_arrays(prepared.x, np.arange(24.0) % 3, "multiclass", split=AS_IT_IS)
    program = Program(document, prepared)
    program.set_parameters({"dense_1/weight": program.parameters()["dense_1/weight"] * 1e-4})
    for line in trace(document, prepared, 0, program.state()).loss.lines:
        assert "{" not in plain(line.text)


def test_that_a_slope_that_all_places_share_is_no_product_of_one() -> None:
    document, prepared = chain(dense(3, "tanh"), "prelu", "flatten", dense(2)), rows_of((3, 4), 2, dtype=np.float32)
    last = backward_lines(trace(document, prepared, 0), "prelu_1", 0)[-1]
    assert (last.filled, "over all places" in last.formula) == ("", True)
