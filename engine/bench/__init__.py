"""How fast the engine is: its own figures, and PyTorch, JAX and scikit-learn beside it where they are installed."""

from __future__ import annotations


def main(as_json: bool = False, peers: bool = False) -> int:
    """Measure and print; returns the exit code."""
    from engine.bench.report import run

    return run(as_json, peers)
