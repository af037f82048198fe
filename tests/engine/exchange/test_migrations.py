"""Files of older versions: one step per version, and a golden file for each."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.design.document import FORMAT
from engine.errors import DesignError
from engine.exchange import migrations
from engine.exchange.design_json import load_design, loads
from engine.exchange.migrations import FORMAT_STEPS, KIND_STEPS, Raw, migrate
from engine.exchange.project import load_project
from engine.layers import Layer
from engine.layers.unknown import Unknown

GOLDEN = Path(__file__).parent / "golden"


def raw(**fields: Any) -> Raw:
    layer = {"type": "dense", "neurons": 5}
    return {"netloom": 1, "versions": {"layer/dense": 1}, "nodes": [{"id": "a", "layer": layer}], "wires": []} | fields


def called_boxes(old: Raw) -> Raw:
    return {name: value for name, value in old.items() if name != "boxes"} | {"nodes": old["boxes"]}


def doubled(old: Raw) -> Raw:
    return old | {"title": old["title"] * 2}


def test_that_steps_of_the_format_run_one_after_the_other() -> None:
    old = {"netloom": 1, "boxes": [], "title": "ab"}
    assert migrate(old, {1: called_boxes, 2: doubled}, {}, newest=3) == {"netloom": 3, "title": "abab", "nodes": []}


def test_that_a_format_without_a_step_is_said_to_be_too_old() -> None:
    with pytest.raises(DesignError, match="format 1 is too old"):
        migrate({"netloom": 1}, {2: doubled}, {}, newest=3)


def test_that_a_kind_is_renamed_and_its_fields_with_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Layer.kinds["dense"], "version", 3)
    steps = {
        ("layer/perceptron", 1): lambda old: {"type": "dense", "neurons": old["n"]},
        ("layer/dense", 2): lambda old: {"type": "dense", "units": old["neurons"]},
    }
    old = raw(nodes=[{"id": "a", "layer": {"type": "perceptron", "n": 5}}], versions={"layer/perceptron": 1})
    assert migrate(old, {}, steps)["nodes"][0]["layer"] == {"type": "dense", "units": 5}


def test_that_a_kind_inside_a_kind_is_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.training.initialisers import Initialiser

    monkeypatch.setattr(Initialiser.kinds["constant"], "version", 2)
    layer = {"type": "dense", "initialiser": {"type": "constant", "number": 3.0}}
    steps = {("initialiser/constant", 1): lambda old: {"type": "constant", "value": old["number"]}}
    migrated = migrate(raw(nodes=[{"id": "a", "layer": layer}]), {}, steps)
    assert migrated["nodes"][0]["layer"]["initialiser"] == {"type": "constant", "value": 3.0}


def test_that_a_design_is_migrated_when_it_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Layer.kinds["dense"], "version", 2)
    monkeypatch.setitem(KIND_STEPS, ("layer/dense", 1), lambda old: {"type": "dense", "units": old["neurons"]})
    document = loads('{"netloom": 1, "nodes": [{"id": "a", "layer": {"type": "dense", "neurons": 5}}]}')
    assert document.node("a").layer == Layer.parse({"type": "dense", "units": 5})


def test_that_a_layer_too_old_for_any_step_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Layer.kinds["dense"], "version", 2)
    kept = migrate(raw(), {}, {})["nodes"][0]["layer"]
    assert kept == Unknown.keeping({"type": "dense", "neurons": 5}, 1)


def test_that_every_version_before_this_one_has_a_step() -> None:
    assert sorted(FORMAT_STEPS) == list(range(1, FORMAT))
    for kind in Layer.kinds.values():
        for version in range(1, kind.version):
            assert (migrations.key_of(Layer, kind.kind), version) in KIND_STEPS


def test_that_there_is_a_golden_file_for_every_version() -> None:
    for version in range(1, FORMAT + 1):
        assert (GOLDEN / f"design_{version}.json").is_file()
        assert (GOLDEN / f"project_{version}.netloom").is_file()


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("design_*.json")), ids=lambda path: path.stem)
def test_that_a_golden_design_is_read(path: Path) -> None:
    document = load_design(path)
    assert document.title == "Two spirals"
    assert [(node.id, node.layer.kind) for node in document.nodes] == [
        ("input_1", "input"), ("dense_1", "dense"), ("hologram_1", "unknown"), ("dense_2", "dense"),
    ]  # fmt: skip
    assert document.node("dense_1").layer == Layer.parse({"type": "dense", "units": 16, "activation": "tanh"})
    assert document.node("dense_1").name == "first"
    assert [(wire.source, wire.target, wire.port) for wire in document.wires] == [
        ("input_1", "dense_1", 0), ("dense_1", "hologram_1", 0), ("hologram_1", "dense_2", 0),
    ]  # fmt: skip
    assert document.data.kind == "spiral"
    assert document.split.validation == 0.25
    assert document.training.optimizer.kind == "adam"
    assert document.training.learning_rate == 0.003
    assert document.training.epochs == 200


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("project_*.netloom")), ids=lambda path: path.stem)
def test_that_a_golden_project_is_read(path: Path, tmp_path: Path) -> None:
    project = load_project(path, tmp_path)
    assert project.document.title == "A small table"
    assert project.state is not None
    assert list(project.state.arrays) == ["parameters/dense_1/weight"]
    np.testing.assert_array_equal(project.state.arrays["parameters/dense_1/weight"], np.float32([[0.5], [-2]]))
    assert project.state.counters == {"epoch": 3, "seed": 2**63, "best": float("inf")}
    np.testing.assert_array_equal(project.history["loss"], [3.0, 2.0, 1.0])
    assert project.data is not None
    assert (tmp_path / project.data.sha256[:16] / "points.csv").read_bytes() == b"a,b,y\n1,2,3\n4,5,6\n"
