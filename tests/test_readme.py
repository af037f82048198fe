"""The README says what is: its Python runs, its commands and verbs are those that there are."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import typer

import main as start
from engine.cli import app

ROOT = Path(start.__file__).parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_that_its_python_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = blocks("python")
    (tmp_path / "resources").symlink_to(ROOT / "resources")
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    assert np.isfinite(names["loss"])
    assert names["gradients"].keys() == names["program"].parameters().keys()
    assert (tmp_path / "spiral.netloom").exists()


def test_that_its_commands_are_understood() -> None:
    calls = [line for block in blocks("sh") for line in block.splitlines() if line.startswith("$python main.py ")]
    assert {shlex.split(call)[2] for call in calls} == set(start.VERBS)
    for call in calls:
        verb, *arguments = shlex.split(call)[2:]
        command = typer.main.get_command(app).commands[verb]  # type: ignore[attr-defined]
        command.make_context(verb, list(arguments))


def test_that_it_explains_every_verb() -> None:
    table = README.partition("| verb |")[2].partition("\n\n")[0]
    assert set(re.findall(r"`(\w+)`", "\n".join(row.split("|")[1] for row in table.splitlines()[2:]))) == set(
        start.VERBS
    )
