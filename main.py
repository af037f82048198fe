"""Where Netloom starts: nothing or a file opens the window, a verb runs on the command line without Qt."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

VERBS = ("train", "check", "predict", "evaluate", "doctor", "trace", "compare", "datasets", "layers", "bench")
HELP = ("--help", "-h", "--version")
BAD_INPUT = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a verb, or open the window on files; returns the exit code."""
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    first = arguments[0] if arguments else ""
    if first == "bench" and "--gui" in arguments and not set(HELP) & set(arguments):
        return with_qt(measure_window, arguments)
    if first in VERBS or first in HELP:
        from engine.cli import main as run_verb

        return run_verb(arguments)
    if sentence := what_is_wrong(first) or why_no_window(os.environ, sys.platform):
        return refuse(sentence)
    return with_qt(open_window, arguments)


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
    display = environment.get("DISPLAY", "")
    if not needs_display or environment.get("WAYLAND_DISPLAY") or (display and x_server_answers(display)):
        return ""
    what = (
        f"the display {display} does not answer, so no window can open"
        if display
        else "there is no display for a window"
    )
    return f"{what} here; these verbs need none: {', '.join(VERBS)} (main.py VERB --help)."


def x_server_answers(display: str) -> bool:
    """Whether somebody listens at an X display such as ``:0`` or ``host:10.0``; Qt would abort where nobody does."""
    host, _, number = display.rpartition(":")
    number = number.partition(".")[0]
    if not number.isdigit():
        return False
    if host not in ("", "unix"):
        try:
            with socket.create_connection((host, 6000 + int(number)), timeout=5):
                return True
        except (OSError, OverflowError):
            return False
    for place in (f"/tmp/.X11-unix/X{number}", f"\0/tmp/.X11-unix/X{number}"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            if line.connect_ex(place) == 0:
                return True
    return False


def with_qt(run: Callable[[list[str]], int], arguments: list[str]) -> int:
    """Run what needs Qt; where a library of the system is missing, say which."""
    try:
        return run(arguments)
    except ImportError as error:
        # Qt names it: "libEGL.so.1: cannot open shared object file"; a fault of ours must stay loud.
        if "cannot open shared object" not in str(error):
            raise
        return refuse(f"Qt cannot start ({error}); run `sh setup.sh`, it installs what is missing.")


def open_window(arguments: list[str]) -> int:
    from app.startup import main as run_window

    return run_window([sys.argv[0], *arguments])


def measure_window(arguments: list[str]) -> int:
    from app.bench_gui import main as measure

    return measure(as_json="--json" in arguments)


def refuse(sentence: str) -> int:
    print(f"netloom: {sentence}", file=sys.stderr)
    return BAD_INPUT


if __name__ == "__main__":
    sys.exit(main())
