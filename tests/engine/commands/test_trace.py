"""`trace`: what is printed, for people and for programs, and what is said where something is not there."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.data.prepare import prepare
from engine.design.document import Document
from engine.exchange.design_json import load_design
from engine.insight.trace import explain, trace
from tests.engine.commands.conftest import dense, save_trained

Run = Any


def test_that_a_design_is_traced_at_its_first_weights(netloom: Run, spiral: Path) -> None:
    done = netloom("trace", spiral, "--row", 3)
    assert done.code == 0, done.err
    assert done.out.startswith("row 3 of 500 (training), at its first weights (seed 0)")
    for word in ("FORWARD", "LOSS", "BACKWARD", "UPDATE", "Σ w · x + b", "w_new = w_old − α · m̂/(√v̂ + ε)"):
        assert word in done.out


def test_that_json_holds_every_number(netloom: Run, spiral: Path) -> None:
    done = netloom("trace", spiral, "--row", 3, "--json")
    assert done.code == 0, done.err
    head, *rest = [json.loads(line) for line in done.out.splitlines()]
    document = load_design(spiral)
    found = trace(document, prepare(document.data, document.split), 2)
    assert (head["row"], head["loss"]) == (3, found.loss.value)
    layers = {each["node"]: each for each in rest if "node" in each}
    assert list(layers) == ["input_1", "dense_1", "dense_2"]
    values = {each["symbol"]: each for each in layers["dense_1"]["values"]}
    assert values["z"]["gradient"] == found.by_node["dense_1"].named("z").gradient.tolist()
    new = {each["parameter"]: each["new"] for each in rest if "parameter" in each}
    assert all(np.array_equal(new[key], found.updated.new(key)) for key in found.updated.by_key)


def test_that_a_project_is_traced_where_it_stands(netloom: Run, tmp_path: Path) -> None:
    path = tmp_path / "p.netloom"
    program = save_trained(path, dense(Document(), "spiral", (4, "tanh"), (1, "linear"), epochs=2))
    done = netloom("trace", path, "--row", 7, "--weight", "dense_1/weight[1,2]", "--json")
    assert done.code == 0, done.err
    lines = [json.loads(line) for line in done.out.splitlines()]
    assert lines[0]["step"] == int(program.ctx[3]) > 0
    wanted = explain(program.document, program.prepared, 6, "dense_1/weight[1,2]", program.state())
    told = lines[-1]
    assert (told["weight"], told["agrees"]) == ("dense_1/weight[1, 2]", True)
    assert told["gradient"] == pytest.approx(wanted.gradient)
    assert told["difference"] == pytest.approx(told["gradient"], rel=1e-4)


def test_that_the_chain_of_a_weight_is_printed_beside_its_difference(netloom: Run, spiral: Path) -> None:
    done = netloom("trace", spiral, "--row", 2, "--weight", "dense_1/bias[3]")
    assert done.code == 0, done.err
    assert "∂E/∂b" in done.out
    assert "Finite difference, float64" in done.out
    assert "they agree to at least 4 digits" in done.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--row", "501"], ["row 501", "rows 1 to 500"]),
        (["--row", "0"], ["--row"]),
        (["--row", "1", "--weight", "dense_9/weight[0,0]"], ["dense_9/weight", "dense_1/weight[2×4]"]),
        (["--row", "1", "--weight", "dense_1/weight[7,0]"], ["dense_1/weight[7,0]", "[1, 3]"]),
    ],
)
def test_that_what_is_not_there_is_one_line(netloom: Run, spiral: Path, arguments: list[str], words: list[str]) -> None:
    done = netloom("trace", spiral, *arguments)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert all(word in done.err for word in words), done.err


def test_that_a_file_that_is_not_there_is_said(netloom: Run, tmp_path: Path) -> None:
    done = netloom("trace", tmp_path / "none.netloom", "--row", 1)
    assert done.code == 2
    assert "no such file" in done.err
