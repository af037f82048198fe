"""`doctor`: the findings of a design that is trained first, and of a project as it is."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from engine.commands.progress import ProgressBar
from engine.design.document import Document
from engine.exchange.design_json import save_design
from engine.exchange.project import Project, save_project
from engine.insight.doctor.watched import glance
from engine.training.train import train
from tests.engine.commands.conftest import dense
from tests.engine.insight.doctor.networks import FOLDER, example

Cli = Any


def test_that_a_design_is_trained_and_what_ails_it_is_said(netloom: Cli) -> None:
    done = netloom("doctor", FOLDER / "vanishing.json")
    assert done.code == 0, done.err
    lines = done.out.splitlines()
    assert lines[0].startswith("After 150 epochs, 3,000 steps, loss 0.69")
    assert lines[2] == "✕ Gradients vanish (Hidden 1, Hidden 2, Hidden 3, Hidden 4)"
    assert [line.partition(":")[0].strip() for line in lines[3:]] == ["seen", "seen", "why", "cure", "cure"]
    assert lines[6].endswith("Use ReLU and first weights that suit it in Hidden 1 … Hidden 6, begin anew")


def test_that_what_is_well_is_said_to_be_and_why(netloom: Cli) -> None:
    done = netloom("doctor", FOLDER / "sine.json")
    assert done.code == 0, done.err
    assert "No illness was found. What was checked:" in done.out
    assert "R² on training rows: 1.00" in done.out
    short = netloom("doctor", FOLDER / "sine.json", "--epochs", "3")
    assert "Curves are judged from epoch 20 on." in short.out


def test_that_programs_get_json(netloom: Cli) -> None:
    done = netloom("doctor", FOLDER / "exploding.json", "--json")
    assert done.code == 0, done.err
    told = json.loads(done.out)
    (finding,) = told["findings"]
    assert (finding["kind"], finding["severity"]) == ("exploding", "sick")
    assert finding["cures"][0] == {"text": "Clip gradients at 1", "begin_anew": True}
    assert "dense_4" in finding["layers"]
    assert any("step 6" in sentence for sentence in finding["evidence"])


def test_that_a_project_is_examined_as_it_is(netloom: Cli, tmp_path: Path) -> None:
    run = train(example("dead_relu"))
    before, place = run.program.parameter_hash(), tmp_path / "dead.netloom"
    assert glance(run.program).course("norm").values.shape[1] > 8
    assert run.program.parameter_hash() == before
    save_project(place, Project(run.document, run.snapshot(), run.log.read()))
    kept = place.read_bytes()
    told = json.loads(netloom("doctor", place, "--json").out)
    assert (told["epoch"], [finding["kind"] for finding in told["findings"]]) == (200, ["dead"])
    assert place.read_bytes() == kept


def test_that_settings_may_be_tried_and_faults_are_said(netloom: Cli, tmp_path: Path) -> None:
    cured = netloom("doctor", FOLDER / "dead_relu.json", "--set", "dense_1.activation=leaky_relu")
    assert "No illness was found" in cured.out
    gone = netloom("doctor", tmp_path / "gone.json")
    assert gone.code == 2
    assert "there is no such file" in gone.err


def test_that_control_c_ends_it_in_a_sentence(netloom: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "long.json"
    save_design(place, dense(Document(), "spiral", (8, "tanh"), (1, "linear"), epochs=100_000_000))
    monkeypatch.setattr(ProgressBar, "show", lambda bar, run: signal.raise_signal(signal.SIGINT))
    done = netloom("doctor", place)
    assert done.code == 130
    assert "nothing was examined" in done.err
