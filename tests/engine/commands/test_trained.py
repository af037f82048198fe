"""`evaluate` and `predict`: what a project says about its own rows and about new ones."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.design.document import Document
from tests.engine.commands.conftest import dense, save_trained

Run = Any


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """Forty flats: size and floor make the price, in euros; a third column is text."""
    path = tmp_path / "flats.csv"
    rows = [f"{40 + i},{i % 5},{'north' if i % 2 else 'south'},{1000 * (40 + i) + 500 * (i % 5)}" for i in range(40)]
    path.write_text("size,floor,side,price\n" + "\n".join(rows) + "\n")
    return path


@pytest.fixture
def flats(table: Path, tmp_path: Path) -> Path:
    """A linear regression of the flats, trained."""
    path = tmp_path / "flats.netloom"
    data = {"type": "table", "path": str(table), "target": "price", "task": "regression"}
    save_trained(path, dense(Document(), data, (1, "linear"), learning_rate=0.05, epochs=800))
    return path


@pytest.fixture
def iris(tmp_path: Path) -> Path:
    path = tmp_path / "iris.netloom"
    save_trained(path, dense(Document(), "iris", (8, "tanh"), (3, "linear"), learning_rate=0.02, epochs=100))
    return path


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_that_answers_come_in_the_users_units(netloom: Run, flats: Path, table: Path, tmp_path: Path) -> None:
    done = netloom("predict", flats, "--data", table, "-o", tmp_path / "out.csv")
    assert done.code == 0, done.err
    answers = [float(row["price"]) for row in read(tmp_path / "out.csv")]
    prices = [float(row["price"]) for row in read(table)]
    assert len(answers) == 40
    assert np.abs(np.subtract(answers, prices)).max() < 300


def test_that_new_rows_need_no_target(netloom: Run, flats: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.csv"
    new.write_text("side,size,floor\nnorth,60,2\n")
    assert netloom("predict", flats, "--data", new, "-o", tmp_path / "out.csv").code == 0
    (row,) = read(tmp_path / "out.csv")
    assert float(row["price"]) == pytest.approx(61_000, abs=300)


def test_that_classes_are_answered_by_name_with_their_probabilities(netloom: Run, iris: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.csv"
    names = "sepal length (cm),sepal width (cm),petal length (cm),petal width (cm)"
    new.write_text(f"{names}\n5.1,3.5,1.4,0.2\n6.3,3.3,6.0,2.5\n")
    done = netloom("predict", iris, "--data", new, "-o", "-")
    assert done.code == 0, done.err
    first, second = csv.DictReader(done.out.splitlines())
    assert (first["class"], second["class"]) == ("setosa", "virginica")
    assert sum(float(first[f"p({name})"]) for name in ("setosa", "versicolor", "virginica")) == pytest.approx(1)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("size,side\n60,north\n", ["floor"]),
        ("size,floor,side\n60,high,north\n", ["row 1", "floor", "high"]),
        ("size,floor,side\n60,1,north\n61,1,west\n", ["row 2", "side", "west"]),
        ("", ["empty"]),
    ],
)
def test_that_rows_that_do_not_fit_are_named(
    netloom: Run, flats: Path, tmp_path: Path, content: str, words: list[str]
) -> None:
    new = tmp_path / "new.csv"
    new.write_text(content)
    done = netloom("predict", flats, "--data", new, "-o", tmp_path / "out.csv")
    assert done.code == 2
    assert done.err.count("\n") == 1
    assert all(word in done.err for word in ("new.csv", *words)), done.err
    assert not (tmp_path / "out.csv").exists()


def test_that_every_part_is_measured(netloom: Run, iris: Path) -> None:
    done = netloom("evaluate", iris, "--json")
    assert done.code == 0, done.err
    said = json.loads(done.out)
    assert set(said["metrics"]) == {"train", "validation"}
    assert said["metrics"]["train"]["accuracy"] > 0.9
    assert np.sum(said["confusion"]) == 30
    assert said["classes"] == ["setosa", "versicolor", "virginica"]


def test_that_a_file_of_new_rows_is_measured(netloom: Run, flats: Path, table: Path) -> None:
    done = netloom("evaluate", flats, "--data", table, "--json")
    assert done.code == 0, done.err
    metrics = json.loads(done.out)["metrics"][str(table)]
    assert metrics["r2"] > 0.999
    assert 0 < metrics["mae"] <= metrics["rmse"] < 300


def test_that_people_get_a_table_with_the_confusion(netloom: Run, iris: Path) -> None:
    said = netloom("evaluate", iris).out
    assert "accuracy" in said
    assert "share of answers that are right" in said
    assert "versicolor" in said


def test_that_a_design_is_told_from_a_project(netloom: Run, spiral: Path) -> None:
    done = netloom("evaluate", spiral)
    assert done.code == 2
    assert "nothing is learnt yet" in done.err


def test_that_a_project_that_is_not_there_is_named(netloom: Run, tmp_path: Path) -> None:
    done = netloom("predict", tmp_path / "none.netloom", "--data", "iris", "-o", "-")
    assert done.code == 2
    assert "none.netloom" in done.err


def test_that_answers_that_cannot_be_written_are_an_error(
    netloom: Run, flats: Path, table: Path, tmp_path: Path
) -> None:
    done = netloom("predict", flats, "--data", table, "-o", tmp_path / "no folder" / "out.csv")
    assert done.code == 2
    assert "no folder" in done.err
