"""What a step makes of one parameter: penalties, clipping, the optimizer's terms, decay and max-norm, with numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.insight.trace.words import Line, enclosed, factor, figure

if TYPE_CHECKING:
    from engine.insight.trace.tape import Steps, Tape
    from engine.program.builder import Parameter
    from engine.training.spec import TrainingSpec

Array = NDArray[Any]


@dataclass(frozen=True)
class Numbers:
    """One number of a parameter on its way through the step.

    Attributes:
        old: before. raw: its gradient by the backward pass; g: after penalties and clipping.
        decayed, stepped, new: after weight decay, after the optimizer's step, after max-norm.
        rate: α. before, after: what the optimizer keeps for it, by name. scalars: its single numbers, after the step.
    """

    old: float
    raw: float
    g: float
    decayed: float
    stepped: float
    new: float
    rate: float
    before: Mapping[str, float]
    after: Mapping[str, float]
    scalars: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Updated:
    """The step, parameter by parameter."""

    training: TrainingSpec
    steps: Steps
    parameters: tuple[Parameter, ...]
    places: Mapping[str, int]  # where each begins in the flat arrays

    @classmethod
    def of(cls, tape: Tape) -> Updated:
        """Take the step."""
        parameters = tuple(tape.plan.parameters)
        places = {p.key: tape.plan.places[p.value] for p in parameters}
        return cls(tape.program.document.training, tape.update(), parameters, places)

    @cached_property
    def by_key(self) -> dict[str, Parameter]:
        return {p.key: p for p in self.parameters}

    def has(self, key: str, index: int) -> bool:
        """Whether there is such a weight."""
        return key in self.by_key and index < self.by_key[key].size

    def part(self, key: str, flat: Array) -> Array:
        """The piece of a flat array that belongs to a parameter."""
        parameter = self.by_key[key]
        at = self.places[key]
        return flat[at : at + parameter.size].reshape(parameter.shape)

    def old(self, key: str) -> Array:
        return self.part(key, self.steps.before)

    def gradient(self, key: str) -> Array:
        """∂E/∂w, as the backward pass leaves it."""
        return self.part(key, self.steps.gradient)

    def new(self, key: str) -> Array:
        return self.part(key, self.steps.after)

    def numbers(self, key: str, index: int) -> Numbers:
        steps, at = self.steps, self.places[key] + index
        slots = {name: pair for name, pair in steps.slots.items() if name != "scalars"}
        scalars = steps.slots["scalars"][1] if "scalars" in steps.slots else ()
        flat = (steps.before, steps.gradient, steps.used, steps.decayed, steps.stepped, steps.after)
        old, raw, g, decayed, stepped, new = (float(each[at]) for each in flat)
        return Numbers(
            old, raw, g, decayed, stepped, new, steps.rate,
            {name: float(pair[0][at]) for name, pair in slots.items()},
            {name: float(pair[1][at]) for name, pair in slots.items()},
            tuple(float(value) for value in scalars),
        )  # fmt: skip

    def lines(self, key: str, index: int) -> tuple[Line, ...]:
        """How w_old becomes w_new."""
        n, training, parameter = self.numbers(key, index), self.training, self.by_key[key]
        found = [Line("g", "{∂E}/{∂w}", "", n.raw)]
        if not self.steps.taken:
            said = "w_{old}; training stops at a loss that is no finite number, and takes no step"
            return (*found, Line("w_{new}", said, "", n.new))
        found += _gradient_lines(n, training, parameter.decay, self._norm if training.clip_norm else 0.0)
        if training.schedule.kind != "constant":
            rate = f"{training.schedule.title.lower()} schedule of {figure(training.learning_rate)}"
            found.append(Line("α", rate, "", n.rate))
        decay = training.optimizer.update().decay
        start = "w_{old}"
        if decay and parameter.decay:
            filled = f"{factor(n.old)} · (1 − {figure(n.rate)} · {figure(decay)})"
            found.append(Line("w", "w_{old} · (1 − α·λ)", filled, n.decayed))
            start = "w"
        found += OPTIMIZERS[training.optimizer.kind](n, training.optimizer, start)
        if n.new != n.stepped:
            reason = f"cut, so that its unit's weights are no longer than {figure(training.max_norm)}"
            found.append(Line("w_{new}", reason, "", n.new))
        return tuple(found)

    @cached_property
    def _norm(self) -> float:
        """‖g‖ of all gradients together, before clipping by norm."""
        g = self.steps.gradient.astype(np.float64)
        for p in self.parameters:
            if p.decay:
                at = slice(self.places[p.key], self.places[p.key] + p.size)
                w = self.steps.before[at].astype(np.float64)
                g[at] += self.training.l1 * np.sign(w) + self.training.l2 * w
        if self.training.clip_value:
            g = g.clip(-self.training.clip_value, self.training.clip_value)
        return float(np.sqrt(np.sum(g * g)))


def _gradient_lines(n: Numbers, training: TrainingSpec, weight: bool, norm: float) -> list[Line]:
    """What penalties and clipping make of the gradient."""
    found, g = [], n.raw
    if weight and training.l1:
        sign = (n.old > 0) - (n.old < 0)
        filled = f"{factor(g)} + {figure(training.l1)} · {factor(sign)}"
        g += training.l1 * sign
        found.append(Line("g", "g + λ_{1} · sign(w)", filled, g))
    if weight and training.l2:
        filled = f"{factor(g)} + {figure(training.l2)} · {factor(n.old)}"
        g += training.l2 * n.old
        found.append(Line("g", "g + λ_{2} · w", filled, g))
    if training.clip_value:
        most = training.clip_value
        if abs(g) > most:
            g = most if g > 0 else -most
        found.append(Line("g", f"no larger than {figure(most)}", "", g))
    if training.clip_norm:
        most = training.clip_norm
        if norm > most:
            found.append(Line("g", "g · {c}/{‖g‖}", f"{factor(g)} · {{{figure(most)}}}/{{{figure(norm)}}}", n.g))
        else:
            found.append(Line("‖g‖", f"of all gradients; it may be {figure(most)}, so nothing is cut", "", norm))
    return found


Terms = Callable[[Numbers, Any, str], list[Line]]


def _new(n: Numbers, start: str, formula: str, filled: str) -> Line:
    return Line("w_{new}", f"{start} − {formula}", f"{figure(n.decayed)} − {filled}", n.stepped)


def _descend(n: Numbers, _optimizer: Any, start: str) -> list[Line]:
    return [_new(n, start, "α · g", f"{figure(n.rate)} · {factor(n.g)}")]


def _momentum(n: Numbers, optimizer: Any, start: str) -> list[Line]:
    v = Line("v", "β · v + g", f"{figure(optimizer.beta)} · {factor(n.before['v'])} + {factor(n.g)}", n.after["v"])
    return [v, _new(n, start, "α · v", f"{figure(n.rate)} · {factor(n.after['v'])}")]


def _nesterov(n: Numbers, optimizer: Any, start: str) -> list[Line]:
    v = _momentum(n, optimizer, start)[0]
    filled = f"{figure(n.rate)} · ({figure(n.g)} + {figure(optimizer.beta)} · {factor(n.after['v'])})"
    return [v, _new(n, start, "α · (g + β · v)", filled)]


def _mean_of_squares(n: Numbers, name: str, rho: float, letter: str) -> Line:
    filled = f"{figure(rho)} · {figure(n.before[name])} + {figure(1 - rho)} · {enclosed(n.g)}^{{2}}"
    return Line(name, f"{letter} · {name} + (1 − {letter}) · g^{{2}}", filled, n.after[name])


def _by_root(n: Numbers, start: str, epsilon: float) -> Line:
    filled = f"{figure(n.rate)} · {{{factor(n.g)}}}/{{√{enclosed(n.after['s'])} + {figure(epsilon)}}}"
    return _new(n, start, "α · {g}/{√s + ε}", filled)


def _rmsprop(n: Numbers, optimizer: Any, start: str) -> list[Line]:
    return [_mean_of_squares(n, "s", optimizer.rho, "ρ"), _by_root(n, start, optimizer.epsilon)]


def _adagrad(n: Numbers, optimizer: Any, start: str) -> list[Line]:
    s = Line("s", "s + g^{2}", f"{figure(n.before['s'])} + {enclosed(n.g)}^{{2}}", n.after["s"])
    return [s, _by_root(n, start, optimizer.epsilon)]


def _adadelta(n: Numbers, optimizer: Any, start: str) -> list[Line]:
    eps, rho = optimizer.epsilon, optimizer.rho
    d = sqrt((n.before["u"] + eps) / (n.after["s"] + eps)) * n.g
    ratio = f"{{√({figure(n.before['u'])} + {figure(eps)})}}/{{√({figure(n.after['s'])} + {figure(eps)})}}"
    mean = f"{figure(rho)} · {figure(n.before['u'])} + {figure(1 - rho)} · {enclosed(d)}^{{2}}"
    return [
        _mean_of_squares(n, "s", rho, "ρ"),
        Line("d", "{√(u + ε)}/{√(s + ε)} · g", f"{ratio} · {factor(n.g)}", d),
        Line("u", "ρ · u + (1 − ρ) · d^{2}", mean, n.after["u"]),
        _new(n, start, "α · d", f"{figure(n.rate)} · {factor(d)}"),
    ]


def _moments(n: Numbers, optimizer: Any) -> list[Line]:
    b1, b2 = optimizer.beta1, optimizer.beta2
    mean = f"{figure(b1)} · {factor(n.before['m'])} + {figure(1 - b1)} · {factor(n.g)}"
    return [
        Line("m", "β_{1} · m + (1 − β_{1}) · g", mean, n.after["m"]),
        _mean_of_squares(n, "v", b2, "β_{2}"),
    ]


def _corrected_square(n: Numbers) -> Line:
    v, c2 = n.after["v"], n.scalars[1]
    return Line("v̂", "{v}/{1 − β_{2}^{t}}", f"{{{figure(v)}}}/{{{figure(c2)}}}", v / c2)


def _adam(n: Numbers, optimizer: Any, start: str) -> list[Line]:
    m, c1 = n.after["m"], n.scalars[0]
    mean = Line("m̂", "{m}/{1 − β_{1}^{t}}", f"{{{figure(m)}}}/{{{figure(c1)}}}", m / c1)
    return [
        *_moments(n, optimizer),
        mean,
        square := _corrected_square(n),
        _by_moments(n, optimizer, start, mean, square),
    ]


def _nadam(n: Numbers, optimizer: Any, start: str) -> list[Line]:
    m, c1, b1 = n.after["m"], n.scalars[0], optimizer.beta1
    ahead = (1 - b1) + b1 * c1  # 1 - β₁ to the power of t + 1
    filled = (
        f"{{{figure(b1)} · {factor(m)}}}/{{{figure(ahead)}}} + {{{figure(1 - b1)} · {factor(n.g)}}}/{{{figure(c1)}}}"
    )
    value = b1 * m / ahead + (1 - b1) * n.g / c1
    mean = Line("m̂", "{β_{1} · m}/{1 − β_{1}^{t+1}} + {(1 − β_{1}) · g}/{1 − β_{1}^{t}}", filled, value)
    return [
        *_moments(n, optimizer),
        mean,
        square := _corrected_square(n),
        _by_moments(n, optimizer, start, mean, square),
    ]


def _by_moments(n: Numbers, optimizer: Any, start: str, mean: Line, square: Line) -> Line:
    assert mean.value is not None
    assert square.value is not None
    filled = f"{figure(n.rate)} · {{{factor(mean.value)}}}/{{√{enclosed(square.value)} + {figure(optimizer.epsilon)}}}"
    return _new(n, start, "α · {m̂}/{√v̂ + ε}", filled)


OPTIMIZERS: dict[str, Terms] = {
    "gradient_descent": _descend, "sgd": _descend, "minibatch": _descend, "momentum": _momentum,
    "nesterov": _nesterov, "rmsprop": _rmsprop, "adagrad": _adagrad, "adadelta": _adadelta, "adam": _adam,
    "adamw": _adam, "nadam": _nadam,
}  # fmt: skip
