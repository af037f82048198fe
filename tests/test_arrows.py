"""The arrows main -> app -> engine hold: the engine loads no Qt, and loads quickly what it loads."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

LOADED = "import json, sys; print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules})))"
EVERY_MODULE = """
import importlib, pkgutil, engine
for module in pkgutil.walk_packages(engine.__path__, "engine."):
    importlib.import_module(module.name)
"""


def loaded_after(code: str) -> set[str]:
    """The top-level modules that a fresh interpreter holds after running ``code``."""
    child = subprocess.run(
        [sys.executable, "-c", f"{code}\n{LOADED}"], capture_output=True, text=True, timeout=100, check=False
    )
    assert child.returncode == 0, child.stderr
    return set(json.loads(child.stdout.splitlines()[-1]))


def test_that_importing_the_engine_loads_neither_qt_nor_slow_libraries() -> None:
    loaded = loaded_after("import engine")
    assert "engine" in loaded
    assert not loaded & {"PySide6", "shiboken6", "pyqtgraph", "pandas", "sklearn", "typer", "rich"}


def test_that_no_module_of_the_engine_loads_qt() -> None:
    assert not loaded_after(EVERY_MODULE) & {"PySide6", "shiboken6", "pyqtgraph", "qtpy", "qtawesome"}


@pytest.mark.parametrize("module", ["engine.program.builder", "engine.insight.trace"])
def test_that_a_module_can_be_the_first_that_is_loaded(module: str) -> None:
    assert "numpy" in loaded_after(f"import {module}")


def test_that_starting_without_arguments_loads_nothing_heavy_before_it_decides() -> None:
    loaded = loaded_after("import main")
    assert not loaded & {"PySide6", "engine", "app", "numpy", "typer"}
