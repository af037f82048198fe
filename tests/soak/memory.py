"""How much memory the process holds, and what in it has become more."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections import Counter
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtWidgets import QApplication, QGraphicsView, QWidget

from app.memory import resident
from tests.soak.outcome import Look

MENTIONED: Final = 12  # kinds of objects


def look(actions: int) -> Look:
    """Collect all that nobody holds, give back what is free, and see what is left."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    give_back()
    return Look(actions, resident(), kinds())


def give_back() -> None:
    """Free memory goes back to the system, where its allocator can be told: what is left is in use."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def kinds() -> Counter[str]:
    """All that Python's collector knows, and all that Qt holds in windows and scenes, by kind."""
    found = Counter(type(thing).__qualname__ for thing in gc.get_objects())
    for window in QApplication.topLevelWidgets():
        for thing in (window, *window.findChildren(QObject)):
            found[f"Qt {thing.metaObject().className()}"] += 1
            if isinstance(thing, QGraphicsView) and thing.scene() is not None:
                found["Qt graphics items"] += len(thing.scene().items())
    found["Qt windows"] = sum(isinstance(thing, QWidget) for thing in QApplication.topLevelWidgets())
    return found


def grown(first: Look, last: Look) -> str:
    """The kinds that have become more, most of all first."""
    more = Counter({kind: count - first.kinds[kind] for kind, count in last.kinds.items()})
    return ", ".join(f"{kind} +{count}" for kind, count in more.most_common(MENTIONED) if count > 0)
