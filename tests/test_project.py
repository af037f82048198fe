"""The two commands of the README: that CI runs the same, and what `setup.sh` says and does."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEST_COMMAND = "sh setup.sh && .venv/bin/python -m pytest"
TOOLS = ("sh", "cat", "cksum", "dirname", "env", "rm", "sed", "tr")

Shell = Callable[[], subprocess.CompletedProcess[str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout whose environment is already made, and a PATH that holds nothing but the plainest tools."""
    place = tmp_path / "check out"
    (place / ".venv" / "bin").mkdir(parents=True)
    (place / ".venv" / "bin" / "python").symlink_to(sys.executable)
    (place / "tools").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, tool
        (place / "tools" / tool).symlink_to(found)
    for name in ("setup.sh", "pyproject.toml"):
        shutil.copy(ROOT / name, place)
    return place


def tool(folder: Path, name: str, script: str) -> None:
    path = folder / "tools" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def setup(folder: Path) -> subprocess.CompletedProcess[str]:
    """`sh setup.sh`, called from another folder."""
    environment = {"PATH": str(folder / "tools"), "HOME": os.environ["HOME"]}
    return subprocess.run(
        [str(folder / "tools" / "sh"), str(folder / "setup.sh")],
        capture_output=True, text=True, timeout=60, check=False, cwd="/", env=environment, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def stamp(folder: Path) -> None:
    """Mark the environment as installed, as a first run does."""
    python = folder / ".venv" / "bin" / "python"
    python.unlink()
    # A pip that has nothing to do; all else is Python's.
    python.write_text(f'#!/bin/sh\ncase "$*" in *pip*) exit 0 ;; esac\nexec "{sys.executable}" "$@"\n')
    python.chmod(0o755)
    first = setup(folder)
    assert first.returncode == 0, first.stderr
    assert "installing Netloom" in first.stderr


def test_that_ci_runs_the_readmes_test_command() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"```sh\n{TEST_COMMAND}\n```" in readme
    assert re.search(rf"^{re.escape(TEST_COMMAND)}( \|\| exit 1)?$", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)


def test_that_a_second_run_installs_nothing_and_says_nothing(folder: Path) -> None:
    stamp(folder)
    second = setup(folder)
    assert (second.returncode, second.stdout, second.stderr) == (0, "", "")


def test_that_changed_dependencies_are_installed(folder: Path) -> None:
    stamp(folder)
    with (folder / "pyproject.toml").open("a") as project:
        project.write("# changed\n")
    assert "installing Netloom" in setup(folder).stderr


def test_that_an_old_python_is_refused_with_what_is_needed(folder: Path) -> None:
    shutil.rmtree(folder / ".venv")
    tool(folder, "python3", 'case "$1" in --version) echo "Python 3.10.1" ;; *) exit 1 ;; esac')
    child = setup(folder)
    assert child.returncode == 1
    assert "needs Python 3.11 or newer; found: Python 3.10.1" in child.stderr
    assert child.stderr.count("\n") == 1


def test_that_without_rights_the_one_line_to_run_is_printed(folder: Path) -> None:
    stamp(folder)
    tool(folder, "dpkg-query", 'for n in libegl1 libgl1 libglib2.0-0t64 libgomp1; do echo "installed $n"; done; exit 1')
    tool(folder, "apt-get", "exit 1")
    tool(folder, "id", "echo 1000")
    child = setup(folder)
    assert child.returncode == 0
    (line,) = child.stderr.splitlines()
    assert "sudo apt-get install -y libxkbcommon0 libfontconfig1 libdbus-1-3 libxcb-cursor0" in line
    assert not re.search(r"libegl1|libglib2|libgomp1", line)


def test_that_root_gets_the_libraries_installed(folder: Path) -> None:
    stamp(folder)
    tool(folder, "dpkg-query", "exit 1")
    tool(folder, "apt-get", f'echo "$@" >>"{folder}/asked"')
    tool(folder, "id", "echo 0")
    assert setup(folder).returncode == 0
    asked = (folder / "asked").read_text().splitlines()
    assert asked[0].startswith("update")
    assert "libegl1" in asked[1]
    assert "xvfb" in asked[1]
