"""The session: one way through for every edit."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app.session import Session, Touch
from engine.data.prepare import prepare
from engine.design.document import Document, Wire
from tests.app.designs import chain, layer


class Recorder:
    """What a trainer would be told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def edit(self, document: Document) -> None:
        self.told.append(document)

    def open(self, document: Document) -> None:
        self.told.append(("open", document))

    def set_elements(self, values: object) -> None:
        self.told.append(values)


@pytest.fixture
def session(qapp: object) -> Session:
    return Session(chain(4, 1))


def test_that_an_edit_tells_views_what_was_and_what_is(session: Session, qtbot: QtBot) -> None:
    before = session.document
    with qtbot.waitSignal(session.document_changed) as heard:
        session.edit("Add", before.add(layer("dense")))
    assert heard.args == [before, session.document]
    assert session.undo.undoText() == "Add"


def test_that_the_report_is_new_when_views_hear_of_an_edit(session: Session) -> None:
    seen: list[object] = []
    session.document_changed.connect(lambda _before, after: seen.append(session.report.specs["dense_1"].shape))
    session.edit("Set", session.document.set_fields("dense_1", units=7))
    assert seen == [(7,)]


def test_that_an_edit_that_changes_nothing_is_no_step(session: Session) -> None:
    session.edit("Nothing", session.document.move({}))
    assert session.undo.count() == 0


def test_that_undo_and_redo_give_back_the_same_documents(session: Session) -> None:
    documents = [session.document]
    for units in (5, 6, 7):
        session.edit("Set", session.document.set_fields("dense_1", units=units))
        documents.append(session.document)
    for document in reversed(documents[:-1]):
        session.undo.undo()
        assert session.document == document
    for document in documents[1:]:
        session.undo.redo()
        assert session.document == document


def test_that_a_gesture_is_one_step(session: Session) -> None:
    for units in (5, 6, 7):
        session.edit("Set", session.document.set_fields("dense_1", units=units), merge="units")
    assert session.undo.count() == 1
    session.undo.undo()
    assert session.document == chain(4, 1)


def test_that_a_new_gesture_is_a_new_step(session: Session) -> None:
    session.edit("Set", session.document.set_fields("dense_1", units=5), merge="units")
    session.settle()
    session.edit("Set", session.document.set_fields("dense_1", units=6), merge="units")
    assert session.undo.count() == 2


def test_that_edits_of_different_things_do_not_merge(session: Session) -> None:
    session.edit("Set", session.document.set_fields("dense_1", units=5), merge="a")
    session.edit("Set", session.document.set_fields("dense_2", units=5), merge="b")
    assert session.undo.count() == 2


def test_that_a_gesture_that_ends_where_it_began_leaves_no_step(session: Session) -> None:
    session.edit("Set", session.document.set_fields("dense_1", units=5), merge="units")
    session.edit("Set", session.document.set_fields("dense_1", units=4), merge="units")
    assert session.undo.count() == 0
    assert session.document == chain(4, 1)


def test_that_an_edit_after_undo_does_not_merge_into_the_past(session: Session) -> None:
    session.edit("Set", session.document.set_fields("dense_1", units=5), merge="units")
    session.settle()
    session.edit("Set", session.document.set_fields("dense_1", units=6), merge="units")
    session.undo.undo()
    session.edit("Set", session.document.set_fields("dense_1", units=9), merge="units")
    session.undo.undo()
    assert session.document.node("dense_1").layer.units == 5


def test_that_selection_holds_only_what_is_there(session: Session, qtbot: QtBot) -> None:
    with qtbot.waitSignal(session.selection_changed) as heard:
        session.select(["dense_1", "ghost"], [Wire(source="input", target="dense_1")])
    assert heard.args == [frozenset({"dense_1"})]
    assert session.selected_wires == {Wire(source="input", target="dense_1")}


def test_that_what_is_removed_is_no_longer_selected_when_views_hear_of_it(session: Session) -> None:
    session.select(["dense_1", "dense_2"])
    seen: list[object] = []
    session.document_changed.connect(lambda _before, _after: seen.append(session.selection))
    session.edit("Delete", session.document.remove(["dense_1"]))
    assert seen == [frozenset({"dense_2"})]


def test_that_selecting_the_same_again_says_nothing(session: Session, qtbot: QtBot) -> None:
    session.select(["dense_1"])
    with qtbot.assertNotEmitted(session.selection_changed):
        session.select(["dense_1"])


def test_that_the_modified_mark_follows_edits_saves_and_undo(session: Session, tmp_path: Path) -> None:
    assert not session.modified
    session.edit("Set", session.document.set_fields("dense_1", units=5))
    assert session.modified
    session.saved(tmp_path / "a.netloom")
    assert not session.modified
    assert session.path == tmp_path / "a.netloom"
    session.undo.undo()
    assert session.modified
    session.undo.redo()
    assert not session.modified


def test_that_a_save_in_the_middle_of_a_gesture_stays_the_clean_state(session: Session, tmp_path: Path) -> None:
    session.edit("Set", session.document.set_fields("dense_1", units=5), merge="units")
    session.saved(tmp_path / "a.netloom")
    session.edit("Set", session.document.set_fields("dense_1", units=6), merge="units")
    assert session.modified
    session.undo.undo()
    assert not session.modified
    assert session.document.node("dense_1").layer.units == 5


def test_that_open_begins_anew(session: Session, tmp_path: Path, qtbot: QtBot) -> None:
    session.select(["dense_1"])
    session.edit("Set", session.document.set_fields("dense_1", units=5))
    before = session.document
    heard: list[object] = []
    session.document_changed.connect(lambda *documents: heard.append(documents))
    session.selection_changed.connect(heard.append)
    session.file_changed.connect(lambda: heard.append("file"))
    session.open(chain(1), tmp_path / "b.json")
    assert heard[-3:] == [(before, chain(1)), frozenset(), "file"]
    assert not session.modified
    assert not session.undo.canUndo()
    assert session.path == tmp_path / "b.json"
    assert session.selection == frozenset()


