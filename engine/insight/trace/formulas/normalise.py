"""Batch norm and layer norm: y = γ · (x − μ)/σ + β."""

from __future__ import annotations

from engine.insight.trace.formulas.common import arriving, at, by, numbered, slope_at
from engine.insight.trace.record import LayerTrace, Trace
from engine.insight.trace.words import Line, factor, figure, product


def _scale(trace: Trace, layer: LayerTrace, unit: int) -> tuple[float, float]:
    gamma, beta = (trace.updated.old(key) for key in layer.parameters[:2])
    return float(gamma[unit % len(gamma)]), float(beta[unit % len(beta)])


def _centre(layer: LayerTrace, unit: int) -> tuple[float, float]:
    """(μ, 1/σ): of its feature in batch norm, of its place in layer norm."""
    mean, inverse = layer.named("μ"), layer.named("1/σ")
    assert mean is not None
    assert inverse is not None
    width = layer.output.value.shape[-1]
    place = unit % width if layer.layer.kind == "batch_norm" else unit // width
    return at(mean, place), at(inverse, place)


def forward(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    gamma, beta = _scale(trace, layer, unit)
    mean, inverse = _centre(layer, unit)
    x = at(layer.inputs[0], unit)
    normal = f"{{{figure(x)} − {factor(mean)}}}/{{{figure(1 / inverse)}}}"
    return [
        Line("x̂", "{x − μ}/{σ}", normal, (x - mean) * inverse),
        Line(numbered("y", unit, layer), "γ · x̂ + β", f"{product(gamma, (x - mean) * inverse)} + {factor(beta)}",
             at(layer.output, unit)),
    ]  # fmt: skip


def _back(trace: Trace, layer: LayerTrace, unit: int, through: str) -> list[Line]:
    gamma, beta = (trace.updated.gradient(key) for key in layer.parameters[:2])
    column = unit % len(gamma)
    mean, inverse = _centre(layer, unit)
    found = [arriving(trace, layer, unit, numbered("y", unit, layer))]
    if layer.inputs[0].gradient is not None:
        found.append(Line(by("x"), through, "", slope_at(layer.inputs[0], unit)))
    normal = (at(layer.inputs[0], unit) - mean) * inverse
    one = layer.output.value.size == len(gamma)
    filled = product(slope_at(layer.output, unit), normal) if one else ""
    found.append(Line(by("γ"), f"{'' if one else 'Σ '}{by('y')} · x̂", filled, float(gamma[column])))
    found.append(Line(by("β"), f"{'' if one else 'Σ '}{by('y')}", "", float(beta[column])))
    return found


def batch_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    if layer.running:
        return _back(trace, layer, unit, f"{{γ}}/{{σ}} · {by('y')}, μ and σ stay as they are")
    mean = "mean over batch and places"
    return _back(trace, layer, unit, f"{{γ}}/{{σ}} · ({by('y')} − its {mean} − x̂ · mean of x̂ · {by('y')})")


def layer_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    return _back(trace, layer, unit, f"{{1}}/{{σ}} · (γ · {by('y')} − its mean − x̂ · mean of x̂ · γ · {by('y')})")
