"""Numbers as a person reads them: short, of steady width, and in words where there is none."""

from __future__ import annotations

from collections.abc import Sequence
from math import floor, isfinite, log10


def short(value: float, digits: int = 3) -> str:
    """About ``digits`` significant digits: 0.0312, 4.21, 1240, 3.1e−7."""
    if not isfinite(value):
        return "–" if value != value else ("∞" if value > 0 else "−∞")
    if value == 0:
        return "0"
    power = floor(log10(abs(value)))
    if power < -3 or power > 6:
        factor, _, raised = f"{value:.{digits - 2}e}".partition("e")
        return f"{factor}e{int(raised)}".replace("-", "−")
    return f"{value:.{max(digits - 1 - power, 0)}f}".replace("-", "−")


def column(values: Sequence[float], digits: int = 3) -> list[str]:
    """Numbers below each other, with the same decimals and no idle noughts: ``digits`` significant ones of the largest.

    Those too small or too large for that are written as `short` does.
    """
    sizes = [abs(value) for value in values if isfinite(value) and value]
    if not sizes or min(sizes) < 0.01 or max(sizes) >= 1e7:
        return [short(value, digits) for value in values]
    most = max(digits - 1 - floor(log10(max(sizes))), 0)
    known = [value for value in values if isfinite(value)]
    decimals = next((n for n in range(most) if all(round(value, n) == round(value, most) for value in known)), most)
    return [f"{value:.{decimals}f}".replace("-", "−") if isfinite(value) else short(value) for value in values]


def whole(value: float) -> str:
    """A count with commas between thousands, or with k and M where it is long."""
    if not isfinite(value):
        return "–"
    if value >= 10_000_000:
        return f"{value / 1e6:.1f} M"
    if value >= 1_000_000:
        return f"{value / 1e6:.2f} M"
    if value >= 100_000:
        return f"{value / 1e3:.0f} k"
    return f"{value:,.0f}"


def percent(share: float) -> str:
    return f"{100 * share:.1f} %" if isfinite(share) else "–"


def power_of_ten(power: int) -> str:
    """10⁻⁶ as it is written."""
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def duration(seconds: float) -> str:
    """24 ms, 0.4 s, 12 s, 3:05, 1:02:09."""
    if not isfinite(seconds):
        return "–"
    if 0 < seconds < 0.1:
        return f"{1000 * seconds:.0f} ms" if seconds >= 0.001 else "< 1 ms"
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
