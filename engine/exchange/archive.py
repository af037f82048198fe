"""The zip around a project: every entry listed with size and hash, and nothing believed that is not checked."""

from __future__ import annotations

import hashlib
import json
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from engine.errors import ProjectError

MANIFEST = "manifest.json"
FORMAT = 1

MOST_ENTRIES = 1000
LARGEST_PACKED = 64 * 2**20  # bytes that a compressed entry may unfold to; larger ones are written uncompressed
MOST_PACKED = 4 * LARGEST_PACKED  # the same for all of them together
LARGEST_MANIFEST = 2**20
BLOCK = 2**20

_BACKUP = "Use another copy of the file; this one is damaged or was changed by hand"


@dataclass(frozen=True)
class Entry:
    """What the manifest says of an entry."""

    bytes: int
    sha256: str


def write_archive(file: BinaryIO, parts: Mapping[str, bytes | bytearray | Path], about: Mapping[str, Any]) -> None:
    """Write parts, from memory or from files, and the manifest; equal parts give equal bytes.

    Args:
        about: what else the manifest says, such as the version of the program.

    Raises:
        OSError: a part cannot be read, or the file cannot be written.
    """
    listed: dict[str, dict[str, Any]] = {}
    with zipfile.ZipFile(file, "w", strict_timestamps=False) as archive:
        for name, part in parts.items():
            listed[name] = _write_part(archive, name, part)
        manifest = {"netloom_project": FORMAT, **about, "entries": listed}
        _write_part(archive, MANIFEST, json.dumps(manifest, indent=1).encode())


def _write_part(archive: zipfile.ZipFile, name: str, part: bytes | bytearray | Path) -> dict[str, Any]:
    size = part.stat().st_size if isinstance(part, Path) else len(part)
    info = zipfile.ZipInfo(name)  # its date is always 1980: the same project is the same file
    info.external_attr = 0o644 << 16
    numbers = name.endswith(".safetensors")  # noise to a compressor
    info.compress_type = zipfile.ZIP_STORED if numbers or size > LARGEST_PACKED else zipfile.ZIP_DEFLATED
    digest, written = hashlib.sha256(), 0
    # A data file may grow while it is read: the hash is of what was written.
    with archive.open(info, "w", force_zip64=size > 2**30) as out:
        for block in _blocks(part):
            digest.update(block)
            written += len(block)
            out.write(block)
    return {"bytes": written, "sha256": digest.hexdigest()}


def _blocks(part: bytes | bytearray | Path) -> Iterator[bytes | memoryview]:
    if isinstance(part, Path):
        with part.open("rb") as file:
            while block := file.read(BLOCK):
                yield block
    else:
        view = memoryview(part)
        for start in range(0, len(view), BLOCK):
            yield view[start : start + BLOCK]


