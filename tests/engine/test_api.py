"""What Python programs may rely on: the names in `engine`, any graph with one input and one output, live edits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import engine
import main as start
from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.errors import DataError, DesignError
from engine.layers import Layer
from engine.training.run import Run
from engine.training.spec import DataSplit
from tests.builders import chain, dense

AS_IT_IS = DataSplit(validation=0, scaling="none", scale_target=False)
RNG = np.random.default_rng(3)
X = RNG.normal(size=(60, 3))
Y = X @ np.array([[1.0, 2.0], [-3.0, 0.5], [0.0, 100.0]]) + np.array([7.0, -2.0])


def trained(document: Document, **training: Any) -> Document:
    return document.but(training=document.training.but(**{"learning_rate": 0.01, "epochs": 5, **training}))


def rows(count: int = 60, **split: float) -> Prepared:
    return Prepared.from_arrays(X[:count], Y[:count], split=DataSplit(**{"validation": 0.0, **split}), dtype=np.float64)


def graph(*layers: tuple[str, Any], wires: str) -> Document:
    """Named layers behind the Input "x"; ``wires``: "x>a a>b:1", a port where it is not the first."""
    document = Document().add(Layer.parse("input"), id="x")
    for name, layer in layers:
        document = document.add(Layer.parse(layer), id=name)
    for wire in wires.split():
        source, target = wire.split(">")
        target, _, port = target.partition(":")
        document = document.connect(source, target, int(port or 0))
    return document


def values(document: Document, x: np.ndarray) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    data = Prepared.from_arrays(X, RNG.normal(size=(60, 2)), split=AS_IT_IS, dtype=np.float64)
    program = engine.compile(document, data, dtype=np.float64)
    program.set_parameters({key: value + 0.1 for key, value in program.parameters().items()})
    return program.predict(x), program.parameters()


# -- the names


def test_that_every_name_is_there_and_no_other() -> None:
    for name in engine.__all__:
        assert getattr(engine, name).__doc__
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        engine.nothing_of_the_kind  # noqa: B018


def test_that_importing_the_engine_is_quick_and_training_needs_no_slow_library() -> None:
    program = (
        "import sys, engine; from engine.layers import Layer; from engine.design.document import Document;"
        "d = Document().add(Layer.parse('input')).add(Layer.parse('dense').but(units=1)).connect('input_1', 'dense_1');"
        "engine.train(d, epochs=1); slow = {'pandas', 'sklearn', 'typer', 'rich', 'PySide6'} & set(sys.modules);"
        "assert not slow, slow"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=100, cwd=Path(start.__file__).parent)


def test_that_training_blocks_calls_back_and_stops_when_told() -> None:
    seen: list[int] = []
    run = engine.train(
        trained(chain(dense(2)), epochs=10**8), rows(), callback=lambda run: seen.append(run.step) or len(seen) < 5
    )
    assert run.finished is None
    assert seen == sorted(seen)
    assert run.step == seen[-1]


def test_that_seed_and_epochs_of_a_call_win_over_the_designs() -> None:
    document = trained(chain(dense(4, "tanh"), dense(2)))
    one, other = (engine.train(document, rows(), epochs=3, seed=seed) for seed in (1, 2))
    assert one.epoch == other.epoch == 3
    assert one.program.parameter_hash() != other.program.parameter_hash()


def test_that_a_design_and_a_project_return_from_their_files(tmp_path: Path) -> None:
    document = trained(chain(dense(4, "tanh"), dense(1)))
    engine.save_design(tmp_path / "d.json", document)
    assert engine.load_design(tmp_path / "d.json") == document
    run = engine.train(document)
    engine.save_project(tmp_path / "p.netloom", engine.Project(document, run.snapshot(), run.log.read()))
    project = engine.load_project(tmp_path / "p.netloom")
    assert project.document == document
    assert project.state is not None
    program = engine.compile(document)
    assert program.restore(project.state) == ()
    assert program.parameter_hash() == run.program.parameter_hash()


# -- any directed acyclic graph


def test_that_one_source_may_feed_two_ports() -> None:
    double, p = values(graph(("sum", "add"), ("y", dense(2)), wires="x>sum x>sum:1 sum>y"), X)
    np.testing.assert_allclose(double, 2 * X @ p["y/weight"] + p["y/bias"])
    square, p = values(graph(("product", "multiply"), ("y", dense(2)), wires="x>product x>product:1 product>y"), X)
    np.testing.assert_allclose(square, X**2 @ p["y/weight"] + p["y/bias"])
    beside, p = values(graph(("pair", "concat"), ("y", dense(2)), wires="x>pair x>pair:1 pair>y"), X)
    np.testing.assert_allclose(beside, np.hstack([X, X]) @ p["y/weight"] + p["y/bias"])


def test_that_what_feeds_the_last_layer_may_fork() -> None:
    document = graph(
        ("h", dense(4, "tanh")), ("a", dense(2)), ("b", dense(2, "sigmoid")), ("y", "add"),
        wires="x>h h>a h>b a>y b>y:1",
    )  # fmt: skip
    given, p = values(document, X)
    h = np.tanh(X @ p["h/weight"] + p["h/bias"])
    b = 1 / (1 + np.exp(-(h @ p["b/weight"] + p["b/bias"])))
    np.testing.assert_allclose(given, h @ p["a/weight"] + p["a/bias"] + b)


def test_that_the_input_may_jump_over_everything() -> None:
    document = graph(("h", dense(4, "relu")), ("all", "concat"), ("y", dense(2)), wires="x>h h>all x>all:1 all>y")
    given, p = values(document, X)
    h = np.maximum(X @ p["h/weight"] + p["h/bias"], 0)
    np.testing.assert_allclose(given, np.hstack([h, X]) @ p["y/weight"] + p["y/bias"])


def test_that_no_hidden_layer_is_linear_regression() -> None:
    run = engine.train(
        trained(chain(dense(2)), epochs=2000, learning_rate=0.1, schedule="cosine"), rows(test=0.2), dtype=np.float64
    )
    np.testing.assert_allclose(run.program.predict(X), Y, atol=1e-4)


def test_that_nodes_may_stand_in_any_order() -> None:
    document = trained(chain(dense(4, "tanh"), dense(3, "tanh"), dense(2)))
    turned = document.but(nodes=tuple(reversed(document.nodes)), wires=tuple(reversed(document.wires)))
    first, second = (engine.train(each, rows()).program.parameters() for each in (document, turned))
    assert first.keys() == second.keys()
    for key, value in first.items():
        np.testing.assert_array_equal(value, second[key])


def test_that_two_hundred_layers_train() -> None:
    run = engine.train(trained(chain(*[dense(4, "tanh")] * 199, dense(2))), rows())
    assert np.isfinite(run.log.read()["loss"]).all()
    loss, gradients = run.program.gradients(X[:8], Y[:8])
    assert len(gradients) == 400
    assert np.isfinite(loss)


LAST = ["dropout", "gaussian_noise", "flatten", "batch_norm", "layer_norm", "activation", "prelu",
        {"type": "reshape", "shape": [2]}]  # fmt: skip


@pytest.mark.parametrize("layer", LAST, ids=str)
@pytest.mark.parametrize("where", ["first", "last"])
def test_that_any_layer_may_stand_first_or_last(layer: Any, where: str) -> None:
    if where == "first" and isinstance(layer, dict):
        layer = layer | {"shape": [3, 1]}
    layers = [layer, "flatten", dense(2)] if where == "first" else [dense(2), layer]
    run = engine.train(trained(chain(*layers)), rows())
    assert run.program.predict(X).shape == (60, 2)
    assert np.isfinite(run.log.read()["loss"]).all()


# -- few rows, many rows, odd settings


@pytest.mark.parametrize("layers", [[dense(2)], [dense(3), "batch_norm", "layer_norm", dense(2)]])
@pytest.mark.parametrize(("count", "validation"), [(2, 0.0), (3, 0.34), (60, 0.95)])
def test_that_very_few_rows_train(layers: list[Any], count: int, validation: float) -> None:
    run = engine.train(trained(chain(*layers)), rows(count, validation=validation))
    assert run.epoch == 5
    assert all(np.isfinite(value).all() for value in run.program.parameters().values())


def test_that_a_single_row_is_refused_in_words() -> None:
    with pytest.raises(DataError, match="few rows"):
        rows(1)


def test_that_a_batch_larger_than_the_data_is_all_of_it() -> None:
    large, whole = (
        engine.train(trained(chain(dense(3, "tanh"), dense(2)), batch_size=size), rows()) for size in (10**6, 60)
    )
    assert large.step == 5
    assert large.program.parameter_hash() == whole.program.parameter_hash()
    assert large.program.act.nbytes == whole.program.act.nbytes


def test_that_rows_for_testing_are_never_looked_at() -> None:
    document = trained(chain(dense(3, "tanh"), dense(2)))
    split = DataSplit(validation=0.2, test=0.3)
    first = Prepared.from_arrays(X, Y, split=split)
    hashes = []
    for spoilt in (0.0, 1e6):
        data = Prepared.from_arrays(X, Y, split=split)
        data.x[data.test] += spoilt
        data.y[data.test] -= spoilt
        hashes.append(engine.train(document, data).program.parameter_hash())
    assert hashes[0] == hashes[1]
    assert first.test.stop - first.test.start == 18


def test_that_without_validation_rows_the_training_loss_is_judged() -> None:
    run = engine.train(trained(chain(dense(2)), epochs=10**6, patience=5, min_delta=1e-3), rows())
    assert run.finished is not None
    assert run.finished.reason == "early"
    assert np.isnan(run.log.read()["validation_loss"]).all()


def test_that_the_last_epoch_is_validated_however_seldom() -> None:
    run = engine.train(trained(chain(dense(2)), epochs=7, validate_every=1000, patience=3), rows(validation=0.2))
    assert np.isfinite(run.log.read()["validation_loss"]).tolist() == [False] * 6 + [True]


def test_that_a_target_that_never_changes_is_learnt() -> None:
    data = Prepared.from_arrays(X, np.hstack([Y[:, :1], np.full((60, 1), 42.0)]), split=DataSplit(validation=0.2))
    run = engine.train(trained(chain(dense(2)), epochs=800), data)
    np.testing.assert_allclose(run.program.predict(X)[:, 1], 42, rtol=1e-3)


def test_that_a_hundred_thousand_rows_take_as_much_memory_as_they_are() -> None:
    x = np.random.default_rng(0).normal(size=(100_000, 2))
    run = engine.train(trained(chain(dense(8, "relu"), dense(1)), epochs=1), Prepared.from_arrays(x, x[:, :1]))
    program = run.program
    assert program.x.base is None or np.shares_memory(program.x, run.prepared.x)
    assert program.act.nbytes + program.par.nbytes < 200_000
    assert run.epoch == 1


def test_that_a_validation_loss_without_bounds_ends_early_in_words() -> None:
    data = Prepared.from_arrays(X, Y, split=AS_IT_IS.but(validation=0.3))
    data.y[data.validation] = 1e30
    run = engine.train(trained(chain(dense(2)), patience=3, epochs=50), data)
    assert run.finished is not None
    assert "epoch 0" not in run.finished.sentence


@pytest.mark.parametrize("optimizer", ["gradient_descent", "minibatch", "adam", "sgd"])
@pytest.mark.parametrize("validation", [0.0, 0.25])
@pytest.mark.parametrize("rate", [10.0, 1e3, 1e6, 1e12])
def test_that_the_weights_after_a_divergence_are_of_use(optimizer: str, validation: float, rate: float) -> None:
    document = trained(chain(*[dense(8, "relu")] * 3, dense(2)), optimizer=optimizer, learning_rate=rate, epochs=60)
    run = engine.train(document, rows(validation=validation))
    if optimizer != "adam":
        assert run.finished is not None
        assert run.finished.reason == "diverged"
    if run.finished is None or run.finished.reason == "diverged":
        assert np.abs(run.program.predict(X)).max() < 1e5
        run.edit(document.but(training=document.training.but(learning_rate=1e-4)))
        run.advance(150)  # two epochs, row by row
        assert np.isfinite(run.log.last()["loss"])


def test_that_a_divergence_after_good_epochs_falls_back_to_the_best_of_them() -> None:
    calm = trained(chain(dense(16, "relu"), dense(2)), optimizer="gradient_descent", epochs=500)
    run = Run(calm, rows(validation=0.25))
    run.advance(200)
    before = run.program.parameters()
    run.edit(calm.but(training=calm.training.but(learning_rate=1e6)))
    while run.finished is None:
        run.advance(10)
    assert run.finished.reason == "diverged"
    assert "epoch 200 are back" in run.finished.sentence
    for key, value in run.program.parameters().items():
        np.testing.assert_array_equal(value, before[key])


# -- edits while it trains


@st.composite
def edits(draw: st.DrawFn) -> Document:
    """A design like `FIRST` with some layers wider, gone, or new, and other settings."""
    document = FIRST
    for name in ("dense_1", "dense_2", "dense_3"):
        if draw(st.booleans()):
            document = document.set_fields(name, units=draw(st.integers(3, 5)))
    if draw(st.booleans()):
        document = document.remove([draw(st.sampled_from(["dense_2", "batch_norm_1"]))])
    if draw(st.booleans()):
        wire = draw(st.sampled_from(document.wires))
        document = document.insert(wire, Layer.parse(draw(st.sampled_from(["dense", "dropout", "batch_norm"]))), 0, 0)
    optimizer = draw(st.sampled_from(["adam", "adam", "momentum"]))
    changes = {"optimizer": optimizer, "batch_size": draw(st.integers(1, 70)), "l2": draw(st.sampled_from([0.0, 0.1]))}
    return document.but(training=document.training.but(**changes))


FIRST = trained(chain(dense(3, "tanh"), dense(4, "relu"), "batch_norm", dense(5, "tanh"), dense(2)), batch_size=7)


@given(edited=edits(), steps=st.integers(0, 30), after=st.integers(1, 5))
@settings(max_examples=60, deadline=None)
def test_that_what_survives_an_edit_keeps_its_values_and_the_rest_begins_anew(
    edited: Document, steps: int, after: int
) -> None:
    run, data = Run(FIRST, rows(validation=0.2), np.float64), rows(validation=0.2)
    run.advance(steps)
    before = run.snapshot().arrays
    began_anew = run.edit(edited)
    state, new = run.snapshot().arrays, Run(edited, data, np.float64).snapshot().arrays
    same_optimizer = edited.training.optimizer == FIRST.training.optimizer
    for name, values_now in state.items():
        kind, _, key = name.partition("/")
        if kind in ("good", "best"):
            continue
        survives = name in before and before[name].shape == values_now.shape
        if kind == "parameters":
            assert survives == (key not in began_anew)
        if kind == "optimizer":
            slot_of = key.partition("/")[2]
            survives = survives and same_optimizer and slot_of not in began_anew
        np.testing.assert_array_equal(values_now, (before if survives else new)[name], err_msg=name)
    assert (run.epoch, run.step) == (steps // 7, steps)
    done = run.advance(after)
    assert done == min(after, done)
    assert all(np.isfinite(value).all() for value in run.program.parameters().values())


def test_that_an_edit_forgets_a_best_epoch_of_another_network() -> None:
    document = FIRST.but(training=FIRST.training.but(patience=1, epochs=10_000, learning_rate=1e-9))
    run = Run(document, rows(validation=0.2))
    run.advance(7)
    wider = document.insert(document.inputs("dense_4")[0], dense(5), 0, 0, id="new")
    assert set(run.edit(wider)) == {"new/weight", "new/bias"}
    while run.finished is None:
        run.advance(100)
    assert run.finished.reason == "early"
    assert run.program.parameters()["new/weight"].any(), "it fell back to weights that this network never had"


def test_that_another_loss_is_not_compared_with_the_old_one() -> None:
    run = Run(FIRST, rows(validation=0.2))
    run.advance(10)
    best = run.snapshot().counters["best_epoch"]
    run.edit(FIRST.but(training=FIRST.training.but(loss="mae")))
    assert best
    assert run.snapshot().counters["best_epoch"] == 0
    run.edit(run.document.but(training=run.document.training.but(learning_rate=0.5)))
    run.advance(7)
    kept = run.snapshot().counters["best_epoch"]
    run.edit(run.document.but(training=run.document.training.but(learning_rate=0.1)))
    assert run.snapshot().counters["best_epoch"] == kept != 0


def test_that_moving_boxes_neither_compiles_nor_wakes_a_finished_run() -> None:
    run = Run(trained(chain(dense(2)), patience=1, min_delta=1e9, epochs=100), rows())
    while run.finished is None:
        run.advance(10)
    ended, program = run.finished, run.program
    assert run.edit(run.document.move({"dense_1": (3.0, 4.0)}).but(title="a title")) == ()
    assert run.finished is ended
    assert run.program is program
    assert run.document.node("dense_1").x == 3.0


def test_that_an_edit_leaves_the_further_epochs_that_were_asked_for() -> None:
    run = Run(trained(chain(dense(2)), epochs=3), rows())
    while run.finished is None:
        run.advance(10)
    run.go_on()
    run.advance(run.steps_per_epoch)
    run.edit(run.document.but(training=run.document.training.but(learning_rate=0.5)))
    assert (run.epoch, run.epochs, run.finished) == (4, 6, None)
    run.edit(run.document.but(training=run.document.training.but(epochs=2)))
    assert run.finished is not None


@pytest.mark.parametrize("data", [None, "iris"])
def test_that_an_edit_that_cannot_be_trained_changes_nothing(data: str | None) -> None:
    document = trained(chain(dense(4, "tanh"), dense(1), data="spiral"))
    run = Run(document)
    run.advance(9)
    before = run.snapshot()
    wrong = document.disconnect(document.wires[0]) if data is None else document.but(data=data)
    with pytest.raises(DesignError):
        run.edit(wrong)
    after = run.snapshot()
    assert after.counters == before.counters
    assert run.document == document
    assert run.advance(1) == 1
