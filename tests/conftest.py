"""What every test stands on: no screen, a home folder of its own, and nothing left behind."""

from __future__ import annotations

import gc
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import platformdirs
import pytest

# Before anything imports Qt, Numba or the engine: all three read the environment once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Compiled kernels are keyed by their sources, so that sharing them between runs is safe and saves minutes.
os.environ.setdefault("NETLOOM_CACHE_DIR", platformdirs.user_cache_dir("netloom", appauthor=False))
_home = tempfile.TemporaryDirectory(prefix="netloom-tests-")
for _name, _folder in {
    "HOME": "",
    "USERPROFILE": "",
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
    "XDG_STATE_HOME": ".local/state",
    "XDG_RUNTIME_DIR": ".run",
    "APPDATA": "AppData/Roaming",
    "LOCALAPPDATA": "AppData/Local",
}.items():
    os.environ[_name] = str(Path(_home.name, _folder))
    Path(_home.name, _folder).mkdir(mode=0o700, parents=True, exist_ok=True)

AT_ONCE = 1  # ms: a timer that is about to go off is let go off

# The first example of a test may compile a kernel or import a library, and the machine is shared.
hypothesis.settings.register_profile("netloom", deadline=None)
hypothesis.settings.load_profile("netloom")


def pytest_xvfb_disable() -> bool:
    """No X server is started for a platform that needs none."""
    return os.environ["QT_QPA_PLATFORM"] not in ("", "xcb")


def pytest_unconfigure() -> None:
    _home.cleanup()


@pytest.fixture(autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """Fail a test after which a thread of Python's still runs."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 2.0
    for thread in set(threading.enumerate()) - before:
        # One that was told to stop may need a moment.
        thread.join(max(0.0, deadline - time.monotonic()))
    left = [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()]
    assert not left, f"threads left running: {', '.join(left)}"


@pytest.fixture(autouse=True)
def _no_widget_or_timer_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a GUI test that leaves a window or a running timer; collect cycles on the GUI thread only.

    Python's collector runs on whichever thread allocates; on the trainer's it would destroy widgets there and crash.
    """
    if not {"qapp", "qtbot"} & set(request.fixturenames):
        yield
        return
    from PySide6.QtWidgets import QApplication

    # What is frozen is left out of collections and of gc.get_objects(): both then see this test's objects only.
    gc.disable()
    gc.freeze()
    before = QApplication.topLevelWidgets() if QApplication.instance() else []
    try:
        yield
        left = _left_windows(before) + _left_timers()
        assert not left, f"left behind: {', '.join(left)}"
    finally:
        gc.unfreeze()
        gc.enable()


def _left_windows(before: list[Any]) -> list[str]:
    """Close and name the windows that are new; ``before`` holds those that are not."""
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QApplication

    def delete_what_is_due() -> None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        gc.collect()

    delete_what_is_due()
    # The tooltip's label is Qt's own and is kept for the next one.
    windows = [
        window
        for window in QApplication.topLevelWidgets()
        if window not in before and window.parent() is None and window.metaObject().className() != "QTipLabel"
    ]
    names = [f"window {type(window).__name__} {window.windowTitle()!r}" for window in windows]
    for window in windows:
        window.close()
        window.deleteLater()
    delete_what_is_due()
    return names


def _left_timers() -> list[str]:
    from PySide6.QtWidgets import QApplication

    deadline = time.monotonic() + 0.5
    while any(timer.isSingleShot() and timer.interval() <= AT_ONCE for timer in _running()):
        if time.monotonic() > deadline:
            break
        QApplication.processEvents()  # what is to be done as soon as the window is painted
    running = _running()
    for timer in running:
        timer.stop()
    return [f"timer of {timer.interval()} ms {timer.objectName()!r}" for timer in running]


def _running() -> list[Any]:
    """All timers of Python's that would still go off."""
    from PySide6.QtCore import QTimer
    from shiboken6 import isValid

    # by type: asking a weak proxy for its class raises where what it stood for has gone
    timers: list[Any] = [thing for thing in gc.get_objects() if issubclass(type(thing), QTimer)]
    return [timer for timer in timers if isValid(timer) and timer.isActive()]
