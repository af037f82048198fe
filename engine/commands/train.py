"""`train`: a design trained to its end, to Ctrl-C or to divergence, and what is said and saved of it."""

from __future__ import annotations

import json
import math
import os
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from engine.commands.interrupts import Interrupts
from engine.commands.opening import PROJECT, Wish, open_document
from engine.commands.outcome import DONE, Interrupted
from engine.commands.progress import Display, Epochs, ProgressBar
from engine.commands.scores import show_scores
from engine.commands.terminal import quantity, say, side_screen
from engine.commands.trained import dtype_of
from engine.errors import DataError, Diverged, ProjectError
from engine.exchange.data_file import DataFile
from engine.exchange.project import Project, load_project, save_project
from engine.insight.metrics import measure_parts
from engine.program.saving import real_number, whole_number
from engine.program.state import State
from engine.training.run import Run
from engine.training.timeline.moment import Course
from engine.training.timeline.recorder import Recorder
from engine.training.train import train as train_design


def train(path: Path, wish: Wish, output: Path | None, resume: bool, as_json: bool) -> int:
    """Train and say how it went.

    Raises:
        NetloomError: file, data or design are at fault, or the result cannot be saved.
        Diverged: the loss left the finite numbers; the last good weights were saved where ``output`` says.
        Interrupted: Ctrl-C; says where the state is.
    """
    before = _to_resume(path, output) if resume else Project(open_document(path))
    project = replace(before, document=wish.apply(before.document))
    output = output or (path if resume else None)
    _refuse_output(output)
    if project.data is not None and project.document.data == before.document.data:
        _tell_of(project.data)

    began = project.state.counters if resume and project.state else {}
    first_step, first_second = whole_number(began, "step"), real_number(began, "seconds")
    display: Display = Epochs(whole_number(began, "epoch")) if as_json else ProgressBar()
    with display, Interrupts() as interrupts:

        def look(run: Run) -> bool:
            interrupts.hold()
            display.show(run)
            return not interrupts.asked

        run = train_design(
            project.document,
            dtype=dtype_of(project.state),
            state=_state_to_resume(project.state, wish),
            history=project.history if project.state else None,
            callback=look,
            progress=display.compiling,
        )
        display.show(run)

    # A stop that came with the last epoch found nothing left to interrupt.
    stopped = interrupts.asked and run.finished is None
    place = output or (_free_place(path) if stopped else None)
    saved = _save(place, project, run) if place else None
    steps, seconds = run.step - first_step, run.seconds - first_second
    summary: dict[str, Any] = {
        "summary": "interrupted" if stopped else run.finished.reason if run.finished else "stopped",
        "epochs": run.epoch,
        "steps": run.step,
        "seconds": seconds,
        "steps_per_second": steps / seconds if seconds > 0 else None,
        "metrics": measure_parts(run.program),
        "parameter_hash": run.program.parameter_hash(),
        "output": str(saved) if saved else None,
    }
    _say(summary, run, as_json)
    if stopped:
        raise Interrupted("interrupted", f"saved in {saved}", f"Go on with: main.py train {saved} --resume")
    if run.finished and run.finished.reason == "diverged":
        raise Diverged(str(path), run.finished.sentence.rstrip("."), f"They are in {saved}" if saved else "")
    return DONE


def _tell_of(data: DataFile) -> None:
    """What has become of the data file that is trained on."""
    if data.whereabouts == "missing":
        raise DataError(data.name, f"it is no longer at {data.path}", "Say where it is with --data FILE")
    if data.notice:
        side_screen().print(data.notice, soft_wrap=True)


def _to_resume(path: Path, output: Path | None) -> Project:
    """The project to go on with: the one named, or where the last call for the same design saved it."""
    place = path if path.suffix == PROJECT or output is None else output
    if place.suffix != PROJECT or not place.exists():
        why = "there is no such file" if not place.exists() else "it is a design, nothing is learnt yet"
        raise ProjectError(f"--resume {place}", why, f"Name a project ({PROJECT}) that train has saved")
    project = load_project(place)
    if project.state is None:
        raise ProjectError(f"--resume {place}", "it holds no training to go on with", "Leave --resume out")
    return project


def _state_to_resume(state: State | None, wish: Wish) -> State | None:
    """The state to begin from; epochs that are asked for now win over those that it was to run."""
    if state is None or wish.epochs is None:
        return state
    return replace(state, counters={name: value for name, value in state.counters.items() if name != "limit"})


def _refuse_output(output: Path | None) -> None:
    """Better now than after an hour of training."""
    if output is None:
        return
    folder = output.absolute().parent
    if output.suffix != PROJECT:
        raise ProjectError(f"--output {output}", f"a project's name ends in {PROJECT}", f"Use {output.stem}{PROJECT}")
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        why = "you may not write there" if folder.is_dir() else f"there is no folder {folder}"
        raise ProjectError(f"--output {output}", why, "Choose another place")


def _free_place(path: Path) -> Path:
    """A name in the current folder that nobody has given to anything yet."""
    place, number = Path(f"{path.stem}-interrupted{PROJECT}"), 1
    while place.exists():
        number += 1
        place = Path(f"{path.stem}-interrupted-{number}{PROJECT}")
    return place


def _went_on(project: Project, run: Run) -> Course | None:
    """The timeline of a project that was resumed: what was trained since is its newest moment."""
    if project.timeline is None:
        return None
    recorder = Recorder()
    recorder.take_over(project.timeline, run)
    return None if recorder.here is None else (recorder.timeline.shown, recorder.here.place)


def _save(place: Path, project: Project, run: Run) -> Path:
    """Save what was learnt; in the system's temporary folder where ``place`` has no room for it."""
    learnt = replace(
        project, document=run.document, state=run.snapshot(), history=run.log.read(), timeline=_went_on(project, run)
    )
    try:
        save_project(place, learnt)
    except ProjectError as error:
        refuge = Path(tempfile.gettempdir(), f"{place.stem}-{os.getpid()}{PROJECT}")
        try:
            save_project(refuge, learnt)
        except ProjectError:
            raise error from None  # it names the place that was asked for
        raise ProjectError(error.thing, error.reason, f"What was learnt is in {refuge}") from error
    return place


def _say(summary: dict[str, Any], run: Run, as_json: bool) -> None:
    if as_json:
        print(json.dumps(finite(summary)), flush=True)
        return
    speed = summary["steps_per_second"]
    pace = f" in {summary['seconds']:.3g} s ({quantity(speed)} steps/s)" if speed else ""
    if run.finished and run.finished.reason != "diverged":
        say(run.finished.sentence)
    say(f"{summary['epochs']:,} epochs, {summary['steps']:,} steps{pace}; parameters {summary['parameter_hash']}")
    show_scores(summary["metrics"])
    if summary["output"]:
        say(f"saved in {summary['output']}")


def finite(value: Any) -> Any:
    """JSON has no NaN: what is not a finite number becomes null."""
    if isinstance(value, dict):
        return {name: finite(each) for name, each in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value
