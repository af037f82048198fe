"""Files that are either the old ones or the new ones, whole, whatever happens while they are written."""

from __future__ import annotations

import errno
import os
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

LEFT_OVER = 24 * 3600.0  # seconds after which a half-written file belongs to a process that was killed


def write_whole(path: Path, write: Callable[[BinaryIO], None]) -> None:
    """Write beside ``path``, flush to the disk, then take the old file's place in one step.

    Raises:
        OSError: it could not be written; the old file is untouched and nothing is left behind.
    """
    path = Path(os.path.realpath(path))  # a link stays a link, and what it points to is replaced
    if path.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    _sweep(path)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        _keep_permissions(path, name)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise
    _flush_folder(path.parent)


def _keep_permissions(path: Path, name: str) -> None:
    """Those of the old file, or what a new file usually gets: a temporary file is readable by its owner alone."""
    try:
        mode = path.stat().st_mode & 0o777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        mode = 0o666 & ~mask
    os.chmod(name, mode)


def _flush_folder(folder: Path) -> None:
    """The new name survives a power cut only when the folder, too, is on the disk."""
    if os.name == "nt":
        return  # Windows cannot open folders, and does not need it
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):  # some network file systems
            raise
    finally:
        os.close(handle)


def _sweep(path: Path) -> None:
    """Take away what a killed process left half-written for the same file."""
    for part in path.parent.glob(f".{_escaped(path.name)}.*.part"):
        with suppress(OSError):
            if time.time() - part.stat().st_mtime > LEFT_OVER:
                part.unlink()


def _escaped(name: str) -> str:
    return "".join(f"[{letter}]" if letter in "*?[" else letter for letter in name)


def words(error: OSError) -> str:
    """Why the system refused, without its numbers: "No space left on device"."""
    known = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your share of the disk is used up",
        errno.EFBIG: "the file would be larger than the system allows",
        errno.EACCES: "you have no permission",
        errno.EPERM: "you have no permission",
        errno.EROFS: "the disk is read-only",
        errno.ENOENT: "it is not there",
        errno.ENOTDIR: "a part of its path is no folder",
        errno.EISDIR: "it is a folder",
        errno.ENAMETOOLONG: "its name is too long",
        errno.EINVAL: "it is damaged",
    }
    return known.get(error.errno or 0) or error.strerror or "the system refused"
