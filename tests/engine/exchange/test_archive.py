"""Project files that nobody should believe: damaged, changed by hand, or made to do harm."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.design.document import Document
from engine.errors import ProjectError
from engine.exchange.archive import LARGEST_PACKED, MANIFEST
from engine.exchange.project import Project, load_project, save_project
from engine.program.state import State
from tests.builders import chain, dense


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    state = State({"w": np.arange(6.0).reshape(2, 3)}, {"epoch": 3})
    path = tmp_path_factory.mktemp("whole") / "net.netloom"
    save_project(path, Project(chain(dense(4), dense(1)), state, {"loss": np.array([1.0, 0.5])}))
    return path.read_bytes()


def refusal(path: Path, content: bytes) -> str:
    path.write_bytes(content)
    with pytest.raises(ProjectError) as caught:
        load_project(path, path.parent / "unpacked")
    said = str(caught.value)
    assert "\n" not in said
    assert path.name in said
    assert caught.value.remedy
    assert not (path.parent / "unpacked").exists()
    return said


Parts = dict[str, bytes]


def parts_of(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: Parts, *more: tuple[str | zipfile.ZipInfo, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in [*parts.items(), *more]:
            archive.writestr(name, part)
    return file.getvalue()


def relisted(parts: Parts) -> Parts:
    """With a manifest that fits: a forger can count, too."""
    manifest = json.loads(parts[MANIFEST])
    manifest["entries"] = {
        name: {"bytes": len(part), "sha256": hashlib.sha256(part).hexdigest()}
        for name, part in parts.items() if name != MANIFEST
    }  # fmt: skip
    return parts | {MANIFEST: json.dumps(manifest).encode()}


def test_that_a_file_cut_off_anywhere_is_refused(whole: bytes, tmp_path: Path) -> None:
    for length in [0, 1, 21, 22, len(whole) // 2, *range(len(whole) - 60, len(whole) - 1, 7)]:
        refusal(tmp_path / "net.netloom", whole[:length])


@settings(max_examples=300, deadline=None)
@given(data=st.data())
def test_that_a_flipped_bit_is_refused_or_changes_nothing(
    data: st.DataObject, whole: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "flipped.netloom"
    position, bit = data.draw(st.integers(0, len(whole) - 1)), data.draw(st.integers(0, 7))
    path.write_bytes(whole[:position] + bytes([whole[position] ^ 1 << bit]) + whole[position + 1 :])
    try:
        project = load_project(path)
    except ProjectError:
        return
    assert project.document == chain(dense(4), dense(1))
    assert project.state is not None
    assert project.state.counters == {"epoch": 3}
    np.testing.assert_array_equal(project.state.arrays["w"], np.arange(6.0).reshape(2, 3))
    np.testing.assert_array_equal(project.history["loss"], [1.0, 0.5])


@settings(max_examples=100, deadline=None)
@given(content=st.binary(max_size=300))
def test_that_any_bytes_are_refused_in_one_sentence(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    refusal(tmp_path_factory.getbasetemp() / "noise.netloom", content)


def test_that_a_changed_part_is_noticed_by_its_hash(whole: bytes, tmp_path: Path) -> None:
    parts = parts_of(whole)
    parts["design.json"] = parts["design.json"].replace(b'"units": 4', b'"units": 5')
    assert "its part design.json is not what was saved" in refusal(tmp_path / "a.netloom", zipped(parts))


@pytest.mark.parametrize("name", ["design.json", "state.safetensors", "state.json", "history.safetensors"])
def test_that_a_missing_part_is_named(whole: bytes, tmp_path: Path, name: str) -> None:
    parts = parts_of(whole)
    del parts[name]
    assert name in refusal(tmp_path / "a.netloom", zipped(parts))
    assert name in refusal(tmp_path / "a.netloom", zipped(relisted(parts)))


@pytest.mark.parametrize(
    "name", ["../evil", "a/../../evil", "/etc/passwd", "C:evil", "C:\\evil", "..\\evil", "a//b", "./a", "a/.", ".."]
)
def test_that_a_path_that_climbs_out_is_refused(whole: bytes, tmp_path: Path, name: str) -> None:
    info = zipfile.ZipInfo("placeholder")
    info.filename = name
    said = refusal(tmp_path / "a.netloom", zipped(parts_of(whole), (info, b"x")))
    assert "outside of the project" in said


def test_that_a_link_is_refused(whole: bytes, tmp_path: Path) -> None:
    link = zipfile.ZipInfo("data/link")
    link.external_attr = 0o120777 << 16
    said = refusal(tmp_path / "a.netloom", zipped(parts_of(whole), (link, b"/etc/passwd")))
    assert "is a link to another file" in said


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_that_a_part_given_twice_is_refused(whole: bytes, tmp_path: Path) -> None:
    said = refusal(tmp_path / "a.netloom", zipped(parts_of(whole), ("design.json", b"{}")))
    assert "twice" in said


def test_that_a_zip_bomb_is_refused_before_it_unfolds(whole: bytes, tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts_of(whole).items():
            archive.writestr(name, part)
        with archive.open("data/content", "w", force_zip64=True) as out:
            for _ in range(LARGEST_PACKED // 2**20 + 1):
                out.write(bytes(2**20))
    assert len(file.getvalue()) < 200_000
    assert "as a zip bomb does" in refusal(tmp_path / "a.netloom", file.getvalue())


def test_that_a_bomb_of_many_parts_is_refused(whole: bytes, tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(6):
            archive.writestr(f"part{number}", bytes(LARGEST_PACKED - 1))
    assert "as a zip bomb does" in refusal(tmp_path / "a.netloom", file.getvalue())


def test_that_a_part_that_lies_about_its_size_does_not_unfold_further(whole: bytes, tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts_of(whole).items():
            archive.writestr(name, bytes(2**22) if name == "state.json" else part)
        info = archive.getinfo("state.json")
        true_size = struct.pack("<L", info.file_size)
    small = file.getvalue().replace(true_size, struct.pack("<L", len(parts_of(whole)["state.json"])))
    refusal(tmp_path / "a.netloom", small)


def test_that_parts_on_top_of_each_other_are_refused(whole: bytes, tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a", np.random.default_rng(0).bytes(10_000))
        first = archive.getinfo("a")
        for number in range(9):
            twin = zipfile.ZipInfo(f"b{number}")
            for name in ("compress_type", "CRC", "compress_size", "file_size", "header_offset"):
                setattr(twin, name, getattr(first, name))
            archive.filelist.append(twin)
            archive.NameToInfo[twin.filename] = twin
    assert "lie over each other" in refusal(tmp_path / "a.netloom", file.getvalue())


def test_that_too_many_parts_are_refused(whole: bytes, tmp_path: Path) -> None:
    many = {f"part{number}": b"" for number in range(1001)}
    assert "more than a project ever does" in refusal(tmp_path / "a.netloom", zipped(many))


def test_that_another_zip_is_not_taken_for_a_project(tmp_path: Path) -> None:
    assert "no Netloom project" in refusal(tmp_path / "a.netloom", zipped({"word/document.xml": b"<w/>"}))


def manifest(change: Callable[[dict[str, Any]], Any]) -> Callable[[bytes], bytes]:
    def changed(whole: bytes) -> bytes:
        parts = parts_of(whole)
        listed = json.loads(parts[MANIFEST])
        listed = change(listed) or listed
        return zipped(parts | {MANIFEST: json.dumps(listed).encode()})

    return changed


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: m.update(netloom_project=99), "written by a newer Netloom"),
        (lambda m: m.update(netloom_project="1"), "does not say that it is a Netloom project"),
        (lambda m: m.update(netloom_project=True), "does not say that it is a Netloom project"),
        (lambda m: m.update(entries=[]), "lists no parts"),
        (lambda m: m["entries"].update({"design.json": 3}), "does not say what 'design.json' is"),
        (lambda m: m["entries"]["design.json"].update(bytes=-1), "is not what was saved"),
        (lambda m: m["entries"]["design.json"].update(bytes=True), "does not say what 'design.json' is"),
        (lambda m: m["entries"]["design.json"].update(sha256="0"), "is not what was saved"),
        (lambda m: m["entries"].update({"gone": {"bytes": 1, "sha256": ""}}), "its part 'gone' is missing"),
        (lambda m: [1], "cannot be read"),
    ],
)  # fmt: skip
def test_that_a_lying_manifest_is_refused(
    whole: bytes, tmp_path: Path, change: Callable[[dict[str, Any]], Any], said: str
) -> None:
    assert said in refusal(tmp_path / "a.netloom", manifest(change)(whole))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("design.json", b"{", "design.json"),
        ("design.json", b"\xff\xfe", "is no text"),
        ("design.json", b'{"netloom": 99}', "written by a newer Netloom"),
        ("state.json", b"[]", "state.json cannot be read"),
        ("state.json", b"[" * 100_000, "state.json cannot be read"),
        ("state.json", b'{"epoch": [1]}', "holds no counters"),
        ("state.json", b'{"epoch": {"float": "x"}}', "holds no counters"),
        ("state.json", b'{"epoch": {"float": null}}', "holds no counters"),
        ("state.safetensors", b"", "holds no numbers that can be read"),
        ("state.safetensors", b"\xff" * 8 + b"{}", "holds no numbers that can be read"),
    ],
)
def test_that_a_forged_part_is_refused(whole: bytes, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    assert said in refusal(tmp_path / "a.netloom", zipped(relisted(parts_of(whole) | {name: content})))


def tensor_file(header: Any, body: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + body


@pytest.mark.parametrize(
    "content",
    [
        tensor_file({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 800]}}, bytes(8)),
        tensor_file({"w": {"dtype": "F32", "shape": [200], "data_offsets": [0, 8]}}, bytes(8)),
        tensor_file({"w": {"dtype": "F32", "shape": [2**62, 2**62], "data_offsets": [0, 8]}}, bytes(8)),
        tensor_file({"w": {"dtype": "F32", "shape": [-2], "data_offsets": [0, 8]}}, bytes(8)),
        tensor_file({"w": {"dtype": "O", "shape": [1], "data_offsets": [0, 8]}}, bytes(8)),
        tensor_file({"w": {"dtype": "BF16", "shape": [4], "data_offsets": [0, 8]}}, bytes(8)),
        tensor_file({"w": {"dtype": "F32", "shape": [2], "data_offsets": [8, 0]}}, bytes(8)),
        tensor_file({"w": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]},
                     "v": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}}, bytes(8)),
        tensor_file(b"not json at all"),
        tensor_file([]),
        struct.pack("<Q", 2**63) + b"{}",
    ],
)  # fmt: skip
def test_that_a_header_of_tensors_that_lies_is_refused(whole: bytes, tmp_path: Path, content: bytes) -> None:
    parts = relisted(parts_of(whole) | {"state.safetensors": content})
    assert "holds no numbers that can be read" in refusal(tmp_path / "a.netloom", zipped(parts))


def test_that_what_the_manifest_does_not_list_is_left_alone(whole: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.netloom"
    path.write_bytes(zipped(parts_of(whole), ("__MACOSX/.x", b"y"), ("folder/", b"")))
    assert load_project(path).extras == {}


def test_that_parts_of_a_newer_version_are_written_back(tmp_path: Path) -> None:
    path = tmp_path / "a.netloom"
    save_project(path, Project(Document(), extras={"timeline/1.safetensors": b"xyz"}))
    again = load_project(path)
    assert again.extras == {"timeline/1.safetensors": b"xyz"}
    save_project(path, again)
    assert load_project(path).extras == again.extras
