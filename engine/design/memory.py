"""How much memory this machine can still give, and byte counts in words."""

from __future__ import annotations

import os
import sys
from pathlib import Path

CGROUP = Path("/sys/fs/cgroup")


def free_memory() -> int | None:
    """Bytes that a process may still take without pushing others out; None where the system does not say."""
    if sys.platform == "win32":
        return _free_on_windows()
    known = [bytes for bytes in (_available_on_linux(), _left_in_cgroup()) if bytes is not None]
    if known:
        return min(known)
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")  # all that is built in: an upper bound
    except (ValueError, OSError):
        return None


def in_words(bytes: int) -> str:
    """``40_000_000_000`` as "40 GB"."""
    size = float(bytes)
    for unit in ("bytes", "kB", "MB", "GB", "TB"):
        if size < 999.5:
            return f"{size:.3g} {unit}"
        size /= 1000
    return f"{size:,.0f} PB" if size < 1e6 else "more than any machine has"


def _available_on_linux() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return None
    fields = dict(line.split(":", 1) for line in lines if ":" in line)
    return int(fields["MemAvailable"].split()[0]) * 1024 if "MemAvailable" in fields else None


def _left_in_cgroup(folder: Path = CGROUP) -> int | None:
    """A container's limit is not in ``/proc/meminfo``; what is only cached can be taken back."""
    try:
        most = (folder / "memory.max").read_text(encoding="ascii").strip()
        used = int((folder / "memory.current").read_text(encoding="ascii"))
        counts = dict(line.split() for line in (folder / "memory.stat").read_text(encoding="ascii").splitlines())
    except (OSError, ValueError):
        return None
    return None if most == "max" else max(int(most) - used + int(counts.get("inactive_file", 0)), 0)


def _free_on_windows() -> int | None:
    import ctypes

    fields = ["total", "free", "total_page", "free_page", "total_virtual", "free_virtual", "extended"]

    class Status(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [(f, ctypes.c_ulonglong) for f in fields]

    status = Status(length=ctypes.sizeof(Status))
    kernel32 = getattr(ctypes, "windll").kernel32  # noqa: B009  (absent elsewhere, where this is checked too)
    return int(status.free) if kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None
