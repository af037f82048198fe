"""How many threads BLAS may use for a run."""

from __future__ import annotations

from functools import cache
from typing import Any


def choose_threads(count: int) -> None:
    """One thread for small work, all cores for large: decided by the work alone, so that bits repeat."""
    _controller().limit(limits=count, user_api="blas")


@cache
def _controller() -> Any:
    """Finding the libraries takes milliseconds; they stay the same."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
