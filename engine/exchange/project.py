"""The project file: a design with everything that its training has made, in one zip that opens anywhere."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from engine.data.recipe import Recipe
from engine.design.document import Document
from engine.errors import DataError, DesignError, ProjectError
from engine.exchange.archive import MANIFEST, Archive, write_archive
from engine.exchange.data_file import DataFile, describe, find, is_same, path_in, safe_name, with_path
from engine.exchange.design_json import dumps, loads
from engine.exchange.files import words, write_whole
from engine.exchange.tensors import Array, pack, unpack
from engine.exchange.timeline_part import LIMIT as TIMELINE_LIMIT
from engine.exchange.timeline_part import NUMBERS, PLAIN, pack_timeline, read_timeline
from engine.program.state import State
from engine.training.timeline.moment import Course

DESIGN, STATE, COUNTERS, HISTORY = "design.json", "state.safetensors", "state.json", "history.safetensors"
RECIPE, DATA, DATA_CONTENT = "prepared.json", "data.json", "data/content"
OURS = {MANIFEST, DESIGN, STATE, COUNTERS, HISTORY, RECIPE, DATA, DATA_CONTENT}
LARGEST_RECIPE = 2**25  # bytes: some 200,000 columns

Counter = int | float | str


@dataclass(frozen=True, eq=False)
class Project:
    """What one file holds.

    Attributes:
        state: all that training needs to go on: arrays by name, and counters (epoch, step, random state …), and
            how the data that it learnt from are named and scaled. None where nothing has been trained.
        history: the columns of the metric log.
        timeline: the moments that one can go back to, and the place of ``state`` among them; None where there are none.
        data: the file that the design learns from, as found; None for built-in data. Filled by `load_project`.
        extras: parts that a newer version has added; they are written back as they are.
    """

    document: Document
    state: State | None = None
    history: Mapping[str, Array] = field(default_factory=dict)
    timeline: Course | None = None
    data: DataFile | None = None
    extras: Mapping[str, bytes] = field(default_factory=dict)


def save_project(
    path: str | Path, project: Project, embed: bool | None = None, timeline_limit: int = TIMELINE_LIMIT
) -> None:
    """Write a project; the file that was there stays whole when that fails.

    Args:
        timeline_limit: bytes that its timeline may take; it is thinned to them.
        embed: carry the data file along; None: as it was opened, and else when it is small (20 MB).

    Raises:
        ProjectError: it cannot be written, or data are to be carried along that are not there.
    """
    path = Path(path)
    parts: dict[str, bytes | bytearray | Path] = {
        DESIGN: dumps(project.document).encode(),
        HISTORY: pack(project.history),
    }
    if project.state is not None:
        counters = {name: _to_json(value) for name, value in project.state.counters.items()}
        parts |= {STATE: pack(project.state.arrays), COUNTERS: json.dumps(counters, indent=1).encode()}
        parts |= _recipe_part(project.state)
    if project.timeline is not None:
        parts |= pack_timeline(project.timeline, timeline_limit)
    source = path_in(project.document)
    if source is not None:
        known = _describe_source(source, path, project.data, embed)
        parts[DATA] = json.dumps(_data_fields(known), indent=1).encode()
        if known.embedded:
            parts[DATA_CONTENT] = source
    parts |= {name: part for name, part in project.extras.items() if name not in parts}
    try:
        write_whole(path, lambda file: write_archive(file, parts, {"app": _version()}))
    except OSError as error:
        remedy = "The file that was there is unchanged; save to another place" if path.exists() else "Save elsewhere"
        raise ProjectError(str(path), f"the project could not be saved: {words(error)}", remedy) from error


def load_project(path: str | Path, unpack_to: Path | None = None, find_data: bool = True) -> Project:
    """Read a project; where its data file is gone, the copy inside is unpacked and used.

    Args:
        unpack_to: the folder for unpacked data; None: Netloom's cache.
        find_data: False leaves the data file alone, be it there or not: to predict takes none.

    Raises:
        ProjectError: the file is not there, damaged, changed, or one that nobody should open.
    """
    path = Path(path)
    try:
        with path.open("rb") as file, Archive(path, file) as archive:
            return _read(archive, path, unpack_to, find_data)
    except OSError as error:
        remedy = "Choose another file" if path.exists() else "Look for it where it was saved"
        raise ProjectError(str(path), f"the project cannot be read: {words(error)}", remedy) from error


def _read(archive: Archive, path: Path, unpack_to: Path | None, find_data: bool) -> Project:
    trained = {STATE, COUNTERS} & archive.entries.keys()
    for name in (DESIGN, HISTORY, *((STATE, COUNTERS) if trained else ())):
        if name not in archive.entries:
            raise archive.error(f"its part {name} is missing", "Use another copy of the file")
    try:
        document = loads(archive.read(DESIGN).decode(), DESIGN)
    except UnicodeDecodeError:
        raise archive.error(f"its part {DESIGN} is no text", "Use another copy of the file") from None
    except DesignError as error:
        remedy = error.remedy or "Use another copy of the file"
        raise ProjectError(f"{path.name}, {error.thing}", error.reason, remedy) from None
    data = None
    written = path_in(document)
    if find_data and DATA in archive.entries and written is not None:
        document, data = _find_data(archive, path, document, unpack_to)
    place = path_in(document)

    def moved(known: Document) -> Document:
        return with_path(known, place) if place is not None and path_in(known) == written else known

    timeline = read_timeline(archive, moved) if trained else None
    ours = OURS if timeline is None else OURS | {PLAIN, NUMBERS}
    return Project(
        document,
        _read_state(archive) if trained else None,
        unpack(archive.read(HISTORY), path.name, HISTORY),
        timeline,
        data,
        {name: archive.read(name) for name in archive.entries if name not in ours},
    )


def _read_state(archive: Archive) -> State:
    recipe = _read_recipe(archive) if RECIPE in archive.entries else None
    return State(unpack(archive.read(STATE), archive.thing, STATE), _read_counters(archive), recipe)


def _recipe_part(state: State) -> dict[str, bytes]:
    """What is known of the data; nothing where it could not be read again: weights are worth saving all the same."""
    if state.recipe is None:
        return {}
    try:
        recipe = Recipe.of(state.recipe)
    except DataError:
        return {}
    part = json.dumps(recipe.model_dump(mode="json"), indent=1).encode()
    return {RECIPE: part} if len(part) <= LARGEST_RECIPE else {}


def _read_recipe(archive: Archive) -> dict[str, Any]:
    if archive.entries[RECIPE].bytes > LARGEST_RECIPE:
        raise archive.error(f"its part {RECIPE} is larger than any that is saved", "Use another copy of the file")
    raw = _read_object(archive, RECIPE)
    try:
        Recipe.of(raw)
    except DataError as error:
        reason = f"its part {RECIPE} cannot be used: {error.reason}"
        raise archive.error(reason, "Use another copy of the file") from None
    return raw


def _read_counters(archive: Archive) -> dict[str, Counter]:
    raw = _read_object(archive, COUNTERS)
    try:
        return {name: _from_json(value) for name, value in raw.items()}
    except ValueError:
        raise archive.error(f"its part {COUNTERS} holds no counters", "Use another copy of the file") from None


def _read_object(archive: Archive, name: str) -> dict[str, Any]:
    try:
        raw = json.loads(archive.read(name))
    except (ValueError, RecursionError):
        raw = None
    if not isinstance(raw, dict):
        raise archive.error(f"its part {name} cannot be read", "Use another copy of the file")
    return raw


def _to_json(value: Counter | np.generic) -> Any:
    """JSON has no infinity, and a best loss begins with it; NumPy's scalars are plain numbers to a file."""
    if isinstance(value, np.generic):
        value = value.item()
    return {"float": repr(value)} if isinstance(value, float) and not math.isfinite(value) else value


