"""Signed values as colours: orange over grey to blue, in the theme's own."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QColor

from app import theme


def signed_lut() -> np.ndarray:
    """(256, 3) uint8: the theme's negative, neutral and positive colours, one into the next."""
    colors = theme.current()
    ends = np.array([QColor(c).getRgb()[:3] for c in (colors.negative, colors.neutral, colors.positive)], float)
    places = np.linspace(0, 1, 256)
    return np.stack([np.interp(places, (0, 0.5, 1), ends[:, i]) for i in range(3)], axis=1).astype(np.uint8)
