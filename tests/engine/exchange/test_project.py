"""Projects: everything comes back, bit for bit, and from another machine, too."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
import time
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from engine.data.prepare import prepare
from engine.design.document import Document
from engine.errors import ProjectError
from engine.exchange.project import Project, load_project, save_project
from engine.exchange.tensors import pack, unpack
from engine.program.program import Program
from engine.program.state import State
from tests.builders import TEXT, chain, dense, documents

NUMBERS = hnp.arrays(
    st.sampled_from([np.float32, np.float64, np.float16, np.int64, np.int32, np.uint64, np.uint8, np.bool_]),
    hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4),
)
ARRAYS = st.dictionaries(TEXT.filter(lambda name: name != "__metadata__"), NUMBERS, max_size=4)
COUNTERS = st.dictionaries(TEXT, st.integers(0, 2**64) | st.floats(allow_nan=False) | TEXT, max_size=4)


@settings(max_examples=60, deadline=None)
@given(documents(most=3), ARRAYS, COUNTERS)
def test_that_any_project_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, document: Document, arrays: dict[str, Any], counters: dict[str, Any]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.netloom"
    save_project(path, Project(document, State(arrays, counters), arrays))
    again = load_project(path)
    assert again.document == document
    assert again.state is not None
    assert again.state.counters == counters
    assert {name: type(value) for name, value in again.state.counters.items()} == {
        name: type(value) for name, value in counters.items()
    }
    for came_back in (again.state.arrays, again.history):
        assert came_back.keys() == arrays.keys()
        for name, array in arrays.items():
            assert came_back[name].dtype == array.dtype
            assert came_back[name].shape == array.shape
            assert came_back[name].tobytes() == array.tobytes()


def test_that_equal_projects_are_equal_files(tmp_path: Path) -> None:
    state = State({"b": np.ones(3), "a": np.zeros(2)}, {"epoch": 1})
    for name in ("one", "two"):
        save_project(tmp_path / name, Project(chain(dense(1)), state))
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_that_a_project_without_training_has_no_state(tmp_path: Path) -> None:
    save_project(tmp_path / "a.netloom", Project(chain(dense(1))))
    assert load_project(tmp_path / "a.netloom").state is None


def test_that_a_counter_that_is_not_a_number_comes_back(tmp_path: Path) -> None:
    save_project(tmp_path / "a", Project(Document(), State({}, {"nan": math.nan, "low": -math.inf})))
    state = load_project(tmp_path / "a").state
    assert state is not None
    assert math.isnan(float(state.counters["nan"]))
    assert state.counters["low"] == -math.inf


def test_that_numpy_s_scalars_are_counters_like_any_other(tmp_path: Path) -> None:
    counters: dict[str, Any] = {"epoch": np.int64(3), "seed": np.uint64(2**63), "best": np.float32(np.inf)}
    save_project(tmp_path / "a", Project(Document(), State({}, counters)))
    state = load_project(tmp_path / "a").state
    assert state is not None
    assert state.counters == {"epoch": 3, "seed": 2**63, "best": math.inf}
    assert all(type(value) in (int, float) for value in state.counters.values())


def test_that_arrays_come_back_writable_and_in_any_layout() -> None:
    square = np.arange(12.0).reshape(3, 4)
    odd = {"f": np.asfortranarray(square), "t": square.T, "s": square[::2, ::-1], "b": square.astype(">f8")}
    for name, array in unpack(bytes(pack(odd)), "a", "b").items():
        np.testing.assert_array_equal(array, odd[name])
        array += 1


def test_that_only_numbers_are_packed() -> None:
    with pytest.raises(TypeError, match="only numbers"):
        pack({"names": np.array(["a"], dtype=object)})


def test_that_nothing_in_a_project_is_pickled(tmp_path: Path) -> None:
    save_project(tmp_path / "a", Project(chain(dense(1)), State({"w": np.ones(2)}, {}), {"loss": np.ones(2)}))
    with zipfile.ZipFile(tmp_path / "a") as archive:
        assert {name.rpartition(".")[2] for name in archive.namelist()} == {"json", "safetensors"}


def test_that_a_run_goes_on_from_a_project_bit_for_bit(tmp_path: Path) -> None:
    document = chain(dense(8, "tanh"), "dropout", "batch_norm", dense(1))
    prepared = prepare(document.data, document.split)
    uninterrupted, first, second = (Program(document, prepared) for _ in range(3))
    uninterrupted.run(37)
    first.run(20)
    save_project(tmp_path / "a.netloom", Project(document, first.state()))
    project = load_project(tmp_path / "a.netloom")
    assert project.document == document
    assert project.state is not None
    second.restore(project.state)
    second.run(17)
    assert second.parameter_hash() == uninterrupted.parameter_hash()
    ours, theirs = second.state(), uninterrupted.state()
    assert ours.counters == theirs.counters
    for name, array in theirs.arrays.items():
        assert ours.arrays[name].tobytes() == array.tobytes(), name


def test_that_what_is_not_there_is_said(tmp_path: Path) -> None:
    for path, said in [(tmp_path / "gone.netloom", "not there"), (tmp_path, "folder")]:
        with pytest.raises(ProjectError, match=said):
            load_project(path)
    with pytest.raises(ProjectError, match="could not be saved"):
        save_project(tmp_path / "no such folder" / "a.netloom", Project(Document()))


# Saves two projects in turn for ever; each is all of one number, so that a mixture would show.
SAVES = """
import sys
import numpy as np
from engine.design.document import Document
from engine.exchange.project import Project, save_project
from engine.program.state import State
while True:
    for number in (1, 2):
        state = State({"w": np.full(2_000_000, number, np.float32)}, {"number": number})
        save_project(sys.argv[1], Project(Document(title=str(number)), state))
        print(number, flush=True)
"""


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signal that cannot be caught")
def test_that_a_process_killed_while_it_saves_leaves_a_whole_file(tmp_path: Path) -> None:
    path = tmp_path / "net.netloom"
    caught_writing = 0
    child = subprocess.Popen([sys.executable, "-c", SAVES, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    with child:
        child.stdout.readline()
        for _ in range(8):
            wait_for_half_a_file(tmp_path)
            os.kill(child.pid, signal.SIGSTOP)  # as at a power cut: what is on the disk now is all there is
            caught_writing += bool(list(tmp_path.glob(".*.part")))
            project = load_project(path)
            assert project.state is not None
            number = project.state.counters["number"]
            assert project.document.title == str(number)
            assert np.all(project.state.arrays["w"] == number)
            os.kill(child.pid, signal.SIGCONT)
        wait_for_half_a_file(tmp_path)
        child.kill()
    assert child.returncode == -signal.SIGKILL
    assert caught_writing > 0
    assert load_project(path).document.title in ("1", "2")
    save_project(path, Project(Document(title="after")))
    assert load_project(path).document.title == "after"


def wait_for_half_a_file(folder: Path) -> None:
    until = time.monotonic() + 20
    while not any(size_of(part) for part in folder.glob(".*.part")):
        assert time.monotonic() < until, "the child never began to write"


def size_of(part: Path) -> int:
    with suppress(FileNotFoundError):  # it has just become the file
        return part.stat().st_size
    return 0
