"""Layers that pass numbers on as they are, and those that make fewer of them."""

from __future__ import annotations

from engine.insight.trace.formulas.common import arriving, at, by, numbered, slope_at
from engine.insight.trace.record import LayerTrace, Trace
from engine.insight.trace.words import Line, figure, product


def passed(_trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    return [Line(numbered("y", unit, layer), numbered("x", unit, layer), "", at(layer.output, unit))]


def passed_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    found = [arriving(trace, layer, unit, numbered("y", unit, layer))]
    if layer.inputs[0].gradient is not None:
        found.append(
            Line(by(numbered("x", unit, layer)), by(numbered("y", unit, layer)), "", slope_at(layer.output, unit))
        )
    return found


def _places(layer: LayerTrace) -> int:
    return layer.inputs[0].value.size // layer.output.value.size


def average(_trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    places = _places(layer)
    values = layer.inputs[0].value.reshape(places, -1)[:, unit]
    total = f"{{{figure(float(values.sum()))}}}/{{{places}}}"
    return [Line(numbered("y", unit, layer), "{1}/{n} · Σ x over all places", total, at(layer.output, unit))]


def average_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    found = [arriving(trace, layer, unit, numbered("y", unit, layer))]
    if layer.inputs[0].gradient is not None:
        filled = product(1 / _places(layer), slope_at(layer.output, unit))
        found.append(
            Line(by("x"), f"{{1}}/{{n}} · {by('y')}, for every place", filled, slope_at(layer.inputs[0], unit))
        )
    return found


def last(_trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    steps = layer.inputs[0].value.shape[0]
    return [Line(numbered("y", unit, layer), f"x at step {steps}, the last one", "", at(layer.output, unit))]


def last_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    said = f"{by('y')} at the last step, 0 at all others"
    return [
        arriving(trace, layer, unit, numbered("y", unit, layer)),
        Line(by("x"), said, "", slope_at(layer.output, unit)),
    ]
