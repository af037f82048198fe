"""Why this number: one example followed through the network and back, and one weight's chain to the loss."""

from __future__ import annotations

from engine.insight.trace.chain import Chain, explain
from engine.insight.trace.formulas import backward_lines, forward_lines
from engine.insight.trace.moment import Moment, Now
from engine.insight.trace.reading import trace
from engine.insight.trace.record import STAGES, LayerTrace, Stage, Trace, TraceError
from engine.insight.trace.words import Line, figure, plain

__all__ = [
    "STAGES", "Chain", "LayerTrace", "Line", "Moment", "Now", "Stage", "Trace", "TraceError", "backward_lines",
    "explain", "figure", "forward_lines", "plain", "trace",
]  # fmt: skip
