"""Designs and projects in files, and the command line as a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import cli
from engine.data.prepare import prepare
from engine.design.document import Document
from engine.exchange.design_json import save_design
from engine.exchange.project import Project, save_project
from engine.layers import Layer
from engine.program.program import Program


@dataclass
class Outcome:
    code: int
    out: str
    err: str


@pytest.fixture
def netloom(capfd: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    """The command line in this process: its exit code and what it printed."""

    def run(*arguments: object) -> Outcome:
        code = cli.main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        return Outcome(code, out, err)

    return run


def dense(document: Document, data: Any, *layers: tuple[int, str], **training: Any) -> Document:
    """A chain of dense layers of (units, activation) behind an Input."""
    document = document.but(data=data).add(Layer.parse("input"))
    last = "input_1"
    for units, activation in layers:
        document = document.add(Layer.parse({"type": "dense", "units": units, "activation": activation}))
        document, last = document.connect(last, document.nodes[-1].id), document.nodes[-1].id
    return document.but(training=document.training.but(**training))


@pytest.fixture
def spiral(tmp_path: Path) -> Path:
    """A small design for the spiral, in a file."""
    path = tmp_path / "spiral.json"
    save_design(path, dense(Document(), "spiral", (4, "tanh"), (1, "linear"), epochs=3, learning_rate=0.01))
    return path


def save_trained(path: Path, document: Document) -> Program:
    """A project of a design that has learnt for its epochs."""
    program = Program(document, prepare(document.data, document.split, np.float32))
    program.run(1_000_000)
    save_project(path, Project(document, program.state()))
    return program
