"""How the process gets memory from the system, so that what is free again can be given back; and how much it holds."""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Final

# of glibc's malloc.h
M_ARENA_MAX: Final = -8
M_MMAP_THRESHOLD: Final = -3
ARENAS: Final = 2  # every thread would get one of its own, and free memory of one is of no use to another
LARGE: Final = 256 * 1024  # bytes: what is larger goes back at once; left alone, glibc raises this to 32 MB


def keep_together() -> bool:
    """Have threads share their memory; whether that could be said. Before they begin: arenas that are there stay.

    A trainer, contests and pictures come and go on threads: after some thousand actions a window held 100 MB more
    than was in use.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None) if sys.platform == "linux" else None
    if mallopt is None:
        return False
    return all(mallopt(name, value) == 1 for name, value in ((M_ARENA_MAX, ARENAS), (M_MMAP_THRESHOLD, LARGE)))


def resident() -> float:
    """MB of memory that this process holds now; where the system does not tell, the most that it ever held."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) / 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 1024)
