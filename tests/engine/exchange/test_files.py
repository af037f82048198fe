"""Writing whole files: the old one or the new one, whatever happens in between."""

from __future__ import annotations

import errno
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import BinaryIO

import pytest

from engine.exchange.files import LEFT_OVER, words, write_whole


def fails(file: BinaryIO) -> None:
    file.write(b"half of it")
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_that_a_file_is_written_and_nothing_else(tmp_path: Path) -> None:
    write_whole(tmp_path / "a.txt", lambda file: file.write(b"new"))
    assert (tmp_path / "a.txt").read_bytes() == b"new"
    assert len(list(tmp_path.iterdir())) == 1


def test_that_a_full_disk_leaves_the_old_file_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(OSError, match="No space left") as caught:
        write_whole(path, fails)
    assert words(caught.value) == "the disk is full"
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_that_an_interrupt_leaves_the_old_file_whole(tmp_path: Path) -> None:
    def interrupted(file: BinaryIO) -> None:
        raise KeyboardInterrupt

    path = tmp_path / "a.txt"
    path.write_bytes(b"old")
    with pytest.raises(KeyboardInterrupt):
        write_whole(path, interrupted)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_that_permissions_stay_and_new_files_get_the_usual_ones(tmp_path: Path) -> None:
    private, fresh, usual = tmp_path / "private", tmp_path / "fresh", tmp_path / "usual"
    private.write_bytes(b"")
    private.chmod(0o600)
    usual.write_bytes(b"")
    for path in (private, fresh):
        write_whole(path, lambda file: file.write(b"x"))
    assert stat.S_IMODE(private.stat().st_mode) == 0o600
    assert stat.S_IMODE(fresh.stat().st_mode) == stat.S_IMODE(usual.stat().st_mode)


def test_that_a_link_stays_a_link(tmp_path: Path) -> None:
    real, link = tmp_path / "real.txt", tmp_path / "link.txt"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_whole(link, lambda file: file.write(b"new"))
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_that_what_a_killed_process_left_is_swept_away_in_time(tmp_path: Path) -> None:
    old, young, other = tmp_path / ".a[1].txt.k1.part", tmp_path / ".a[1].txt.k2.part", tmp_path / ".b.txt.k3.part"
    for part in (old, young, other):
        part.write_bytes(b"half")
    for part in (old, other):
        os.utime(part, (time.time() - LEFT_OVER - 60,) * 2)
    write_whole(tmp_path / "a[1].txt", lambda file: file.write(b"x"))
    assert not old.exists()
    assert young.exists()
    assert other.exists()


def test_that_a_folder_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match="directory") as caught:
        write_whole(tmp_path / "folder", lambda file: file.write(b"x"))
    assert words(caught.value) == "it is a folder"


# The child says when it is about to write, so that the parent need not guess.
TOO_SMALL = """
import resource, signal, sys
from pathlib import Path
from engine.errors import ProjectError
from engine.exchange.project import Project, save_project
from engine.design.document import Document
import numpy as np
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    save_project(sys.argv[1], Project(Document(title="new"), history={"loss": np.zeros(100_000)}))
except ProjectError as error:
    print(error)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit to the size of a file")
def test_that_a_disk_that_takes_no_more_leaves_the_old_project_whole(tmp_path: Path) -> None:
    from engine.design.document import Document
    from engine.exchange.project import Project, load_project, save_project

    path = tmp_path / "net.netloom"
    save_project(path, Project(Document(title="old")))
    child = subprocess.run(
        [sys.executable, "-c", TOO_SMALL, str(path)], capture_output=True, text=True, check=True, timeout=60
    )
    assert "could not be saved: the file would be larger than the system allows" in child.stdout
    assert "unchanged" in child.stdout
    assert load_project(path).document.title == "old"
    assert list(tmp_path.iterdir()) == [path]
