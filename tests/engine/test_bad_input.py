"""Bad input: every case of a long table goes through main.py in another process, is one line and a code, and loses
nothing that was there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

import main as start
from engine import cli
from engine.exchange.project import Project, load_project, save_project
from engine.program.program import Program, compile
from engine.training.run import Run
from tests.engine.bad_input import CASES, NUMBERS, project_bytes, small, text_of

MAIN = Path(start.__file__)


# One process for all cases: it starts once, and each case has standard streams and a folder of its own.
RUNNER = """
import json, os, shlex, sys
from pathlib import Path
folder, source = Path(sys.argv[1]), sys.argv[2]
sys.path.insert(0, source)
import main

def listing(place):
    return {str(p.relative_to(place)): p.read_bytes().hex() if p.is_file() else "" for p in sorted(place.rglob("*"))}

for place in sorted(folder.iterdir(), key=lambda path: int(path.name)):
    os.chdir(place)
    arguments = shlex.split(Path(place, ".arguments").read_text())
    before = listing(place)
    streams = [os.open(folder.parent / f"{place.name}.{name}", os.O_CREAT | os.O_RDWR) for name in ("out", "err")]
    for stream, number in zip(streams, (1, 2)):
        os.dup2(stream, number)
    code = main.main(arguments)
    sys.stdout.flush(), sys.stderr.flush()
    Path(folder.parent, f"{place.name}.json").write_text(json.dumps([code, before == listing(place)]))
"""


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str
    intact: bool


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Callable[[int], Outcome]:
    """What a process made of all cases, by their number."""
    results = tmp_path_factory.mktemp("bad")
    folder = results / "cases"
    whole = project_bytes(results)
    for number, each in enumerate(CASES):
        place = folder / str(number)
        place.mkdir(parents=True)
        files = {"ok.json": text_of(small()), "ok.csv": NUMBERS, ".arguments": each.arguments, **each.files}
        for name, content in files.items():
            if content == b"<folder>":
                (place / name).mkdir()
                continue
            made = content(whole) if callable(content) else content
            (place / name).write_bytes(made.encode() if isinstance(made, str) else made)
    child = subprocess.run(
        [sys.executable, "-c", RUNNER, str(folder), str(MAIN.parent)], timeout=110, check=False,
        capture_output=True, env=os.environ | {"NETLOOM_DEBUG": ""},
    )  # fmt: skip

    def read(number: int) -> Outcome:
        path = results / f"{number}.json"
        assert path.exists(), f"the process ended before this case, with code {child.returncode}"
        code, intact = json.loads(path.read_text())
        streams = [(results / f"{number}.{name}").read_text() for name in ("out", "err")]
        return Outcome(code, *streams, intact)

    return read


@pytest.mark.parametrize("number", range(len(CASES)), ids=[each.name for each in CASES])
def test_that_bad_input_is_one_line_and_a_code_and_loses_nothing(
    outcomes: Callable[[int], Outcome], number: int
) -> None:
    expected, outcome = CASES[number], outcomes(number)
    assert outcome.code == expected.code, outcome.err
    assert outcome.err.count("\n") == 1, outcome.err
    assert outcome.err.startswith("netloom: ")
    assert "Traceback" not in outcome.out + outcome.err
    for word in expected.words:
        assert word in outcome.err, outcome.err
    assert outcome.intact, "files were changed, left or lost"


def test_that_a_full_disk_keeps_the_old_project_and_says_so(tmp_path: Path) -> None:
    project = tmp_path / "p.netloom"
    project.write_bytes(before := project_bytes(tmp_path))
    (tmp_path / "refuge").mkdir()
    limited = (
        "import resource, runpy, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2048, 2048)); sys.argv = sys.argv[1:];"
        f"sys.path.insert(0, {str(MAIN.parent)!r});"
        "runpy.run_path(sys.argv[0], run_name='__main__')"
    )
    child = subprocess.run(
        [sys.executable, "-c", limited, str(MAIN), "train", str(project), "--resume", "--epochs", "20"],
        capture_output=True, text=True, timeout=100, check=False, cwd=tmp_path,
        env=os.environ | {"TMPDIR": str(tmp_path / "refuge")},
    )  # fmt: skip
    assert child.returncode == 2, child.stderr
    assert child.stderr.count("\n") == 1, child.stderr
    assert "p.netloom" in child.stderr
    assert project.read_bytes() == before
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["p.netloom", "refuge"]


def learnt_from_table(folder: Path) -> tuple[Path, Path]:
    """A project within an epoch, and the table that it learns from and does not carry."""
    table, project = folder / "t.csv", folder / "p.netloom"
    table.write_text(NUMBERS)
    run = Run(small(epochs=5, batch_size=8).but(data={"type": "table", "path": str(table)}))
    run.advance(3)
    save_project(project, Project(run.document, run.snapshot(), run.log.read()), embed=False)
    return project, table


def compiled(path: Path) -> Program:
    """The network of a project, with its data."""
    project = load_project(path)
    assert project.state is not None
    program = compile(project.document)
    program.restore(project.state)
    return program


@pytest.mark.parametrize("rows", [0, 30, 5, 400])
@pytest.mark.parametrize("verb", ["evaluate", "predict", "train"])
def test_that_a_table_that_is_gone_or_another_is_never_taken_for_the_one_learnt_from(
    rows: int, verb: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    project, table = learnt_from_table(tmp_path)
    before = project.read_bytes()
    (tmp_path / "n.csv").write_text("a,b\n1,2\n")
    expected = float(compiled(project).predict(np.array([[1.0, 2.0]]))[0, 0])
    table.unlink()
    if rows:
        table.write_text("a,b,y\n" + "".join(f"{n},{n % 3},{1000 * n + 0.5}\n" for n in range(rows)))
    more = {"predict": ["--data", str(tmp_path / "n.csv"), "-o", str(tmp_path / "out.csv")], "train": ["--resume"]}
    code = cli.main([verb, str(project), *more.get(verb, [])])
    out, err = capfd.readouterr()
    if verb == "train" and rows:
        # it says so, and begins the epoch again on the new rows
        assert (code, err.count("\n")) == (0, 1), err
        assert "has changed" in err
        assert "5 epochs" in out
        return
    assert project.read_bytes() == before
    if verb == "predict":
        # the project knows how the rows that it learnt from were scaled, and looks at no others
        assert code == 0, err
        assert float((tmp_path / "out.csv").read_text().split()[1]) == expected
        return
    assert (code, err.count("\n")) == (2, 1), err
    assert "t.csv" in err if not rows else "scaled" in err


def test_that_nothing_is_said_of_a_table_that_is_not_used(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    project, table = learnt_from_table(tmp_path)
    moved = table.rename(tmp_path / "elsewhere.csv")
    assert cli.main(["train", str(project), "--resume", "--data", str(moved)]) == 0
    assert capfd.readouterr().err == ""
