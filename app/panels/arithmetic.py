"""Numbers as people type them: ``2**7``, ``1e-3``, ``3*(4+1)``; nothing but arithmetic is ever computed."""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable
from typing import Final

LONGEST: Final = 80  # signs; nobody types more into a field
LARGEST_POWER: Final = 4096  # bits of a whole power: larger ones would stop the window
NAMES: Final = {"pi": math.pi, "π": math.pi, "e": math.e}
BINARY: Final[dict[type[ast.operator], Callable[[float, float], float]]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod,
}  # fmt: skip
UNARY: Final[dict[type[ast.unaryop], Callable[[float], float]]] = {ast.UAdd: operator.pos, ast.USub: operator.neg}


def number(text: str) -> int | float:
    """The value of an arithmetic expression; whole where it comes out whole without a fraction.

    Raises:
        ValueError: it is not arithmetic, or its value is no finite number; the message is for the user.
    """
    text = text.strip().replace("×", "*").replace("·", "*").replace("^", "**").replace("−", "-")
    if not text:
        raise ValueError("type a number")
    if len(text) > LONGEST:
        raise ValueError(f"a number has at most {LONGEST} signs")
    if re.fullmatch(r"[+-]?\d+,\d+", text):
        raise ValueError(f"write {text.replace(',', '.')}, with a point")
    try:
        value = _value(ast.parse(text, mode="eval").body)
    except (SyntaxError, MemoryError, RecursionError):
        raise ValueError("must be a number, or arithmetic like 2**7") from None
    except ZeroDivisionError:
        raise ValueError("divides by zero") from None
    except OverflowError:
        raise ValueError("is too large") from None
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("is too large")
    return value


def _value(node: ast.expr) -> int | float:
    match node:
        case ast.Constant(value=bool()):
            pass
        case ast.Constant(value=int() | float() as value):
            return value
        case ast.Name(id=name) if name in NAMES:
            return NAMES[name]
        case ast.UnaryOp(op=op, operand=operand) if type(op) in UNARY:
            return UNARY[type(op)](_value(operand))
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(_value(left), _value(right))
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return BINARY[type(op)](_value(left), _value(right))
    raise ValueError("must be a number, or arithmetic like 2**7")


def _power(base: float, exponent: float) -> int | float:
    if isinstance(base, int) and isinstance(exponent, int) and exponent >= 0:
        if base.bit_length() * exponent > LARGEST_POWER:
            raise OverflowError
        return base**exponent
    value = float(base) ** float(exponent)
    if isinstance(value, complex):
        raise ValueError("has no real value")
    return value


def shown(value: float) -> str:
    """The shortest text that `number` reads back as the same value: ``0.001``, ``1e-5``, ``100000``."""
    if isinstance(value, int):
        return str(value)
    text = f"{value:.6g}"
    if float(text) != value:
        text = repr(value)
    return re.sub(r"e([+-])0*(\d)", lambda found: f"e{found[1].replace('+', '')}{found[2]}", text)


def stepped(value: float, steps: int, low: float | None, high: float | None) -> float:
    """The next "round" number up or down.

    Between two near bounds the way is cut into twenty; elsewhere numbers go 0.001, 0.003, 0.01, 0.03 …, as rates do.
    """
    if low is not None and high is not None and high - low <= 2:
        step = (high - low) / 20
        rung = (value - low) / step
        rung = math.floor(rung + 1e-9) if steps > 0 else math.ceil(rung - 1e-9)
        return round(low + (rung + steps) * step, 10)
    for _ in range(abs(steps)):
        value = -_larger(-value) if steps < 0 else _larger(value)
    return value


SMALLEST: Final = 1e-6


def _larger(value: float) -> float:
    """The next larger member of …, -0.01, -0.003, …, 0, …, 0.003, 0.01, …"""
    if value >= 0:
        if value < SMALLEST * 0.99:
            return 1e-4 if value == 0 else SMALLEST
        exponent = math.floor(math.log10(value) + 1e-9)
        ladder = (1.0, 3.0, 10.0)
        share = value / 10.0**exponent
        return float(f"{next(rung for rung in ladder if rung > share * (1 + 1e-9)):g}e{exponent}")
    if value >= -SMALLEST * 1.01:
        return 0.0
    exponent = math.floor(math.log10(-value) + 1e-9)
    share = -value / 10.0**exponent
    return -float(f"{next((r for r in (3.0, 1.0) if r < share * (1 - 1e-9)), 0.3):g}e{exponent}")
