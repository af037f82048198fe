"""Numbers in sentences that people read."""

from __future__ import annotations


def number(value: float, digits: int = 3) -> str:
    """In so many significant digits: 0.0312, 4.21, 1.9e−9."""
    factor, power, raised = f"{value:.{digits}g}".partition("e")
    return f"{factor}{f'e{int(raised)}' if power else ''}".replace("-", "−")
