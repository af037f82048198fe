"""The loss in letters and numbers: one row per kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from engine.insight.trace.words import Line, decimal, enclosed, factor, figure, largest_of
from engine.training.losses import ClassLoss, Loss

Array = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Asked:
    """What a loss judges, all in float64.

    Attributes:
        z: the last layer's output, flat; answer: ŷ, flat, of the same length. target: y, flat.
        classes: how many outputs make one answer. value: E. slope: ∂E/∂z, flat.
        weights: of the classes; all 1 where none are set.
    """

    loss: Loss
    z: Array
    answer: Array
    target: Array
    classes: int
    value: float
    slope: Array
    weights: tuple[float, ...]


def lines(asked: Asked) -> tuple[Line, ...]:
    """E with its numbers, and how it changes with the answer."""
    row = LOSSES.get(asked.loss.kind)
    if row is None:
        return (Line("E", asked.loss.title.lower(), "", asked.value),)
    return (*_answer(asked), *row(asked))


def _answer(asked: Asked) -> list[Line]:
    """ŷ from the last layer's output."""
    link, z = asked.loss.link, asked.z
    if link == "sigmoid":
        return [Line("ŷ", "σ(z) = {1}/{1 + e^{−z}}", f"σ({figure(float(z[0]))})", float(asked.answer[0]))]
    if link == "softmax":
        target = int(asked.target[0])
        raised = [f"e^{{{decimal(float(value))}}}" for value in z[: asked.classes]]
        shown = " + ".join(raised[:4]) + (" + …" if len(raised) > 4 else "")
        filled = f"{{e^{{{decimal(float(z[target]))}}}}}/{{{shown}}}"
        return [Line(f"ŷ_{{{target + 1}}}", "{e^{z}}/{Σ e^{z}}", filled, float(asked.answer[target]))]
    return []


def _mean(parts: Sequence[str], of: int) -> str:
    total = " + ".join(parts) + (f" + … ({of - len(parts)} more)" if of > len(parts) else "")
    return total if of == 1 else f"{{1}}/{{{of}}} · ({total})"


def _shown(asked: Asked) -> list[int]:
    return sorted(largest_of(list(np.abs(asked.z - asked.target))))


def _differences(asked: Asked, written: str) -> str:
    """The mean over the outputs of something made of ŷ − y; ``written`` with @ for the difference."""
    pairs = [
        written.replace("@", f"{figure(float(asked.z[place]))} − {factor(float(asked.target[place]))}")
        for place in _shown(asked)
    ]
    return _mean(pairs, len(asked.z))


def _slope(asked: Asked, formula: str, filled: str, by: str = "ŷ", place: int = 0) -> Line:
    which = f"_{{{place + 1}}}" if len(asked.z) > 1 else ""
    return Line(f"{{∂E}}/{{∂{by}{which}}}", formula, filled, float(asked.slope[place]))


def _of_mean(asked: Asked, text: str) -> str:
    return text if len(asked.z) == 1 else f"{{1}}/{{{len(asked.z)}}} · {text}"


def _mse(asked: Asked) -> list[Line]:
    n, place = len(asked.z), _shown(asked)[0]
    away = f"({figure(float(asked.z[place]))} − {factor(float(asked.target[place]))})"
    formula = "(ŷ − y)^{2}" if n == 1 else "{1}/{n} · Σ (ŷ − y)^{2}"
    return [
        Line("E", formula, _differences(asked, "(@)^{2}"), asked.value),
        _slope(asked, _of_mean(asked, "2 · (ŷ − y)"), _of_mean(asked, f"2 · {away}"), "ŷ", place),
    ]


def _mae(asked: Asked) -> list[Line]:
    formula = "|ŷ − y|" if len(asked.z) == 1 else "{1}/{n} · Σ |ŷ − y|"
    return [
        Line("E", formula, _differences(asked, "|@|"), asked.value),
        _slope(asked, _of_mean(asked, "the sign of ŷ − y"), "", "ŷ", _shown(asked)[0]),
    ]


def _huber(asked: Asked) -> list[Line]:
    delta = float(getattr(asked.loss, "delta", 1.0))
    return [
        Line("E", f"½ · e^{{2}} for |e| ≤ {figure(delta)}, else δ · (|e| − ½ · δ), e = ŷ − y", "", asked.value),
        _slope(asked, _of_mean(asked, f"ŷ − y, no larger than ±{figure(delta)}"), "", "ŷ", _shown(asked)[0]),
    ]


