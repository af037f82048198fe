"""Metrics as a table: a row for each, a column per part of the data."""

from __future__ import annotations

from rich.table import Table

from engine.commands.terminal import screen
from engine.insight.metrics import UNITS


def show_scores(scores: dict[str, dict[str, float]]) -> None:
    """A row per metric, a column per part, and what the metric is."""
    table = Table("metric", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for part in scores:
        table.add_column(part, justify="right", no_wrap=True)
    table.add_column("")
    for name in next(iter(scores.values())):
        table.add_row(name, *(f"{part[name]:.4g}" for part in scores.values()), UNITS[name])
    screen().print(table)
