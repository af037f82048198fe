"""Where the stepper is: a stage and a layer, and which comes before and after."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from engine.insight.trace import STAGES, LayerTrace, Stage, Trace

NAMES: Final[dict[Stage, tuple[str, str]]] = {
    "forward": ("Forward", "What every layer computes from what arrives"),
    "loss": ("Loss", "How wrong the answer is"),
    "backward": ("Backward", "How the loss changes with every number, from the last layer to the first"),
    "update": ("Update", "What the step makes of every weight"),
}


def places(trace: Trace) -> list[tuple[Stage, str]]:
    """All steps in their order: layer by layer forwards, the loss, layer by layer back, the updates."""
    found: list[tuple[Stage, str]] = [("forward", layer.node) for layer in trace.layers]
    found.append(("loss", trace.layers[-1].node))
    found += [("backward", layer.node) for layer in reversed(trace.layers) if layer.output.gradient is not None]
    found += [("update", layer.node) for layer in trace.layers if layer.parameters]
    return found


def beside(trace: Trace, stage: Stage, node: str, by: int) -> tuple[Stage, str]:
    """The step so many further on; the first or last one at the ends."""
    order = places(trace)
    here = order.index((stage, node)) if (stage, node) in order else _near(order, stage)
    return order[min(max(here + by, 0), len(order) - 1)]


def _near(order: Sequence[tuple[Stage, str]], stage: Stage) -> int:
    """A step of the stage, or of one before it."""
    rank = STAGES.index(stage)
    return max((place for place, (each, _) in enumerate(order) if STAGES.index(each) <= rank), default=0)


def fitting(trace: Trace, stage: Stage, node: str) -> Stage:
    """The stage, or the forward pass where the layer has no part in it."""
    layer: LayerTrace = trace.by_node[node]
    if (stage == "backward" and layer.output.gradient is None) or stage == "loss":
        return "forward"
    return stage
