"""Designs as JSON: nothing is lost on the way, and what is wrong is named with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

from engine.design.document import Document
from engine.errors import DesignError
from engine.exchange.design_json import dumps, load_design, loads, save_design
from engine.layers.unknown import Unknown
from tests.builders import chain, dense, documents


def raw_design() -> dict[str, Any]:
    raw: dict[str, Any] = json.loads(dumps(chain(dense(4, "relu"), dense(1))))
    return raw


def refusal(text: str) -> str:
    with pytest.raises(DesignError) as caught:
        loads(text, "net.json")
    return str(caught.value)


@settings(max_examples=80, deadline=None)
@given(documents())
def test_that_any_document_survives_its_text(document: Document) -> None:
    text = dumps(document)
    assert loads(text) == document
    assert dumps(loads(text)) == text


def test_that_a_design_is_saved_and_loaded(tmp_path: Path) -> None:
    document = chain(dense(4), dense(1), title="Größe – 尺寸")
    save_design(tmp_path / "net.json", document)
    assert load_design(tmp_path / "net.json") == document
    assert [file.name for file in tmp_path.iterdir()] == ["net.json"]


def test_that_a_file_is_readable_with_one_wire_in_one_line() -> None:
    lines = dumps(chain(dense(4), dense(1))).splitlines()
    assert '    {"source": "input_1", "target": "dense_1", "port": 0},' in lines
    assert lines[1] == '  "netloom": 1,'
    assert max(map(len, lines)) <= 130


def test_that_an_editor_s_byte_order_mark_is_no_hindrance(tmp_path: Path) -> None:
    (tmp_path / "net.json").write_text(dumps(chain()), encoding="utf-8-sig")
    assert load_design(tmp_path / "net.json") == chain()


def test_that_an_unknown_layer_is_kept_word_for_word() -> None:
    raw = raw_design()
    layer = {"type": "hologram", "depth": 3, "nested": {"b": [1, 2.5, None], "a": "é"}}
    raw["nodes"][1]["layer"] = layer
    raw["versions"]["layer/hologram"] = 7
    document = loads(json.dumps(raw))
    assert isinstance(document.node("dense_1").layer, Unknown)
    assert len(document.wires) == 2
    again = json.loads(dumps(document))
    assert again["nodes"][1]["layer"] == layer
    assert list(again["nodes"][1]["layer"]) == list(layer)
    assert again["versions"]["layer/hologram"] == 7


def test_that_a_layer_of_a_newer_version_is_kept_instead_of_misread() -> None:
    raw = raw_design()
    raw["versions"]["layer/dense"] = 99
    raw["nodes"][1]["layer"]["twist"] = 3
    again = json.loads(dumps(loads(json.dumps(raw))))
    assert again["nodes"][1]["layer"]["twist"] == 3
    assert again["versions"]["layer/dense"] == 99


def test_that_a_newer_optimizer_is_refused_with_the_way_out() -> None:
    raw = raw_design()
    raw["versions"]["optimizer/adam"] = 2
    said = refusal(json.dumps(raw))
    assert "optimizer adam" in said
    assert "Update Netloom" in said


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"units": 4', '"units": NaN', "column"),
        ('"units": 4', '"units": Infinity', "Infinity is no number"),
        ('"units": 4', '"units": 1e999', "1e999 is too large a number"),
        ('"units": 4', '"units": 4,,', "it is not JSON"),
        ('"units": 4', '"units": 4, "units": 5', "'units' is given twice"),
        ('"units": 4', '"units": 0', "node dense_1, units: must be at least 1, and 0 is given"),
        ('"units": 4', '"units": 4.5', "node dense_1, units: must be a whole number, and 4.5 is given"),
        ('"units": 4', '"units": "many"', "node dense_1, units: must be a whole number, and 'many' is given"),
        ('"units": 4', '"units": null', "node dense_1, units: must be a whole number, and nothing is given"),
        ('"units": 4', '"units": [4]', "node dense_1, units: must be a whole number, and a list is given"),
        ('"units": 4', '"unitz": 4', "node dense_1: there is no field 'unitz'. Near: units"),
        ('"units": 4', '"units": ' + "9" * 5000, "too many digits"),
        ('"relu"', '"rellu"', "node dense_1, activation: there is no activation called 'rellu'. Near: "),
        ('"id": "dense_2"', '"id": "dense_1"', "two nodes have the id 'dense_1'"),
        ('"id": "dense_2"', '"id": ""', "must have at least 1 character"),
        ('"source": "dense_1"', '"source": "nobody"', "names the node 'nobody', which is not there"),
        ('"target": "dense_1", "port": 0', '"target": "dense_1", "port": -1', "wire input_1 → dense_1, port"),
        ('"scaling": "standard"', '"scaling": "standart"', "split, scaling: must be 'standard'"),
        ('"type": "adam"', '"type": "adan"', "training, optimizer: there is no optimizer called 'adan'. Near: adam"),
        ('"learning_rate": 0.001', '"learning_rate": 0', "training, learning_rate: must be greater than 0"),
        ('"title": ""', '"titel": ""', "there is no field 'titel'. Near: title"),
        ('"title": ""', '"title": "\\ud800"', "half a character"),
        ('"netloom": 1', '"netloom": 99', "written by a newer Netloom"),
        ('"netloom": 1', '"netloom": "1"', "does not say that it is a Netloom design"),
        ('"layer/dense": 1', '"layer/dense": "x"', "versions, layer/dense"),
    ],
)  # fmt: skip
def test_that_a_fault_is_named_with_place_and_reason(old: str, new: str, said: str) -> None:
    # One line per list entry would be too tidy: what people write by hand is not laid out like our files.
    text = json.dumps(raw_design())
    assert old in text
    message = refusal(text.replace(old, new, 1))
    assert said in message
    assert message.startswith("net.json")
    assert "\n" not in message


def test_that_a_fault_of_json_is_given_with_line_and_column() -> None:
    assert refusal('{"netloom": 1,\n "title": NaN}').startswith("net.json, line 2, column 11: NaN is no number")
    assert refusal('{"netloom": 1,\n "title": }').startswith("net.json, line 2, column 11: it is not JSON")


def test_that_a_word_within_a_text_is_not_taken_for_a_number() -> None:
    assert refusal('{"title": "NaN",\n "notes": NaN}').startswith("net.json, line 2, column 11")
    assert loads('{"netloom": 1, "title": "NaN"}').title == "NaN"


@pytest.mark.parametrize(
    "text", ["", " \n", "[]", "3", "null", '"netloom"', "{", "[" * 100_000, '{"a":' * 100_000, "{}"], ids=range(10)
)
def test_that_what_is_no_design_is_refused(text: str) -> None:
    assert refusal(text).startswith("net.json")


@pytest.mark.parametrize("wrong", [None, 3, "x", [], {"a": 1}, [3], [[3]], [None], [{"id": 3}], [{}]])
@pytest.mark.parametrize("field", ["nodes", "wires", "data", "split", "training", "title", "versions"])
def test_that_no_type_at_any_place_ends_in_a_traceback(field: str, wrong: Any) -> None:
    raw = raw_design() | {field: wrong}
    try:
        loads(json.dumps(raw), "net.json")
    except DesignError as error:
        assert "net.json" in str(error)


@pytest.mark.parametrize("wrong", [None, 3, [], {}, {"type": None}, {"type": []}, {"type": {}}])
def test_that_a_layer_that_is_no_object_is_refused_with_its_node(wrong: Any) -> None:
    raw = raw_design()
    raw["nodes"][1]["layer"] = wrong
    assert "node dense_1" in refusal(json.dumps(raw))


def test_that_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "picture.json").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    for path, said in [
        (tmp_path / "gone.json", "not there"),
        (tmp_path, "folder"),
        (tmp_path / "picture.json", "not text"),
    ]:
        with pytest.raises(DesignError, match=said):
            load_design(path)


def test_that_a_file_too_large_for_a_design_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(2**40)  # a hole: it takes no room on the disk
    with pytest.raises(DesignError, match="too large"):
        load_design(tmp_path / "huge.json")


def test_that_a_failed_save_says_so_and_keeps_the_old_file(tmp_path: Path) -> None:
    with pytest.raises(DesignError, match="could not be saved: it is not there"):
        save_design(tmp_path / "no such folder" / "net.json", chain())
