"""What of a trace is shown, as plain values."""

from __future__ import annotations

import numpy as np

from app.live.share import Columns
from app.live.why.strip import Cells
from app.picked import Way
from engine.design.document import Wire
from engine.insight.trace import Chain, LayerTrace, Trace, plain


def cells(layer: LayerTrace, back: bool) -> tuple[Cells, ...]:
    """The layer's values, or the gradients by them."""
    found = []
    for quantity in layer.quantities:
        values = quantity.gradient if back else quantity.value
        if values is not None:
            symbol = plain(quantity.symbol)
            units = values.size == layer.output.value.size and quantity not in layer.inputs
            found.append(Cells(f"∂E/∂{symbol}" if back else symbol, quantity.title, np.asarray(values).ravel(), units))
    return tuple(found)


def reading(trace: Trace) -> str:
    """How the example fares, in a line."""
    return f"wanted {trace.loss.wanted}, answered {trace.loss.shown}; {trace.part}, step {trace.step + 1:,}"


def way_of(chain: Chain) -> Way:
    """The boxes and wires through which a weight's gradient comes."""
    wires = frozenset(Wire(source=source, target=target, port=port) for source, target, port in chain.wires)
    return Way(frozenset(chain.nodes), wires)


def columns(trace: Trace, layer: LayerTrace) -> Columns:
    """The weights of a layer, for a table."""
    updated = trace.updated
    names = [f"{key}[{index}]" for key in layer.parameters for index in range(updated.by_key[key].size)]
    read = {"weight": updated.old, "gradient": updated.gradient, "new weight": updated.new}
    parts = {name: [part(key).ravel() for key in layer.parameters] for name, part in read.items()}
    return {"name": names} | {name: np.concatenate(each) if each else np.zeros(0) for name, each in parts.items()}
