"""`trace`: one example through the network and back, with the numbers that come up, and one weight's chain."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from engine.commands.opening import PROJECT, open_document
from engine.commands.outcome import DONE
from engine.commands.terminal import say, screen
from engine.commands.trained import open_trained
from engine.data.prepare import Prepared, prepare
from engine.design.checks import check
from engine.design.document import Document
from engine.exchange.project import load_project
from engine.insight.trace import Chain, LayerTrace, Line, Trace, backward_lines, explain, figure, forward_lines, plain
from engine.insight.trace import trace as follow
from engine.insight.trace.record import place_of, telling
from engine.insight.trace.words import largest_of
from engine.program.state import State

SHOWN = 12  # numbers of a layer that a person is shown at the most; --json has them all
COLUMN, NAME = 10, 24  # letters that a number and the name before it take
WEIGHTS = 4  # of a parameter


def trace(path: Path, row: int, weight: str | None, as_json: bool) -> int:
    """Print what happens to row ``row``, counted from 1.

    Raises:
        NetloomError: file, data, row or weight are at fault.
    """
    document, prepared, state, dtype = _opened(path)
    # what is wrong with the weight's name is said before anything is printed
    chain = None if weight is None else explain(document, prepared, row - 1, weight, state)
    found = follow(document, prepared, row - 1, state, dtype)
    if as_json:
        for each in _json(found, chain):
            print(json.dumps(each))
        return DONE
    _show_example(found, document)
    if chain is None:
        _show_stages(found)
    else:
        _show_lines("LOSS", found.loss.lines)
        _show_chain(chain)
        _show_lines("UPDATE", found.updated.lines(chain.key, chain.index))
    for remark in found.remarks:
        say(f"note: {remark}")
    return DONE


def _opened(path: Path) -> tuple[Document, Prepared, State | None, type]:
    """A trained project, or a design at its first weights."""
    if path.suffix == PROJECT and path.exists() and (state := load_project(path, find_data=False).state) is not None:
        program = open_trained(path, with_rows=True)
        return program.document, program.prepared, state, program.dtype
    document = open_document(path)
    prepared = prepare(document.data, document.split)
    check(document, prepared).require()
    return document, prepared, None, np.float32


# -- for people


def _show_example(found: Trace, document: Document) -> None:
    where = f"at its first weights (seed {document.training.seed})" if not found.step else f"after {found.step:,} steps"
    say(f"row {found.row + 1} of {found.rows} ({found.part}), {where}")
    values = [f"{name} {_plain(value)}" for name, value in found.example[:SHOWN]]
    more = f", … ({len(found.example) - SHOWN} more)" if len(found.example) > SHOWN else ""
    say(f"{', '.join(values)}{more}; wanted {found.loss.wanted}, answered {found.loss.shown}")


def _show_stages(found: Trace) -> None:
    say("\nFORWARD")
    for layer in found.layers:
        _show_layer(layer, "value", forward_lines(found, layer.node, telling(layer)))
    _show_lines("LOSS", found.loss.lines)
    say("\nBACKWARD")
    for layer in reversed(found.layers):
        if layer.output.gradient is not None:
            _show_layer(layer, "gradient", backward_lines(found, layer.node, telling(layer)))
    say("\nUPDATE")
    _show_update(found)


def _show_layer(layer: LayerTrace, what: str, lines: Iterable[Line]) -> None:
    rows = [(each.symbol, getattr(each, what)) for each in layer.quantities]
    rows = [(symbol, values.ravel()) for symbol, values in rows if values is not None]
    room = max((screen().width - NAME) // COLUMN, 2)
    width = min(SHOWN, room, max((values.size for _, values in rows), default=0))
    table = _table(layer.label, *(str(number + 1) for number in range(width)), "")
    for symbol, values in rows:
        cells = [_plain(float(value)) for value in values[:width]]
        more = f"… {values.size - width} more" if values.size > width else ""
        table.add_row(plain(symbol if what == "value" else f"∂E/∂{symbol}"), *cells, *[""] * (width - len(cells)), more)
    screen().print(table)
    for line in lines:
        say(f"  {plain(line.text)}")


def _show_lines(title: str, lines: Iterable[Line]) -> None:
    say(f"\n{title}")
    for line in lines:
        say(f"  {plain(line.text)}")


def _show_update(found: Trace) -> None:
    table = _table("parameter", "w old", "∂E/∂w", "w new")
    steepest: tuple[float, str, int] = (-1.0, "", 0)
    for key, parameter in found.updated.by_key.items():
        gradient = found.updated.gradient(key).ravel()
        for index in largest_of(gradient, WEIGHTS):
            numbers = found.updated.numbers(key, index)
            name = f"{key}{place_of(index, parameter.shape)}"
            table.add_row(name, *(_plain(value) for value in (numbers.old, numbers.raw, numbers.new)))
            steepest = max(steepest, (abs(numbers.raw), key, index))
        if gradient.size > WEIGHTS:
            table.add_row(f"… {gradient.size - WEIGHTS:,} more")
    screen().print(table)
    _, key, index = steepest
    if key:
        name = f"{key}{place_of(index, found.updated.by_key[key].shape)}"
        _show_lines(f"the steepest, {name}", found.updated.lines(key, index))


def _show_chain(chain: Chain) -> None:
    say(f"\n{chain.name} = {_plain(chain.value)}, {chain.says}")
    for line in chain.headline:
        say(f"  {plain(line.text)}")
    heading = ""
    for link in chain.links:
        before, heading = heading, f"{link.label}{f', unit {link.unit + 1}' if link.node else ''}"
        if heading != before:
            say(f"  {heading}")
        for line in link.lines:
            say(f"    {plain(line.text)}")
    say(f"  backward pass: {_plain(chain.gradient, 6)}")
    say(f"  {plain(chain.comparison)}")


def _table(*columns: str) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for number, name in enumerate(columns):
        table.add_column(name, justify="right" if number else "left", no_wrap=True)
    return table


def _plain(value: float, digits: int = 4) -> str:
    return plain(figure(value, digits))


# -- for programs


def _json(found: Trace, chain: Chain | None) -> Iterable[dict[str, Any]]:
    loss = found.loss
    yield {
        "row": found.row + 1, "part": found.part, "step": found.step, "epoch": found.epoch,
        "example": dict(found.example), "loss": loss.value, "loss_kind": loss.kind, "answer": loss.answer.tolist(),
        "target": loss.target.tolist(), "answered": loss.shown, "wanted": loss.wanted, "formulas": _texts(loss.lines),
        "remarks": list(found.remarks),
    }  # fmt: skip
    for layer in found.layers:
        yield {
            "node": layer.node,
            "layer": layer.layer.kind,
            "values": [
                {
                    "symbol": each.symbol,
                    "value": each.value.tolist(),
                    "gradient": None if each.gradient is None else each.gradient.tolist(),
                }
                for each in layer.quantities
            ],
        }
    for key in found.updated.by_key:
        yield {
            "parameter": key, "old": found.updated.old(key).tolist(), "gradient": found.updated.gradient(key).tolist(),
            "new": found.updated.new(key).tolist(), "rate": found.updated.steps.rate,
        }  # fmt: skip
    if chain is not None:
        yield {
            "weight": chain.name, "value": chain.value, "gradient": chain.gradient, "difference": chain.measured.value,
            "agrees": chain.measured.agrees, "corner": chain.measured.corner, "ways": chain.ways,
            "factors": [{"factor": plain(symbol), "value": value} for symbol, value in chain.factors],
            "chain": [text for link in chain.links for text in _texts(link.lines)],
            "update": _texts(found.updated.lines(chain.key, chain.index)),
        }  # fmt: skip


def _texts(lines: Iterable[Line]) -> list[str]:
    return [plain(line.text) for line in lines]
