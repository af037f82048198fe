"""`doctor`: what ails a network, why, and what helps; a design is trained to its end first, under the doctor's eyes."""

from __future__ import annotations

import json
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from engine.commands.interrupts import Interrupts
from engine.commands.opening import PROJECT, Wish, open_document
from engine.commands.outcome import DONE, Interrupted
from engine.commands.progress import ProgressBar
from engine.commands.terminal import say
from engine.commands.train import finite
from engine.commands.trained import dtype_of
from engine.exchange.project import load_project
from engine.insight.doctor.examination import Examine
from engine.insight.doctor.finding import Examination, Finding
from engine.insight.doctor.watched import glance, watch
from engine.numbers import score_in_words
from engine.training.run import Run

SIGNS = {"sick": "✕", "warning": "▲"}


def doctor(path: Path, wish: Wish, as_json: bool) -> int:
    """Examine and say what was found; finding something is no failure.

    Raises:
        NetloomError: file, data or design are at fault.
        Interrupted: Ctrl-C, while a design was being trained.
    """
    project = load_project(path) if path.suffix == PROJECT and path.exists() else None
    state = project.state if project else None
    document = wish.apply(project.document if project else open_document(path))
    display = ProgressBar()
    with display, Interrupts() as interrupts:
        run = Run(document, dtype=dtype_of(state), progress=display.compiling)
        if project is not None and state is not None:
            run.restore(state, dict(project.history))
            trail = glance(run.program)
        else:

            def look() -> bool:
                interrupts.hold()
                display.show(run)
                return interrupts.asked

            trail = watch(run, stop=look)
    if interrupts.asked and run.finished is None:
        raise Interrupted("interrupted", "nothing was examined", f"Call it again: main.py doctor {path}")
    divergence = run.finished.divergence if run.finished else None
    with np.errstate(all="ignore"), threadpool_limits(run.program.blas_threads, user_api="blas"):
        examination = Examine(run.log, trail, divergence).answer(run.program)
    if as_json:
        print(json.dumps(finite(_plain(path, run, examination)), ensure_ascii=False))
    else:
        _say(run, examination)
    return DONE


def _plain(path: Path, run: Run, examination: Examination) -> dict[str, Any]:
    """The examination as JSON holds it."""
    return {
        "design": str(path),
        "epoch": examination.epoch,
        "step": examination.step,
        "loss": examination.loss,
        examination.metric: examination.score,
        "findings": [
            {
                "kind": finding.kind,
                "title": finding.title,
                "severity": finding.severity,
                "evidence": list(finding.evidence),
                "cause": finding.cause,
                "cures": [{"text": cure.text, "begin_anew": cure.restart} for cure in finding.cures],
                "layers": list(finding.layers),
            }
            for finding in examination.findings
        ],
        "checked": list(examination.checked),
        "waiting": examination.waiting,
    }


def _say(run: Run, examination: Examination) -> None:
    loss = f", loss {examination.loss:.3g}" if isfinite(examination.loss) else ""
    how = f"{examination.metric} {score_in_words(examination.metric, examination.score)} on training rows"
    say(f"After {examination.epoch:,} epochs, {examination.step:,} steps{loss}, {how}.")
    for finding in examination.findings:
        say("")
        _say_finding(run, finding)
    if not examination.findings:
        say("No illness was found. What was checked:")
        for sentence in (*examination.checked, examination.waiting):
            if sentence:
                say(f"  {sentence}")


def _say_finding(run: Run, finding: Finding) -> None:
    known = run.document.by_id
    where = ", ".join(known[node].label for node in finding.layers)
    say(f"{SIGNS[finding.severity]} {finding.title}{f' ({where})' if where else ''}")
    for sentence in finding.evidence:
        say(f"  seen: {sentence}")
    say(f"  why: {finding.cause}")
    for cure in finding.cures:
        say(f"  cure: {cure.label}")
