"""`check`: the shape on every wire, what each layer costs, what is wrong, and whether the gradients are right."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

import numpy as np
from rich.table import Table

from engine.commands.opening import Wish, open_document
from engine.commands.outcome import DONE, FAULT
from engine.commands.terminal import bytes_in_words, say, screen
from engine.data.prepare import Prepared, prepare
from engine.design.checks import Report
from engine.design.checks import check as check_design
from engine.design.document import Document
from engine.design.problems import Cost
from engine.errors import DesignError
from engine.insight.gradient_check import TOLERANCE, Comparison, check_gradients


def check(path: Path, wish: Wish, gradients: bool, as_json: bool) -> int:
    """Print what checks say; 0 when the design can be trained and, where asked for, its gradients are right.

    Raises:
        NetloomError: file, data or design are at fault.
    """
    document = wish.apply(open_document(path))
    prepared = prepare(document.data, document.split, np.float64)
    report = check_design(document, prepared)
    show = _show_json if as_json else _show_table
    show(document, report)
    try:
        report.require()
    except DesignError as error:
        raise DesignError(
            ", ".join(part for part in (str(path), error.thing) if part), error.reason, error.remedy
        ) from None
    return _check_gradients(document, prepared, as_json) if gradients else DONE


def _show_table(document: Document, report: Report) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column("node", no_wrap=True)
    table.add_column("layer")
    table.add_column("what arrives")
    table.add_column("what leaves", no_wrap=True)
    for name in ("parameters", "multiply-adds", "memory"):
        table.add_column(name, justify="right", no_wrap=True)
    total = Cost()
    for node in document.nodes:
        layer, cost = node.layer, report.costs.get(node.id, Cost())
        arriving = ", ".join(f"{wire.source} {_shape(report, wire.source)}" for wire in document.inputs(node.id))
        name = node.id if node.label == node.id else f"{node.id} ({node.label})"
        kind = f"{layer.kind} ({layer.key_fields()})" if layer.key_fields() else layer.kind
        table.add_row(name, kind, arriving or "-", _shape(report, node.id), *_cost(cost))
        total = Cost(
            total.parameters + cost.parameters, total.multiply_adds + cost.multiply_adds, total.bytes + cost.bytes
        )
    table.add_section()
    table.add_row("total", "", "", "", *_cost(total))
    screen().print(table)
    for problem in report.problems:
        advice = f" Fix: {problem.fix.text}." if problem.fix else ""
        say(f"{problem.severity}: {problem}.{advice}")
    if not report.problems:
        say("nothing is wrong")


def _shape(report: Report, node: str) -> str:
    return str(report.specs[node]) if node in report.specs else "?"


def _cost(cost: Cost) -> Iterable[str]:
    return f"{cost.parameters:,}", f"{cost.multiply_adds:,}", bytes_in_words(cost.bytes)


def _show_json(document: Document, report: Report) -> None:
    for node in document.nodes:
        spec = report.specs.get(node.id)
        about = {
            "node": node.id,
            "layer": node.layer.kind,
            "inputs": [wire.source for wire in document.inputs(node.id)],
            "shape": list(spec.shape) if spec else None,
            "tokens": spec.tokens if spec else None,
        }
        print(json.dumps(about | asdict(report.costs.get(node.id, Cost()))))
    for problem in report.problems:
        about = {"severity": problem.severity, "node": problem.node, "field": problem.field, "reason": problem.reason}
        print(json.dumps(about | {"fix": problem.fix.text if problem.fix else None}))


def _check_gradients(document: Document, prepared: Prepared, as_json: bool) -> int:
    comparisons = []
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in ("gradient of", "shape", "compared", "relative error", ""):
        table.add_column(name, no_wrap=True)
    for comparison in check_gradients(document, prepared):
        comparisons.append(comparison)
        if as_json:
            print(json.dumps(asdict(comparison) | {"passed": comparison.passed}))
        table.add_row(*_words(comparison))
    failed = sum(not comparison.passed for comparison in comparisons)
    if not as_json:
        screen().print(table)
        verdict = f"{failed} of {len(comparisons)} tensors FAIL" if failed else f"all {len(comparisons)} tensors pass"
        say(f"{verdict} (float64, finite differences, relative error <= {TOLERANCE:g})")
    return FAULT if failed else DONE


def _words(comparison: Comparison) -> Iterable[str]:
    shape = "×".join(map(str, comparison.shape))
    verdict = "pass" if comparison.passed else "FAIL"
    return comparison.tensor, shape, str(comparison.checked), f"{comparison.error:.1e}", verdict
