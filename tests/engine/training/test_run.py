"""A run gives the same bits however it is cut into pieces, keeps what survives an edit, and says why it ends."""

from __future__ import annotations

import numpy as np
import pytest

from engine.data.prepare import Prepared
from engine.errors import DesignError
from engine.training.run import Run
from engine.training.spec import DataSplit
from engine.training.train import train
from tests.builders import chain, dense
from tests.engine.training.runs import SPIRAL, design, finish, run_of

LINE = Prepared.from_arrays(
    np.linspace(-1, 1, 150)[:, None], np.linspace(-3, 5, 150)[:, None], split=DataSplit(validation=0)
)


@pytest.mark.parametrize("chunk", [1, 3, 7, 1000])
def test_that_the_size_of_chunks_changes_no_bit(chunk: int) -> None:
    whole = finish(run_of(design()), 100_000)
    cut = finish(run_of(design()), chunk)
    assert cut.program.parameter_hash() == whole.program.parameter_hash()
    for name in ("loss", "validation_loss", "metric", "step"):
        np.testing.assert_array_equal(cut.log.read()[name], whole.log.read()[name])


def test_that_stages_and_observed_batches_change_no_bit() -> None:
    whole = finish(run_of(design()), 100_000)
    slow = run_of(design())
    for _ in range(12):
        assert [slow.next_stage() for _ in range(4)] == ["forward", "loss", "backward", ""]
        assert slow.observe() is not None
    slow.next_stage()
    slow.next_stage()
    finish(slow, 5)
    assert slow.program.parameter_hash() == whole.program.parameter_hash()


def test_that_questions_between_batches_change_no_bit() -> None:
    whole = finish(run_of(design()), 100_000)
    asked = run_of(design())
    grid = np.random.default_rng(0).uniform(-6, 6, (700, 2))
    while asked.finished is None:
        asked.advance(3)
        asked.program.predict(grid)
        asked.program.gradients(grid[:10], np.zeros((10, 1)))
    assert asked.program.parameter_hash() == whole.program.parameter_hash()


@pytest.mark.parametrize("at", [1, 4, 5, 33])
def test_that_a_resumed_run_equals_an_uninterrupted_one(at: int) -> None:
    whole = finish(run_of(design()), 100_000)
    first = run_of(design())
    first.advance(at)
    state, history = first.snapshot(), first.log.read()
    second = run_of(design())
    second.restore(state, history)
    finish(second, 4)
    assert second.program.parameter_hash() == whole.program.parameter_hash()
    np.testing.assert_array_equal(second.log.read()["loss"], whole.log.read()["loss"])


def test_that_reset_returns_to_the_same_weights_and_another_seed_to_others() -> None:
    run = run_of(design())
    first = run.program.parameter_hash()
    finish(run, 50)
    run.reset()
    assert run.program.parameter_hash() == first
    assert (run.epoch, run.step, run.log.length, run.finished) == (0, 0, 0, None)
    assert run_of(design(seed=1)).program.parameter_hash() != first


def test_that_the_first_weights_of_a_layer_do_not_depend_on_its_neighbours() -> None:
    short, long = run_of(design(dense(8, "tanh"))), run_of(design(dense(8, "tanh"), dense(5)))
    np.testing.assert_array_equal(
        short.program.parameters()["dense_1/weight"], long.program.parameters()["dense_1/weight"]
    )


def test_that_an_edit_keeps_what_survives_by_name_and_shape() -> None:
    run = run_of(design())
    run.advance(37)
    before = run.snapshot()
    began_anew = run.edit(run.document.set_fields("dense_2", units=5))
    after = run.snapshot()
    assert set(began_anew) == {"dense_2/weight", "dense_2/bias", "dense_3/weight"}
    for name in ("parameters", "optimizer/m", "optimizer/v"):
        np.testing.assert_array_equal(after.arrays[f"{name}/dense_1/weight"], before.arrays[f"{name}/dense_1/weight"])
    assert (run.step, run.epoch) == (37, 7)
    np.testing.assert_array_equal(after.arrays["optimizer/scalars"], before.arrays["optimizer/scalars"])


def test_that_an_edit_that_changes_nothing_of_the_mathematics_changes_no_bit() -> None:
    whole = finish(run_of(design()), 100_000)
    run = run_of(design())
    run.advance(13)
    run.edit(run.document.move({"dense_1": (5.0, 5.0)}))
    finish(run, 9)
    assert run.program.parameter_hash() == whole.program.parameter_hash()


def test_that_another_learning_rate_acts_at_once_and_another_optimizer_begins_with_empty_slots() -> None:
    run = run_of(design())
    run.advance(10)
    run.edit(run.document.but(training=run.document.training.but(learning_rate=0.5)))
    run.advance(5)
    assert run.log.last()["learning_rate"] == pytest.approx(0.5)
    run.edit(run.document.but(training=run.document.training.but(optimizer="momentum")))
    slots = [values for name, values in run.snapshot().arrays.items() if name.startswith("optimizer/")]
    assert slots
    assert not any(values.any() for values in slots)


