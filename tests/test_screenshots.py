"""The pictures that README shows: they are there, small, of the stated size, and told in words."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest

from tests.screenshots import FOR_README, KEPT, SIZES

README = (KEPT.parents[1] / "README.md").read_text(encoding="utf-8")
PICTURES = sorted(KEPT.glob("*.png"))


def test_that_readme_shows_what_is_kept() -> None:
    shown = re.findall(r"\(resources/screenshots/(\w+\.png)\)", README)
    assert sorted(shown) == [path.name for path in PICTURES]
    assert len(shown) == len(FOR_README)


def test_that_every_picture_is_told_in_words() -> None:
    told = re.findall(r"!\[([^\]]*)\]\(resources/screenshots", README)
    assert all(len(words) > 60 for words in told)


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_that_a_picture_is_small_and_whole(path: Path) -> None:
    content = path.read_bytes()
    assert len(content) < 250_000
    assert struct.unpack(">II", content[16:24]) == SIZES[False]
