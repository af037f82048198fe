"""Raw rows as a whole: handled in blocks, put in order, told apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.dataset import Dataset
from engine.data.splitting import Rows

Array = NDArray[Any]
BLOCK = 131_072  # numbers handled at once: 1 MB in float64, which stays in the cache


def reordered(raw: Array, rows: Rows, spend: bool) -> Array:
    """``raw[rows]``, C-contiguous; in the memory of ``raw`` itself where that may be spent."""
    if not (spend and raw.flags.c_contiguous and raw.flags.writeable):
        return np.ascontiguousarray(raw[rows])
    table = raw.reshape(len(raw), -1)
    step = max(1, 16 * BLOCK // len(raw))
    for first in range(0, table.shape[1], step):
        table[:, first : first + step] = table[rows, first : first + step]
    return raw


def blocks(values: Array) -> Iterator[slice]:
    """Slices of rows that together are all rows, each of about `BLOCK` numbers."""
    step = max(1, BLOCK // max(1, prod(values.shape[1:])))
    for first in range(0, len(values), step):
        yield slice(first, min(first + step, len(values)))


def fingerprint(dataset: Dataset) -> str:
    """A hash of what the rows are: shape, type and bytes of x and y."""
    digest = hashlib.blake2b(digest_size=16)
    for values in (dataset.x, dataset.y):
        digest.update(f"{values.shape}{values.dtype.str}".encode())
        for part in blocks(values):
            digest.update(np.ascontiguousarray(values[part]).view(np.uint8).data)
    return digest.hexdigest()
