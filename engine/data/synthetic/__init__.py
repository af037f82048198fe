"""The sets that are computed from formulas: nothing to download, any size, any noise."""

from __future__ import annotations

from engine.data.synthetic.playground import Spiral

__all__ = ["Spiral"]
