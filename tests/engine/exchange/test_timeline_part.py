"""The timeline in a project: everything comes back, thinned to what a file may hold, and nothing false is believed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import cli
from engine.errors import ProjectError
from engine.exchange import project as projects
from engine.exchange.project import Project, load_project, save_project
from engine.exchange.timeline_part import NUMBERS, PLAIN, pack_timeline
from engine.program.state import State
from engine.training.conductor import Conductor
from engine.training.timeline import recorder
from engine.training.timeline.moment import Course
from engine.training.timeline.sharing import equal_states
from tests.engine.training.timeline.walks import begun, bits, change, design, go, moments, rows, train


@pytest.fixture
def work(monkeypatch: pytest.MonkeyPatch) -> Conductor:
    """A run of twelve epochs with a branch from the third, which it stands on, and an edit."""
    monkeypatch.setattr(recorder, "EVERY", 0.0)
    monkeypatch.setattr(recorder, "SHARE", np.inf)
    work = begun(design())
    train(work)
    go(work, moments(work)[3])
    change(work, learning_rate=0.1)
    train(work, 6)
    work.recorder.name(1, "Ünruly")
    return work


def saved(work: Conductor, path: Path, limit: int = 2**25) -> Project:
    assert work._run is not None
    assert work.recorder.here is not None
    course: Course = work.recorder.timeline.shown, work.recorder.here.place
    project = Project(work._run.document, work._run.snapshot(), work._run.log.read(), course)
    save_project(path, project, timeline_limit=limit)
    return load_project(path)


def test_that_every_moment_comes_back_and_trains_on_with_the_same_bits(work: Conductor, tmp_path: Path) -> None:
    again = saved(work, tmp_path / "a.netloom")
    assert again.timeline is not None
    assert again.state is not None
    other = begun(again.document)
    other.restore(again.state, dict(again.history), again.timeline)
    other.publish()
    assert (other.recorder.here, other.recorder.timeline.shown.bytes) == (
        work.recorder.here, work.recorder.timeline.shown.bytes,
    )  # fmt: skip
    assert [branch.name for branch in other.recorder.timeline.shown.branches] == ["Main", "Ünruly"]
    for first, second in zip(moments(work), moments(other), strict=True):
        assert (first.number, first.place, first.at, first.edited) == (
            second.number, second.place, second.at, second.edited,
        )  # fmt: skip
        assert first.document == second.document
        assert repr(first.stats) == repr(second.stats)
        assert equal_states(first.state, second.state)
    for trained in (work, other):
        train(trained)
    assert bits(work) == bits(other)
    for trained in (work, other):
        go(trained, moments(trained)[1])
        train(trained)
    assert (bits(work), rows(work)) == (bits(other), rows(other))
    assert [b.number for b in other.recorder.timeline.shown.branches] == [0, 1]


def test_that_a_course_that_does_not_tell_how_its_run_had_ended_is_the_same(work: Conductor, tmp_path: Path) -> None:
    """As older files have it."""

    def older(state: State) -> State:
        return replace(state, counters={name: value for name, value in state.counters.items() if name != "ended"})

    again = saved(work, tmp_path / "a.netloom")
    assert again.timeline is not None
    assert again.state is not None
    known, place = again.timeline
    known = replace(known, moments=tuple(replace(m, state=older(m.state)) for m in known.moments))
    other = begun(again.document)
    other.restore(older(again.state), dict(again.history), (known, place))
    assert [m.place for m in moments(other)] == [m.place for m in known.moments]
    assert other.recorder.timeline.shown.ended == known.ended


def test_that_what_the_command_line_trains_on_is_the_newest_moment_and_no_repetition(
    work: Conductor, tmp_path: Path
) -> None:
    project = saved(work, tmp_path / "a.netloom")
    assert cli.main(["train", str(tmp_path / "a.netloom"), "--resume", "--epochs", "15"]) == 0
    again = load_project(tmp_path / "a.netloom")
    assert project.timeline is not None
    assert again.timeline is not None
    assert again.state is not None
    overview, place = again.timeline
    newest = overview.of_branch(1)[-1]
    assert (newest.at, newest.edited, newest.place) == (15.0, True, place)
    assert len(overview.moments) == len(project.timeline[0].moments) + 1
    other = begun(again.document)
    other.restore(again.state, dict(again.history), again.timeline)
    assert other.recorder.here is not None
    assert other.recorder.here.newest
    go(other, overview.of_branch(1)[-2])
    assert other.wanted.training.epochs == 12
    train(other)
    assert len(other.recorder.timeline.shown.branches) == 3, "the six epochs with other settings are another course"


def test_that_one_that_was_saved_on_the_way_along_what_was_recorded_goes_on_there(
    work: Conductor, tmp_path: Path
) -> None:
    go(work, moments(work)[1])
    work.step("batch")
    work.work()
    work.snapshot(lambda state, history: None)
    again = saved(work, tmp_path / "a.netloom")
    assert again.state is not None
    other = begun(again.document)
    other.restore(again.state, dict(again.history), again.timeline)
    assert other.recorder.here == work.recorder.here
    train(other)
    assert len(other.recorder.timeline.shown.branches) == 2
    assert other.report.status.phase == "finished"


def test_that_a_file_holds_no_more_than_was_said(work: Conductor, tmp_path: Path) -> None:
    limit = 6 * 12_000
    again = saved(work, tmp_path / "a.netloom", limit)
    assert again.timeline is not None
    overview, _ = again.timeline
    assert 2 <= len(overview.moments) < len(moments(work))
    assert overview.bytes == 0 or overview.bytes <= limit
    assert overview.moments[0].step == 0
    assert pack_timeline((work.recorder.timeline.shown, again.timeline[1]), 100) == {}


def test_that_a_project_without_a_timeline_opens_and_that_of_a_newer_netloom_is_kept(
    work: Conductor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert work._run is not None
    save_project(tmp_path / "a.netloom", Project(work._run.document, work._run.snapshot(), work._run.log.read()))
    assert load_project(tmp_path / "a.netloom").timeline is None
    newer = {PLAIN: b'{"version": 99, "thoughts": []}', NUMBERS: b"?"}
    save_project(tmp_path / "b.netloom", Project(work._run.document, work._run.snapshot(), {}, extras=newer))
    again = load_project(tmp_path / "b.netloom")
    assert (again.timeline, again.extras) == (None, newer)


def _cut_shape(plain: Any) -> None:
    plain["arrays"][0][2] = [10**9]


def _negative(plain: Any) -> None:
    plain["arrays"][3][1] = -4


def _orphan(plain: Any) -> None:
    plain["branches"][1]["parent"] = 7


def _twice(plain: Any) -> None:
    plain["moments"].append(plain["moments"][0])


def _elsewhere(plain: Any) -> None:
    plain["here"] = [9, 0, 0]


def _no_design(plain: Any) -> None:
    plain["moments"][0]["design"] = -1


def _no_words(plain: Any) -> None:
    plain["designs"][0] = "{"


def _a_word(plain: Any) -> None:
    plain["moments"][2]["at"] = "soon"


@pytest.mark.parametrize(
    "spoil", [_cut_shape, _negative, _orphan, _twice, _elsewhere, _no_design, _no_words, _a_word]
)  # fmt: skip
def test_that_a_timeline_that_contradicts_itself_is_refused_in_words(
    work: Conductor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, spoil: Callable[[Any], None]
) -> None:
    def spoilt(course: Course, limit: int) -> dict[str, Any]:
        parts = pack_timeline(course, limit)
        plain = json.loads(parts[PLAIN])
        spoil(plain)
        return parts | {PLAIN: json.dumps(plain).encode()}

    monkeypatch.setattr(projects, "pack_timeline", spoilt)
    with pytest.raises(ProjectError, match=r"timeline\.json cannot be used"):
        saved(work, tmp_path / "a.netloom")


def test_that_an_edit_that_was_saved_before_anything_was_trained_with_it_is_no_part_of_the_old_course(
    work: Conductor, tmp_path: Path
) -> None:
    go(work, moments(work)[2])
    change(work, learning_rate=0.2)
    again = saved(work, tmp_path / "a.netloom")
    assert again.state is not None
    other = begun(again.document)
    other.restore(again.state, dict(again.history), again.timeline)
    other.publish()
    kept = moments(other)
    train(other, 4)
    branch = other.recorder.timeline.shown.branches[-1]
    assert (branch.number, branch.parent, branch.fork_step) == (2, 0, kept[2].step)
    assert {moment.document.training.learning_rate for moment in moments(other) if moment.place.branch == 2} == {0.2}
    train(work, 4)
    assert bits(other) == bits(work)
