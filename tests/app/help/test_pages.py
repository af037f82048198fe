"""Every page of help: it is there, it says something, and its links lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import Field

from app.examples import RESOURCES, examples
from app.help.fields import fields_of, number
from app.help.pages import FAMILIES, INDEX, SETTINGS, SHORTCUTS, family_of, pages
from app.help.render import found, rendered
from app.help.sketches import DRAWN, sketch_of
from app.help.texts import HELP, parsed, text_of
from engine.data import Source
from engine.kernels.activations import ACTIVATIONS
from engine.layers import Layer
from engine.training.spec import DataSplit, TrainingSpec

LINK = re.compile(r'href="([^"]+)"')
EVERY = sorted(pages())


def test_that_every_kind_of_every_family_has_a_page() -> None:
    there = set(pages())
    for family, base in FAMILIES.items():
        assert {f"{family}/{kind}" for kind in base.kinds} <= there
    assert {f"data/{kind}" for kind in Source.kinds} <= there
    assert {f"activation/{name}" for name in ACTIVATIONS} <= there
    for family, model in SETTINGS.items():
        assert {f"{family}/{name}" for name in model.model_fields} <= there


@pytest.mark.parametrize("address", sorted(f"{file.parent.name}/{file.stem}" for file in HELP.rglob("*.md")))
def test_that_what_is_written_belongs_to_a_page_and_ends_in_what_to_try(address: str) -> None:
    assert address in pages()
    assert "## What to try\n\n1. " in text_of(address).body


@pytest.mark.parametrize("address", [INDEX, *EVERY])
def test_that_every_link_leads_to_a_page(address: str) -> None:
    html = rendered(address).html
    there = {INDEX, SHORTCUTS, *pages(), *(f"example/{example.name}" for example in examples())}
    assert {link.partition("#")[0] for link in LINK.findall(html)} <= there
    assert set(text_of(address).listed("see")) <= there


@pytest.mark.parametrize("address", EVERY)
def test_that_no_mark_of_a_formula_is_left_unread(address: str) -> None:
    html = rendered(address).html
    assert not re.search(r"[{}`]|\^|\*\*", html)
    assert pages()[address].summary


@pytest.fixture
def new_layer() -> Iterator[str]:
    class Squeeze(Layer):
        """y = x / (1 + x²), a layer that nobody has written about."""

        kind = "squeeze_for_test"
        title = "Squeeze"
        summary = "Squeezes."
        strength: float = Field(0.5, gt=0, le=3, title="Strength", description="How hard.")

    yield "layer/squeeze_for_test"
    del Layer.kinds["squeeze_for_test"]


def test_that_a_new_layer_has_a_page_at_once(new_layer: str) -> None:
    html = rendered(new_layer).html
    for words in ("Squeeze", "a layer that nobody has written about", "Strength", "How hard.", "&gt; 0, ≤ 3", "0.5"):
        assert words in html
    assert found("squeeze")[0].address == new_layer


def test_that_a_page_lists_its_fields_with_bounds_default_and_unit() -> None:
    (field,) = fields_of(pages()["training/batch_size"])
    assert (field.title, field.default, field.bounds, field.unit) == (
        "Batch size", "32", "≥ 1, ≤ 1,000,000", "examples",
    )  # fmt: skip
    units, activation, *_ = fields_of(pages()["layer/dense"])
    assert units.default == "8"
    assert ("ReLU", "activation/relu") in activation.pages


@pytest.mark.parametrize(
    ("value", "written"),
    [(1_000_000, "1,000,000"), (1e-8, "10⁻⁸"), (0.001, "0.001"), (1e12, "10¹²"),
     (2.5e-6, "2.5·10⁻⁶"), (-4, "-4")],
)  # fmt: skip
def test_that_numbers_are_written_as_people_do(value: float, written: str) -> None:
    assert number(value) == written


@pytest.mark.parametrize("address", [address for address in EVERY if address.partition("/")[0] in DRAWN])
def test_that_a_picture_shows_finite_numbers_or_is_none(address: str) -> None:
    sketch = sketch_of(address)
    without = ("loss/auto", "schedule/plateau", "data/table", "data/arrays", "data/characters", "data/copy")
    assert (sketch is None) == (address in without)
    if sketch is not None:
        assert sketch.said
        numbers = [*(line.y for line in sketch.lines), sketch.points, sketch.tiles]
        assert any(each is not None and len(each) for each in numbers)
        assert all(abs(each).max() < 1e6 for each in numbers if each is not None)


def test_that_the_search_finds_by_title_other_names_and_text() -> None:
    assert found("relu")[0].address == "activation/relu"
    assert found("kaiming")[0].family == "initialiser"
    assert "layer/simple_rnn" in [page.address for page in found("elman")]
    assert "topic/overfitting" in [page.address for page in found("learns by heart")]
    assert found("xylophone") == []


def test_that_a_text_may_do_without_a_head() -> None:
    assert parsed("also: one, two\n\nBody") == parsed("also: one, two\n\n\nBody\n")
    assert parsed("Only text: with a colon.\n\nMore.").body.startswith("Only text")
    assert parsed("also: one, two\n\nBody").listed("also") == ("one", "two")


def test_that_models_know_their_family() -> None:
    assert family_of(TrainingSpec) == "training"
    assert family_of(DataSplit) == "split"
    assert family_of(Layer.kinds["dense"]) == "layer"
    assert family_of(Source.kinds["spiral"]) == "data"


def test_that_help_is_packed_with_the_program() -> None:
    assert Path(HELP).is_relative_to(RESOURCES)
