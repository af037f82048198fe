"""What the builder promises to layers: one reader per tensor, summed gradients, streams and names of their own."""

from __future__ import annotations

import pytest

from engine.errors import DesignError
from engine.kernels.combine import add_gradients
from engine.kernels.contract import kernel
from engine.layers.base import Spec
from engine.program.builder import Builder, Tensor
from engine.training.initialisers import Zeros


@kernel
def nothing(op, ctx, par, act):  # type: ignore[no-untyped-def]
    """Stands for any kernel; it is never compiled."""


def building(node: str = "node") -> Builder:
    build = Builder()
    build.enter(node)
    return build


def reading(build: Builder, x: Tensor) -> Tensor:
    y = build.tensor(x.spec)
    build.op([x], (nothing, (x.value, y.value)), (nothing, (x.grad, y.grad)))
    return y


def test_that_a_tensor_has_one_reader_unless_it_is_forked() -> None:
    build = building()
    x = build.tensor(Spec((3,)))
    reading(build, x)
    with pytest.raises(RuntimeError, match="two readers"):
        reading(build, x)


def test_that_another_shape_is_the_same_memory_and_counts_as_a_reader() -> None:
    build = building()
    x = build.tensor(Spec((2, 3)))
    flat = build.alias(x, Spec((6,)))
    assert (flat.value, flat.grad, flat.spec) == (x.value, x.grad, Spec((6,)))
    with pytest.raises(RuntimeError, match="two readers"):
        build.fork(x, 2)


def test_that_one_reader_needs_no_sum_of_gradients() -> None:
    build = building()
    x = build.tensor(Spec((3,)))
    assert build.fork(x, 1) == [x]
    assert not build.backward_ops


@pytest.mark.parametrize("readers", [2, 3, 5])
def test_that_every_reader_of_a_fork_has_a_gradient_of_its_own_and_all_are_summed(readers: int) -> None:
    build = building()
    x = build.tensor(Spec((3,)))
    forks = build.fork(x, readers)
    assert all(fork.value is x.value for fork in forks)
    assert len({fork.grad for fork in forks}) == readers
    sums = build.backward_ops
    assert [operation.kernel for operation in sums] == [add_gradients] * (readers - 1)
    assert sums[0].arguments == (x.grad, forks[0].grad, forks[1].grad, 3)
    for operation, fork in zip(sums[1:], forks[2:], strict=True):
        assert operation.arguments == (x.grad, x.grad, fork.grad, 3)


def test_that_a_fork_of_what_needs_no_gradient_sums_nothing() -> None:
    build = building()
    forks = build.fork(build.tensor(Spec((3,)), grad=False), 3)
    assert [fork.grad for fork in forks] == [None] * 3
    assert not build.backward_ops


def test_that_backward_runs_against_forward_and_sums_before_what_they_feed() -> None:
    build = building("first")
    y = reading(build, build.tensor(Spec((3,))))
    forks = build.fork(y, 2)
    for number, fork in enumerate(forks):
        build.enter(f"reader_{number}")
        reading(build, fork)
    order = [(operation.node, operation.kernel is add_gradients) for operation in build.backward_ops]
    assert order == [("reader_1", False), ("reader_0", False), ("first", True), ("first", False)]


def test_that_streams_depend_on_the_node_alone() -> None:
    alone, among_others = building("dropout_1"), building("noise_1")
    expected = [alone.stream(), alone.stream()]
    among_others.stream()
    among_others.enter("dropout_1")
    assert [among_others.stream(), among_others.stream()] == expected
    assert len(set(expected)) == 2
    # 0 and 1 are taken: the order of the batches is drawn from stream 1
    assert all(1 < stream < 2**31 for stream in expected)


def test_that_names_begin_with_the_node_and_are_told_apart() -> None:
    build = building("dense_1")
    assert build.parameter("weight", (2, 3), Zeros(), 2, 3).key == "dense_1/weight"
    assert build.state("mean", (3,)).key == "dense_1/mean"
    build.parameter("weight", (2, 3), Zeros(), 2, 3)
    with pytest.raises(DesignError, match="one name"):
        build.leave(build.tensor(Spec((3,))))


def test_that_a_record_counts_what_a_node_needs() -> None:
    build = building("first")
    build.leave(build.tensor(Spec((4,)), grad=False))
    build.enter("second")
    x = build.records["first"].output
    build.parameter("weight", (4, 2), Zeros(), 4, 2)
    build.state("mean", (2,))
    y = build.tensor(Spec((2,)))
    build.op([x], (nothing, (x.value, y.value)), multiply_adds=8)
    build.scratch(5)
    build.scratch(100, per_example=False)
    build.leave(y)
    record = build.records["second"]
    assert [p.key for p in record.parameters] == ["second/weight"]
    assert [s.key for s in record.states] == ["second/mean"]
    assert (record.multiply_adds, record.reals_per_example) == (8, 2 + 2 + 5)
    assert build.records["first"].reals_per_example == 4
