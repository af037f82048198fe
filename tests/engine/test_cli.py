"""The command line as a whole: whatever happens is an exit code and at most one line on standard error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import main as start
from engine import cli
from engine.commands import listings
from engine.errors import DataError, Diverged

ROOT = Path(start.__file__).parent


def fail_with(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> int:
    """The exit code of a verb in which ``error`` happens."""

    def fail(as_json: bool) -> int:
        raise error

    monkeypatch.setattr(listings, "list_layers", fail)
    return cli.main(["layers"])


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (
            DataError("a.csv, row 3", "'x' is not a number", "Correct it"),
            2,
            "a.csv, row 3: 'x' is not a number. Correct it",
        ),
        (Diverged("spiral.json", "the loss is no number"), 3, "spiral.json: the loss is no number"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (FileNotFoundError(2, "No such file or directory", "a.json"), 2, "a.json: No such file or directory"),
        (PermissionError(13, "Permission denied", "a.json"), 2, "a.json: Permission denied"),
        (MemoryError(), 2, "memory"),
        (RuntimeError("two\nlines"), 1, "a fault of Netloom itself: RuntimeError: two lines"),
    ],
)
def test_that_an_error_is_a_code_and_one_line(
    error: BaseException,
    code: int,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert fail_with(error, monkeypatch) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("netloom: ")
    assert err.count("\n") == 1
    assert said in err


def test_that_who_asks_for_it_gets_the_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETLOOM_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        fail_with(ZeroDivisionError(), monkeypatch)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train"], ["train", "DESIGN"]),
        (["layers", "--jsn"], ["layers", "--jsn", "--json"]),
        (["predict", "a.netloom"], ["predict", "--data"]),
        (["train", "a.json", "--epochs", "many"], ["train", "--epochs", "integer"]),
        (["bend"], ["bend"]),
    ],
)
def test_that_wrong_usage_is_one_line_with_the_verb(
    arguments: list[str], words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert all(word in err for word in words), err


@pytest.mark.parametrize("verb", start.VERBS)
def test_that_every_verb_explains_itself(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main([verb, "--help"]) == 0
    assert f"netloom {verb}" in capsys.readouterr().out


def test_that_a_reader_who_has_enough_is_no_error() -> None:
    line = f'"{sys.executable}" "{ROOT / "main.py"}" datasets --json | head -n 1; echo "${{PIPESTATUS[0]}}"'
    child = subprocess.run(
        ["bash", "-c", line], capture_output=True, text=True, timeout=100, check=False, env=os.environ | {"LC_ALL": "C"}
    )
    assert child.stdout.splitlines()[-1] == "0"
    assert child.stderr == ""


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_that_a_terminal_without_all_letters_still_gets_its_answer(encoding: str) -> None:
    child = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), "datasets"],
        capture_output=True, timeout=100, check=False, env=os.environ | {"PYTHONIOENCODING": encoding},
    )  # fmt: skip
    assert child.returncode == 0, child.stderr
    assert b"spiral" in child.stdout
