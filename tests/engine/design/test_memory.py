"""How much memory there is, and how it is said."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.design.memory import _left_in_cgroup, free_memory, in_words


@pytest.mark.parametrize(
    ("bytes", "words"),
    [
        (0, "0 bytes"), (999, "999 bytes"), (1_000, "1 kB"), (1_520_000, "1.52 MB"), (999_499_999, "999 MB"),
        (999_600_000, "1 GB"), (40_000_000_000, "40 GB"), (10**15, "1 PB"), (10**30, "more than any machine has"),
    ],
)  # fmt: skip
def test_that_sizes_are_said_with_three_figures(bytes: int, words: str) -> None:
    assert in_words(bytes) == words


def test_that_free_memory_is_more_than_nothing_and_no_more_than_there_is() -> None:
    free = free_memory()
    assert free is not None
    assert 2**20 < free <= os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def test_that_a_container_s_limit_counts(tmp_path: Path) -> None:
    files = {"memory.max": "1000\n", "memory.current": "700\n", "memory.stat": "anon 500\ninactive_file 100\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert _left_in_cgroup(tmp_path) == 400
    (tmp_path / "memory.max").write_text("max\n")
    assert _left_in_cgroup(tmp_path) is None
    assert _left_in_cgroup(tmp_path / "elsewhere") is None
