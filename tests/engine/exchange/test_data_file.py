"""The data of a project: carried along, used where they are, moved, missing, changed, forged."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.design.document import Document
from engine.errors import ProjectError
from engine.exchange.archive import LARGEST_PACKED
from engine.exchange.data_file import EMBEDDED_UP_TO, safe_name
from engine.exchange.project import Project, load_project, save_project
from engine.program.state import State
from tests.builders import chain, dense


def with_table(folder: Path, content: bytes = b"a,b\n1,2\n3,4\n") -> tuple[Path, Document]:
    file = folder / "points.csv"
    file.write_bytes(content)
    return file, chain(dense(1), data={"type": "table", "path": str(file)})


def test_that_a_small_table_travels_with_the_project(tmp_path: Path) -> None:
    file, document = with_table(tmp_path)
    save_project(tmp_path / "a.netloom", Project(document))
    file.unlink()
    project = load_project(tmp_path / "a.netloom", tmp_path / "cache")
    assert project.data is not None
    assert project.data.whereabouts == "unpacked"
    assert "the copy that the project carries is used" in project.data.notice
    assert Path(project.document.data.path).read_bytes() == b"a,b\n1,2\n3,4\n"
    assert Path(project.document.data.path).name == "points.csv"


def test_that_a_table_in_place_is_used_where_it_is(tmp_path: Path) -> None:
    _, document = with_table(tmp_path)
    save_project(tmp_path / "a.netloom", Project(document))
    project = load_project(tmp_path / "a.netloom", tmp_path / "cache")
    assert project.document == document
    assert project.data is not None
    assert (project.data.whereabouts, project.data.notice) == ("as saved", "")
    assert not (tmp_path / "cache").exists()


def test_that_project_and_table_may_move_together(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    _, document = with_table(tmp_path / "old")
    save_project(tmp_path / "old" / "a.netloom", Project(document), embed=False)
    shutil.move(tmp_path / "old", tmp_path / "new")
    project = load_project(tmp_path / "new" / "a.netloom")
    assert project.data is not None
    assert project.data.whereabouts == "moved"
    assert project.document.data.path == str(tmp_path / "new" / "points.csv")


def test_that_a_missing_table_is_said_and_the_weights_are_there(tmp_path: Path) -> None:
    file, document = with_table(tmp_path)
    save_project(tmp_path / "a.netloom", Project(document, State({"w": np.ones(2)}, {})), embed=False)
    file.unlink()
    project = load_project(tmp_path / "a.netloom")
    assert project.data is not None
    assert project.data.whereabouts == "missing"
    assert "points.csv is no longer at" in project.data.notice
    assert project.state is not None
    save_project(tmp_path / "b.netloom", project)
    file.write_bytes(b"a,b\n1,2\n3,4\n")
    again = load_project(tmp_path / "b.netloom").data
    assert again is not None
    assert again.whereabouts == "as saved"


@pytest.mark.parametrize("content", [b"a,b\n9,9\n3,4\n", b"a,b\n"])
def test_that_a_changed_table_is_said(tmp_path: Path, content: bytes) -> None:
    file, document = with_table(tmp_path)
    save_project(tmp_path / "a.netloom", Project(document), embed=False)
    file.write_bytes(content)
    project = load_project(tmp_path / "a.netloom")
    assert project.data is not None
    assert project.data.whereabouts == "changed"
    assert "has changed since the project was saved" in project.data.notice
    assert project.document == document


def test_that_the_wish_to_carry_data_is_kept(tmp_path: Path) -> None:
    file, document = with_table(tmp_path)
    with file.open("ab") as table:
        table.write(b"5,6\n" * (EMBEDDED_UP_TO // 4))
    path = tmp_path / "a.netloom"
    save_project(path, Project(document))
    assert path.stat().st_size < 10_000
    save_project(path, Project(document), embed=True)
    opened = load_project(path)
    save_project(path, opened)
    file.unlink()
    unpacked = load_project(path, tmp_path / "cache")
    assert unpacked.data is not None
    assert unpacked.data.whereabouts == "unpacked"
    with pytest.raises(ProjectError, match=r"points\.csv: it cannot be put into the project"):
        save_project(path, opened, embed=True)


def test_that_data_too_large_to_be_packed_are_carried_as_they_are(tmp_path: Path) -> None:
    file, document = with_table(tmp_path)
    with file.open("wb") as table:
        table.truncate(LARGEST_PACKED + 1)
    path = tmp_path / "a.netloom"
    save_project(path, Project(document), embed=True)
    file.unlink()
    project = load_project(path, tmp_path / "cache")
    assert Path(project.document.data.path).stat().st_size == LARGEST_PACKED + 1


def test_that_damaged_data_are_not_unpacked(tmp_path: Path) -> None:
    file, document = with_table(tmp_path)
    path = tmp_path / "a.netloom"
    save_project(path, Project(document))
    file.unlink()
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(tmp_path / "b.netloom", "w") as new:
        for name in old.namelist():
            new.writestr(name, b"a,b\n1,2\n3,5\n" if name == "data/content" else old.read(name))
    with pytest.raises(ProjectError, match="its part data/content is not what was saved"):
        load_project(tmp_path / "b.netloom", tmp_path / "cache")
    assert [each for each in (tmp_path / "cache").rglob("*") if each.is_file()] == []


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("points.csv", "points.csv"), ("/etc/passwd", "passwd"), ("C:\\data\\Größe 1.csv", "Größe 1.csv"),
        ("..", "data"), ("", "data"), ("a\0b\n.csv", "a_b_.csv"), ("con.csv", "_con.csv"), ("x" * 300, "x" * 100),
    ],
)  # fmt: skip
def test_that_an_unpacked_file_gets_a_harmless_name(name: str, safe: str) -> None:
    assert safe_name(name) == safe


@pytest.mark.parametrize(
    "change", [{"bytes": "8"}, {"path": 3}, {"embedded": 1}, {"more": 1}, {"sha256": None}, {"path": "a\0b"}]
)
def test_that_a_forged_reference_is_refused_or_not_found(tmp_path: Path, change: dict[str, Any]) -> None:
    from tests.engine.exchange.test_archive import parts_of, relisted, zipped

    file, document = with_table(tmp_path)
    path = tmp_path / "a.netloom"
    save_project(path, Project(document), embed=False)
    file.unlink()
    parts = parts_of(path.read_bytes())
    parts["data.json"] = json.dumps(json.loads(parts["data.json"]) | change).encode()
    path.write_bytes(zipped(relisted(parts)))
    try:
        data = load_project(path).data
    except ProjectError as error:
        assert "data.json" in str(error)
    else:
        assert data is not None
        assert data.whereabouts == "missing"
