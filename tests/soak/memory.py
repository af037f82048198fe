"""How much memory the process holds, and what in it has become more."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections import Counter
from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QPixmapCache
from PySide6.QtWidgets import QApplication, QGraphicsView

from app.memory import resident
from tests.soak.outcome import Look

MENTIONED: Final = 12  # kinds of objects


def look(actions: int) -> Look:
    """Collect all that nobody holds, give back what is free, and see what is left."""
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    QPixmapCache.clear()  # bounded, and filled with every size that a control ever had
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
    """All that Python's collector knows, and all widgets and items that Qt holds, by kind."""
    found = Counter(type(thing).__qualname__ for thing in gc.get_objects())
    for widget in QApplication.allWidgets():  # those that `findChildren` finds PySide keeps, when Qt has deleted them
        found[f"Qt {widget.metaObject().className()}"] += 1
        found["Qt windows"] += widget.isWindow()
        if isinstance(widget, QGraphicsView) and widget.scene() is not None:
            found["Qt graphics items"] += len(widget.scene().items())
    return found


def grown(first: Look, last: Look) -> str:
    """The kinds that have become more, most of all first."""
    more = Counter({kind: count - first.kinds[kind] for kind, count in last.kinds.items()})
    return ", ".join(f"{kind} +{count}" for kind, count in more.most_common(MENTIONED) if count > 0)
