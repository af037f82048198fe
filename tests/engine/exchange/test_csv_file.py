"""Columns in a file and back."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from engine.compare.curves import rows_of
from engine.compare.standing import Contestant, Standing
from engine.design.document import Document
from engine.errors import NetloomError
from engine.exchange.csv_file import BLOCK, save_columns
from engine.training.log import COLUMNS, MetricLog


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


def test_that_long_columns_are_read_part_by_part(tmp_path: Path) -> None:
    log, count = MetricLog(), 2 * BLOCK + 5
    rows = np.random.default_rng(0).random((count, len(COLUMNS)))
    log.append(rows[:BLOCK])
    log = log.until(10**9)  # in two pieces
    log.append(rows[BLOCK:])
    one, other = (Standing(key, Contestant(name, Document(), key), log=log) for key, name in enumerate("ab"))
    columns = rows_of([one, other], ("epoch", "loss"))
    log.append(rows)  # what comes later is not in it
    assert {len(column) for column in columns.values()} == {2 * count}
    save_columns(tmp_path / "curves.csv", columns | {"short": ["x"]})
    with (tmp_path / "curves.csv").open(encoding="utf-8", newline="") as file:
        head, *lines = list(csv.reader(file))
    assert head == ["run", "seed", "epoch", "loss", "short"]
    assert [line[:2] for line in lines] == [["a", "0"]] * count + [["b", "1"]] * count
    assert [float(line[3]) for line in lines] == [*rows[:, 2]] * 2
    assert [line[4] for line in lines] == ["x"] + [""] * (2 * count - 1)
    assert len(columns["loss"][1:7:2]) == 3


def test_that_a_place_that_cannot_be_written_is_told_in_words(tmp_path: Path) -> None:
    with pytest.raises(NetloomError, match=r"curves\.csv.*it is not there"):
        save_columns(tmp_path / "nowhere" / "curves.csv", {"epoch": np.arange(3.0)})