def test_that_an_edit_that_cannot_be_trained_leaves_the_run_as_it_was() -> None:
    run = run_of(design())
    run.advance(10)
    before = run.program.parameter_hash()
    with pytest.raises(DesignError, match="dense_1"):
        run.edit(run.document.disconnect(run.document.wires[0]))
    assert run.program.parameter_hash() == before
    run.advance(1)
    assert run.step == 11


def test_that_a_diverging_run_stops_with_the_last_good_weights_and_says_why() -> None:
    run = Run(design(dense(8, "relu"), optimizer="minibatch"), LINE)
    run.advance(run.steps_per_epoch)
    good = run.program.parameters()
    run.edit(run.document.but(training=run.document.training.but(learning_rate=1e6)))
    while run.finished is None:
        run.advance(100)
    assert run.finished.reason == "diverged"
    for word in ("diverged at step", "epoch 1", "1e6", "Lower the learning rate"):
        assert word in run.finished.sentence
    assert "e+" not in run.finished.sentence, "as it is written everywhere else"
    assert run.epoch == 1
    for key, values in run.program.parameters().items():
        np.testing.assert_array_equal(values, good[key])
    run.edit(run.document.but(training=run.document.training.but(learning_rate=0.01)))
    run.go_on()
    run.advance(50)
    assert np.isfinite(run.log.last()["loss"])


def test_that_early_stopping_returns_to_the_best_epoch() -> None:
    rng = np.random.default_rng(0)
    noise = Prepared.from_arrays(
        rng.standard_normal((60, 2)), rng.integers(0, 2, 60), "binary", split=DataSplit(validation=0.5)
    )
    document = design(dense(64, "relu"), epochs=5000, patience=7, learning_rate=0.03)
    run = finish(Run(document, noise), 64)
    assert run.finished.reason == "early"
    losses = run.log.read()["validation_loss"]
    best = int(losses.argmin())
    assert len(losses) == best + 1 + 7
    part = noise.validation
    z = run.program.outputs(noise.x[part]).astype(np.float64)
    y = noise.y[part]
    loss = np.mean(np.maximum(z, 0) - z * y + np.log1p(np.exp(-np.abs(z))))
    assert loss == pytest.approx(losses[best], rel=1e-5)


def test_that_it_stops_at_the_wished_loss_and_goes_on_when_told() -> None:
    run = finish(run_of(design(epochs=3000, stop_loss=0.4)), 100)
    assert run.finished.reason == "loss"
    assert run.log.last()["loss"] < 0.4
    epoch = run.epoch
    run.go_on()
    run.advance(run.steps_per_epoch)
    assert run.epoch == epoch + 1


def test_that_more_epochs_than_the_loop_may_log_at_once_are_all_logged() -> None:
    run = finish(run_of(design(epochs=9000, batch_size=150)), 1_000_000)
    epochs = run.log.read()["epoch"]
    np.testing.assert_array_equal(epochs, np.arange(1, 9001))


def test_that_metrics_and_losses_are_those_of_the_predictions() -> None:
    run = finish(run_of(design(epochs=30)), 100)
    part = SPIRAL.validation
    answers = run.program.predict(SPIRAL.unscale_x(SPIRAL.x[part]))
    accuracy = np.mean((answers > 0.5) == (SPIRAL.y[part] > 0.5))
    assert run.log.last()["validation_metric"] == pytest.approx(accuracy)


def test_that_r2_is_told_for_regression() -> None:
    rng = np.random.default_rng(0)
    x = rng.standard_normal((80, 3))
    y = 40 + 7 * x[:, :1] + rng.standard_normal((80, 1))
    data = Prepared.from_arrays(x, y, split=DataSplit(validation=0.25))
    run = finish(Run(chain(dense(1)).but(training=design(epochs=200).training), data), 100)
    part = data.validation
    truth = data.unscale_y(data.y[part])
    answers = run.program.predict(data.unscale_x(data.x[part]))
    r2 = 1 - np.mean((answers - truth) ** 2) / truth.var()
    assert run.log.last()["validation_metric"] == pytest.approx(r2, abs=1e-4)
    assert r2 > 0.9


def test_that_train_blocks_calls_back_and_can_be_stopped() -> None:
    seen: list[int] = []

    def stop_at_three(run: Run) -> bool:
        seen.append(run.epoch)
        return len(seen) < 3

    run = train(design(epochs=10_000_000), SPIRAL, callback=stop_at_three)
    assert len(seen) == 3
    assert run.finished is None
    assert train(design(), SPIRAL, seed=3, epochs=4).epoch == 4


def test_that_float64_trains_like_float32_but_finer() -> None:
    single, double = finish(run_of(design(epochs=3)), 10), finish(run_of(design(epochs=3), np.float64), 10)
    for key, values in single.program.parameters().items():
        assert double.program.parameters()[key].dtype == np.float64
        np.testing.assert_allclose(values, double.program.parameters()[key], atol=2e-4)
