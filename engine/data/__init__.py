"""What networks learn from: every kind of data source, known once this package is imported."""

from __future__ import annotations

from engine.data import bundled as bundled
from engine.data import synthetic as synthetic
from engine.data.dataset import Dataset, Source


def datasets() -> list[type[Source]]:
    """Every kind of data source, in the order of their groups as declared."""
    return list(Source.kinds.values())


__all__ = ["Dataset", "Source", "datasets"]
