"""Kernels compiled in processes of their own: Numba holds the interpreter while it compiles, and a window would stand.

`compile_ahead` starts them; each is `python -m engine.program.ahead`, is told on standard input what to compile, and
leaves it in the folder of kernels, from where this process loads it without Numba.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from time import sleep
from typing import Any, Final

import numpy as np

from engine.design.document import Document
from engine.kernels.contract import Kernel
from engine.layers.base import Spec
from engine.program.loop import ENTRIES
from engine.program.plan import Asked, Plan, lay_out, lower

LOGGER = logging.getLogger("netloom")
ROOT: Final = Path(__file__).parent.parent.parent
MOST: Final = 4  # processes: each begins with a second of importing Numba
LOOK_EVERY: Final = 0.05  # s

Progress = Callable[[int, int], None]


def compile_ahead(document: Document, asked: Asked, plan: Plan, dtype: type, progress: Progress) -> None:
    """Have what was never compiled on this machine compiled beside this process.

    Where that cannot be done nothing is lost: whoever asks for a kernel's address compiles it.

    Args:
        progress: called with (kernels that are ready, of how many) now and then; what it raises ends the processes.
    """
    kernels = needed(plan)
    missing = [kernel for kernel in kernels if not kernel.kept(dtype)]
    if not missing or getattr(sys, "frozen", False):
        return
    count = min(MOST, os.cpu_count() or 1, len(missing))
    processes: list[subprocess.Popen[bytes]] = []
    try:
        for number in range(count):
            titles = [kernel.title(dtype) for kernel in missing[number::count]]
            processes.append(_start(document, asked, dtype, titles))
        while any(process.poll() is None for process in processes):
            progress(len(kernels) - sum(not kernel.kept(dtype) for kernel in missing), len(kernels))
            sleep(LOOK_EVERY)
    except OSError:
        LOGGER.exception("no process could be started to compile kernels")
    finally:
        for process in processes:
            process.kill()
            process.wait()


def needed(plan: Plan) -> list[Kernel]:
    """All kernels of a plan and the entries of the loop, each once."""
    kernels = (*ENTRIES, *(row.kernel for row in plan.rows))
    return list({kernel.title(np.float32): kernel for kernel in kernels}.values())


def _start(document: Document, asked: Asked, dtype: type, titles: Sequence[str]) -> subprocess.Popen[bytes]:
    task = {
        "document": document.model_dump(mode="json"),
        "asked": asdict(asked),
        "dtype": np.dtype(dtype).name,
        "titles": titles,
    }
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH", ""))))
    process = subprocess.Popen(
        [sys.executable, "-m", "engine.program.ahead"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL, env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    assert process.stdin is not None
    with process.stdin as told:
        told.write(json.dumps(task).encode())
    return process


def main() -> None:
    """Compile what standard input asks for."""
    task: dict[str, Any] = json.load(sys.stdin)
    document, asked = Document(**task["document"]), task["asked"]
    shape = tuple(asked["input"].pop("shape"))
    counts = tuple(asked.pop("class_counts"))
    asked = Asked(**asked | {"input": Spec(shape, **asked["input"]), "class_counts": counts})
    dtype = {"float32": np.float32, "float64": np.float64}[task["dtype"]]
    kernels = {
        kernel.title(dtype): kernel for kernel in needed(lay_out(lower(document, asked), document.training, asked))
    }
    for title in task["titles"]:
        kernels[title].keep(dtype)


if __name__ == "__main__":
    main()
