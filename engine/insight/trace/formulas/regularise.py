"""Dropout and noise."""

from __future__ import annotations

from engine.insight.trace.formulas.common import arriving, at, by, numbered, slope_at
from engine.insight.trace.record import LayerTrace, Trace
from engine.insight.trace.words import Line, factor, figure, product


def _mask(layer: LayerTrace, unit: int) -> float:
    mask = layer.named("mask")
    assert mask is not None
    return at(mask, unit)


def drop(_trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    mask = _mask(layer, unit)
    said = "mask · x, silenced in this step" if mask == 0 else "mask · x, kept and divided by 1 − rate"
    filled = product(mask, at(layer.inputs[0], unit))
    return [Line(numbered("y", unit, layer), said, filled, at(layer.output, unit))]


def drop_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    found = [arriving(trace, layer, unit, numbered("y", unit, layer))]
    if layer.inputs[0].gradient is not None:
        filled = product(_mask(layer, unit), slope_at(layer.output, unit))
        found.append(Line(by("x"), f"mask · {by('y')}", filled, slope_at(layer.inputs[0], unit)))
    return found


def noise(_trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    x, y = at(layer.inputs[0], unit), at(layer.output, unit)
    return [Line(numbered("y", unit, layer), "x + noise", f"{figure(x)} + {factor(y - x)}", y)]


def noise_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    found = [arriving(trace, layer, unit, numbered("y", unit, layer))]
    if layer.inputs[0].gradient is not None:
        found.append(Line(by("x"), by("y"), "", slope_at(layer.inputs[0], unit)))
    return found
