"""Runs the measurements, each in a process of its own, and prints them as a table or as JSON."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

from rich.table import Table

from engine.commands.terminal import quantity, screen, side_screen

ONE_THREAD = {
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def child(module: str, *arguments: str, environment: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """The JSON objects that ``python -m module`` prints, a line each.

    Raises:
        RuntimeError: it failed; its last words are told.
    """
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"{module} failed: {done.stderr.strip().splitlines()[-1:]}")
    return [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]


def run(as_json: bool, peers: bool) -> int:
    notes = side_screen()
    notes.print("Timing dense networks, one thread …")
    nets = child("engine.bench.dense", *(["--peers"] if peers else []), environment=ONE_THREAD)
    notes.print("Timing start, edit, tables and memory …")
    tasks = [figure for name in ("start", "edit", "table", "memory") for figure in child("engine.bench.tasks", name)]
    if as_json:
        print(json.dumps({"nets": nets, "tasks": tasks}))
        return 0
    names = list(dict.fromkeys(name for net in nets for name in net["microseconds"]))
    table = Table("net (ReLU), batch", *(f"{name}, µs" for name in names), *(f"{n} / Netloom" for n in names[1:]))
    for net in nets:
        times = (quantity(net["microseconds"][name]) if name in net["microseconds"] else "" for name in names)
        ratios = (f"{net['ratios'][name]:.4g}×" if name in net["ratios"] else "" for name in names[1:])
        table.add_row(net["net"], *times, *ratios)
    screen().print(table)
    table = Table("what", "measured", "wished")
    for figure in tasks:
        table.add_row(figure["what"], f"{quantity(figure['value'])} {figure['unit']}", figure["wished"])
    screen().print(table)
    return 0
