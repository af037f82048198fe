"""Ctrl-C while something trains."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from engine.commands.interrupts import Interrupts
from tests.engine.commands.reading import ROOT, Run, epochs_of, summary_of


def test_that_ctrl_c_before_training_acts_at_once() -> None:
    with pytest.raises(KeyboardInterrupt), Interrupts():
        signal.raise_signal(signal.SIGINT)


def test_that_ctrl_c_while_training_is_asked_for_and_the_second_acts() -> None:
    before = signal.getsignal(signal.SIGINT)
    with Interrupts() as interrupts:
        interrupts.hold()
        signal.raise_signal(signal.SIGINT)
        assert interrupts.asked
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_that_another_thread_trains_without_touching_signals() -> None:
    def work() -> None:
        with Interrupts() as interrupts:
            seen.append(interrupts.asked)

    seen: list[bool] = []
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [False]


def interrupted(arguments: list[str], folder: Path) -> tuple[int, str, str]:
    """`main.py` in a child process that gets Ctrl-C after its first epoch: exit code, output, errors."""
    child = subprocess.Popen(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, stdin=subprocess.DEVNULL,
    )  # fmt: skip
    assert child.stdout is not None
    first = child.stdout.readline()
    child.send_signal(signal.SIGINT)
    rest, errors = child.communicate(timeout=100)
    return child.returncode, first + rest, errors


def test_that_ctrl_c_saves_and_says_where_and_the_rest_can_be_trained(
    netloom: Run, spiral: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, out, err = interrupted(["train", str(spiral), "--epochs", "100000000", "--json"], tmp_path)
    assert code == 130, err
    assert err.count("\n") == 1
    saved = tmp_path / "spiral-interrupted.netloom"
    assert f"saved in {saved.name}" in err
    assert f"main.py train {saved.name} --resume" in err
    summary = summary_of(out)
    assert (summary["summary"], summary["output"]) == ("interrupted", saved.name)
    monkeypatch.chdir(tmp_path)
    done = netloom("train", saved, "--resume", "--epochs", summary["epochs"] + 1, "--json")
    assert [each["epoch"] for each in epochs_of(done.out)] == [summary["epochs"] + 1]


def test_that_an_earlier_interruption_is_not_overwritten(spiral: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "spiral-interrupted.netloom"
    earlier.write_text("precious")
    code, _, err = interrupted(["train", str(spiral), "--epochs", "100000000", "--json"], tmp_path)
    assert code == 130, err
    assert earlier.read_text() == "precious"
    assert (tmp_path / "spiral-interrupted-2.netloom").exists()
