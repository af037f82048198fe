"""What a design costs, and what is too large for the machine."""

from __future__ import annotations

import pytest

from engine.design import costs
from engine.design.checks import check
from engine.program.program import Program
from tests.builders import chain, dense
from tests.engine.design.reports import data, only


def test_that_costs_are_those_of_the_compiled_program() -> None:
    document = chain(dense(8, "relu"), dense(5, "tanh"), dense(1))
    prepared = data(features=3)
    report = check(document, prepared)
    program = Program(document, prepared)
    for id in ("dense_1", "dense_2", "dense_3"):
        own = [array for name, array in program.parameters().items() if name.startswith(f"{id}/")]
        assert report.costs[id].parameters == sum(array.size for array in own)
    assert [report.costs[id].multiply_adds for id in report.specs] == [0, 3 * 8, 8 * 5, 5 * 1]
    assert report.costs["dense_1"].parameters == 3 * 8 + 8


def test_that_the_memory_is_what_the_program_takes() -> None:
    document = chain(dense(1000, "relu"), dense(1000), dense(1))
    prepared = data()
    program = Program(document, prepared)
    taken = sum(array.nbytes for array in (program.par, program.good, program.best))
    assert sum(cost.bytes for cost in check(document, prepared).costs.values()) == pytest.approx(taken, rel=0.03)


def test_that_a_layer_too_large_is_refused_before_it_is_allocated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "free_memory", lambda: 24_000_000_000)
    document = chain(dense(1_000_000, "relu"), dense(1_250), dense(1))
    problem = only(check(document, data()))
    assert (problem.node, problem.field) == ("dense_2", "units")
    # 1,000,000 × 1,250 weights of 4 bytes: value, gradient and Adam's two slots, and what is kept to fall back on.
    assert problem.reason.startswith("dense_2 would need 40 GB")
    assert problem.reason.endswith("this machine has 24 GB free")


def test_that_layers_too_large_together_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(costs, "free_memory", lambda: 24_000_000_000)
    document = chain(dense(1_000_000, "relu"), dense(500), dense(1_000_000, "relu"), dense(1))
    problem = only(check(document, data()))
    assert "part of a design that would need 32" in problem.reason


def test_that_a_batch_is_never_counted_larger_than_the_data() -> None:
    document = chain(dense(8, "relu"), dense(1), training={"batch_size": 1_000_000})
    small = sum(cost.bytes for cost in check(document, data(rows=20)).costs.values())
    assert small < 20_000
