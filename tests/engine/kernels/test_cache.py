"""Compiled kernels are kept on disk, loaded without Numba, and compiled anew where what is kept is no good."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TRAIN = """
import sys
from engine.training.run import Run
from tests.builders import chain, dense
{before}
run = Run(chain(dense(4, "tanh"), dense(1)), progress={progress})
run.advance(50)
print(run.program.parameter_hash(), "numba" in sys.modules)
"""
GIVE_UP = """
import os, sys
from engine.training.run import Run
from tests.builders import chain, dense
def progress(ready, of):
    assert 0 <= ready < of
    raise KeyboardInterrupt
try:
    Run(chain(dense(4, "tanh"), dense(1)), progress=progress)
except KeyboardInterrupt:
    try:
        os.waitpid(-1, 0)
    except ChildProcessError:
        print("none is left")
"""
BESIDE = "lambda ready, of: None"


def run(script: str, folder: Path) -> str:
    """What a process with its kernels in ``folder`` prints."""
    environment = os.environ | {"NETLOOM_CACHE_DIR": str(folder), "PYTHONPATH": os.getcwd()}
    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False, timeout=100
    )
    assert not done.returncode, done.stderr
    return done.stdout


def train(folder: Path, progress: str = "None", before: str = "") -> tuple[str, bool]:
    """(hash of the parameters, whether Numba was needed) of a process with its kernels in ``folder``."""
    name, numba = run(TRAIN.format(progress=progress, before=before), folder).split()
    return name, numba == "True"


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("kernels")
    name, numba = train(folder, BESIDE)
    assert not numba, "it was not compiled beside the process that waits for it"
    return folder, name


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.o"))


def test_that_a_second_process_trains_the_same_bits_without_numba(warm: tuple[Path, str]) -> None:
    folder, name = warm
    assert train(folder) == (name, False)


def test_that_a_process_that_cannot_be_started_costs_time_and_nothing_else(warm: tuple[Path, str]) -> None:
    folder, name = warm
    for executable, file in zip(("no-such-python", os.devnull), kept(folder), strict=False):
        file.unlink()
        assert train(folder, BESIDE, f"sys.executable = {executable!r}") == (name, True)


@pytest.mark.skipif(os.name == "nt", reason="only POSIX can ask for any child")
def test_that_giving_up_ends_the_processes_that_compile(tmp_path: Path) -> None:
    assert run(GIVE_UP, tmp_path) == "none is left\n"
    assert not kept(tmp_path)


def test_that_a_damaged_file_is_compiled_anew(warm: tuple[Path, str]) -> None:
    folder, name = warm
    cut, empty, flipped, unknown = kept(folder)[:4]
    cut.write_bytes(cut.read_bytes()[:-100])
    empty.write_bytes(b"")
    flipped.write_bytes(flipped.read_bytes()[:-9] + b"x" * 9)
    unknown.write_bytes(unknown.read_bytes().replace(b'"needs": [', b'"needs": ["no_such_function"', 1))
    assert train(folder, BESIDE) == (name, True)
    assert train(folder) == (name, False)


def test_that_a_folder_that_cannot_be_written_costs_time_and_nothing_else(
    warm: tuple[Path, str], tmp_path: Path
) -> None:
    place = tmp_path / "a file, no folder"
    place.write_text("")
    assert train(place) == (warm[1], True)
