"""On the way to a moment that was given up meanwhile."""

from __future__ import annotations

import pytest

from engine.training.conductor import Conductor
from engine.training.published import Gone
from engine.training.timeline import timeline
from engine.training.timeline.sharing import equal_states
from engine.training.timeline.timeline import BUDGET
from tests.engine.training.timeline.walks import begun, bits, change, design, go, moments, rows, train

pytestmark = pytest.mark.usefixtures("every_epoch")


def told(work: Conductor) -> list[Gone]:
    return [fact for fact in work.report.facts if isinstance(fact, Gone)]


def test_that_one_goes_to_a_moment_that_was_given_up_on_the_way_to_it() -> None:
    work = begun(design())
    train(work)
    end, log, known = bits(work), rows(work), work.recorder.timeline.shown
    work.recorder.timeline.keep_to(known.bytes * 2 // 3)
    work.recorder.timeline.keep_to(BUDGET)
    kept = moments(work)
    gone = next(moment for moment in known.moments if moment not in kept)
    go(work, gone)
    assert work._run is not None
    assert equal_states(work._run.snapshot(), gone.state)
    assert work.report.status.step == gone.step
    assert not told(work)
    train(work)
    assert (bits(work), rows(work), moments(work)) == (end, log, kept)
    go(work, gone)
    change(work, learning_rate=0.1)
    train(work)
    main, branch = work.recorder.timeline.shown.branches
    assert (branch.parent, branch.fork_step) == (main.number, gone.step)


def test_that_one_goes_to_a_moment_whose_branch_became_a_part_of_another_on_the_way_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    work = begun(design())
    train(work)
    for branch, fork in enumerate((2, 4)):
        go(work, work.recorder.timeline.shown.line(branch)[fork])
        change(work, learning_rate=0.1 * fork)
        train(work)
    known = work.recorder.timeline.shown.of_branch(1)[0]
    monkeypatch.setattr(timeline, "MOST_BRANCHES", 3)
    work.recorder.timeline.make_room(2)
    assert [branch.number for branch in work.recorder.timeline.shown.branches] == [0, 2]
    go(work, known)
    assert work._run is not None
    assert equal_states(work._run.snapshot(), known.state)
    assert not told(work)


def test_that_of_a_moment_whose_branch_was_deleted_the_design_is_trained_and_that_it_is_gone_is_told() -> None:
    work = begun(design())
    train(work, 3)
    go(work, moments(work)[1])
    change(work, learning_rate=0.02)
    train(work, 5)
    gone = work.recorder.timeline.shown.of_branch(1)[-1]
    go(work, moments(work)[0])
    step = work.report.status.step
    work.recorder.delete(1)
    go(work, gone)
    assert work._run is not None
    assert work._run.document == gone.document, "the window has taken the design over already"
    assert work.report.status.step == step, "what was learnt stays"
    assert told(work) == [Gone(gone.epoch)]


def test_that_a_moment_of_the_run_before_is_told_to_be_gone() -> None:
    work = begun(design())
    train(work, 3)
    gone = moments(work)[1]
    work.wanted = design(seed=6)
    work.open()
    train(work, 5)
    go(work, gone)
    assert work._run is not None
    assert work._run.document == gone.document
    assert told(work) == [Gone(gone.epoch)]
