"""How a verb may end: the exit codes, and the interruption that says what was saved."""

from __future__ import annotations

from engine.errors import NetloomError

DONE, FAULT, BAD_INPUT, DIVERGED, INTERRUPTED = 0, 1, 2, 3, 130


class Interrupted(NetloomError):
    """The user pressed Ctrl-C; ``remedy`` says how to go on with what was saved."""
