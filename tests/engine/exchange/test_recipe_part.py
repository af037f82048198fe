"""The part of a project that knows how its data were named and scaled."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.data.prepare import Prepared, prepare
from engine.errors import DataError, ProjectError
from engine.exchange import project as project_file
from engine.exchange.project import Project, load_project, save_project
from engine.program.program import compile
from engine.training.run import Run
from tests.builders import chain, dense
from tests.engine.exchange.test_archive import parts_of, refusal, relisted, zipped

PART = "prepared.json"


@pytest.fixture(scope="module")
def run() -> Run:
    document = chain(dense(4, "tanh"), dense(3), data="iris")
    run = Run(document)
    run.advance(20)
    return run


@pytest.fixture
def path(run: Run, tmp_path: Path) -> Path:
    save_project(tmp_path / "net.netloom", Project(run.document, run.snapshot(), run.log.read()))
    return tmp_path / "net.netloom"


def test_that_a_saved_run_predicts_without_its_data(run: Run, path: Path) -> None:
    project = load_project(path)
    assert project.state is not None
    assert project.state.recipe == run.prepared.recipe()
    program = compile(project.document, Prepared.from_recipe(project.state.recipe))
    assert program.restore(project.state) == ()
    assert program.parameter_hash() == run.program.parameter_hash()
    x = run.prepared.unscale_x(run.prepared.x)
    assert program.predict(x).tobytes() == run.program.predict(x).tobytes()


@pytest.mark.parametrize("changes", [{}, {"optimizer": "gradient_descent"}, {"loss": "balanced"}], ids=str)
def test_that_a_network_without_rows_answers_and_does_not_learn(changes: dict[str, Any]) -> None:
    document = chain(dense(4, "tanh"), "batch_norm", dense(3), data="iris")
    if "optimizer" in changes:
        document = document.but(training=document.training.but(optimizer=changes["optimizer"]))
    if "loss" in changes:
        loss = {"type": "cce", "class_weights": "balanced"}
        document = document.but(training=document.training.but(loss=loss))
    prepared = prepare(document.data, document.split)
    whole = compile(document, prepared)
    program = compile(document, Prepared.from_recipe(prepared.recipe()))
    x = prepared.unscale_x(prepared.x)
    assert program.predict(x).tobytes() == whole.predict(x).tobytes()
    assert program.parameter_hash() == whole.parameter_hash()
    for asked in (
        lambda: program.run(1),
        lambda: program.gradients(x[:1], np.zeros((1, 1))),
        program.training_loss,
        lambda: Run(document, program.prepared),
        lambda: Run(document).edit(document.but(split=document.split.but(seed=9)), prepared=program.prepared),
    ):
        with pytest.raises(DataError, match="rows that were learnt from are not here"):
            asked()
    assert program.parameter_hash() == whole.parameter_hash()


def test_that_a_changed_part_is_noticed_by_its_hash(path: Path) -> None:
    parts = parts_of(path.read_bytes())
    parts[PART] = parts[PART].replace(b"setosa", b"setose")
    assert f"its part {PART} is not what was saved" in refusal(path, zipped(parts))


@pytest.mark.parametrize(
    "change",
    [
        {"classes": ["a", "b", "c", "d"], "task": "binary"}, {"x_scaling": {"offset": [0.0], "scale": [0.0]}},
        {"input": [10**12]}, {"x_scaling": {"offset": 0, "scale": float("nan")}}, {"more": 1}, {"columns": [7]},
    ],
)  # fmt: skip
def test_that_a_forged_part_is_refused_in_a_line(path: Path, change: dict[str, Any]) -> None:
    parts = parts_of(path.read_bytes())
    parts[PART] = json.dumps(json.loads(parts[PART]) | change).encode()
    assert f"its part {PART} cannot be used" in refusal(path, zipped(relisted(parts)))


@pytest.mark.parametrize("content", [b"", b"[]", b"\xff", b"[" * 100_000, b'{"rows": ' + b"9" * 5000 + b"}"])
def test_that_a_part_that_is_no_object_is_refused(path: Path, content: bytes) -> None:
    parts = parts_of(path.read_bytes()) | {PART: content}
    assert PART in refusal(path, zipped(relisted(parts)))


def test_that_a_part_larger_than_any_is_not_read(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(project_file, "LARGEST_RECIPE", 100)
    assert "larger than any that is saved" in refusal(path, path.read_bytes())


def test_that_weights_are_saved_where_the_data_cannot_be_noted(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = run.snapshot()
    save_project(tmp_path / "odd", Project(run.document, replace(state, recipe={"name": "odd"})))
    with monkeypatch.context() as patch:
        patch.setattr(project_file, "LARGEST_RECIPE", 100)
        save_project(tmp_path / "large", Project(run.document, state))
    for name in ("odd", "large"):
        again = load_project(tmp_path / name).state
        assert again is not None
        assert again.recipe is None
        assert again.counters == state.counters


def test_that_a_project_without_the_part_opens(path: Path) -> None:
    parts = parts_of(path.read_bytes())
    del parts[PART]
    path.write_bytes(zipped(relisted(parts)))
    state = load_project(path).state
    assert state is not None
    assert state.recipe is None


def test_that_a_part_that_the_list_misses_is_named(path: Path) -> None:
    parts = parts_of(path.read_bytes())
    del parts[PART]
    path.write_bytes(zipped(parts))
    with pytest.raises(ProjectError, match=PART):
        load_project(path)


def test_that_a_project_is_carried_on_with_the_part_as_it_was(path: Path, tmp_path: Path) -> None:
    project = load_project(path)
    save_project(tmp_path / "again", project)
    assert parts_of((tmp_path / "again").read_bytes())[PART] == parts_of(path.read_bytes())[PART]


def test_that_the_data_file_is_left_alone_on_request(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text("a,b\n1,2\n3,4\n")
    save_project(tmp_path / "a", Project(chain(dense(1), data={"type": "table", "path": str(file)})))
    file.unlink()
    project = load_project(tmp_path / "a", tmp_path / "cache", find_data=False)
    assert project.data is None
    assert project.document.data.path == str(file)
    assert not (tmp_path / "cache").exists()
