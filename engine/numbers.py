"""Numbers in sentences that people read."""

from __future__ import annotations


def number(value: float, digits: int = 3) -> str:
    """In so many significant digits: 0.0312, 4.21, 1.9e−9."""
    factor, power, raised = f"{value:.{digits}g}".partition("e")
    return f"{factor}{f'e{int(raised)}' if power else ''}".replace("-", "−")


def score_in_words(metric: str, value: float) -> str:
    """R² as a number, and a share of rows in percent: 0.87, 93.0 %."""
    return f"{value:.2f}".replace("-", "−") if metric == "R²" else f"{100 * value:.1f} %"
