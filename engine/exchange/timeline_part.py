"""The timeline in a project file: one part of plain values, and one of all numbers, laid end to end by their type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import astuple
from math import isfinite, nan, prod
from typing import Any, Final, Generic, TypeVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine.design.document import Document
from engine.errors import DesignError, ProjectError
from engine.exchange.archive import Archive
from engine.exchange.design_json import dumps, loads
from engine.exchange.tensors import Array, pack, unpack
from engine.insight.tensors import LayerStat, TensorStat, TensorStats
from engine.insight.trail import Trail
from engine.program.state import State
from engine.training.log import COLUMNS, MetricLog
from engine.training.timeline.moment import Branch, Course, Moment, Overview, Place
from engine.training.timeline.timeline import MEGABYTE, MOST, Timeline

PLAIN, NUMBERS = "timeline.json", "timeline.safetensors"
VERSION: Final = 1
LIMIT: Final = 32 * MEGABYTE  # bytes of a timeline in a file, unless somebody wishes for more or fewer
REMEDY: Final = "Use another copy of the file"
LOSSES: Final = ("loss", "metric", "validation_loss", "validation_metric")
OF_TENSOR, OF_LAYER = 4, 8  # numbers of a `TensorStat` and of a `LayerStat`

T = TypeVar("T")


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", allow_inf_nan=False, hide_input_in_errors=True)


class _Branch(_Plain):
    number: int = Field(ge=0, le=2**40)
    name: str = Field(max_length=200)
    parent: int | None
    fork: float = Field(ge=0)
    fork_step: int = Field(ge=0, le=2**62)
    diverged: list[float]
    log: int


class _Stats(_Plain):
    step: int
    epoch: int
    tensors: int
    layers: int
    numbers: int


class _Moment(_Plain):
    number: int = Field(ge=0, le=2**40)
    place: tuple[int, int, int]
    design: int
    at: float = Field(ge=0)
    losses: list[float | None] = Field(min_length=4, max_length=4)
    edited: bool
    names: int
    arrays: list[int]
    counted: int
    counters: list[int | float | str | None]
    stats: int | None


class _Timeline(_Plain):
    """``names``: lists of names that others point to by their number; ``arrays``: (type, where it begins, shape)."""

    version: int
    here: tuple[int, int, int]
    names: list[list[str]]
    arrays: list[tuple[str, int, list[int]]]
    designs: list[str]
    ended: list[tuple[int, int]]
    branches: list[_Branch]
    stats: list[_Stats]
    moments: list[_Moment] = Field(max_length=MOST)


def pack_timeline(course: Course, limit: int = LIMIT) -> dict[str, bytes | bytearray]:
    """The parts of a timeline, thinned to ``limit`` bytes; none where too little of it would be left."""
    known, place = course
    thinned = Timeline(limit)
    thinned.take_over(known, place)
    kept = thinned.shown
    if kept.bytes > limit or not kept.moments:
        return {}
    numbers = _Numbers()
    plain: dict[str, Any] = {
        "version": VERSION,
        "here": astuple(place),
        "designs": [],
        "ended": [list(pair) for pair in kept.ended],
        "branches": [
            {
                "number": branch.number, "name": branch.name, "parent": branch.parent, "fork": branch.fork,
                "fork_step": branch.fork_step, "diverged": list(branch.diverged),
                "log": numbers.put(branch.log.since(branch.fork_step if branch.parent is not None else -1)),
            }
            for branch in kept.branches
        ],
    }  # fmt: skip
    designs, stats = _Interned[Document](), _Interned[TensorStats]()
    plain["moments"] = [
        {
            "number": moment.number, "place": astuple(moment.place), "design": designs.number(moment.document),
            "at": moment.at, "losses": [_known(getattr(moment, name)) for name in LOSSES], "edited": moment.edited,
            "names": numbers.name(moment.state.arrays), "arrays": [*map(numbers.put, moment.state.arrays.values())],
            "counted": numbers.name(moment.state.counters),
            "counters": [_known(value) for value in moment.state.counters.values()],
            "stats": None if moment.stats is None else stats.number(moment.stats),
        }
        for moment in kept.moments
    ]  # fmt: skip
    plain["designs"] = [dumps(document) for document in designs.things]
    plain["stats"] = [
        {
            "step": each.step, "epoch": each.epoch, "tensors": numbers.name([t.key for t in each.tensors]),
            "layers": numbers.name([layer.node for layer in each.layers]),
            "numbers": numbers.put(np.array([v for row in _rows(each) for v in astuple(row)[1:]])),
        }
        for each in stats.things
    ]  # fmt: skip
    plain |= {"names": numbers.names, "arrays": numbers.places}
    return {PLAIN: json.dumps(plain).encode(), NUMBERS: pack(numbers.whole())}


def read_timeline(archive: Archive, moved: Callable[[Document], Document] = lambda document: document) -> Course | None:
    """The timeline in a project; None where there is none, or one of a newer Netloom.

    Args:
        moved: a design with its data file where that is on this machine.

    Raises:
        ProjectError: it contradicts itself.
    """
    if PLAIN not in archive.entries or NUMBERS not in archive.entries:
        return None
    try:
        raw = json.loads(archive.read(PLAIN))
        if isinstance(raw, dict) and isinstance(raw.get("version"), int) and raw["version"] > VERSION:
            return None
        plain = _Timeline.model_validate(raw)
        return _Reader(plain, unpack(archive.read(NUMBERS), archive.thing, NUMBERS), moved).course()
    except (ValueError, ValidationError, RecursionError, IndexError, KeyError, DesignError) as error:
        raise ProjectError(archive.thing, f"its part {PLAIN} cannot be used", REMEDY) from error


class _Interned(Generic[T]):
    """Things by number, each once."""

    def __init__(self) -> None:
        self.things: list[T] = []
        self._numbers: dict[int, int] = {}

    def number(self, thing: T) -> int:
        if id(thing) not in self._numbers:
            self._numbers[id(thing)] = len(self.things)
            self.things.append(thing)
        return self._numbers[id(thing)]


class _Numbers:
    """Arrays end to end, one long one of each type, and the lists of names that many moments share."""

    def __init__(self) -> None:
        self.names: list[list[str]] = []
        self.places: list[tuple[str, int, list[int]]] = []
        self._lists: dict[tuple[str, ...], int] = {}
        self._known: dict[int, int] = {}
        self._pieces: dict[str, list[Array]] = {}
        self._ends: dict[str, int] = {}

    def name(self, names: Mapping[str, Any] | list[str]) -> int:
        key = tuple(names)
        if key not in self._lists:
            self._lists[key] = len(self.names)
            self.names.append(list(key))
        return self._lists[key]

    def put(self, array: Array) -> int:
        if id(array) in self._known:
            return self._known[id(array)]
        kind = array.dtype.name
        begin = self._ends.get(kind, 0)
        self._pieces.setdefault(kind, []).append(array)  # kept: another one must not get its identity
        self._ends[kind] = begin + array.size
        self._known[id(array)] = len(self.places)
        self.places.append((kind, begin, list(array.shape)))
        return len(self.places) - 1

    def whole(self) -> dict[str, Array]:
        return {kind: np.concatenate([a.reshape(-1) for a in pieces]) for kind, pieces in self._pieces.items()}


class _Reader:
    def __init__(self, plain: _Timeline, numbers: Mapping[str, Array], moved: Callable[[Document], Document]) -> None:
        self._plain, self._numbers = plain, numbers
        self._arrays: dict[int, Array] = {}
        self._designs = [moved(loads(text, PLAIN)) for text in plain.designs]
        self._stats = [self._stat(each) for each in plain.stats]

    def course(self) -> Course:
        branches: dict[int, Branch] = {}
        for b in self._plain.branches:
            if b.number in branches or (b.parent is not None and b.parent not in branches):
                raise ValueError("a branch that is there twice, or grows from none")
            rows = self._array(b.log).reshape(-1, len(COLUMNS)).astype(np.float64)
            before = MetricLog(0) if b.parent is None else branches[b.parent].log.until(b.fork_step)
            before.append(rows)
            branches[b.number] = Branch(
                b.number, b.name, b.parent, b.fork, b.fork_step, before, Trail(), tuple(b.diverged)
            )
        moments = [self._moment(each) for each in self._plain.moments]
        moments.sort(key=lambda m: (list(branches).index(m.place.branch), m.step, m.place.stretch))
        if len({m.number for m in moments}) < len(moments) or len({m.place for m in moments}) < len(moments):
            raise ValueError("a moment that is there twice")
        place = Place(*self._plain.here)
        if place.branch not in branches:
            raise ValueError("it stands on no branch")
        return Overview(tuple(branches.values()), tuple(moments), tuple(self._plain.ended)), place

    def _moment(self, m: _Moment) -> Moment:
        names, counted = self._names(m.names, len(m.arrays)), self._names(m.counted, len(m.counters))
        counters = {name: value for name, value in zip(counted, m.counters, strict=True) if value is not None}
        state = State({name: self._array(at) for name, at in zip(names, m.arrays, strict=True)}, counters)
        loss, metric, validation_loss, validation_metric = (nan if value is None else value for value in m.losses)
        stats = None if m.stats is None else self._stats[_within(m.stats, self._stats)]
        design = self._designs[_within(m.design, self._designs)]
        return Moment(
            m.number, Place(*m.place), design, state, stats, m.at, loss, metric, validation_loss, validation_metric,
            m.edited,
        )  # fmt: skip

    def _array(self, number: int) -> Array:
        """One array, the same for all who have it."""
        if number not in self._arrays:
            kind, begin, shape = self._plain.arrays[_within(number, self._plain.arrays)]
            size, whole = prod(shape), self._numbers[kind]
            if min([begin, *shape]) < 0 or begin + size > whole.size or whole.dtype.name != kind:
                raise ValueError("numbers that are not there")
            self._arrays[number] = whole[begin : begin + size].reshape(shape).copy()
        return self._arrays[number]

    def _names(self, number: int, count: int) -> list[str]:
        names = self._plain.names[_within(number, self._plain.names)]
        if len(names) != count:
            raise ValueError("more names than things, or fewer")
        return names

    def _stat(self, each: _Stats) -> TensorStats:
        keys, nodes = (self._plain.names[_within(n, self._plain.names)] for n in (each.tensors, each.layers))
        values = self._array(each.numbers).tolist()
        if len(values) != OF_TENSOR * len(keys) + OF_LAYER * len(nodes):
            raise ValueError("statistics of other layers")
        split = OF_TENSOR * len(keys)
        tensors = [TensorStat(key, *values[i * OF_TENSOR :][:OF_TENSOR]) for i, key in enumerate(keys)]
        layers = [LayerStat(node, *values[split + i * OF_LAYER :][:OF_LAYER]) for i, node in enumerate(nodes)]
        return TensorStats(each.step, each.epoch, tuple(tensors), tuple(layers))


def _rows(stats: TensorStats) -> list[TensorStat | LayerStat]:
    return [*stats.tensors, *stats.layers]


def _within(number: int, things: list[Any]) -> int:
    if not 0 <= number < len(things):
        raise ValueError("a number that stands for nothing")
    return number


def _known(value: Any) -> Any:
    """JSON has no NaN and no infinity: None stands for a number that is not known."""
    if isinstance(value, np.generic):
        value = value.item()
    return None if isinstance(value, float) and not isfinite(value) else value
