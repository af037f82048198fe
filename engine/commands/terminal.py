"""What the verbs print to: tables and progress on a terminal, plain lines into a pipe."""

from __future__ import annotations

import sys

from rich.console import Console

# Into a pipe or a file there is no width to keep to; lines are not cut.
PIPE_WIDTH = 200


def screen() -> Console:
    """Standard output, for what was asked for."""
    return Console(width=None if sys.stdout.isatty() else PIPE_WIDTH, highlight=False, markup=False, emoji=False)


def say(sentence: str) -> None:
    """A line on standard output; the terminal breaks it where it has to, a pipe gets it whole."""
    screen().print(sentence, soft_wrap=True)


def side_screen() -> Console:
    """Standard error, for progress and remarks: what is piped onwards stays clean."""
    return Console(stderr=True, highlight=False, markup=False, emoji=False)


def quantity(number: float) -> str:
    """A number in four significant figures with thin groups: 338,000 or 0.01234."""
    return f"{number:,.0f}" if abs(number) >= 1000 else f"{number:.4g}"


def bytes_in_words(count: float) -> str:
    """2,048 → "2 KB": powers of 1024, three figures."""
    for unit in ("B", "KB", "MB", "GB"):
        if abs(count) < 1000:
            return f"{count:.3g} {unit}"
        count /= 1024
    return f"{count:,.3g} TB"


def duration(seconds: float) -> str:
    """90 → "1:30", 4000 → "1:06:40"."""
    whole = round(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"
