"""`datasets` and `layers`: everything that is declared is listed, with what one may set."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.data import Source
from engine.layers import Layer

Run = Any


@pytest.mark.parametrize(("verb", "family"), [("datasets", Source), ("layers", Layer)])
def test_that_every_kind_is_listed(netloom: Run, verb: str, family: Any) -> None:
    done = netloom(verb)
    assert done.code == 0, done.err
    listed = {line.split()[0] for line in done.out.splitlines()[1:]}
    assert set(family.kinds) <= listed


@pytest.mark.parametrize(("verb", "family"), [("datasets", Source), ("layers", Layer)])
def test_that_a_kind_can_be_made_from_what_is_listed(netloom: Run, verb: str, family: Any) -> None:
    for line in netloom(verb, "--json").out.splitlines():
        about = json.loads(line)
        assert family.kinds[about["name"]].model_fields.keys() == about["fields"].keys()
        assert about["summary"] or about["title"]


def test_that_a_field_is_listed_with_its_bounds_and_default(netloom: Run) -> None:
    kinds = {about["name"]: about for about in map(json.loads, netloom("layers", "--json").out.splitlines())}
    units = kinds["dense"]["fields"]["units"]
    assert (units["ge"], units["default"]) == (1, 8)
