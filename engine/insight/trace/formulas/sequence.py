"""Embedding and the simple recurrent layer."""

from __future__ import annotations

from engine.insight.trace.formulas.common import arriving, at, by, numbered
from engine.insight.trace.record import LayerTrace, Trace
from engine.insight.trace.words import Line, factor, figure, sum_of


def embed(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    table = trace.updated.old(layer.parameters[0])
    place, column = divmod(unit, table.shape[1])
    token = int(layer.inputs[0].value.flat[place])
    return [
        Line(numbered("y", unit, layer), f"row {token} of the table, number {column + 1}", "", at(layer.output, unit))
    ]


def embed_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    gradient = trace.updated.gradient(layer.parameters[0])
    place, column = divmod(unit, gradient.shape[1])
    token = int(layer.inputs[0].value.flat[place])
    said = f"Σ {by('y')} over all places with token {token}"
    return [
        arriving(trace, layer, unit, numbered("y", unit, layer)),
        Line(by("w"), said, "", float(gradient[min(max(token, 0), len(gradient) - 1), column])),
    ]


def recur(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    z, h = layer.named("z"), layer.named("h")
    assert z is not None
    assert h is not None
    memory = trace.updated.old(layer.parameters[2])
    units = memory.shape[0]
    step, column = _step(layer, unit, units)
    own, f = float(z.value[step, column]), layer.activation
    before = h.value[step - 1] if step else None
    value = at(layer.output, unit)
    if before is None:
        return [Line("h_{1}", f"{f}(x · W + b)", f"{f}({figure(own)})", value)]
    pairs = [(float(p), float(u)) for p, u in zip(before, memory[:, column], strict=True)]
    filled = f"{f}({figure(own)} + {sum_of(pairs)})"
    return [
        Line("z_{t}", "x_{t} · W + b", "", own),
        Line(f"h_{{{step + 1}}}", f"{f}(z_{{t}} + h_{{t−1}} · U)", filled, value),
    ]


def _step(layer: LayerTrace, unit: int, units: int) -> tuple[int, int]:
    """(step in time, unit) of a number of the output."""
    if layer.output.value.ndim == 1:
        return layer.inputs[0].value.shape[0] - 1, unit
    return divmod(unit, units)


def recur_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    z = layer.named("z")
    found = [arriving(trace, layer, unit, numbered("h", unit, layer))]
    if z is None or z.gradient is None:
        return found
    step, column = _step(layer, unit, trace.updated.old(layer.parameters[2]).shape[0])
    delta = float(z.gradient[step, column])
    slope = "(1 − h_{t}^{2})" if layer.activation == "tanh" else "(1 for h_{t} > 0, else 0)"
    steps = z.value.shape[0]
    through = f"({by('h_{t}')} + {by('z_{t+1}')} · U^{{T}}) · {slope}"
    weight = trace.updated.gradient(layer.parameters[0])
    filled = " + ".join(factor(float(v)) for v in z.gradient[:, column][:4] * layer.inputs[0].value[:4, 0])
    more = f" + … ({steps - 4} more)" if steps > 4 else ""
    return [
        *found,
        Line(by(f"z_{{{step + 1}}}"), through, "", delta),
        Line(by("w_{1}"), f"Σ {by('z_{t}')} · x_{{t}} over all steps", filled + more, float(weight[0, column])),
    ]
