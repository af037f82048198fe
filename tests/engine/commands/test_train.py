"""`train`: what it prints, saves and goes on with, and how it ends."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from engine.exchange.design_json import load_design
from engine.exchange.project import Project, load_project, save_project
from engine.training.train import train
from tests.engine.commands.reading import ROOT, Run, epochs_of, summary_of


def test_that_json_has_an_object_per_epoch_and_a_summary(netloom: Run, spiral: Path) -> None:
    done = netloom("train", spiral, "--epochs", 5, "--json")
    assert (done.code, done.err) == (0, "")
    epochs, summary = epochs_of(done.out), summary_of(done.out)
    assert [each["epoch"] for each in epochs] == [1, 2, 3, 4, 5]
    assert [each["step"] for each in epochs] == [13, 26, 39, 52, 65]
    assert set(epochs[0]) == {
        "epoch", "step", "loss", "accuracy", "validation_loss", "validation_accuracy", "learning_rate",
    }  # fmt: skip
    assert (summary["summary"], summary["epochs"], summary["steps"]) == ("epochs", 5, 65)
    assert summary["seconds"] > 0
    assert summary["steps_per_second"] == pytest.approx(65 / summary["seconds"])
    assert set(summary["metrics"]) == {"train", "validation"}
    assert 0 <= summary["metrics"]["train"]["accuracy"] <= 1
    assert summary["parameter_hash"]
    assert summary["output"] is None


def test_that_what_is_measured_at_the_end_is_what_the_log_says_of_validation(netloom: Run, spiral: Path) -> None:
    done = netloom("train", spiral, "--json")
    last, summary = epochs_of(done.out)[-1], summary_of(done.out)
    assert summary["metrics"]["validation"]["accuracy"] == pytest.approx(last["validation_accuracy"])
    assert summary["metrics"]["validation"]["log_loss"] == pytest.approx(last["validation_loss"], rel=1e-4)


def test_that_r2_is_the_metric_of_a_regression(netloom: Run, spiral: Path) -> None:
    done = netloom("train", spiral, "--data", "sine", "--json")
    assert done.code == 0, done.err
    last, summary = epochs_of(done.out)[-1], summary_of(done.out)
    assert summary["metrics"]["validation"]["r2"] == pytest.approx(last["validation_r2"], rel=1e-4)


def test_that_same_seed_means_same_bits_and_another_does_not(netloom: Run, spiral: Path) -> None:
    first, again, other = (
        summary_of(netloom("train", spiral, "--seed", seed, "--json").out)["parameter_hash"] for seed in (1, 1, 2)
    )
    assert first == again != other


def test_that_a_resumed_run_equals_an_uninterrupted_one(netloom: Run, spiral: Path, tmp_path: Path) -> None:
    whole = netloom("train", spiral, "--epochs", 6, "--json")
    project = tmp_path / "part.netloom"
    assert netloom("train", spiral, "--epochs", 2, "--output", project, "--json").code == 0
    rest = netloom("train", project, "--resume", "--epochs", 6, "--json")
    assert rest.code == 0, rest.err
    assert summary_of(rest.out)["parameter_hash"] == summary_of(whole.out)["parameter_hash"]
    assert epochs_of(rest.out) == epochs_of(whole.out)[2:]
    assert summary_of(rest.out)["steps"] == 78
    assert list(load_project(project).history["epoch"]) == [1, 2, 3, 4, 5, 6]


def test_that_a_run_stopped_within_an_epoch_goes_on_bit_for_bit(netloom: Run, spiral: Path, tmp_path: Path) -> None:
    whole = netloom("train", spiral, "--json")
    stopped = train(load_design(spiral), callback=lambda run: run.step < 17)
    assert 17 <= stopped.step < 39
    assert stopped.step % 13
    project = tmp_path / "part.netloom"
    save_project(project, Project(stopped.document, stopped.snapshot(), stopped.log.read()))
    rest = netloom("train", project, "--resume", "--json")
    assert summary_of(rest.out)["parameter_hash"] == summary_of(whole.out)["parameter_hash"]
    assert epochs_of(rest.out) == epochs_of(whole.out)[stopped.epoch :]


def test_that_fewer_epochs_than_were_planned_are_heeded_when_resuming(
    netloom: Run, spiral: Path, tmp_path: Path
) -> None:
    project = tmp_path / "part.netloom"
    netloom("train", spiral, "--epochs", 3, "--output", project)
    shorter = netloom("train", project, "--resume", "--epochs", 4, "--json")
    assert summary_of(shorter.out)["epochs"] == 4


def test_that_resuming_finds_what_the_same_call_saved(netloom: Run, spiral: Path, tmp_path: Path) -> None:
    project = tmp_path / "out.netloom"
    netloom("train", spiral, "--epochs", 2, "--output", project)
    done = netloom("train", spiral, "--epochs", 3, "--output", project, "--resume", "--json")
    assert [each["epoch"] for each in epochs_of(done.out)] == [3]


def test_that_settings_from_the_command_line_are_saved_with_the_project(
    netloom: Run, spiral: Path, tmp_path: Path
) -> None:
    project = tmp_path / "out.netloom"
    done = netloom(
        "train", spiral, "--data", "circle", "--set", "data.noise=10", "--set", "dense_1.units=3",
        "--set", "training.learning_rate=0.02", "--epochs", 2, "--seed", 7, "--output", project,
    )  # fmt: skip
    assert done.code == 0, done.err
    document = load_project(project).document
    assert (document.data.kind, document.data.noise) == ("circle", 10)  # type: ignore[attr-defined]
    assert document.node("dense_1").layer.units == 3  # type: ignore[attr-defined]
    training = document.training
    assert (training.learning_rate, training.epochs, training.seed) == (0.02, 2, 7)


def test_that_a_table_is_learnt_with_its_target_and_task(netloom: Run, spiral: Path, tmp_path: Path) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,b,c\n" + "".join(f"{i},{i % 7},{2 * i}\n" for i in range(30)))
    done = netloom(
        "train", spiral, "--data", table, "--target", "c", "--task", "regression", "--json",
        "--output", tmp_path / "out.netloom",
    )  # fmt: skip
    assert done.code == 0, done.err
    assert "r2" in summary_of(done.out)["metrics"]["train"]
    missing = netloom("train", spiral, "--data", table, "--target", "d")
    assert missing.code == 2
    assert all(word in missing.err for word in ("table.csv", "'d'"))


def test_that_several_targets_are_named_with_commas(netloom: Run, spiral: Path, tmp_path: Path) -> None:
    table, project = tmp_path / "table.csv", tmp_path / "out.netloom"
    table.write_text("a,b,c\n" + "".join(f"{i},{i % 7},{2 * i}\n" for i in range(30)))
    done = netloom(
        "train", spiral, "--data", table, "--target", "b, c", "--set", "dense_2.units=2", "--output", project,
    )  # fmt: skip
    assert done.code == 0, done.err
    assert load_project(project).document.data.target == ("b", "c")  # type: ignore[attr-defined]


def test_that_another_table_keeps_what_the_design_says_of_its_own(netloom: Run, spiral: Path, tmp_path: Path) -> None:
    first, second, project = tmp_path / "first.csv", tmp_path / "second.csv", tmp_path / "out.netloom"
    for table in (first, second):
        table.write_text("a,b,c\n" + "".join(f"{i},{i % 7},{2 * i}\n" for i in range(30)))
    netloom("train", spiral, "--data", first, "--target", "a", "--task", "regression", "--output", project)
    done = netloom("train", project, "--data", second, "--output", project)
    assert done.code == 0, done.err
    data = load_project(project).document.data
    assert (data.target, data.task) == (("a",), "regression")  # type: ignore[attr-defined]
    assert data.path.endswith("second.csv")  # type: ignore[attr-defined]


def test_that_arrays_are_learnt_from(netloom: Run, spiral: Path, tmp_path: Path) -> None:
    x = np.random.default_rng(0).standard_normal((40, 3))
    np.savez(tmp_path / "set.npz", x=x, y=(x[:, 0] > 0).astype(float))
    done = netloom("train", spiral, "--data", tmp_path / "set.npz", "--output", tmp_path / "out.netloom", "--json")
    assert done.code == 0, done.err
    judged = netloom("evaluate", tmp_path / "out.netloom", "--data", tmp_path / "set.npz", "--json")
    assert judged.code == 0, judged.err


def test_that_people_read_how_it_went(netloom: Run, spiral: Path, tmp_path: Path) -> None:
    done = netloom("train", spiral, "--output", tmp_path / "out.netloom")
    assert done.code == 0, done.err
    assert "3 epochs, 39 steps" in done.out
    assert "accuracy" in done.out
    assert done.out.splitlines()[-1] == f"saved in {tmp_path / 'out.netloom'}"


def test_that_divergence_is_said_and_the_last_good_weights_are_saved(
    netloom: Run, spiral: Path, tmp_path: Path
) -> None:
    project = tmp_path / "out.netloom"
    done = netloom(
        "train", spiral, "--data", "x_sin_x", "--set", "training.learning_rate=1e6", "--set", "training.optimizer=sgd",
        "--set", "dense_1.activation=relu", "--epochs", 200, "--output", project, "--json",
    )  # fmt: skip
    assert done.code == 3
    assert done.err.count("\n") == 1
    assert "diverged" in done.err
    assert "learning rate" in done.err
    assert summary_of(done.out)["summary"] == "diverged"
    assert load_project(project).state is not None


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--output", "out.zip"], ["out.zip", ".netloom"]),
        (["--output", "nowhere/out.netloom"], ["nowhere"]),
        (["--data", "nothing.csv"], ["nothing.csv"]),
        (["--target", "y"], ["--target", "spiral"]),
        (["--set", "training.epochs=0"], ["epochs", "at least 1"]),
        (["--epochs", "0"], ["--epochs", "1"]),
        (["--task", "guess"], ["--task", "guess", "regression"]),
        (["--resume"], ["--resume", "spiral.json", "nothing is learnt yet"]),
        (["--resume", "--output", "none.netloom"], ["none.netloom", "no such file"]),
        (["--data", "iris"], ["dense_2", "units"]),
        (["--set", "dense_1.units=1000000", "--set", "dense_2.units=1000000"], ["dense_"]),
    ],
)
def test_that_bad_input_is_one_line(
    netloom: Run, spiral: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    done = netloom("train", spiral, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert all(word in done.err for word in words), done.err
    assert "Traceback" not in done.err
    assert [path.name for path in tmp_path.iterdir()] == ["spiral.json"]


def test_that_a_full_disk_loses_nothing(
    netloom: Run, spiral: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuge = tmp_path / "refuge"
    refuge.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(refuge))
    place = tmp_path / "out.netloom"
    place.mkdir()  # nothing can be saved under a folder's name
    done = netloom("train", spiral, "--output", place)
    assert done.code == 2
    (saved,) = refuge.glob("out-*.netloom")
    assert str(saved) in done.err
    assert load_project(saved).state is not None


def test_that_a_terminal_shows_a_bar_with_loss_metric_speed_and_time_left(spiral: Path, tmp_path: Path) -> None:
    here, there = pty.openpty()
    child = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), "train", str(spiral), "--epochs", "30000"],
        stdout=subprocess.PIPE, stderr=there, cwd=tmp_path, stdin=subprocess.DEVNULL,
        env=os.environ | {"TERM": "xterm", "COLUMNS": "160"},
    )  # fmt: skip
    os.close(there)
    shown = b""
    try:
        while part := os.read(here, 65536):
            shown += part
    except OSError:
        pass  # how a terminal tells that the other end is closed
    finally:
        os.close(here)
    assert child.stdout is not None
    child.stdout.close()
    assert child.wait(timeout=100) == 0
    text = shown.decode()
    assert all(word in text for word in ("of 30,000", "loss ", "accuracy ", "steps/s", " left")), text[-2000:]
