"""Several inputs: sums, products, one behind the other."""

from __future__ import annotations

from math import prod

from engine.insight.trace.formulas.common import arriving, at, by, numbered, slope_at
from engine.insight.trace.record import LayerTrace, Trace
from engine.insight.trace.words import Line, factor, figure, product


def _symbols(layer: LayerTrace) -> list[str]:
    return [each.symbol for each in layer.inputs]


def add(_trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    values = [at(each, unit) for each in layer.inputs]
    filled = " + ".join([figure(values[0]), *map(factor, values[1:])])
    return [Line(numbered("y", unit, layer), " + ".join(_symbols(layer)), filled, at(layer.output, unit))]


def add_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    shares = [
        Line(by(each.symbol), by("y"), "", slope_at(each, unit)) for each in layer.inputs if each.gradient is not None
    ]
    return [arriving(trace, layer, unit, numbered("y", unit, layer)), *shares]


def multiply(_trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    filled = product(*(at(each, unit) for each in layer.inputs))
    return [Line(numbered("y", unit, layer), " · ".join(_symbols(layer)), filled, at(layer.output, unit))]


def multiply_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    found = [arriving(trace, layer, unit, numbered("y", unit, layer))]
    values = [at(each, unit) for each in layer.inputs]
    for place, each in enumerate(layer.inputs):
        if each.gradient is not None:
            others = prod(values[:place] + values[place + 1 :])
            filled = product(slope_at(layer.output, unit), others)
            found.append(Line(by(each.symbol), f"{by('y')} · (the other inputs)", filled, slope_at(each, unit)))
    return found


def concat(_trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    said = " and ".join([", ".join(_symbols(layer)[:-1]), _symbols(layer)[-1]])
    return [Line(numbered("y", unit, layer), f"{said}, side by side", "", at(layer.output, unit))]


def concat_back(trace: Trace, layer: LayerTrace, unit: int) -> list[Line]:
    line = arriving(trace, layer, unit, numbered("y", unit, layer))
    return [line, Line(by("x"), f"the part of {by('y')} that it brought", "", slope_at(layer.output, unit))]
