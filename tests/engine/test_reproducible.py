"""Same design, same data, same seed: the same bits, whichever way the training takes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import engine
import main as start
from engine import cli
from engine.data.prepare import prepare
from engine.data.synthetic import Spiral
from engine.design.document import Document
from engine.exchange.design_json import save_design
from engine.exchange.project import Project, load_project, save_project
from engine.layers import Layer
from engine.program.state import State
from engine.training.run import Run
from engine.training.trainer import Trainer
from tests.builders import chain, dense

MAIN = Path(start.__file__)
NORM, LAYER_NORM = Layer.parse("batch_norm"), Layer.parse("layer_norm")
DROP, NOISE = Layer.parse({"type": "dropout", "rate": 0.3}), Layer.parse("gaussian_noise")


def design(**training: Any) -> Document:
    """All that draws random numbers or keeps state, in one network with a fork; 160 rows leave a batch of 7."""
    document = chain(
        NOISE, dense(8, "relu"), NORM, DROP, dense(8, "tanh"), LAYER_NORM, dense(1), data=Spiral(samples=200)
    )
    document = document.add(Layer.parse("concat")).connect("layer_norm_1", "concat_1").connect("input_1", "concat_1")
    document = document.connect("concat_1", "dense_3", 0)
    return document.but(
        training=document.training.but(**{"batch_size": 17, "learning_rate": 0.01, "epochs": 12, "seed": 5, **training})
    )


WAYS: dict[str, dict[str, Any]] = {
    "adam": {},
    "momentum, plateau": {"optimizer": "momentum", "schedule": {"type": "plateau", "patience": 2}},
    "adadelta, one cycle": {"optimizer": "adadelta", "schedule": "one_cycle", "learning_rate": 1.0},
    "nadam, warm-up to cosine": {"optimizer": "nadam", "schedule": {"type": "warm_up", "then": "cosine"}},
    "penalties and clipping": {"l1": 1e-4, "l2": 1e-3, "max_norm": 1.5, "clip_norm": 1.0, "clip_value": 0.5},
    "early stop": {"epochs": 5000, "patience": 4, "learning_rate": 0.05},
    "seldom validated": {"epochs": 11, "validate_every": 4, "patience": 50},
    "one row at a time": {"optimizer": "sgd", "epochs": 3, "learning_rate": 0.001},
    "all rows at once": {"optimizer": "gradient_descent", "epochs": 12},
}


def hash_of(run: Run) -> str:
    """Of weights and everything else that a run keeps."""
    arrays = run.program.state().arrays
    kept = sorted(key for key in arrays if not key.startswith(("good/", "best/")))
    return run.program.parameter_hash() + str([hash(arrays[key].tobytes()) for key in kept])


def finish(run: Run, chunk: int = 100_000) -> Run:
    while run.finished is None:
        run.advance(chunk)
    return run


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("chunk", [1, 4, 97])
def test_that_chunks_of_any_size_give_the_same_bits(way: str, chunk: int) -> None:
    whole, cut = finish(Run(design(**WAYS[way]))), finish(Run(design(**WAYS[way])), chunk)
    assert hash_of(cut) == hash_of(whole)
    assert cut.finished == whole.finished


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("part", [0.0, 0.13, 0.5, 0.93, 1.0])
def test_that_a_project_saved_at_any_moment_goes_on_with_the_same_bits(way: str, part: float, tmp_path: Path) -> None:
    whole = finish(Run(design(**WAYS[way])))
    first = Run(design(**WAYS[way]))
    first.advance(round(part * whole.step))
    save_project(tmp_path / "a.netloom", Project(first.document, first.snapshot(), first.log.read()))
    project = load_project(tmp_path / "a.netloom")
    second = engine.train(project.document, state=project.state, history=project.history)
    assert hash_of(second) == hash_of(whole)
    assert second.finished == whole.finished
    for name, column in whole.log.read().items():
        if name != "seconds":
            np.testing.assert_array_equal(second.log.read()[name], column, err_msg=name)
    x = np.random.default_rng(0).normal(size=(40, 2))
    np.testing.assert_array_equal(second.program.predict(x), whole.program.predict(x))


@pytest.mark.parametrize("stages", [1, 2, 3])
@pytest.mark.parametrize("act", ["snapshot", "edit", "ask"])
def test_that_what_happens_within_a_batch_changes_no_bit(stages: int, act: str) -> None:
    whole, run = finish(Run(design())), Run(design())
    run.advance(13)
    for _ in range(stages):
        run.next_stage()
    if act == "snapshot":
        state, history = run.snapshot(), run.log.read()
        run = Run(design())
        run.restore(state, history)
    elif act == "edit":
        run.edit(run.document.but(training=run.document.training.but(clip_norm=1e9)))
        run.edit(design())
    else:
        run.ask(lambda program: program.gradients(np.ones((9, 2)), np.ones((9, 1))))
        run.ask(lambda program: program.predict(np.ones((99, 2))))
    finish(run)
    assert run.program.parameter_hash() == whole.program.parameter_hash()
    np.testing.assert_array_equal(run.log.read()["loss"], whole.log.read()["loss"])


@pytest.mark.parametrize("at", [3, 17, 40])
def test_that_a_moment_between_the_good_ones_falls_back_to_the_same_weights(at: int) -> None:
    """A run that diverges after it was saved within an epoch returns to where the other one does, and goes on alike."""
    runs = [Run(design()), Run(design())]
    for run in runs:
        run.advance(at)
    state, history = runs[0].snapshot(), runs[0].log.read()
    runs[1] = Run(design())
    runs[1].restore(state, history)
    for run in runs:
        run.program.par[: run.program.plan.parameters_size] = np.nan
        finish(run)
        assert run.finished is not None
        assert run.finished.reason == "diverged"
        assert f"{'the end of epoch ' + str(run.epoch) if run.epoch else 'the start'} are back" in run.finished.sentence
        run.go_on()
        finish(run)
        assert run.finished.reason == "epochs"
    assert hash_of(runs[0]) == hash_of(runs[1])


def thread_trains(document: Document, act: Callable[[Trainer], None] = lambda trainer: None) -> State:
    """The state at the end of a run on the trainer's thread."""
    trainer = Trainer(document)
    trainer.start()
    try:
        act(trainer)
        trainer.play()
        ended, found = threading.Event(), list[State]()
        while not ended.wait(0.005):
            if trainer.status.phase in ("finished", "diverged", "failed"):
                trainer.snapshot(lambda state, history: (found.append(state), ended.set())[0])
                assert ended.wait(30)
        return found[-1]
    finally:
        trainer.close()


