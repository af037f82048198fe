"""Single figures: the first step of a new process, an edit while training, a large table, a large set in memory.

``python -m engine.bench.tasks NAME`` prints JSON objects.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.data.dataset import Array, Source

FIRST_STEP = """
from time import perf_counter
began = perf_counter()
from engine.training.run import Run
from engine.design.document import Document
from engine.layers import Layer
document = Document().add(Layer.parse("input")).add(Layer.parse({"type": "dense", "units": 8, "activation": "tanh"}))
document = document.add(Layer.parse({"type": "dense", "units": 1}))
document = document.connect("input_1", "dense_1").connect("dense_1", "dense_2")
Run(document).advance(1)
print(perf_counter() - began)
"""

Figure = dict[str, object]


def figure(what: str, value: float, unit: str, wished: str) -> Figure:
    return {"what": what, "value": value, "unit": unit, "wished": wished}


def start() -> Iterator[Figure]:
    """Processes that import the engine and train their first batch; the first of them may have to compile."""
    times = []
    for _ in range(6):
        done = subprocess.run([sys.executable, "-c", FIRST_STEP], capture_output=True, text=True, check=True)
        times.append(float(done.stdout))
    yield figure("import of the engine to first step, second process", statistics.median(times[1:]), "s", "≤ 0.6 s")


def edit() -> Iterator[Figure]:
    """Widths changed while it trains: until the next batch is done."""
    from engine.bench.nets import NETS
    from engine.bench.ours import document
    from engine.data.prepare import Prepared
    from engine.data.synthetic import Spiral
    from engine.training.run import Run
    from engine.training.spec import DataSplit

    made = document(NETS[1])
    run = Run(made, Prepared.from_arrays(*_arrays(Spiral()), "binary", split=DataSplit()))
    times = []
    for units in range(8, 40):
        changed = made.set_fields("dense_2", units=units)
        began = perf_counter()
        run.edit(changed)
        run.advance(1)
        times.append((perf_counter() - began) * 1e3)
    yield figure("an edit of the design until it trains again", statistics.median(times), "ms", "≤ 20 ms")


def _arrays(source: Source) -> tuple[Array, Array]:
    dataset = source.load(0)
    return dataset.x, dataset.y


def table() -> Iterator[Figure]:
    """A CSV file of 1,000,000 rows and 10 columns of numbers."""
    import numpy as np
    import pandas as pd

    from engine.data.table import Table

    with TemporaryDirectory() as folder:
        path = Path(folder) / "numbers.csv"
        values = np.random.default_rng(0).standard_normal((1_000_000, 10)).round(5)
        pd.DataFrame(values, columns=[f"c{i}" for i in range(10)]).to_csv(path, index=False)
        began = perf_counter()
        rows = Table(path=str(path)).load(0).rows
        yield figure(f"a table of {rows:,} × 10 numbers", perf_counter() - began, "s", "≤ 3 s")


MEMORY = """
import resource, sys
import numpy as np
from engine.bench.nets import Net
from engine.bench.ours import document
from engine.data.arrays import Arrays
from engine.training.run import Run
made = document(Net((784, 128, 10), 64, 1)).but(data=Arrays(path=sys.argv[1]))
Run(made.but(training=made.training.but(loss="cce"))).advance(100)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def memory() -> Iterator[Figure]:
    """The peak of a process that trains on 60,000 × 784 float32."""
    import numpy as np

    with TemporaryDirectory() as folder:
        path = Path(folder) / "images.npz"
        rng = np.random.default_rng(0)
        np.savez(path, x=rng.random((60_000, 784), np.float32), y=rng.integers(0, 10, 60_000))
        done = subprocess.run([sys.executable, "-c", MEMORY, str(path)], capture_output=True, text=True, check=True)
    size = 60_000 * 784 * 4 / 2**20
    wished = f"≤ {2.2 * size + 300:.0f} MB"
    yield figure("peak memory, 60,000 × 784 float32 in training", float(done.stdout), "MB", wished)


TASKS: dict[str, Callable[[], Iterator[Figure]]] = {"start": start, "edit": edit, "table": table, "memory": memory}

if __name__ == "__main__":
    for found in TASKS[sys.argv[1]]():
        sys.stdout.write(json.dumps(found) + "\n")
