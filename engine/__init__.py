"""Netloom's engine: designs, data and training without a window. What is named here is its public interface."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "Document": "engine.design.document",
    "Prepared": "engine.data.prepare",
    "Program": "engine.program.program",
    "Project": "engine.exchange.project",
    "Run": "engine.training.run",
    "Trainer": "engine.training.trainer",
    "compile": "engine.program.program",
    "load_design": "engine.exchange.design_json",
    "load_project": "engine.exchange.project",
    "prepare": "engine.data.prepare",
    "save_design": "engine.exchange.design_json",
    "save_project": "engine.exchange.project",
    "train": "engine.training.train",
}

__all__ = [
    "Document",
    "Prepared",
    "Program",
    "Project",
    "Run",
    "Trainer",
    "compile",
    "load_design",
    "load_project",
    "prepare",
    "save_design",
    "save_project",
    "train",
]


def __getattr__(name: str) -> Any:
    # on demand, so that `import engine` costs nothing that is not used
    if name not in _HOMES:
        raise AttributeError(f"engine has no {name!r}")
    return getattr(import_module(_HOMES[name]), name)
