"""The soak from the command line: ``python -m tests.soak [--actions N] [--seed N] [--minutes N]``."""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import tempfile
from pathlib import Path

import platformdirs

from tests.soak import __doc__ as what


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=what)
    parser.add_argument("--actions", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=90.0)
    chosen = parser.parse_args(arguments)
    faulthandler.enable()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ.setdefault("NETLOOM_CACHE_DIR", platformdirs.user_cache_dir("netloom", appauthor=False))
    with tempfile.TemporaryDirectory(prefix="netloom-soak-") as home:
        for name in ("HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "APPDATA", "LOCALAPPDATA"):
            os.environ[name] = home  # nobody's own settings, log or unsaved work
        from PySide6.QtCore import QtMsgType, qInstallMessageHandler

        def hear(_kind: QtMsgType, _where: object, message: str) -> None:
            if not message.startswith("This plugin does not support"):  # a platform without a screen says so often
                say(message)

        qInstallMessageHandler(hear)
        from app.startup import make_application
        from tests.soak.play import soak

        app = make_application(["netloom"])
        folder = Path(home) / "files"
        folder.mkdir()
        outcome = soak(chosen.actions, chosen.seed, chosen.minutes, say, folder)
        del app
    say(f"{outcome.actions} actions, training during {outcome.trained / max(outcome.actions, 1):.0%}")
    longest = sorted(outcome.held.items(), key=lambda item: item[1][1], reverse=True)
    told = (f"{name} {outcome.done[name]} (≤ {clock:.2f} s, {work:.2f} s of work)" for name, (clock, work) in longest)
    say(", ".join(told))
    sizes = " ".join(f"{look.resident:.0f}" for look in outcome.looks)
    say(f"memory at rest, MB: {sizes}; in between up to {outcome.highest:.0f}; undo steps up to {outcome.steps}")
    for fault in outcome.faults:
        say(fault)
    return bool(outcome.faults)


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
