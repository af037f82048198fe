"""What networks learn from: every kind of data source, known once this package is imported."""

from __future__ import annotations

from engine.data.arrays import Arrays
from engine.data.bundled import BreastCancer, Diabetes, Digits, Iris, Wine
from engine.data.dataset import Dataset, Source
from engine.data.synthetic import Spiral
from engine.data.table import Table


def datasets() -> list[type[Source]]:
    """Every kind of data source, in the order of their groups as declared."""
    return list(Source.kinds.values())


__all__ = [
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
