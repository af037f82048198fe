"""What the formulas of several layers share."""

from __future__ import annotations

from engine.insight.trace.record import LayerTrace, Quantity, Trace
from engine.insight.trace.words import Line, factor, sum_of


def at(values: Quantity, place: int) -> float:
    return float(values.value.flat[place])


def slope_at(values: Quantity, place: int) -> float:
    """∂E by a number; 0 where nobody asks for it."""
    return 0.0 if values.gradient is None else float(values.gradient.flat[place])


def numbered(symbol: str, place: int, layer: LayerTrace) -> str:
    """``a_{3}``: number 3 of a layer; without a number where there is one alone."""
    return symbol if layer.output.value.size == 1 else f"{symbol}_{{{place + 1}}}"


def by(symbol: str) -> str:
    """∂E by something, as a fraction."""
    return f"{{∂E}}/{{∂{symbol}}}"


def arriving(trace: Trace, layer: LayerTrace, unit: int, symbol: str) -> Line:
    """∂E by an output: from the loss, or what the readers send, written out where that is a sum over weights."""
    value = slope_at(layer.output, unit)
    readers = trace.readers(layer.node)
    if not readers:
        return Line(by(symbol), f"from the loss, {trace.loss.title.lower()}", "", value)
    if len(readers) > 1:
        shares = " + ".join(f"what {reader.label} sends" for reader, _ in readers)
        return Line(
            by(symbol), shares, " + ".join(factor(slope_at(r.inputs[port], unit)) for r, port in readers), value
        )
    reader, _port = readers[0]
    z = reader.named("z")
    if reader.layer.kind != "dense" or z is None or z.gradient is None:
        return Line(by(symbol), f"what {reader.label} sends back", "", value)
    weight = trace.updated.old(reader.parameters[0])
    inputs, units = weight.shape
    group, place = divmod(unit, inputs)
    deltas = z.gradient.reshape(-1, units)[group]
    pairs = [(float(w), float(d)) for w, d in zip(weight[place], deltas, strict=True)]
    formula = f"Σ w · {by('z')} of {reader.label}" if units > 1 else f"w · {by('z')} of {reader.label}"
    return Line(by(symbol), formula, sum_of(pairs), value)
