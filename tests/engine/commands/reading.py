"""What `train` has printed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import main as start

Run = Any


ROOT = Path(start.__file__).parent


def epochs_of(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()[:-1]]


def summary_of(out: str) -> dict[str, Any]:
    return json.loads(out.splitlines()[-1])
