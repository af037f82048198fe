"""`compare`: the same bits as `train`, a row per design, mean and spread over seeds."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.design.document import Document
from engine.errors import DataError
from engine.exchange.design_json import save_design
from engine.exchange.project import load_project
from tests.engine.commands.conftest import Outcome, dense

Run = Callable[..., Outcome]


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_that_runs_in_processes_give_the_bits_of_train(netloom: Run, spiral: Path, tmp_path: Path) -> None:
    project = tmp_path / "moons.netloom"
    moons = netloom("train", spiral, "--data", "moons", "--output", project, "--json")
    assert moons.code == 0, moons.err
    done = netloom("compare", spiral, project, "--seeds", 2, "--json")
    assert done.code == 0, done.err
    assert "Traceback" not in done.err
    runs = {(row["design"], row["seed"]): row for row in lines(done.out) if "seed" in row}
    assert set(runs) == {("spiral", 0), ("spiral", 1), ("moons", 0), ("moons", 1)}
    for seed in (0, 1):
        alone = lines(netloom("train", spiral, "--seed", seed, "--json").out)[-1]
        assert runs["spiral", seed]["parameter_hash"] == alone["parameter_hash"]
        accuracy = alone["metrics"]["validation"]["accuracy"]
        assert runs["spiral", seed]["metrics"]["validation"]["accuracy"] == accuracy
        assert runs["spiral", seed]["steps"] == alone["steps"]
    assert runs["moons", 0]["parameter_hash"] == lines(moons.out)[-1]["parameter_hash"]
    assert load_project(project).document.data.kind == "moons"
    both = next(row for row in lines(done.out) if row.get("seeds") == 2 and row["design"] == "spiral")
    losses = [runs["spiral", seed]["metrics"]["train"]["loss"] for seed in (0, 1)]
    assert both["metrics"]["train"]["loss"]["mean"] == pytest.approx(sum(losses) / 2)
    assert both["metrics"]["train"]["loss"]["sd"] == pytest.approx(abs(losses[0] - losses[1]) / 2**0.5)


def test_that_one_run_is_a_table_of_one_row(netloom: Run, spiral: Path) -> None:
    done = netloom("compare", spiral, "--set", "split.test=0.2", "--epochs", 2)
    assert done.code == 0, done.err
    head, row = done.out.splitlines()
    for name in ("train loss", "validation loss", "test loss", "test accuracy", "seconds", "parameters"):
        assert name in head
    assert row.split()[:2] == ["spiral", "0"]
    assert row.split()[-1] == "epochs"


def test_that_what_is_wrong_is_said_before_anything_is_trained(netloom: Run, spiral: Path, tmp_path: Path) -> None:
    save_design(tmp_path / "bad.json", Document())
    done = netloom("compare", spiral, tmp_path / "bad.json")
    assert (done.code, done.out) == (2, "")
    assert "bad.json" in done.err
    assert "canvas is empty" in done.err
    assert netloom("compare").code == 2
    assert "no such file" in netloom("compare", spiral, tmp_path / "none.json").err


def test_that_only_divergence_everywhere_is_a_failure(netloom: Run, tmp_path: Path) -> None:
    path = tmp_path / "wild.json"
    wild = dense(Document(), "plane", (1, "linear"), epochs=20, learning_rate=1e12, optimizer="minibatch")
    save_design(path, wild)
    done = netloom("compare", path)
    assert done.code == 3, done.err
    assert "diverged" in done.out


def test_that_a_file_named_twice_has_two_names(netloom: Run, spiral: Path) -> None:
    from engine.commands.compare import _short_names

    assert _short_names([spiral, spiral]) == ["spiral (1)", "spiral (2)"]
    assert _short_names([Path("a/x.json"), Path("b/x.json")]) == [str(Path("a/x.json")), str(Path("b/x.json"))]


def test_that_an_error_of_another_process_arrives_whole() -> None:
    error = pickle.loads(pickle.dumps(DataError("rows.csv", "it is gone", "Bring it back")))
    assert isinstance(error, DataError)
    assert str(error) == "rows.csv: it is gone. Bring it back"
