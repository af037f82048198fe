"""Shape rules: what leaves a layer, and in which words it refuses what it cannot take."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from engine.design.checks import apply_fix, check
from engine.design.document import Document
from engine.layers import Layer
from engine.layers.base import ShapeError, Spec
from engine.layers.input import Input
from tests.engine.layers.designs import chain, compiled, dense, rows_of

LEAVES: list[tuple[Any, list[Spec], Spec]] = [
    (dense(5), [Spec((3,))], Spec((5,))),
    (dense(5), [Spec((7, 3))], Spec((7, 5))),
    (dense(5), [Spec((4, 4, 3))], Spec((4, 4, 5))),
    ({"type": "maxout", "units": 5}, [Spec((7, 3))], Spec((7, 5))),
    ("flatten", [Spec((4, 4, 3))], Spec((48,))),
    ("flatten", [Spec((4, 2), tokens=9)], Spec((8,), tokens=9)),
    ({"type": "reshape", "shape": [6, 2]}, [Spec((4, 3))], Spec((6, 2))),
    ({"type": "reshape", "shape": [-1, 2]}, [Spec((4, 3))], Spec((6, 2))),
    ({"type": "reshape", "shape": [2, 2]}, [Spec((4,), tokens=9)], Spec((2, 2), tokens=9)),
    ("global_average", [Spec((7, 3))], Spec((3,))),
    ("global_average", [Spec((5, 5, 3))], Spec((3,))),
    ("add", [Spec((7, 3))] * 3, Spec((7, 3))),
    ("multiply", [Spec((3,))] * 2, Spec((3,))),
    ("concat", [Spec((3,)), Spec((4,)), Spec((1,))], Spec((8,))),
    ("concat", [Spec((2, 3)), Spec((2, 4))], Spec((2, 7))),
    ({"type": "concat", "axis": 0}, [Spec((2, 3)), Spec((5, 3))], Spec((7, 3))),
    ({"type": "concat", "axis": -2}, [Spec((2, 3)), Spec((5, 3))], Spec((7, 3))),
    ({"type": "embedding", "features": 6}, [Spec((7,), tokens=9)], Spec((7, 6))),
    ({"type": "simple_rnn", "units": 5}, [Spec((7, 3))], Spec((5,))),
    ({"type": "simple_rnn", "units": 5, "answer": "sequence"}, [Spec((7, 3))], Spec((7, 5))),
    ("last_step", [Spec((7, 3))], Spec((3,))),
    *[(kind, [Spec((7, 3))], Spec((7, 3))) for kind in ("activation", "prelu", "dropout", "gaussian_noise")],
    *[(kind, [Spec((2, 7, 3))], Spec((2, 7, 3))) for kind in ("batch_norm", "layer_norm")],
]

REFUSED: list[tuple[Any, list[Spec], str, str, str]] = [
    # layer, what arrives, words of the reason, field, layer or value of the fix
    (dense(5), [Spec((7,), tokens=9)], "token ids", "", "embedding"),
    ("batch_norm", [Spec((7,), tokens=9)], "token ids", "", "embedding"),
    ("add", [Spec((7,), tokens=9)] * 2, "token ids", "", "embedding"),
    ("embedding", [Spec((7,))], "real numbers arrive", "", ""),
    ("simple_rnn", [Spec((7,))], "reads a sequence", "", ""),
    ("simple_rnn", [Spec((7,), tokens=9)], "token ids", "", "embedding"),
    ("last_step", [Spec((2, 7, 3))], "reads a sequence", "", ""),
    ("global_average", [Spec((7,))], "no places", "", ""),
    ("add", [Spec((3,)), Spec((4,))], "3 and 4", "", ""),
    ("add", [Spec((2, 3)), Spec((6,))], "2×3 and 6", "", "flatten"),
    ("concat", [Spec((2, 3)), Spec((4, 5))], "may differ only along axis 1", "", ""),
    ("concat", [Spec((2, 3)), Spec((4,))], "different numbers of axes", "", "flatten"),
    ({"type": "concat", "axis": 1}, [Spec((3,)), Spec((4,))], "there is no axis 1", "axis", "-1"),
    ({"type": "reshape", "shape": [5, 2]}, [Spec((4, 3))], "12 numbers", "shape", "(12,)"),
    ({"type": "reshape", "shape": [5, -1]}, [Spec((4, 3))], "5×?", "shape", "(12,)"),
]


def name(case: Any) -> str:
    layer = case[0] if isinstance(case[0], str) else case[0]["type"]
    return f"{layer}-{' '.join(map(str, case[1]))}"


@pytest.mark.parametrize("case", LEAVES, ids=name)
def test_that_a_layer_gives_the_shape_that_it_should(case: tuple[Any, list[Spec], Spec]) -> None:
    layer, arriving, leaving = case
    assert Layer.parse(layer).output(arriving) == leaving


@pytest.mark.parametrize("case", REFUSED, ids=name)
def test_that_a_layer_says_why_it_refuses(case: tuple[Any, list[Spec], str, str, str]) -> None:
    layer, arriving, words, field, mended = case
    with pytest.raises(ShapeError) as refused:
        Layer.parse(layer).output(arriving)
    assert words in refused.value.reason
    assert refused.value.field == field
    fix = refused.value.fix
    assert (fix.layer or str(fix.value) if fix else "") == mended


@pytest.mark.parametrize("shape", [[0, 2], [-1, -1], [-2], [], [1, 1, 1, 1, 1]])
def test_that_an_impossible_shape_is_refused_at_once(shape: list[int]) -> None:
    with pytest.raises(ValueError):
        Layer.parse({"type": "reshape", "shape": shape})


def joined(kind: str, *branches: Any) -> Document:
    document = chain().add(Layer.parse(kind), id="join")
    for number, branch in enumerate(branches):
        document = document.add(Layer.parse(branch), id=f"branch_{number}").connect("input", f"branch_{number}")
        document = document.connect(f"branch_{number}", "join")
    return document.add(Layer.parse(dense(2)), id="end").connect("join", "end")


@pytest.mark.parametrize(
    "document",
    [
        chain({"type": "reshape", "shape": [5, 2]}, "flatten", dense(2)),
        joined("add", "flatten", "dropout"),
        joined("concat", "flatten", "dropout"),
    ],
    ids=["reshape", "add", "concat"],
)
def test_that_the_offered_fix_mends_the_design(document: Document) -> None:
    prepared = rows_of((4, 3), 2)
    errors = [problem for problem in check(document, prepared).problems if problem.severity == "error"]
    mended = apply_fix(document, next(problem for problem in errors if problem.fix))
    assert not [problem for problem in check(mended, prepared).problems if problem.severity == "error"]
    assert np.isfinite(compiled(mended, prepared).outputs(prepared.x)).all()


def test_that_reshape_and_flatten_keep_every_number_in_its_place() -> None:
    document = chain({"type": "reshape", "shape": [2, 6]}, {"type": "reshape", "shape": [3, -1]}, "flatten", dense(12))
    prepared = rows_of((4, 3), 12)
    program = compiled(document, prepared)
    program.set_parameters({"dense_1/weight": np.eye(12), "dense_1/bias": np.zeros(12)})
    np.testing.assert_allclose(program.outputs(prepared.x), prepared.x.reshape(-1, 12), rtol=1e-12)
    assert len(program.plan.lowered.build.forward_ops) == 1, "another shape costs no operation"


@pytest.mark.parametrize("shape", [(), (0,), (4, -1)])
def test_that_an_input_has_sizes_of_at_least_one(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValidationError):
        Input(shape=shape)
    assert Input(shape=(4, 1)).shape == (4, 1)
