"""How Netloom starts: which words are verbs, what is said where no window can open."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import main as start
from engine.cli import app

ROOT = Path(start.__file__).parent


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`main.py` in a child process without a display, unless ``environment`` gives one."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        capture_output=True, text=True, timeout=100, check=False, env=kept | environment, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def test_that_the_verbs_of_the_window_are_those_of_the_command_line() -> None:
    assert tuple(typer.main.get_command(app).commands) == start.VERBS  # type: ignore[attr-defined]


def test_that_without_a_display_one_sentence_names_the_verbs() -> None:
    child = run()
    assert child.returncode == 2
    assert child.stdout == ""
    assert child.stderr.count("\n") == 1
    assert "no display" in child.stderr
    assert all(verb in child.stderr for verb in start.VERBS)


@pytest.mark.parametrize(
    ("environment", "opens"),
    [
        ({}, False),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"DISPLAY": ""}, False),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
        ({"QT_QPA_PLATFORM": "minimal"}, True),
        ({"QT_QPA_PLATFORM": "xcb"}, False),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, False),
        ({"QT_QPA_PLATFORM": "offscreen:fontengine=freetype"}, True),
    ],
)
def test_that_a_window_opens_where_the_platform_has_a_place_for_it(environment: dict[str, str], opens: bool) -> None:
    assert (start.why_no_window(environment, "linux") == "") is opens
    assert start.why_no_window(environment, "darwin") == ""


def test_that_a_display_at_which_nobody_listens_is_named() -> None:
    said = start.why_no_window({"DISPLAY": ":98765"}, "linux")
    assert ":98765 does not answer" in said
    assert "train" in said


@pytest.mark.parametrize("display", ["", "screen", ":", "unix", ":x", ":98765", "localhost:70000"])
def test_that_no_display_that_makes_no_sense_answers(display: str) -> None:
    assert not start.x_server_answers(display)


def test_that_a_display_at_which_somebody_listens_answers() -> None:
    with socket.create_server(("localhost", 0)) as server:
        number = server.getsockname()[1] - 6000
        assert start.x_server_answers(f"localhost:{number}.0")
        assert start.why_no_window({"DISPLAY": f"localhost:{number}"}, "linux") == ""


def test_that_a_misspelt_verb_gets_the_right_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["trian", "spiral.json"]) == 2
    assert "did you mean 'train'" in capsys.readouterr().err


def test_that_a_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert start.main([str(tmp_path / "none.netloom")]) == 2
    assert "none.netloom" in capsys.readouterr().err


def test_that_a_library_that_qt_lacks_is_named_with_the_way_out(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    class Lacking:
        def find_spec(self, name: str, path: object = None, target: object = None) -> None:
            if name == "app.startup":
                raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")

    monkeypatch.setattr(sys, "meta_path", [Lacking(), *sys.meta_path])
    monkeypatch.delitem(sys.modules, "app.startup", raising=False)
    assert start.with_qt(start.open_window, []) == 2
    said = capsys.readouterr().err
    assert "libEGL.so.1" in said
    assert "setup.sh" in said


def test_that_help_lists_the_verbs_without_qt() -> None:
    child = run("--help")
    assert child.returncode == 0
    assert all(verb in child.stdout for verb in start.VERBS)


def test_that_the_version_is_said() -> None:
    assert run("--version").stdout.startswith("netloom")
