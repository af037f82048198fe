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
run = Run(chain(dense(4, "tanh"), dense(1)))
run.advance(50)
print(run.program.parameter_hash(), "numba" in sys.modules)
"""


def train(folder: Path) -> tuple[str, bool]:
    """(hash of the parameters, whether Numba was needed) of a process with its kernels in ``folder``."""
    environment = os.environ | {"NETLOOM_CACHE_DIR": str(folder), "PYTHONPATH": os.getcwd()}
    done = subprocess.run(
        [sys.executable, "-c", TRAIN], env=environment, capture_output=True, text=True, check=False, timeout=100
    )
    assert not done.returncode, done.stderr
    name, numba = done.stdout.split()
    return name, numba == "True"


@pytest.fixture(scope="module")
def warm(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("kernels")
    name, numba = train(folder)
    assert numba
    return folder, name


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.o"))


def test_that_a_second_process_trains_the_same_bits_without_numba(warm: tuple[Path, str]) -> None:
    folder, name = warm
    assert train(folder) == (name, False)


def test_that_a_damaged_file_is_compiled_anew(warm: tuple[Path, str]) -> None:
    folder, name = warm
    cut, empty, flipped, unknown = kept(folder)[:4]
    cut.write_bytes(cut.read_bytes()[:-100])
    empty.write_bytes(b"")
    flipped.write_bytes(flipped.read_bytes()[:-9] + b"x" * 9)
    unknown.write_bytes(unknown.read_bytes().replace(b'"needs": [', b'"needs": ["no_such_function"', 1))
    assert train(folder) == (name, True)
    assert train(folder) == (name, False)


def test_that_a_folder_that_cannot_be_written_costs_time_and_nothing_else(
    warm: tuple[Path, str], tmp_path: Path
) -> None:
    place = tmp_path / "a file, no folder"
    place.write_text("")
    assert train(place) == (warm[1], True)
