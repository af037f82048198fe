"""A clock that does not decide which moments are kept."""

from __future__ import annotations

import math

import pytest

from engine.training.timeline import recorder


@pytest.fixture
def every_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    """A moment at the end of every chunk that ends an epoch, whatever the clock says."""
    monkeypatch.setattr(recorder, "EVERY", 0.0)
    monkeypatch.setattr(recorder, "SHARE", math.inf)