def disturb(trainer: Trainer) -> None:
    for size in ("batch", "stage", "stage", "batch", "epoch", "stage"):
        trainer.step(size)  # type: ignore[arg-type]
    trainer.pace(400.0)
    trainer.play()
    trainer.edit(design().move({"dense_1": (7.0, 7.0)}))
    trainer.pause()
    trainer.pace(None)


@pytest.mark.parametrize("act", [lambda trainer: None, disturb], ids=["left alone", "disturbed"])
def test_that_thread_command_line_and_a_call_give_the_same_bits(act: Callable[[Trainer], None], tmp_path: Path) -> None:
    run = engine.train(design())
    state = thread_trains(design(), act)
    for key, values in run.snapshot().arrays.items():
        np.testing.assert_array_equal(values, state.arrays[key], err_msg=key)
    save_design(tmp_path / "d.json", design())
    assert cli.main(["train", str(tmp_path / "d.json"), "-o", str(tmp_path / "p.netloom")]) == 0
    saved = load_project(tmp_path / "p.netloom").state
    assert saved is not None
    for key, values in run.snapshot().arrays.items():
        np.testing.assert_array_equal(values, saved.arrays[key], err_msg=key)


def child(folder: Path, *arguments: str, hash_seed: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, str(MAIN), "train", *arguments, "--json"], cwd=folder, timeout=100, check=True,
        capture_output=True, env=os.environ | {"PYTHONHASHSEED": hash_seed},
    )  # fmt: skip
    summary: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return summary


def test_that_other_processes_with_other_hash_seeds_give_the_same_bits(tmp_path: Path) -> None:
    save_design(tmp_path / "d.json", design())
    expected = engine.train(design()).program.parameter_hash()
    summary = child(tmp_path, "d.json", "--epochs", "5", "-o", "p.netloom", hash_seed="1")
    assert summary["epochs"] == 5
    # 12 epochs as asked for at first: what depends on the last epoch is not in this design
    assert child(tmp_path, "p.netloom", "--resume", "--epochs", "12", hash_seed="99")["parameter_hash"] == expected


def test_that_data_and_split_depend_on_their_seed_alone() -> None:
    first, second = (prepare(Spiral(samples=200, noise=20), design().split).x.copy() for _ in range(2))
    np.testing.assert_array_equal(first, second)
    other = prepare(Spiral(samples=200, noise=20), design().split.but(seed=1)).x
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_that_a_project_goes_on_in_its_own_precision(dtype: type, tmp_path: Path) -> None:
    whole = engine.train(design(), dtype=dtype)
    half = engine.train(design(), dtype=dtype, callback=lambda run: run.epoch < 1)
    save_project(tmp_path / "p.netloom", Project(half.document, half.snapshot(), half.log.read()))
    assert cli.main(["train", str(tmp_path / "p.netloom"), "--resume"]) == 0
    saved = load_project(tmp_path / "p.netloom").state
    assert saved is not None
    for key, values in whole.program.parameters().items():
        assert saved.arrays[f"parameters/{key}"].dtype == dtype
        np.testing.assert_array_equal(saved.arrays[f"parameters/{key}"], values)


def test_that_a_run_that_had_stopped_early_stays_so_and_goes_on_when_asked(tmp_path: Path) -> None:
    whole = finish(Run(design(**WAYS["early stop"])))
    assert whole.finished is not None
    assert whole.finished.reason == "early"
    save_project(tmp_path / "p.netloom", Project(whole.document, whole.snapshot(), whole.log.read()))
    project = load_project(tmp_path / "p.netloom")
    again = engine.train(project.document, state=project.state, history=project.history)
    assert (again.epoch, again.finished) == (whole.epoch, whole.finished)
    again.go_on()
    again.advance(again.steps_per_epoch)
    assert again.epoch == whole.epoch + 1
