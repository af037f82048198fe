"""The data of the design that is to be trained, prepared once for as long as it names the same."""

from __future__ import annotations

from engine.data.dataset import Source
from engine.data.prepare import Prepared, prepare
from engine.design.document import Document
from engine.training.run import Run
from engine.training.spec import DataSplit


class Loader:
    """Remembers what was last prepared, and from what."""

    def __init__(self, dtype: type) -> None:
        self._dtype = dtype
        self._known: tuple[tuple[Source, DataSplit], Prepared] | None = None

    def load(self, document: Document, run: Run | None) -> tuple[Prepared, bool]:
        """The design's data, and whether they are others than at the last call; those of ``run`` where it has them.

        Raises:
            DataError: they cannot be read.
        """
        wanted = document.data, document.split
        if self._known is not None and self._known[0] == wanted:
            return self._known[1], False
        known = run is not None and (run.document.data, run.document.split) == wanted
        self._known = wanted, run.prepared if run is not None and known else prepare(*wanted, self._dtype)
        return self._known[1], True
