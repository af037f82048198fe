"""From a design to a program that trains: builder, plan, op table, run loop."""

from __future__ import annotations

from engine.program.program import Program, compile
from engine.program.state import State

__all__ = ["Program", "State", "compile"]
