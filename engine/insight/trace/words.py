"""Formulas with numbers in them: how they are written, and how they are read where no fraction can be drawn.

A formula is a line of text in which ``{a}/{b}`` is a fraction, ``x_{1}`` is lowered and ``e^{z}`` is raised: what pages
of help are written in.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

WRITTEN: Final = 4  # terms of a sum that are written out: the largest ones
DIGITS: Final = 4
SORTED: Final = 1000  # numbers that are sorted as a whole
LOWERED: Final = str.maketrans("0123456789+-=()aeijkmnoprstuvx−", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑᵢⱼₖₘₙₒₚᵣₛₜᵤᵥₓ₋")
RAISED: Final = str.maketrans("0123456789+-=()nit−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵗ⁻")


@dataclass(frozen=True)
class Line:
    """One equation: symbol = formula = the formula with its numbers = the value.

    Attributes:
        symbol: what is computed. formula: how, in letters. filled: the same with numbers; empty: the value says it.
        value: the number that comes out, as the network has it; None: the line only says something.
    """

    symbol: str
    formula: str
    filled: str = ""
    value: float | None = None

    @property
    def text(self) -> str:
        """The whole line, in the writing of formulas."""
        value = "" if self.value is None else figure(self.value)
        return " = ".join(part for part in (self.symbol, self.formula, self.filled, value) if part)


def figure(value: float, digits: int = DIGITS) -> str:
    """A number in about ``digits`` significant digits: 0.03125, −4.21, 1240, 3.1·10^{−7}."""
    if not isfinite(value):
        return "not a number" if value != value else ("∞" if value > 0 else "−∞")
    if value == 0:
        return "0"
    power = floor(log10(abs(value)))
    if power < -3 or power > 6:
        mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
        mantissa = mantissa.rstrip("0").rstrip(".")
        before = {"1": "", "-1": "-"}.get(mantissa, f"{mantissa}·")
        return f"{before}10^{{{int(exponent)}}}".replace("-", "−")
    text = f"{value:.{max(digits - 1 - power, 0)}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text.replace("-", "−")


def factor(value: float) -> str:
    """A number as it stands in a product: a negative one in brackets."""
    text = figure(value)
    return f"({text})" if text.startswith("−") else text


def enclosed(value: float) -> str:
    """A number that is squared, or of which a root or a logarithm is taken: one that is a product in brackets."""
    text = figure(value)
    return f"({text})" if text.startswith("−") or "^" in text else text


def decimal(value: float) -> str:
    """A number without a power of ten, for where it is raised itself: 0.00018."""
    return f"{value:.6f}".rstrip("0").rstrip(".").replace("-", "−") if "^" in figure(value, 3) else figure(value, 3)


def product(*values: float) -> str:
    return " · ".join(factor(value) for value in values)


def largest_of(products: Sequence[float] | NDArray[Any], most: int = WRITTEN) -> list[int]:
    """The places of the terms that are worth writing out, the largest first; all of them where they are few."""
    values = np.nan_to_num(np.abs(np.asarray(products, np.float64)).ravel(), nan=np.inf)
    if len(values) <= most and most > 1:
        return list(range(len(values)))
    if len(values) > SORTED:
        few = np.sort(np.argpartition(-values, most)[:most])
        return [int(few[place]) for place in np.argsort(-values[few], kind="stable")]
    return [int(place) for place in np.argsort(-values, kind="stable")[:most]]


def sum_of(pairs: Sequence[tuple[float, float]], rest: Sequence[float] = ()) -> str:
    """Σ of products as it is written: the largest few, how many more, and what is added at the end."""
    shown = largest_of([a * b for a, b in pairs])
    parts = [product(*pairs[place]) for place in sorted(shown)]
    if len(shown) < len(pairs):
        parts.append(f"… ({len(pairs) - len(shown)} more)")
    return " + ".join([*parts, *(factor(value) for value in rest)])


FRACTION: Final = re.compile(r"(?<![\^_])\{((?:[^{}]|[\^_]\{[^{}]*\})*)\}/\{((?:[^{}]|[\^_]\{[^{}]*\})*)\}")
LOW: Final = re.compile(r"_\{([^{}]*)\}")
HIGH: Final = re.compile(r"\^\{([^{}]*)\}")


def plain(text: str) -> str:
    """A formula for a terminal: fractions on one line, what is lowered and raised as such where letters exist."""
    text = FRACTION.sub(lambda found: f"{_grouped(found[1])}/{_grouped(found[2])}", text)
    text = LOW.sub(lambda found: _translated(found[1], LOWERED, "_"), text)
    return HIGH.sub(lambda found: _translated(found[1], RAISED, "^"), text)


def _grouped(text: str) -> str:
    return f"({text})" if " " in text.strip() else text


def _translated(text: str, letters: dict[int, int], sign: str) -> str:
    if all(ord(letter) in letters for letter in text):
        return text.translate(letters)
    return f"{sign}{text}" if text.isalnum() else f"{sign}({text})"
