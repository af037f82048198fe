"""Two linear layers in a row are one: said where it is so, and nowhere else."""

from __future__ import annotations

import pytest

from engine.data.prepare import prepare
from engine.data.synthetic import Line, Spiral
from engine.design.checks import apply_fix, check
from engine.design.document import Document
from engine.design.problems import Problem
from tests.builders import chain, dense


def found(document: Document) -> list[Problem]:
    report = check(document, prepare(document.data, document.split))
    assert not report.errors
    return [problem for problem in report.problems if "linear layer" in problem.reason]


def warned(document: Document) -> list[str]:
    return [problem.node for problem in found(document)]


def test_that_a_hidden_layer_without_a_bend_is_said_and_mended() -> None:
    document = chain(dense(8), dense(8), dense(1), data=Spiral())
    assert warned(document) == ["dense_1", "dense_2"]
    mended = apply_fix(document, found(document)[0])
    assert mended.node("dense_1").layer.activation == "relu"
    assert warned(mended) == ["dense_2"]


@pytest.mark.parametrize(
    "document",
    [
        chain(dense(8, "tanh"), dense(1), data=Spiral()),
        chain(dense(1), data=Line()),
        chain(dense(8), "activation", dense(1), data=Spiral()),
        chain(dense(8, "relu"), dense(3), dense(8, "relu"), dense(1), data=Spiral()),
        chain(dense(8, "relu"), dense(2), dense(1), data=Spiral()),
    ],
    ids=["a bend", "the only layer", "an activation behind it", "a narrow place", "a plane to look at"],
)
def test_that_what_is_meant_is_left_alone(document: Document) -> None:
    assert not warned(document)
