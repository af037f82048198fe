"""Columns of numbers as a CSV file, for spreadsheets and scripts."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any, BinaryIO, Protocol

import numpy as np

from engine.errors import NetloomError
from engine.exchange.files import words, write_whole

BLOCK = 8192  # rows that are Python's own numbers at a time: a million of them would be looked at by its collector


class Column(Protocol):
    """A list, an array, or whatever else has a length and gives a part of itself."""

    def __len__(self) -> int: ...

    def __getitem__(self, part: slice, /) -> Any: ...


def save_columns(path: Path, columns: Mapping[str, Column]) -> None:
    """A line of names, then a row per line; numbers with all their digits, empty where there is none.

    Columns may be of different lengths. They are read block by block.

    Raises:
        NetloomError: the file cannot be written; an older one is untouched then.
    """

    def write(file: BinaryIO) -> None:
        text = io.TextIOWrapper(file, "utf-8", newline="")
        writer = csv.writer(text)
        writer.writerow(columns)
        for start in range(0, max(map(len, columns.values()), default=0), BLOCK):
            block = (_spoken(values[start : start + BLOCK]) for values in columns.values())
            writer.writerows(zip_longest(*block, fillvalue=""))
        text.flush()
        text.detach()

    try:
        write_whole(path, write)
    except OSError as error:
        raise NetloomError(path.name, f"it cannot be written: {words(error)}", "Choose another place") from None


def _spoken(values: Any) -> list[Any]:
    """Python's own numbers; whole ones without a point, what is not a number left empty."""
    spoken = np.asarray(values).tolist() if isinstance(values, np.ndarray) else list(values)
    return [
        "" if isinstance(value, float) and value != value
        else int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 2**53
        else value
        for value in spoken
    ]  # fmt: skip
