"""Going back in a run, and training on: the same bits as the first time, whatever the design keeps or draws."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from engine.training.timeline.sharing import equal_states
from tests.builders import chain, dense
from tests.engine.training.timeline.walks import begun, bits, change, design, go, moments, rows, train

WAYS: dict[str, dict[str, Any]] = {
    "adam": {},
    "momentum, plateau": {"optimizer": "momentum", "schedule": {"type": "plateau", "patience": 2}},
    "adadelta, one cycle": {"optimizer": "adadelta", "schedule": "one_cycle", "learning_rate": 1.0},
    "nadam, warm-up to cosine": {"optimizer": "nadam", "schedule": {"type": "warm_up", "then": "cosine"}},
    "early stop, best weights back": {"epochs": 5000, "patience": 3, "learning_rate": 0.05},
    "one row at a time": {"optimizer": "sgd", "epochs": 4, "learning_rate": 0.001},
    "seldom validated": {"epochs": 11, "validate_every": 4},
}


pytestmark = pytest.mark.usefixtures("every_epoch")


@pytest.mark.parametrize("way", WAYS)
def test_that_training_on_from_any_moment_gives_the_same_bits_and_rows_and_adds_nothing(way: str) -> None:
    work = begun(design(**WAYS[way]))
    train(work)
    end, log = bits(work), rows(work)
    kept = moments(work)
    assert len(kept) >= 4
    for moment in (kept[0], kept[len(kept) // 2], kept[-2], kept[-1]):
        go(work, moment)
        assert work._run is not None
        assert equal_states(work._run.snapshot(), moment.state)
        assert work.report.status.step == moment.step
        assert work.report.log.length == sum(1 for step in np.frombuffer(log["step"]) if step <= moment.step)
        if work.report.status.phase == "ready":
            train(work)
        assert bits(work) == end
        assert rows(work) == log
    assert moments(work) == kept
    assert len(work.recorder.timeline.shown.branches) == 1


def test_that_a_change_in_the_past_grows_a_branch_and_the_old_course_stays() -> None:
    work = begun(design())
    train(work)
    kept, log = moments(work), rows(work)
    early, last = kept[3], kept[-1]
    go(work, early)
    change(work, learning_rate=0.1)
    assert len(work.recorder.timeline.shown.branches) == 1, "an edit alone is no other course"
    train(work)
    main, branch = work.recorder.timeline.shown.branches
    assert (branch.parent, branch.fork, branch.fork_step) == (main.number, early.at, early.step)
    assert work.recorder.timeline.shown.of_branch(main.number) == kept
    own = work.recorder.timeline.shown.of_branch(branch.number)
    assert [own[0].edited, *{moment.edited for moment in own[1:]}] == [True, False]
    assert work.recorder.timeline.shown.line(branch.number) == [*kept[:4], *own]
    shared = early.epoch
    for log_of_both in zip(main.log.read()["loss"][:shared], branch.log.read()["loss"][:shared], strict=True):
        assert log_of_both[0] == log_of_both[1]
    assert main.log.read()["loss"][-1] != branch.log.read()["loss"][-1]
    go(work, last)
    assert rows(work) == log
    assert work.wanted == last.document
    assert work.report.status.phase == "finished"
    go(work, own[-1])
    assert work.wanted.training.learning_rate == 0.1
    assert work.report.log.read()["loss"].tolist() == branch.log.read()["loss"].tolist()


def test_that_an_edit_that_is_taken_back_before_any_batch_changes_nothing() -> None:
    work = begun(design())
    train(work)
    end, kept = bits(work), moments(work)
    go(work, kept[4])
    change(work, learning_rate=0.1)
    change(work, learning_rate=0.01)
    train(work)
    assert (bits(work), moments(work)) == (end, kept)


def test_that_an_edit_that_is_taken_back_after_the_end_changes_nothing() -> None:
    work = begun(design(stop_loss=10.0))
    train(work)
    assert work.report.status.epoch == 1
    before = work.wanted
    change(work, learning_rate=0.1)
    work.wanted = before
    work.edit()
    train(work)
    shown = work.recorder.timeline.shown
    assert work.report.status.epoch == 2
    assert not shown.ended
    assert not any(moment.edited for moment in shown.moments)


def test_that_a_course_without_the_edit_that_was_made_later_is_a_branch_from_where_it_was_made() -> None:
    work = begun(design())
    train(work, 4)
    change(work, learning_rate=0.1)
    edited_at = work.report.status.step
    train(work)
    assert len(work.recorder.timeline.shown.branches) == 1, "at the newest place the course just goes on"
    kept = moments(work)
    changed = next(moment for moment in kept if moment.edited)
    assert changed.step == edited_at
    go(work, kept[2])
    assert work.wanted.training.learning_rate == 0.01
    train(work)
    branch = work.recorder.timeline.shown.branches[-1]
    assert (branch.parent, branch.fork_step) == (0, edited_at)
    straight = begun(design())
    train(straight)
    assert bits(work)[:2] == bits(straight)[:2]
    go(work, changed)
    train(work)
    assert (rows(work)["loss"], len(work.recorder.timeline.shown.branches)) == (
        work.recorder.timeline.shown.branches[0].log.read()["loss"].tobytes(), 2,
    )  # fmt: skip


def test_that_a_weight_set_by_hand_in_the_past_grows_a_branch() -> None:
    work = begun(design())
    train(work)
    go(work, moments(work)[3])
    work.set_elements({("dense_1/weight", 0): 3.5})
    train(work)
    assert len(work.recorder.timeline.shown.branches) == 2
    first = work.recorder.timeline.shown.of_branch(1)[0]
    assert first.state.arrays["parameters/dense_1/weight"].flat[0] == 3.5
    assert not first.edited


def test_that_a_batch_in_which_a_weight_is_set_by_hand_begins_again_and_gives_the_same_bits_as_from_its_moment() -> (
    None
):
    work = begun(design(batch_size=200))
    train(work, 2)
    work.step("stage")
    work.set_elements({("dense_1/weight", 0): 3.5})
    work.step("batch")
    work.work()
    assert work._run is not None
    once = bits(work)
    set_by_hand = next(m for m in moments(work) if m.state.arrays["parameters/dense_1/weight"].flat[0] == 3.5)
    go(work, set_by_hand)
    work.step("batch")
    work.work()
    assert bits(work) == once


def test_that_where_one_was_is_kept_when_one_goes_away_and_found_again() -> None:
    work = begun(design())
    train(work, 3)
    for _ in range(2):
        work.step("batch")
        work.work()
    for stage in ("forward", "loss"):
        work.step("stage")
        work.publish()
        assert work.report.status.stage == stage
    here = work.recorder.here
    assert here is not None
    step = work.report.status.step
    go(work, moments(work)[1])
    assert (work.report.status.step, work.report.status.stage) == (moments(work)[1].step, "")
    back = work.recorder.timeline.shown.find(here.place)
    assert back is not None
    assert (back.step, back.at % 1 > 0) == (step, True)
    go(work, back)
    train(work)
    straight = begun(design())
    train(straight)
    assert bits(work) == bits(straight)


def test_that_one_goes_back_to_before_it_diverged_and_cures_it() -> None:
    work = begun(chain(dense(8, "relu"), dense(1), data="line").but(training=design(learning_rate=1e-3).training))
    train(work, 5)
    change(work, learning_rate=1e6, optimizer="sgd", epochs=100)
    train(work)
    assert work.report.status.phase == "diverged"
    overview = work.recorder.timeline.shown
    assert overview.branches[0].diverged
    well = next(moment for moment in overview.moments if moment.epoch == 3)
    go(work, well)
    assert work.report.status.phase == "ready"
    assert work.report.status.loss == well.loss
    train(work, 5)
    change(work, learning_rate=1e-3, epochs=20)
    train(work)
    assert work.report.status.phase == "finished"
    assert np.isfinite(work.report.status.loss)
    assert overview.branches[0].diverged == work.recorder.timeline.shown.branches[0].diverged


def test_that_what_was_changed_after_an_early_stop_is_there_when_one_comes_back() -> None:
    work = begun(design(epochs=5000, patience=3, learning_rate=0.05))
    train(work)
    assert work.report.status.phase == "finished"
    work.set_elements({("dense_1/weight", 0): 3.5})
    go(work, moments(work)[2])
    go(work, moments(work)[-1])
    assert work._run is not None
    assert work._run.program.parameters()["dense_1/weight"].flat[0] == 3.5
    assert equal_states(work._run.snapshot(), moments(work)[-1].state)


def test_that_a_run_that_was_changed_after_an_early_stop_goes_on_as_patiently_and_comes_back_as_it_was() -> None:
    work = begun(design(epochs=5000, patience=3, learning_rate=0.05))
    train(work)
    stopped = work.report.status.epoch
    change(work, learning_rate=1e-9)
    for _ in range(5):
        work.step("batch")
        work.work()
    kept = bits(work)
    go(work, moments(work)[1])
    go(work, moments(work)[-1])
    assert bits(work) == kept
    assert work.report.status.phase == "ready"
    train(work)
    assert work.report.status.epoch == stopped + 3, "nothing is learnt at this rate, and three validations are waited"


def test_that_a_reset_goes_to_the_start_and_a_changed_design_begins_a_run_of_its_own() -> None:
    work = begun(design())
    train(work)
    end, kept = bits(work), moments(work)
    work.reset()
    work.publish()
    assert work.report.status.step == 0
    train(work)
    assert (bits(work), moments(work)) == (end, kept)
    work.wanted = design(seed=6)
    work.edit()
    work.reset()
    train(work)
    main, other = work.recorder.timeline.shown.branches
    assert (other.parent, other.name) == (None, "Run 2")
    assert work.recorder.timeline.shown.of_branch(main.number) == kept
    work.wanted = design(seed=7)
    work.open()
    assert work.recorder.timeline.shown.branches == ()


def test_that_branches_are_named_and_deleted_but_not_the_ground_that_one_stands_on() -> None:
    work = begun(design())
    train(work)
    for rate in (0.1, 0.2):
        go(work, work.recorder.timeline.shown.of_branch(0)[2])
        change(work, learning_rate=rate)
        train(work)
    work.recorder.name(1, " Bold ")
    work.recorder.name(2, " ")
    assert [branch.name for branch in work.recorder.timeline.shown.branches] == ["Main", "Bold", "Branch 2"]
    held = work.recorder.timeline.shown.bytes
    work.recorder.delete(2)
    work.recorder.delete(0)
    assert len(work.recorder.timeline.shown.branches) == 3
    work.recorder.delete(1)
    assert [branch.number for branch in work.recorder.timeline.shown.branches] == [0, 2]
    assert work.recorder.timeline.shown.bytes < held
    go(work, moments(work)[0])
    work.recorder.delete(2)
    assert [branch.number for branch in work.recorder.timeline.shown.branches] == [0]


def test_that_statistics_and_their_course_come_back_with_the_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.training.observer.EVERY", 0.0)
    monkeypatch.setattr("engine.training.observer.SHARE", math.inf)
    work = begun(design())
    train(work)
    course = work.observer.trail.course("norm")
    moment = moments(work)[5]
    go(work, moment)
    assert work.observer.tensors is moment.stats
    assert moment.stats is not None
    assert moment.stats.step <= moment.step
    before = work.observer.trail.course("norm")
    assert before.steps.tolist() == [step for step in course.steps.tolist() if step <= moment.step]
    go(work, moments(work)[-1])
    assert work.observer.trail.course("norm").steps.tolist() == course.steps.tolist()
