"""What networks learn from: every kind of data source, known once this package is imported."""

from __future__ import annotations

from engine.data.arrays import Arrays
from engine.data.bundled import BreastCancer, Diabetes, Digits, Iris, Wine
from engine.data.dataset import Dataset, Source
from engine.data.synthetic import Spiral
from engine.data.table import Table

GROUPS = (
    "classify, two inputs",
    "regression, one input",
    "regression, two inputs",
    "logic gates",
    "sequences",
    "images",
    "real data",
    "own data",
)


def datasets() -> list[type[Source]]:
    """Every kind of data source, group by group, the simple first; groups that are not listed stand at the end."""
    place = {group: number for number, group in enumerate(GROUPS)}
    return sorted(Source.kinds.values(), key=lambda kind: place.get(kind.group, len(GROUPS)))


__all__ = [
    "GROUPS",
    "Arrays",
    "BreastCancer",
    "Dataset",
    "Diabetes",
    "Digits",
    "Iris",
    "Source",
    "Spiral",
    "Table",
    "Wine",
    "datasets",
]