def _weighed(asked: Asked, target: int) -> str:
    weight = asked.weights[target] if target < len(asked.weights) else 1.0
    return "" if weight == 1 else f"{figure(weight)} · "


def _cost(asked: Asked) -> str:
    """The weight of a class in letters, where there are any."""
    return "w_{k} · " if any(weight != 1 for weight in asked.weights) else ""


def _smoothed(asked: Asked) -> float:
    return float(getattr(asked.loss, "smoothing", 0.0))


def _bce(asked: Asked) -> list[Line]:
    smooth, y = _smoothed(asked), float(asked.target[0])
    t, p = y * (1 - smooth) + smooth / 2, float(asked.answer[0])
    weight, n = _weighed(asked, int(y)), len(asked.z)
    letter = "t" if smooth else "y"
    found = (
        [Line("t", "y · (1 − ε) + {ε}/{2}", f"{figure(y)} · (1 − {figure(smooth)}) + {figure(smooth / 2)}", t)]
        if smooth
        else []
    )
    filled = f"−{weight}[{figure(t)} · ln {enclosed(p)} + {figure(1 - t)} · ln {enclosed(1 - p)}]"
    formula = f"−{_cost(asked)}[{letter} · ln ŷ + (1 − {letter}) · ln(1 − ŷ)]"
    formula, filled = (formula, filled) if n == 1 else (f"{{1}}/{{{n}}} · Σ {formula}", "")
    both = f"{{∂E}}/{{∂ŷ}} · {{∂ŷ}}/{{∂z}} = {_of_mean(asked, f'{_cost(asked)}(ŷ − {letter})')}"
    return [
        *found,
        Line("E", formula, filled, asked.value),
        _slope(asked, both, _of_mean(asked, f"{weight}({figure(p)} − {figure(t)})"), "z"),
    ]


def _hinge(asked: Asked) -> list[Line]:
    y, z = float(asked.target[0]), float(asked.z[0])
    side = 1 if y else -1
    filled = f"{_weighed(asked, int(y))}max(0, 1 − {factor(side)} · {factor(z)})" if len(asked.z) == 1 else ""
    return [
        Line("E", f"{_cost(asked)}max(0, 1 − s · z), s = ±1 for the class", filled, asked.value),
        _slope(asked, f"−{_cost(asked)}s inside the margin, else 0", "", "z"),
    ]


def _cce(asked: Asked) -> list[Line]:
    target, groups, smooth = int(asked.target[0]), len(asked.target), _smoothed(asked)
    p = float(asked.answer[target])
    true = f"_{{{target + 1}}}"
    formula = f"−{_cost(asked)}ln ŷ{true}" if not smooth else f"−{_cost(asked)}Σ t · ln ŷ, t smoothed"
    filled = f"−{_weighed(asked, target)}ln {enclosed(p)}" if not smooth and groups == 1 else ""
    if groups > 1:
        formula = f"{{1}}/{{{groups}}} · Σ {formula.replace(true, '')} of the right class"
    both = "{∂E}/{∂ŷ} · {∂ŷ}/{∂z} = " + (f"{cost}(ŷ − t)" if (cost := _cost(asked)) else "ŷ − t")
    worked = f"{_weighed(asked, target)}({figure(p)} − 1)" if not smooth and groups == 1 else ""
    return [Line("E", formula, filled, asked.value), _slope(asked, both, worked, "z", target)]


def _multiclass_hinge(asked: Asked) -> list[Line]:
    target = int(asked.target[0])
    z = asked.z[: asked.classes]
    rival = float(np.delete(z, target).max()) if asked.classes > 1 else 0.0
    filled = f"{_weighed(asked, target)}max(0, 1 + {factor(rival)} − {factor(float(z[target]))})"
    inside = f"−{_cost(asked).removesuffix(' · ') or '1'} inside the margin, else 0"
    return [
        Line(
            "E",
            f"{_cost(asked)}max(0, 1 + z of the best rival − z of the right class)",
            filled if len(asked.target) == 1 else "",
            asked.value,
        ),
        _slope(asked, inside, "", "z", target),
    ]


LOSSES: Final[dict[str, Callable[[Asked], list[Line]]]] = {
    "mse": _mse, "mae": _mae, "huber": _huber, "bce": _bce, "hinge": _hinge, "cce": _cce,
    "multiclass_hinge": _multiclass_hinge,
}  # fmt: skip


def weights_of(loss: Loss, classes: int) -> tuple[float, ...]:
    """What a mistake on each class costs."""
    return loss.weight_of_each(max(2, classes)) if isinstance(loss, ClassLoss) else ()
