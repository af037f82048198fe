"""Threads share the memory of the process."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COUNT = """
import ctypes, threading
from app.memory import ARENAS, keep_together
c = ctypes.CDLL(None)
c.fopen.restype = c.malloc.restype = ctypes.c_void_p
together = keep_together()
everybody = threading.Barrier(9)
def work():
    everybody.wait()
    c.malloc(1000)
    everybody.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads: thread.start()
everybody.wait(), everybody.wait()
file = ctypes.c_void_p(c.fopen(b"/dev/stdout", b"w"))
c.malloc_info(0, file), c.fclose(file)
print("together", together, ARENAS)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such arenas")
def test_that_many_threads_share_few_arenas() -> None:
    done = subprocess.run(
        [sys.executable, "-c", COUNT], capture_output=True, text=True, check=True, timeout=60,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    _, together, arenas = done.stdout.splitlines()[-1].split()
    if together == "True":  # not every Linux has glibc
        assert done.stdout.count("<heap ") <= int(arenas)
