"""Dense layers, maxout and what bends: z = Σ w·x + b, a = f(z), ∂E/∂w = ∂E/∂a · ∂a/∂z · ∂z/∂w."""

from __future__ import annotations

import numpy as np

from engine.insight.trace.formulas.activations import applied, slope_of, slope_text
from engine.insight.trace.formulas.common import arriving, at, by, numbered, slope_at
from engine.insight.trace.record import LayerTrace, Trace
from engine.insight.trace.words import Line, factor, figure, largest_of, product, sum_of


def _ends(
    trace: Trace, layer: LayerTrace, column: int, width: int, group: int
) -> tuple[list[float], list[float], float]:
    """(x, w, b) of one sum: column ``column`` of ``width``, on the last axis at place ``group``."""
    weight, bias = (trace.updated.old(key) for key in layer.parameters[:2])
    x = layer.inputs[0].value.reshape(-1, len(weight))[group]
    assert weight.shape[1] == width
    return [float(v) for v in x], [float(v) for v in weight[:, column]], float(bias[column])


def forward(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    z = layer.named("z")
    assert z is not None
    width = layer.output.value.shape[-1]
    group, column = divmod(unit, width)
    x, w, b = _ends(trace, layer, column, width, group)
    sum_, a = numbered("z", unit, layer), numbered("a", unit, layer)
    found = [Line(sum_, "Σ w · x + b", sum_of(list(zip(w, x, strict=True)), [b]), at(z, unit))]
    if layer.activation == "linear":
        found += [] if _logits(trace, layer) else [Line(_given(trace, layer, a), sum_, "", at(layer.output, unit))]
    else:
        found.append(
            Line(_given(trace, layer, a), f"f({sum_})", applied(layer, figure(at(z, unit))), at(layer.output, unit))
        )
    return found


def backward(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    z = layer.named("z")
    assert z is not None
    width = layer.output.value.shape[-1]
    group, column = divmod(unit, width)
    x, _, _ = _ends(trace, layer, column, width, group)
    sum_, a = numbered("z", unit, layer), numbered("a", unit, layer)
    a = sum_ if _logits(trace, layer) else _given(trace, layer, a)
    found = [arriving(trace, layer, unit, a)]
    if _logits(trace, layer):
        pass
    elif layer.activation == "linear":
        found.append(Line(by(sum_), by(a), "", slope_at(z, unit)))
    else:
        found.append(_bent(layer, sum_, a, at(z, unit), unit, slope_at(z, unit)))
    delta = slope_at(z, unit)
    biggest = largest_of([delta * v for v in x], 1)[0]
    which = "" if len(x) == 1 else f"_{{{biggest + 1}}}"
    shared = layer.output.value.size > width
    key, bias = (trace.updated.gradient(key) for key in layer.parameters[:2])
    if shared:
        found.append(Line(by("w" + which), f"Σ {by('z')} · x over all places", "", float(key[biggest, column])))
        found.append(Line(by("b"), f"Σ {by('z')} over all places", "", float(bias[column])))
        return found
    found.append(
        Line(by("w" + which), f"{by(sum_)} · x{which}", product(delta, x[biggest]), float(key[biggest, column]))
    )
    found.append(Line(by("b"), by(sum_), "", float(bias[column])))
    return found


def _logits(trace: Trace, layer: LayerTrace) -> bool:
    """Whether the loss itself turns what the layer gives into the answer."""
    return layer.activation == "linear" and trace.loss.link != "identity" and not trace.readers(layer.node)


def _given(trace: Trace, layer: LayerTrace, a: str) -> str:
    """a, or ŷ for what the last layer answers."""
    return a if trace.readers(layer.node) else a.replace("a", "ŷ", 1)


def _bent(layer: LayerTrace, sum_: str, a: str, z: float, unit: int, value: float) -> Line:
    """∂E/∂z = ∂E/∂a · f'(z)."""
    if layer.activation == "softmax":
        mean = float(np.sum(_on_axis(layer, layer.output.value, unit) * _on_axis(layer, layer.output.gradient, unit)))
        filled = f"{factor(at(layer.output, unit))} · ({figure(slope_at(layer.output, unit))} − {factor(mean)})"
        return Line(by(sum_), f"{a} · ({by(a)} − Σ a · {by('a')})", filled, value)
    slope = slope_of(layer, z, at(layer.output, unit))
    formula = f"{by(a)} · f′({sum_}),  f′ = {slope_text(layer)}"
    return Line(by(sum_), formula, product(slope_at(layer.output, unit), slope), value)


def _on_axis(layer: LayerTrace, values: np.ndarray | None, unit: int) -> np.ndarray:
    width = layer.output.value.shape[-1]
    return np.zeros(width) if values is None else values.reshape(-1, width)[unit // width].astype(np.float64)


def bend(_trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    x = at(layer.inputs[0], unit)
    return [
        Line(
            numbered("a", unit, layer),
            f"f({numbered('x', unit, layer)})",
            applied(layer, figure(x)),
            at(layer.output, unit),
        )
    ]


def bend_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    found = [arriving(trace, layer, unit, numbered("a", unit, layer))]
    if layer.inputs[0].gradient is None:
        return found
    x, a = numbered("x", unit, layer), numbered("a", unit, layer)
    return [*found, _bent(layer, x, a, at(layer.inputs[0], unit), unit, slope_at(layer.inputs[0], unit))]


def prelu(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    x, slope = at(layer.inputs[0], unit), _slope(trace, layer, unit)
    filled = "" if x > 0 else product(slope, x)
    return [Line(numbered("y", unit, layer), "x for x > 0, else s · x", filled, at(layer.output, unit))]


def prelu_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    x, dy = at(layer.inputs[0], unit), slope_at(layer.output, unit)
    found = [arriving(trace, layer, unit, numbered("y", unit, layer))]
    if layer.inputs[0].gradient is not None:
        share = 1.0 if x > 0 else _slope(trace, layer, unit)
        found.append(
            Line(by("x"), f"{by('y')} · (1 for x > 0, else s)", product(dy, share), slope_at(layer.inputs[0], unit))
        )
    gradient = trace.updated.gradient(layer.parameters[0])
    column = unit % len(gradient)
    one = layer.output.value.size == len(gradient)
    rule, filled = f"{by('y')} · min(x, 0)", product(dy, min(x, 0.0)) if one else ""
    found.append(Line(by("s"), rule if one else f"Σ {rule} over all places", filled, float(gradient[column])))
    return found


def _slope(trace: Trace, layer: LayerTrace, unit: int) -> float:
    slopes = trace.updated.old(layer.parameters[0])
    return float(slopes[unit % len(slopes)])


def maxout(_trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    sums = _pieces(layer, unit)
    filled = f"max({', '.join(figure(float(z)) for z in sums[:6])}{', …' if len(sums) > 6 else ''})"
    return [Line(numbered("a", unit, layer), "the largest of its sums z = Σ w · x + b", filled, at(layer.output, unit))]


def maxout_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    place = int(_pieces(layer, unit).argmax())
    said = f"all of {by('a')} goes to sum {place + 1}, the largest; the others get 0"
    return [
        arriving(trace, layer, unit, numbered("a", unit, layer)),
        Line(by("z"), said, "", slope_at(layer.output, unit)),
    ]


def _pieces(layer: LayerTrace, unit: int) -> np.ndarray:
    """(pieces,) the sums among which a unit chooses."""
    z, width = layer.named("z"), layer.output.value.shape[-1]
    assert z is not None
    group, column = divmod(unit, width)
    pieces = z.value.size // layer.output.value.size
    return z.value.reshape(-1, pieces, width)[group, :, column]
