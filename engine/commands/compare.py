"""`compare`: several designs, each with one or more seeds, trained beside each other in processes, and a table."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from engine.commands.opening import Wish, open_document
from engine.commands.outcome import DIVERGED, DONE
from engine.commands.terminal import quantity, say, screen, side_screen
from engine.commands.train import finite
from engine.compare.fan import Spread, spread
from engine.compare.standing import PARTS, Contestant, Finals, finals_of, parameter_count
from engine.data.prepare import prepare
from engine.errors import DesignError
from engine.training.run import Run
from engine.training.train import train


@dataclass(frozen=True)
class Result:
    """What became of one run; ``hash`` is that of all its parameters, as `train` prints it."""

    name: str
    seed: int
    summary: str
    sentence: str
    epochs: int
    steps: int
    seconds: float
    parameters: int
    hash: str
    finals: Finals


def compare(paths: Sequence[Path], wish: Wish, seeds: int, as_json: bool) -> int:
    """Train all, say how each went; 3 where every run diverged.

    Raises:
        NetloomError: a file, its data or its design are at fault; said before anything is trained.
    """
    contestants = _contestants(paths, wish, seeds)
    results: dict[int, Result] = {}
    for number, result in _results(contestants):
        results[number] = result
        if as_json:
            print(json.dumps(finite(_as_json(result))), flush=True)
        else:
            side_screen().print(f"{len(results)} of {len(contestants)}: {result.name}, seed {result.seed}")
    ordered = [results[number] for number in range(len(contestants))]
    by_name = {name: [result for result in ordered if result.name == name] for name in dict.fromkeys(_names(ordered))}
    if as_json and seeds > 1:
        for name, runs in by_name.items():
            print(json.dumps(finite(_summary(name, runs))), flush=True)
    if not as_json:
        _show(by_name)
    return DIVERGED if all(result.summary == "diverged" for result in ordered) else DONE


def _contestants(paths: Sequence[Path], wish: Wish, seeds: int) -> list[Contestant]:
    """Every design with every seed. All are checked, and their kernels compiled, before a process begins."""
    made = []
    for path, name in zip(paths, _short_names(paths), strict=True):
        document = wish.apply(open_document(path))
        try:
            Run(document, prepare(document.data, document.split))
        except DesignError as error:
            thing = ", ".join(part for part in (str(path), error.thing) if part)
            raise DesignError(thing, error.reason, error.remedy) from None
        first = document.training.seed
        made += [Contestant(name, document, (first + number) % 2**31, fan=name) for number in range(seeds)]
    return made


def _short_names(paths: Sequence[Path]) -> list[str]:
    """The files' names, with their folders where two are called alike, with a number where a file is named twice."""
    stems = [path.stem for path in dict.fromkeys(paths)]
    named = [path.stem if stems.count(path.stem) == 1 else str(path) for path in paths]
    return [
        name if named.count(name) == 1 else f"{name} ({named[: place + 1].count(name)})"
        for place, name in enumerate(named)
    ]


def _results(contestants: Sequence[Contestant]) -> Iterator[tuple[int, Result]]:
    """(number, result) as they arrive. Processes are spawned anew: a fork would copy threads' locks and no threads."""
    workers = max(1, min(len(contestants), os.cpu_count() or 1))
    if workers == 1:
        yield from (_train(number, contestant) for number, contestant in enumerate(contestants))
        return
    from joblib import Parallel, delayed
    from joblib.externals.loky import get_reusable_executor

    try:
        tasks = (delayed(_train)(number, contestant) for number, contestant in enumerate(contestants))
        yield from Parallel(n_jobs=workers, backend="loky", return_as="generator_unordered", batch_size=1)(tasks)
    finally:
        get_reusable_executor().shutdown(wait=True, kill_workers=True)


def _train(number: int, contestant: Contestant) -> tuple[int, Result]:
    """As `train` does it, to the same bits."""
    run = train(contestant.seeded)
    assert run.finished is not None
    return number, Result(
        contestant.name, contestant.seed, run.finished.reason, run.finished.sentence, run.epoch, run.step,
        run.seconds, parameter_count(run), run.program.parameter_hash(), finals_of(run),
    )  # fmt: skip


def _names(results: Sequence[Result]) -> list[str]:
    return [result.name for result in results]


def _as_json(result: Result) -> dict[str, Any]:
    finals = result.finals
    scores = {part: {"loss": finals.losses[part], finals.metric: finals.metrics[part]} for part in finals.losses}
    return {
        "design": result.name,
        "seed": result.seed,
        "summary": result.summary,
        "epochs": result.epochs,
        "steps": result.steps,
        "seconds": result.seconds,
        "parameters": result.parameters,
        "metrics": scores,
        "parameter_hash": result.hash,
    }


def _summary(name: str, runs: Sequence[Result]) -> dict[str, Any]:
    first = runs[0].finals
    about: dict[str, Any] = {"design": name, "seeds": len(runs), "metrics": {}}
    for part in first.losses:
        both = {"loss": _loss(runs, part), first.metric: _metric(runs, part)}
        about["metrics"][part] = {what: {"mean": of.mean, "sd": of.sd} for what, of in both.items()}
    seconds = spread([run.seconds for run in runs])
    return about | {"seconds": {"mean": seconds.mean, "sd": seconds.sd}}


def _loss(runs: Sequence[Result], part: str) -> Spread:
    return spread([run.finals.losses.get(part, float("nan")) for run in runs])


def _metric(runs: Sequence[Result], part: str) -> Spread:
    return spread([run.finals.metrics.get(part, float("nan")) for run in runs])


def _show(by_name: dict[str, list[Result]]) -> None:
    """A row per design: the numbers of its one run, or mean ± standard deviation over its seeds."""
    everybody = [result for runs in by_name.values() for result in runs]
    parts = [part for part in PARTS if any(part in result.finals.losses for result in everybody)]
    metrics = list(dict.fromkeys(result.finals.metric for result in everybody))
    metric = metrics[0] if len(metrics) == 1 else "metric"
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("design")
    for name in ("seeds", *(f"{part} loss" for part in parts), *(f"{part} {metric}" for part in parts)):
        table.add_column(name, justify="right", no_wrap=True)
    for name in ("epochs", "seconds", "parameters"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("ended")
    for name, runs in by_name.items():
        seeds = str(runs[0].seed) if len(runs) == 1 else f"{runs[0].seed}–{runs[-1].seed}"
        table.add_row(
            name, seeds,
            *(_words(_loss(runs, part)) for part in parts), *(_words(_metric(runs, part)) for part in parts),
            _words(spread([run.epochs for run in runs])), _words(spread([run.seconds for run in runs])),
            f"{runs[0].parameters:,}", _endings(runs),
        )  # fmt: skip
    screen().print(table)
    for result in everybody:
        if result.summary == "diverged":
            say(f"{result.name}, seed {result.seed}: {result.sentence}")


def _words(of: Spread) -> str:
    if not of.count:
        return "-"
    return f"{quantity(of.mean)} ± {of.sd:.2g}" if of.count > 1 and of.sd else quantity(of.mean)


def _endings(runs: Sequence[Result]) -> str:
    counts = {reason: sum(run.summary == reason for run in runs) for reason in dict.fromkeys(r.summary for r in runs)}
    return ", ".join(reason if len(counts) == 1 else f"{count} {reason}" for reason, count in counts.items())
