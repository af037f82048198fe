"""What Python programs may rely on: the names in `engine`, any graph with one input and one output, live edits."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
import main as start
from engine.data.prepare import Prepared
from engine.errors import DataError
from engine.training.run import Run
from engine.training.spec import DataSplit
from tests.builders import chain, dense
from tests.engine.calls import AS_IT_IS, X, Y, rows, trained

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
