"""Notes and groups: kept in files, held together with the nodes, and without any effect on what is computed."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from engine.design.annotations import Group, Remark, without_member
from engine.design.checks import check
from engine.design.document import Document
from engine.exchange.design_json import dumps, loads
from engine.program.program import compile
from tests.builders import chain, dense


def annotated() -> Document:
    document = chain(dense(4), dense(1))
    first, second = (node.id for node in document.nodes if node.layer.kind == "dense")
    return document.but(
        remarks=(Remark(id="note_1", text='Two lines\nof "text" – β', x=-40, y=16.5, width=300, height=90),),
        groups=(Group(id="group_1", members=(first, second), name="Head", folded=False),),
    )


def test_that_notes_and_groups_come_back_from_a_file() -> None:
    assert loads(dumps(annotated())) == annotated()


def test_that_a_file_from_before_there_were_notes_and_groups_is_read() -> None:
    document = chain(dense(1))
    lines = dumps(document).splitlines()
    old = [line for line in lines if not line.strip().startswith(('"remarks"', '"groups"'))]
    assert len(lines) - len(old) == 2
    text = "\n".join(old)
    end = text.rstrip().removesuffix("}").rstrip()
    assert loads(end.removesuffix(",") + "\n}") == document


def test_that_notes_and_groups_change_nothing_that_is_checked_or_compiled() -> None:
    bare = annotated().but(remarks=(), groups=())
    assert check(annotated()) == check(bare)
    ours, theirs = (compile(document, None, seed=3).parameters() for document in (annotated(), bare))
    assert ours.keys() == theirs.keys()
    assert all((ours[name] == theirs[name]).all() for name in ours)


def test_that_a_removed_node_leaves_its_group_and_an_empty_group_goes() -> None:
    document = annotated()
    first, second = document.groups[0].members
    assert document.remove([first]).groups[0].members == (second,)
    assert document.remove([first, second]).groups == ()
    assert without_member(document.groups, "elsewhere") is document.groups


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ((Group(id="a", members=("nobody",)),), "not there"),
        ((Group(id="a", members=("input",)), Group(id="b", members=("input",))), "two groups"),
        ((Group(id="a", members=("input", "input")),), "twice"),
        ((Group(id="a", members=("input",)), Group(id="a", members=("dense_1",))), "same id"),
    ],
)
def test_that_a_group_that_cannot_be_is_refused(groups: tuple[Group, ...], words: str) -> None:
    document = chain(dense(1))
    groups = tuple(
        group.but(members=tuple(names.get(m, m) for m in group.members))
        for names in [{"input": document.nodes[0].id, "dense_1": document.nodes[1].id}]
        for group in groups
    )
    with pytest.raises(ValidationError, match=words):
        document.but(groups=groups)


def test_that_two_notes_of_one_id_and_empty_groups_are_refused() -> None:
    with pytest.raises(ValidationError, match="same id"):
        Document(remarks=(Remark(id="a"), Remark(id="a")))
    with pytest.raises(ValidationError):
        Group(id="a", members=())