class Archive:
    """A project's zip, opened for reading; use it in a ``with``.

    Attributes:
        about: the manifest.
        entries: {name: Entry} of what the manifest lists. What else the zip holds is never looked at.
    """

    def __init__(self, path: Path, file: BinaryIO) -> None:
        """Look at the zip's list and the manifest, at nothing else.

        Raises:
            ProjectError: the file is no project, or one that nobody should open.
        """
        self.thing = path.name
        self._file = file
        with self._careful():
            self._zip = zipfile.ZipFile(file)
            self._infos = self._safe_infos(file)
            self.about = self._manifest()
        self.entries = self._listed()

    def read(self, name: str) -> bytes:
        """A listed entry.

        Raises:
            ProjectError: it is not what the manifest says.
        """
        blocks: list[bytes] = []
        self.copy(name, blocks.append)
        return b"".join(blocks)

    def copy(self, name: str, write: Callable[[bytes], Any]) -> None:
        """Hand a listed entry on in blocks; all of them have been written when a wrong hash is found.

        Raises:
            ProjectError: it is not what the manifest says.
        """
        entry = self.entries[name]
        digest, count = hashlib.sha256(), 0
        with self._careful(), self._zip.open(self._infos[name]) as file:
            while block := file.read(BLOCK):
                count += len(block)
                if count > entry.bytes:
                    break
                digest.update(block)
                write(block)
        if count != entry.bytes or digest.hexdigest() != entry.sha256:
            raise self.error(f"its part {name} is not what was saved", _BACKUP)

    def error(self, reason: str, remedy: str = "") -> ProjectError:
        return ProjectError(self.thing, reason, remedy)

    @contextmanager
    def _careful(self) -> Iterator[None]:
        """What reading a broken zip raises, as one sentence."""
        try:
            yield
        except (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError, ValueError) as error:
            raise self.error("it is cut off, damaged, or no project at all", _BACKUP) from error

    def _safe_infos(self, file: BinaryIO) -> dict[str, zipfile.ZipInfo]:
        """The zip's entries by name, when none of them is a trick."""
        found = self._zip.infolist()
        if len(found) > MOST_ENTRIES:
            raise self.error(f"it holds {len(found):,} files, more than a project ever does", _BACKUP)
        size = file.seek(0, 2)
        infos: dict[str, zipfile.ZipInfo] = {}
        for info in found:
            name = info.orig_filename
            if not _inside(name):
                raise self.error(f"its part {name[:80]!r} would lie outside of the project", "Do not open it")
            if stat.S_ISLNK(info.external_attr >> 16):
                raise self.error(f"its part {name[:80]!r} is a link to another file", "Do not open it")
            if name in infos:
                raise self.error(f"it holds {name!r} twice", _BACKUP)
            if info.flag_bits & 1:
                raise self.error(f"its part {name!r} is encrypted", "Save the project without a password")
            infos[name] = info
        packed = [info.file_size for info in found if info.compress_type != zipfile.ZIP_STORED]
        if max(packed, default=0) > LARGEST_PACKED or sum(packed) > MOST_PACKED:
            raise self.error(f"it would unfold to {sum(packed) / 1e6:,.0f} MB, as a zip bomb does", "Do not open it")
        # Entries that share their bytes are how a small file unfolds to a huge one.
        if sum(info.compress_size for info in found) > size:
            raise self.error("its parts lie over each other, as in a zip bomb", "Do not open it")
        return infos

    def _manifest(self) -> dict[str, Any]:
        info = self._infos.get(MANIFEST)
        if info is None:
            raise self.error("it is a zip file, but no Netloom project", "Choose a .netloom file")
        with self._zip.open(info) as file:
            text = file.read(LARGEST_MANIFEST + 1)
        manifest = None
        if len(text) <= LARGEST_MANIFEST:
            try:
                manifest = json.loads(text)
            except (ValueError, RecursionError):
                manifest = None
        if not isinstance(manifest, dict):
            raise self.error(f"its {MANIFEST} cannot be read", _BACKUP)
        version = manifest.get("netloom_project")
        if not isinstance(version, int) or isinstance(version, bool) or version < 1:
            raise self.error(f"its {MANIFEST} does not say that it is a Netloom project", _BACKUP)
        if version > FORMAT:
            raise self.error(
                f"it was written by a newer Netloom (format {version}; this one reads up to {FORMAT})",
                "Update Netloom to open it",
            )
        return manifest

    def _listed(self) -> dict[str, Entry]:
        listed = self.about.get("entries")
        if not isinstance(listed, dict):
            raise self.error(f"its {MANIFEST} lists no parts", _BACKUP)
        entries: dict[str, Entry] = {}
        for name, said in listed.items():
            count = said.get("bytes") if isinstance(said, dict) else None
            sha256 = said.get("sha256") if isinstance(said, dict) else None
            if not isinstance(count, int) or isinstance(count, bool) or not isinstance(sha256, str):
                raise self.error(f"its {MANIFEST} does not say what {name!r} is", _BACKUP)
            if name not in self._infos:
                raise self.error(f"its part {name!r} is missing", _BACKUP)
            entries[name] = Entry(count, sha256)
        return entries

    def __enter__(self) -> Archive:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()


def _inside(name: str) -> bool:
    """Whether an entry's name stays inside: no absolute path, drive, backslash or way up."""
    plain = name.rstrip("/")
    steps = plain.split("/")
    climbs = name.startswith("/") or "\\" in name or ":" in name or "\0" in name
    return bool(plain) and not climbs and not any(step in ("", ".", "..") for step in steps)
