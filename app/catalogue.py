"""The layers to choose from: their groups, the search, an icon for each, and the drag that carries one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QIcon

from app import icons
from engine.layers import Layer

MIME: Final = "application/x-netloom-layer"  # a drag carries a layer's kind and nothing else
ORDER: Final = ("Core", "Activation", "Normalise", "Regularise", "Combine", "Shape", "Image", "Sequence")
ICONS: Final = {
    "input": "mdi6.login-variant",
    "dense": "mdi6.vector-line",
    "activation": "mdi6.chart-bell-curve-cumulative",
    "maxout": "mdi6.arrow-collapse-up",
    "dropout": "mdi6.dots-grid",
    "gaussian_noise": "mdi6.waveform",
    "batch_norm": "mdi6.chart-bell-curve",
    "layer_norm": "mdi6.scale-balance",
    "flatten": "mdi6.arrow-collapse-horizontal",
    "reshape": "mdi6.shape-outline",
    "add": "mdi6.plus-circle-outline",
    "multiply": "mdi6.close-circle-outline",
    "concat": "mdi6.set-merge",
    "embedding": "mdi6.format-list-numbered",
    "simple_rnn": "mdi6.repeat",
}
CATEGORY_ICONS: Final = {
    "Core": "mdi6.vector-line",
    "Activation": "mdi6.sine-wave",
    "Normalise": "mdi6.scale-balance",
    "Regularise": "mdi6.dots-grid",
    "Combine": "mdi6.call-merge",
    "Shape": "mdi6.shape-outline",
    "Image": "mdi6.grid",
    "Sequence": "mdi6.view-sequential",
}
PLAIN_ICON: Final = "mdi6.cube-outline"


@dataclass(frozen=True)
class Entry:
    """One layer as lists show it."""

    kind: str
    title: str
    summary: str
    category: str
    brief: str = ""

    def rank(self, words: str) -> int | None:
        """How well a search finds it, 0 best; None where it does not."""
        words = words.casefold().strip()
        title, kind = self.title.casefold(), self.kind.casefold().replace("_", " ")
        if title.startswith(words) or kind.startswith(words):
            return 0
        if words in title or words in kind:
            return 1
        text = f"{title} {kind} {self.category.casefold()} {self.summary.casefold()}"
        return 2 if all(word in text for word in words.split()) else None


def entries() -> tuple[Entry, ...]:
    """Every layer, by category in their order, inside a category as they are registered."""
    made = [
        Entry(kind, layer.title or kind, layer.summary, layer.category, layer.brief)
        for kind, layer in Layer.kinds.items()
    ]
    return tuple(sorted(made, key=lambda entry: _category_place(entry.category)))


def _category_place(category: str) -> tuple[int, str]:
    return (ORDER.index(category), "") if category in ORDER else (len(ORDER), category)


def found(words: str, among: tuple[Entry, ...]) -> tuple[Entry, ...]:
    """The entries that a search finds, best first."""
    ranked = [(rank, entry) for entry in among if (rank := entry.rank(words)) is not None]
    return tuple(entry for _, entry in sorted(ranked, key=lambda pair: pair[0]))


def icon(kind: str, category: str, color: str) -> QIcon:
    return icons.icon(ICONS.get(kind) or CATEGORY_ICONS.get(category, PLAIN_ICON), color)


def carried(kind: str) -> QMimeData:
    """What a drag of a layer carries."""
    data = QMimeData()
    data.setData(MIME, kind.encode())
    return data


def kind_of(data: QMimeData) -> str | None:
    """The kind of layer that a drag carries; None for any other drag, and for layers that are not known here."""
    kind = bytes(data.data(MIME).data()).decode("utf-8", "replace")
    return kind if kind in Layer.kinds else None
