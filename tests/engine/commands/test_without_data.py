"""A trained project predicts and is measured where what it learnt from is gone, changed or elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from engine.design.document import Document
from engine.exchange.design_json import save_design
from engine.exchange.project import load_project, save_project
from tests.engine.commands.conftest import dense

ROOT = Path(__file__).parents[3]
FLATS = "size,side,floor,price,kind\n" + "".join(
    f"{40 + i / 3},{('north', 'south', 'west')[i % 3]},{i % 5},{1000 * i + 33.3},"
    f"{('flat', 'loft', 'house')[i % 7 % 3]}\n"
    for i in range(60)
)
NEW = "kind,floor,side,size,price\nloft,2,west,44.25,3000\nflat,0,north,71.125,5000\nhouse,4,south,50,1\n"


def shell(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own, in a home of its own."""
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *map(str, arguments)],
        cwd=folder,
        env=os.environ | {"HOME": str(folder / "home"), "XDG_CACHE_HOME": str(folder / "home")},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


def learn(folder: Path, netloom: Any, target: str, task: str, units: int, epochs: int = 40) -> Path:
    """A project that has learnt from a table, and is all that is left."""
    table, design, project = folder / "flats.csv", folder / "flats.json", folder / "flats.netloom"
    table.write_text(FLATS)
    data = {"type": "table", "path": str(table), "target": target, "task": task}
    save_design(design, dense(Document(), data, (6, "tanh"), (units, "linear"), epochs=epochs, learning_rate=0.02))
    done = netloom("train", design, "--output", project)
    assert done.code == 0, done.err
    # as for a large table: the project does not carry it
    save_project(project, load_project(project), embed=False)
    (folder / "new.csv").write_text(NEW)
    return project


@pytest.mark.parametrize(
    ("target", "task", "units"), [("price", "regression", 1), ("kind", "multiclass", 3)], ids=["numbers", "classes"]
)
def test_that_answers_are_the_same_without_what_was_learnt_from(
    netloom: Any, tmp_path: Path, target: str, task: str, units: int
) -> None:
    project = learn(tmp_path, netloom, target, task, units)
    questions = (
        ("predict", project, "--data", tmp_path / "new.csv", "-o", "-"),
        ("evaluate", project, "--data", tmp_path / "new.csv", "--json"),
    )
    before = [netloom(*question) for question in questions]
    assert [done.code for done in before] == [0, 0], before
    (tmp_path / "flats.csv").unlink()
    after = [shell(tmp_path, *question) for question in questions]
    assert [done.stdout for done in after] == [done.out for done in before], after
    assert [done.returncode for done in after] == [0, 0]
    said = after[0].stdout.splitlines()
    if task == "regression":
        assert 2_000 < float(said[2]) < 100_000, "in the user's own units"
    else:
        assert said[0] == "kind,p(flat),p(house),p(loft)"
    assert len(json.loads(after[1].stdout)["metrics"]) == 1


def test_that_the_data_are_not_even_looked_at(netloom: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = learn(tmp_path, netloom, "price", "regression", 1, epochs=3)
    question = ("predict", project, "--data", tmp_path / "new.csv", "-o", "-")
    before = netloom(*question)
    (tmp_path / "flats.csv").write_text("size,price\n1,2\n")
    monkeypatch.setattr("engine.commands.trained.prepare", None)
    monkeypatch.setattr("engine.exchange.project.find", None)
    assert netloom(*question) == before


def test_that_categories_that_were_not_learnt_are_named_all_the_same(netloom: Any, tmp_path: Path) -> None:
    project = learn(tmp_path, netloom, "price", "regression", 1, epochs=3)
    (tmp_path / "flats.csv").unlink()
    (tmp_path / "new.csv").write_text(NEW.replace("west", "east"))
    done = netloom("predict", project, "--data", tmp_path / "new.csv", "-o", "-")
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "'east' is not one of the categories that were learnt" in done.err


@pytest.mark.parametrize("verb", [("evaluate",), ("train", "--resume")])
def test_that_what_needs_the_rows_says_so(netloom: Any, tmp_path: Path, verb: tuple[str, ...]) -> None:
    project = learn(tmp_path, netloom, "price", "regression", 1, epochs=3)
    (tmp_path / "flats.csv").unlink()
    done = netloom(verb[0], project, *verb[1:])
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "flats.csv: it is no longer at" in done.err
    assert "--data FILE" in done.err


def test_that_a_project_that_has_learnt_on_knows_the_new_rows(netloom: Any, tmp_path: Path) -> None:
    project = learn(tmp_path, netloom, "price", "regression", 1, epochs=3)
    (tmp_path / "flats.csv").write_text(FLATS.replace("\n40.0", "\n400.0"))
    assert netloom("train", project, "--resume", "--epochs", 6).code == 0
    question = ("predict", project, "--data", tmp_path / "new.csv", "-o", "-")
    before = netloom(*question)
    (tmp_path / "flats.csv").unlink()
    assert netloom(*question) == before
    assert before.code == 0


def without(project: Path, **changes: Any) -> None:
    """The project as a version would save it that does not know the part, or carries it along unread."""
    loaded = load_project(project)
    assert loaded.state is not None
    recipe = dict(loaded.state.recipe or {}) | changes if changes else None
    save_project(project, replace(loaded, state=replace(loaded.state, recipe=recipe)), embed=False)


def test_that_a_project_without_the_part_predicts_with_its_data_as_before(netloom: Any, tmp_path: Path) -> None:
    project = learn(tmp_path, netloom, "price", "regression", 1, epochs=3)
    question = ("predict", project, "--data", tmp_path / "new.csv", "-o", "-")
    before = netloom(*question)
    without(project)
    assert netloom(*question) == before
    (tmp_path / "flats.csv").unlink()
    done = netloom(*question)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert "flats.csv: it is no longer at" in done.err


def test_that_a_part_of_other_rows_is_not_believed(netloom: Any, tmp_path: Path) -> None:
    project = learn(tmp_path, netloom, "price", "regression", 1, epochs=3)
    question = ("predict", project, "--data", tmp_path / "new.csv", "-o", "-")
    before = netloom(*question)
    without(project, fingerprint="of other rows", y_scaling=None)
    assert netloom(*question) == before, "scaled by the data themselves"
