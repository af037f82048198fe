"""The bar of the timeline, as a hand uses it: drag, keys, branches, and what all other views make of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolBar
from pytestqt.qtbot import QtBot

from app import preferences
from app.live.empty import Waiting
from app.live.fit import FitView
from app.live.loss import LossView
from app.main_window import MainWindow
from app.preferences_dialog import PreferencesDialog
from tests.app.conftest import Open, quick
from tests.app.timeline.travelling import Train, bar_of, drag, moment, rate, stands, trainer_of


def test_that_the_bar_has_its_place_from_the_start_and_says_how_it_fills(window: MainWindow, qtbot: QtBot) -> None:
    tools = window.findChild(QToolBar, "timeline")
    assert tools.isVisible()
    assert tools.width() == window.width()
    qtbot.waitUntil(lambda: window.timeline.bar is not None and bar_of(window).isVisible())
    bar, height = bar_of(window), tools.height()
    word = bar.findChild(Waiting)
    assert word.isVisible()
    assert "Play" in word.text()
    assert word.height() <= bar.height(), "else its words are below the middle"
    assert not bar.track.isVisible()
    assert not bar.branches.isEnabled()
    trainer_of(window).step("epoch")
    qtbot.waitUntil(bar.track.isVisible)
    assert tools.height() == height
    assert bar.branches.isEnabled()
    window.files.new()
    window.banner.hide()
    qtbot.waitUntil(word.isVisible)
    assert not bar.branches.isEnabled()
    assert bar.reading.text() == ""


def test_that_the_bar_is_not_there_where_it_is_unwanted(window: MainWindow, qtbot: QtBot) -> None:
    tools = window.findChild(QToolBar, "timeline")
    window.actions_by_key["view.timeline"].trigger()
    qtbot.waitUntil(tools.isHidden)
    window.restore_layout()
    window.pulse.beat()
    assert tools.isHidden()
    window.actions_by_key["view.timeline"].trigger()
    qtbot.waitUntil(tools.isVisible)


def test_that_a_drag_shows_an_earlier_moment_everywhere_and_play_repeats_it(
    trained: MainWindow, train: Train, qtbot: QtBot
) -> None:
    window, trainer = trained, trainer_of(trained)
    loss, fit = window.views["loss"], window.views["fit"]
    assert isinstance(loss, LossView)
    assert isinstance(fit, FitView)
    end = moment(window, 8)
    before = fit.picture
    drag(window, 8, 7, 5, 3)
    stands(window, qtbot, 3)
    well = moment(window, 3)
    assert trainer.status.loss == well.loss
    assert trainer.tensors is well.stats
    qtbot.waitUntil(lambda: loss._raw.series["loss"].x.tolist() == [1, 2, 3])
    qtbot.waitUntil(lambda: fit.picture is not before)
    assert window.session.undo.count() == 0, "looking back is no edit"
    train(5)
    assert (trainer.status.epoch, trainer.status.loss) == (8, end.loss)
    assert [branch.name for branch in trainer.timeline.branches] == ["Main"]


def test_that_keys_travel_and_say_where_to(trained: MainWindow, qtbot: QtBot) -> None:
    track = bar_of(trained).track
    track.setFocus()
    for key, epoch in (
        (Qt.Key.Key_Left, 7), (Qt.Key.Key_Left, 6), (Qt.Key.Key_Right, 7), (Qt.Key.Key_Home, 0),
        (Qt.Key.Key_PageDown, 8), (Qt.Key.Key_PageUp, 0), (Qt.Key.Key_End, 8),
    ):  # fmt: skip
        QTest.keyClick(track, key)
        stands(trained, qtbot, epoch)
        assert bar_of(trained).reading.text().startswith(f"epoch {epoch}")
        assert f"epoch {epoch} " in f"{track.accessibleDescription()} "
    QTest.mouseMove(track, track.place_of(moment(trained, 5)).toPoint() + QPoint(0, -20))
    QTest.mouseMove(track, track.place_of(moment(trained, 5)).toPoint())
    assert bar_of(trained).reading.text().startswith("epoch 5, loss 0.")
    trained.timeline.to_now()


def test_that_one_comes_back_to_now_also_without_the_bar(trained: MainWindow, qtbot: QtBot) -> None:
    trainer = trainer_of(trained)
    drag(trained, 8, 3)
    stands(trained, qtbot, 3)
    trained.actions_by_key["view.timeline"].trigger()
    qtbot.waitUntil(lambda: not bar_of(trained).isVisible())
    for _ in range(2):
        trained.actions_by_key["run.now"].trigger()
        qtbot.waitUntil(lambda: trainer.status.epoch == 8)
        trainer.go_to(moment(trained, 2))
        qtbot.waitUntil(lambda: trainer.status.epoch == 2)


def test_that_back_to_now_does_not_hold_up_what_is_there(trained: MainWindow, qtbot: QtBot) -> None:
    trainer = trainer_of(trained)
    trainer.play()
    qtbot.waitUntil(lambda: trainer.status.step > moment(trained, 8).step)
    trained.actions_by_key["run.now"].trigger()
    step = trainer.status.step
    qtbot.waitUntil(lambda: trainer.status.step > step)
    assert trainer.status.phase == "running"


def test_that_going_back_before_an_edit_is_an_edit_and_undo_comes_back(
    trained: MainWindow, train: Train, qtbot: QtBot
) -> None:
    window, session = trained, trained.session
    rate(window, 0.1)
    train(3)
    edited = session.document
    session.edit("Move", edited.move({"dense_1": (64.0, 8.0)}))
    moved = session.document
    last = trainer_of(window).timeline.moments[-1]
    drag(window, 11, 10, 5, 6, 4)
    stands(window, qtbot, 4)
    assert session.document.training.learning_rate == 0.01
    assert session.document.node("dense_1").x == 64.0, "boxes stay where the hand has put them"
    assert (session.undo.undoText(), session.undo.count()) == ("Back to epoch 4", 3)
    session.undo.undo()
    stands(window, qtbot, 11)
    assert session.document == moved
    assert trainer_of(window).status.loss == last.loss
    session.undo.redo()
    stands(window, qtbot, 4)
    assert session.document.training.learning_rate == 0.01
    drag(window, 4, 9, branch=0)
    stands(window, qtbot, 9)
    drag(window, 9, 2, 10)
    stands(window, qtbot, 10)
    assert session.document == moved


def test_that_a_drag_asks_only_for_the_newest_place(trained: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[float] = []
    monkeypatch.setattr(trained.session, "travel", lambda moment: asked.append(moment.at))
    drag(trained, 7, 6, 5, 4, 3)
    trained.pulse.beat()
    assert asked == [7], "it is on its way"
    bar_of(trained)._sent = None
    trained.pulse.beat()
    assert asked == [7, 3]


def test_that_a_stage_a_finish_and_a_divergence_are_gone_back_from(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(quick(epochs=4))
    trainer = trainer_of(window)
    trainer.step("epoch")
    qtbot.waitUntil(lambda: trainer.status.epoch == 1)
    for stage in ("forward", "loss"):
        trainer.step("stage")
        qtbot.waitUntil(lambda stage=stage: trainer.status.stage == stage)
    qtbot.waitUntil(lambda: bool(window.timeline.bar) and bar_of(window)._overview is trainer.timeline)
    drag(window, 1)
    qtbot.waitUntil(lambda: trainer.status.stage == "" and trainer.status.epoch == 1)
    trainer.play()
    qtbot.waitUntil(lambda: trainer.status.phase == "finished")
    qtbot.waitUntil(lambda: bar_of(window)._overview is trainer.timeline)
    drag(window, 4, 1)
    qtbot.waitUntil(lambda: trainer.status.phase == "ready" and trainer.status.epoch == 1)
    document = window.session.document
    wild = document.but(training=document.training.but(learning_rate=1e5, optimizer="sgd"), data="line")
    window.session.edit("Wild", wild.set_fields("dense_1", activation="relu"))
    trainer.play()
    qtbot.waitUntil(lambda: trainer.status.phase == "diverged")
    qtbot.waitUntil(lambda: bar_of(window)._overview is trainer.timeline)
    assert any(branch.diverged for branch in trainer.timeline.branches)
    drag(window, 1)
    qtbot.waitUntil(lambda: trainer.status.phase == "ready" and trainer.status.epoch == 1)
    assert window.session.document.training.learning_rate == 0.01
    assert window.session.document.data == document.data


def test_that_a_saved_project_brings_its_timeline_back(
    trained: MainWindow, open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    path = tmp_path / "a.netloom"
    trained.files.write(path)
    qtbot.waitUntil(lambda: trained.session.path == path)
    other = open_window(quick())
    other.files.open(path)
    qtbot.waitUntil(lambda: len(trainer_of(other).timeline.moments) == 9)
    qtbot.waitUntil(lambda: bool(other.timeline.bar) and bar_of(other)._overview is trainer_of(other).timeline)
    drag(other, 8, 2)
    stands(other, qtbot, 2)
    assert not other.session.modified


def test_that_the_memory_is_a_preference(window: MainWindow, qtbot: QtBot) -> None:
    window.show_preferences()
    dialog = window.findChild(PreferencesDialog)
    dialog.memory.setValue(32)
    assert preferences.TIMELINE_MEMORY.get() == 32
    trainer = trainer_of(window)
    qtbot.waitUntil(lambda: trainer._work.recorder.timeline.budget == 32 * 2**20)
    dialog._as_usual()
    qtbot.waitUntil(lambda: trainer._work.recorder.timeline.budget == 256 * 2**20)
    dialog.close()
