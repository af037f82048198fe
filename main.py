"""Where Netloom starts: nothing or a file opens the window, a verb runs on the command line without Qt."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

VERBS = ("train", "check", "predict", "evaluate", "datasets", "layers", "bench")
HELP = ("--help", "-h", "--version")
BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb, or open the window on a file; returns the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    first = arguments[0] if arguments else ""
    if first in VERBS or first in HELP:
        from engine.cli import main as run_verb

        return run_verb(arguments)
    if sentence := what_is_wrong(first) or why_no_window(os.environ, sys.platform):
        print(f"netloom: {sentence}", file=sys.stderr)
        return BAD_INPUT
    return open_window(arguments)


def what_is_wrong(first: str) -> str:
    """What keeps a first argument from being a file to open; empty when nothing does."""
    if not first or first.startswith("-") or Path(first).exists():
        return ""
    near = get_close_matches(first, VERBS, n=1)
    advice = f"did you mean {near[0]!r}?" if near else f"the verbs are {', '.join(VERBS)}."
    return f"{first!r} is neither a file that is there nor a verb; {advice}"


def why_no_window(environment: Mapping[str, str], system: str) -> str:
    """The sentence that says why no window can open here; empty when one can."""
    if not system.startswith("linux"):
        return ""
    # Qt's other platforms (offscreen, minimal, vnc, eglfs …) need no display server.
    platform = environment.get("QT_QPA_PLATFORM", "").split(":")[0]
    needs_display = platform.startswith("wayland") or platform in ("", "xcb")
    if not needs_display or environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"):
        return ""
    return f"there is no display for a window here; these verbs need none: {', '.join(VERBS)} (main.py VERB --help)."


def open_window(arguments: list[str]) -> int:
    try:
        from app.startup import main as run_window
    except ImportError as error:
        # Qt that lacks a library of the system names it ("libEGL.so.1: cannot open …"); a fault of ours must stay loud.
        if ".so" not in str(error):
            raise
        print(f"netloom: Qt cannot start ({error}); run `sh setup.sh`, it installs what is missing.", file=sys.stderr)
        return BAD_INPUT
    return run_window(arguments)


if __name__ == "__main__":
    sys.exit(main())