def _from_json(value: Any) -> Counter:
    if isinstance(value, dict) and isinstance(value.get("float"), str):
        return float(value["float"])
    if not isinstance(value, int | float | str):
        raise ValueError(f"{value!r} is no counter")
    return value


def _describe_source(source: Path, path: Path, known: DataFile | None, embed: bool | None) -> DataFile:
    """The data file as it is now, or as it was when it is gone: weights are worth saving all the same."""
    try:
        now = describe(source, path, embed)
    except OSError as error:
        if embed:
            raise ProjectError(
                str(source), f"it cannot be put into the project: {words(error)}", "Choose the data file again"
            ) from error
        same = known is not None and known.name == source.name
        return replace(known, embedded=False) if known and same else DataFile(str(source), "", "", 0, False)
    carried = embed is None and known is not None and known.embedded and known.sha256 == now.sha256
    return replace(now, embedded=True) if carried else now


def _data_fields(known: DataFile) -> dict[str, Any]:
    return {name: value for name, value in asdict(known).items() if name != "whereabouts"}


def _find_data(archive: Archive, path: Path, document: Document, unpack_to: Path | None) -> tuple[Document, DataFile]:
    raw = _read_object(archive, DATA)
    expected = {"path": str, "relative": str, "sha256": str, "bytes": int, "embedded": bool}
    if raw.keys() != expected.keys() or any(type(raw[name]) is not kind for name, kind in expected.items()):
        raise archive.error(f"its part {DATA} cannot be read", "Use another copy of the file")
    known = DataFile(**raw)
    place, whereabouts = find(known, path)
    if whereabouts in ("changed", "missing") and known.embedded and DATA_CONTENT in archive.entries:
        place, whereabouts = _unpack_data(archive, known, unpack_to), "unpacked"
    if place is not None and place != Path(os.path.abspath(str(path_in(document)))):
        document = with_path(document, place)
    return document, replace(known, whereabouts=whereabouts)


def _unpack_data(archive: Archive, known: DataFile, folder: Path | None) -> Path:
    """The data that the project carries, as a file of its own; a folder per content, so that names never clash."""
    if folder is None:
        from platformdirs import user_cache_path

        folder = user_cache_path("netloom", appauthor=False) / "data"
    entry = archive.entries[DATA_CONTENT]
    place = folder / entry.sha256[:16] / safe_name(known.name)
    if is_same(place, entry.bytes, entry.sha256):
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    write_whole(place, lambda file: archive.copy(DATA_CONTENT, file.write))
    return place


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("netloom")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return ""
