"""Columns in a file and back."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from engine.errors import NetloomError
from engine.exchange.csv_file import save_columns


def test_that_columns_come_back_with_all_their_digits(tmp_path: Path) -> None:
    path = tmp_path / "curves.csv"
    loss = np.array([0.1, 1 / 3, np.nan, 1e-300])
    save_columns(path, {"epoch": np.arange(1.0, 5.0), "loss, train": loss, "class": ["a", 'b"', "ü"]})
    with path.open(encoding="utf-8", newline="") as file:
        head, *rows = list(csv.reader(file))
    assert head == ["epoch", "loss, train", "class"]
    assert [row[0] for row in rows] == ["1", "2", "3", "4"]
    assert [float(row[1]) if row[1] else None for row in rows] == [0.1, 1 / 3, None, 1e-300]
    assert [row[2] for row in rows] == ["a", 'b"', "ü", ""]


def test_that_a_place_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(NetloomError, match=r"curves\.csv.*it is not there"):
        save_columns(tmp_path / "nowhere" / "curves.csv", {"epoch": np.arange(3.0)})
