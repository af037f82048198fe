"""Netloom's own engine on the networks of the benchmark."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

import numpy as np

from engine.bench.nets import ROWS, Net
from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.kernels.contract import LOG_USED
from engine.layers import Layer
from engine.program.program import Program
from engine.training.spec import DataSplit


def document(net: Net) -> Document:
    made, before = Document().add(Layer.parse("input"), id="input"), "input"
    for number, units in enumerate(net.widths[1:], 1):
        activation = "relu" if number < len(net.widths) - 1 else "linear"
        layer = Layer.parse({"type": "dense", "units": units, "activation": activation})
        made, before = made.add(layer, id=f"dense_{number}").connect(before, f"dense_{number}"), f"dense_{number}"
    return made.but(training=made.training.but(batch_size=net.batch, epochs=100_000_000))


def program(net: Net, dtype: type = np.float32) -> Program:
    rng = np.random.default_rng(0)
    x, y = rng.standard_normal((ROWS, net.widths[0])), rng.standard_normal((ROWS, net.widths[-1]))
    split = DataSplit(validation=0, scaling="none", scale_target=False)
    return Program(document(net), Prepared.from_arrays(x, y, split=split, dtype=dtype), dtype=dtype)


def contestant(net: Net) -> Callable[[int], float]:
    """(steps) -> seconds: shuffle, gather, forward, loss, backward, update, as in training."""
    made = program(net)

    def run(steps: int) -> float:
        began = perf_counter()
        while steps > 0:
            steps -= made.run(steps)
            made.ctx[LOG_USED] = 0
            made.ctx[6] = 0
        return perf_counter() - began

    run(100)
    return run
