"""`check`: shapes, costs, problems, gradients."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.design.document import Document
from engine.exchange.design_json import save_design
from tests.engine.commands.conftest import dense

Run = Any


def test_that_every_wire_has_its_shape_and_every_layer_its_cost(netloom: Run, spiral: Path) -> None:
    done = netloom("check", spiral, "--json")
    assert done.code == 0, done.err
    nodes = [json.loads(line) for line in done.out.splitlines()]
    assert [node["shape"] for node in nodes] == [[2], [4], [1]]
    assert [node["parameters"] for node in nodes] == [0, 12, 5]
    assert [node["multiply_adds"] for node in nodes] == [0, 8, 4]
    assert nodes[1]["inputs"] == ["input_1"]


def test_that_people_get_a_table_with_totals(netloom: Run, spiral: Path) -> None:
    lines = netloom("check", spiral).out.splitlines()
    assert lines[0].split()[:2] == ["node", "layer"]
    total = next(line for line in lines if line.startswith("total"))
    assert total.split()[1:3] == ["17", "12"]
    assert lines[-1] == "nothing is wrong"


def test_that_other_data_change_what_arrives(netloom: Run, spiral: Path) -> None:
    done = netloom("check", spiral, "--data", "breast_cancer", "--json")
    assert done.code == 0, done.err
    assert json.loads(done.out.splitlines()[0])["shape"] == [30]


def test_that_a_wrong_design_is_one_line_with_node_field_and_way_out(netloom: Run, spiral: Path) -> None:
    done = netloom("check", spiral, "--data", "iris")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert all(word in done.err for word in ("spiral.json", "dense_2", "units", "3")), done.err
    assert "error: dense_2" in done.out


def test_that_a_cycle_is_named(netloom: Run, tmp_path: Path) -> None:
    document = dense(Document(), "spiral", (4, "tanh"), (4, "tanh"), (1, "linear"))
    circle = document.disconnect(document.inputs("dense_1")[0]).connect("dense_2", "dense_1")
    save_design(tmp_path / "circle.json", circle)
    done = netloom("check", tmp_path / "circle.json")
    assert done.code == 2
    assert "circle" in done.err


def test_that_gradients_are_compared_tensor_by_tensor(netloom: Run, spiral: Path) -> None:
    done = netloom("check", spiral, "--gradients", "--json")
    assert done.code == 0, done.err
    compared = [json.loads(line) for line in done.out.splitlines()[3:]]
    assert [each["tensor"] for each in compared] == [
        "dense_1/weight", "dense_1/bias", "dense_2/weight", "dense_2/bias",
    ]  # fmt: skip
    assert all(each["passed"] and each["error"] <= 1e-6 for each in compared)
    assert [each["checked"] for each in compared] == [8, 4, 4, 1]


def test_that_people_read_the_verdict(netloom: Run, spiral: Path) -> None:
    done = netloom("check", spiral, "--gradients")
    assert done.code == 0, done.err
    assert "all 4 tensors pass" in done.out


def test_that_a_batch_of_one_is_no_hindrance(netloom: Run, spiral: Path) -> None:
    done = netloom("check", spiral, "--gradients", "--set", "training.batch_size=1")
    assert done.code == 0, done.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", ["empty"]),
        ('{"netloom": 1,\n  "nodes": [}', ["line 2"]),
        ('{"netloom": 1, "colour": 3}', ["colour"]),
        (
            '{"netloom": 1, "nodes": [{"id": "a", "layer": {"type": "dense", "units": 0}}]}',
            ["a", "units", "at least 1"],
        ),
        ('{"netloom": 1, "nodes": [{"id": "a", "layer": {"type": "dense", "unit": 1}}]}', ["a", "unit", "units"]),
        ('{"netloom": 1, "wires": [{"source": "a", "target": "b"}]}', ["a", "not there"]),
        ('{"netloom": 99}', ["newer"]),
    ],
)
def test_that_a_file_at_fault_is_one_line(netloom: Run, tmp_path: Path, content: str, words: list[str]) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(content)
    done = netloom("check", path)
    assert (done.code, done.out) == (2, "")
    assert done.err.count("\n") == 1
    assert all(word in done.err for word in ("wrong.json", *words)), done.err


def test_that_an_unknown_layer_is_said_to_be_kept(netloom: Run, tmp_path: Path) -> None:
    path = tmp_path / "future.json"
    save_design(path, dense(Document(), "spiral", (4, "tanh"), (1, "linear")))
    path.write_text(path.read_text().replace('"type": "dense"', '"type": "hologram"', 1))
    done = netloom("check", path)
    assert done.code == 2
    assert "hologram" in done.err
