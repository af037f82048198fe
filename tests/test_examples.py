"""The example designs: each opens, is well, and learns what it is there to show."""

from __future__ import annotations

from pathlib import Path

import pytest

import resources
from engine.data.prepare import prepare
from engine.design.checks import check
from engine.exchange.design_json import dumps, load_design
from engine.insight.metrics import measure_parts
from engine.training.train import train

FOLDER = Path(resources.__file__).parent / "examples"
EXAMPLES = sorted(FOLDER.glob("*.json"), key=lambda path: path.stem)

# What training has to reach: part, metric, the least value; of "overfitting", by how much it must fail.
REACHES = {
    "branches": ("train", "accuracy", 0.95),
    "circle": ("train", "accuracy", 0.99),
    "complex_curve": ("train", "r2", 0.99),
    "diabetes": ("train", "r2", 0.5),
    "digits": ("validation", "accuracy", 0.97),
    "iris": ("train", "accuracy", 0.97),
    "line": ("train", "r2", 0.95),
    "overfitting": ("train", "accuracy", 0.99),
    "sine": ("validation", "r2", 0.999),
    "spiral": ("train", "accuracy", 0.99),
    "xor": ("train", "accuracy", 0.98),
}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_that_an_example_is_well_and_says_what_it_shows(path: Path) -> None:
    document = load_design(path)
    assert check(document, prepare(document.data, document.split)).problems == ()
    assert document.title
    assert len(document.notes) > 30
    assert path.read_text(encoding="utf-8") == dumps(document)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_that_an_example_learns_what_it_shows(path: Path) -> None:
    part, metric, least = REACHES[path.stem]
    assert measure_parts(train(load_design(path)).program)[part][metric] >= least


def test_that_learning_by_heart_does_not_help_with_new_rows() -> None:
    parts = measure_parts(train(load_design(FOLDER / "overfitting.json")).program)
    assert parts["train"]["accuracy"] - parts["validation"]["accuracy"] > 0.1
    assert parts["validation"]["log_loss"] > 1


def test_that_titles_tell_the_examples_apart() -> None:
    titles = [load_design(path).title for path in EXAMPLES]
    assert len(set(titles)) == len(titles)
