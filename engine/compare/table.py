"""The final numbers of a contest as a table: a row per run, one more for every fan of seeds, the best marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import isfinite, nan

from engine.compare.fan import Spread, spread
from engine.compare.standing import PARTS, Standing

LOSSES = tuple(f"{part} loss" for part in PARTS)
METRICS = tuple(f"{part} metric" for part in PARTS)


@dataclass(frozen=True)
class Row:
    """A run, or a fan.

    Attributes:
        keys: of the runs that it tells of. numbers: {column: Spread}; of a single run the spread has no sd.
    """

    name: str
    keys: tuple[int, ...]
    numbers: dict[str, Spread] = field(default_factory=dict)

    @property
    def fan(self) -> bool:
        return len(self.keys) > 1


@dataclass(frozen=True)
class FinalTable:
    """Rows, and {column: the number of the row that is best in it}, where there is one to be better than.

    Designs are set against each other: for a fan of seeds its mean stands, and none of its members.

    ``metric``: "accuracy", "r2", or "metric" where the runs have different ones.
    """

    rows: tuple[Row, ...]
    best: dict[str, int]
    metric: str


def table_of(standings: Sequence[Standing]) -> FinalTable:
    """What was measured last: the finals where they are of the present weights, else the last row of the log."""
    rows = [Row(standing.name, (standing.key,), _of(standing)) for standing in standings]
    fans = dict.fromkeys(standing.contestant.fan for standing in standings if standing.contestant.fan)
    for fan in fans:
        members = [standing for standing in standings if standing.contestant.fan == fan]
        if len(members) > 1:
            numbers = [_of(standing) for standing in members]
            taken = {
                name: spread([each[name].mean for each in numbers if name in each])
                for name in dict.fromkeys(name for each in numbers for name in each)
            }
            rows.append(Row(f"{fan}: mean of {len(members)}", tuple(member.key for member in members), taken))
    metrics = {_metric(standing) for standing in standings if standing.task}
    return FinalTable(tuple(rows), _best(rows), metrics.pop() if len(metrics) == 1 else "metric")


def _metric(standing: Standing) -> str:
    return "r2" if standing.task == "regression" else "accuracy"


def _of(standing: Standing) -> dict[str, Spread]:
    finals = standing.finals
    if finals is not None and finals.step == standing.step:
        losses, metrics = finals.losses, finals.metrics
    else:
        losses = {"train": standing.loss, "validation": standing.validation_loss}
        metrics = {"train": standing.metric, "validation": standing.validation_metric}
    found = {f"{part} loss": value for part, value in losses.items()}
    found |= {f"{part} metric": value for part, value in metrics.items()}
    found |= {
        "epochs": standing.epoch, "seconds": standing.seconds, "multiply-adds": standing.multiply_adds,
        "parameters": standing.parameters,
    }  # fmt: skip
    return {name: Spread(value, nan, 1) for name, value in found.items() if isfinite(value)}


def _best(rows: Sequence[Row]) -> dict[str, int]:
    """Least losses and greatest metrics among designs; none where all are alike."""
    best = {}
    members = {key for row in rows if row.fan for key in row.keys}
    for name in (*LOSSES, *METRICS):
        known = [
            (row.numbers[name].mean, number)
            for number, row in enumerate(rows)
            if (row.fan or row.keys[0] not in members) and name in row.numbers and isfinite(row.numbers[name].mean)
        ]
        values = {value for value, _ in known}
        if len(known) > 1 and len(values) > 1:
            sign = 1.0 if name in LOSSES else -1.0
            best[name] = min(known, key=lambda pair: (sign * pair[0], pair[1]))[1]
    return best