def test_that_recovered_work_counts_as_modified(session: Session) -> None:
    session.open(chain(1), modified=True)
    assert session.modified
    assert session.path is None


def test_that_the_trainer_hears_of_edits_but_not_of_moved_boxes(qapp: object) -> None:
    trainer = Recorder()
    session = Session(chain(4, 1), trainer)  # type: ignore[arg-type]
    session.edit("Move", session.document.move({"dense_1": (8.0, 8.0)}))
    assert trainer.told == []
    session.edit("Set", session.document.set_fields("dense_1", units=5))
    assert trainer.told == [session.document]
    session.undo.undo()
    assert trainer.told[-1] == session.document
    session.open(chain(2))
    assert trainer.told[-1] == ("open", chain(2))


def test_that_prepared_data_are_used_until_other_data_are_chosen(session: Session, qtbot: QtBot) -> None:
    prepared = prepare(session.document.data, session.document.split, np.float32)
    with qtbot.waitSignal(session.report_changed):
        session.use(prepared)
    session.edit("Set", session.document.set_fields("dense_1", units=9))
    assert session.prepared is prepared
    session.edit("Split", session.document.but(split=session.document.split.but(validation=0.3)))
    assert session.prepared is None


def test_that_a_weight_set_by_hand_is_a_step_like_any_other(session: Session, qtbot: QtBot) -> None:
    session.trainer = trainer = Recorder()
    session.edit("Set", session.document.set_fields("dense_1", units=7))
    document = session.document
    with qtbot.waitSignal(session.weights_set), qtbot.assertNotEmitted(session.document_changed):
        session.set_weights("Set a weight", [Touch("dense_1/weight", 3, 0.25, 2.0)])
    assert session.modified
    assert session.undo.undoText() == "Set a weight"
    session.undo.undo()
    session.undo.redo()
    assert trainer.told[1:] == [
        {("dense_1/weight", 3): 2.0}, {("dense_1/weight", 3): 0.25}, {("dense_1/weight", 3): 2.0},
    ]  # fmt: skip
    assert session.document is document
    session.undo.undo()
    session.undo.undo()
    assert session.document.node("dense_1").layer.units == 4


def test_that_one_gesture_on_a_weight_is_one_step_and_none_when_it_comes_back(session: Session) -> None:
    session.trainer = trainer = Recorder()
    for before, after in ((0.5, 0.6), (0.6, 0.7), (0.7, 0.8)):
        session.set_weights("Set a weight", [Touch("dense_1/bias", 0, before, after)], merge="drag")
    assert session.undo.count() == 1
    session.undo.undo()
    assert trainer.told[-1] == {("dense_1/bias", 0): 0.5}
    for before, after in ((0.5, 0.6), (0.6, 0.5)):
        session.set_weights("Set a weight", [Touch("dense_1/bias", 0, before, after)], merge="drag")
    assert trainer.told[-1] == {("dense_1/bias", 0): 0.5}
    assert not session.undo.canUndo()


def test_that_several_weights_of_one_gesture_go_back_together(session: Session) -> None:
    session.trainer = trainer = Recorder()
    session.set_weights("Set", [Touch("dense_1/bias", 0, 0.0, 1.0)], merge="drag")
    session.set_weights("Set", [Touch("dense_1/bias", 1, 0.0, 1.0)], merge="drag")
    session.undo.undo()
    assert trainer.told[-1] == {("dense_1/bias", 0): 0.0, ("dense_1/bias", 1): 0.0}


def test_that_setting_a_weight_to_what_it_is_is_no_step(session: Session) -> None:
    session.set_weights("Set", [Touch("dense_1/bias", 0, 1.0, 1.0)])
    assert session.undo.count() == 0


def test_that_what_reacts_to_an_edit_cannot_ask_for_another(session: Session, qtbot: QtBot) -> None:
    start = session.document
    session.edit("Set", start.set_fields("dense_1", units=5))
    session.edit("Set", session.document.set_fields("dense_1", units=6))
    end = session.document
    session.document_changed.connect(lambda *_: session.edit("React", session.document.set_fields("dense_1", units=9)))
    with qtbot.capture_exceptions() as caught:
        session.undo.setIndex(0)
        assert session.document == start
        session.undo.setIndex(2)
        assert session.document == end
    assert len(caught) == 4
    assert session.undo.count() == 2


def test_that_steps_that_were_taken_into_others_hold_nothing(session: Session) -> None:
    held = []
    for units in (5, 6, 7, 8):
        session.edit("Set", session.document.set_fields("dense_1", units=units), merge="units")
        held.append(weakref.ref(session.document))
    session.undo.undo()
    session.undo.clear()
    session.open(chain(3))
    gc.collect()
    assert not [each for each in held if each() is not None]


def test_that_a_fault_in_every_step_ends_neither_the_steps_nor_the_program(
    session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = session.document
    for units in range(5, 15):
        session.edit("Set", session.document.set_fields("dense_1", units=units))
    end = session.document

    def fail(*_: object) -> None:
        raise ValueError("a fault of ours")

    monkeypatch.setattr(session.picked, "forget_what_is_gone", fail)
    with qtbot.capture_exceptions() as caught:
        session.undo.setIndex(0)
        assert session.document == start
        session.undo.setIndex(10)
        assert session.document == end
    assert [str(error) for _, error, _ in caught] == ["a fault of ours"] * 20
