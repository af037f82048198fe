"""The bar of the timeline, as a hand uses it: drag, keys, branches, and what all other views make of it."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolBar
from pytestqt.qtbot import QtBot

from app import preferences
from app.live.fit import FitView
from app.live.loss import LossView
from app.main_window import MainWindow
from app.preferences_dialog import PreferencesDialog
from app.timeline.bar import TimelineBar
from app.timeline.lanes import Lanes
from app.timeline.table import BranchTable
from engine.training.timeline.moment import Moment
from engine.training.trainer import Trainer
from tests.app.conftest import Open, quick

Train = Callable[[int], None]


def trainer_of(window: MainWindow) -> Trainer:
    assert window.session.trainer is not None
    return window.session.trainer


def bar_of(window: MainWindow) -> TimelineBar:
    assert window.timeline.bar is not None
    return window.timeline.bar


@pytest.fixture
def train(window: MainWindow, qtbot: QtBot) -> Train:
    """So many epochs, each a moment, as Step makes them."""

    def some(epochs: int) -> None:
        trainer = trainer_of(window)
        for _ in range(epochs):
            epoch = trainer.status.epoch
            trainer.step("epoch")
            qtbot.waitUntil(lambda epoch=epoch: trainer.status.epoch == epoch + 1 and trainer.status.phase == "ready")
        qtbot.waitUntil(lambda: bool(window.timeline.bar) and bar_of(window)._overview is trainer.timeline)

    return some


@pytest.fixture
def trained(window: MainWindow, train: Train) -> MainWindow:
    train(8)
    return window


def moment(window: MainWindow, epoch: int, branch: int = 0) -> Moment:
    return next(m for m in trainer_of(window).timeline.of_branch(branch) if m.at == epoch)


def drag(window: MainWindow, *epochs: int, branch: int = 0) -> None:
    """The handle, with the mouse held, over these epochs."""
    track = bar_of(window).track
    places = [track.place_of(moment(window, epoch, branch)).toPoint() for epoch in epochs]
    QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=places[0])
    for place in places:
        QTest.mouseMove(track, place)
    QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=places[-1])


def stands(window: MainWindow, qtbot: QtBot, epoch: int) -> None:
    qtbot.waitUntil(
        lambda: trainer_of(window).status.epoch == epoch and bar_of(window)._here == trainer_of(window).here
    )


def rate(window: MainWindow, value: float) -> None:
    document = window.session.document
    window.session.edit("Learning rate", document.but(training=document.training.but(learning_rate=value)))


def test_that_the_bar_is_there_when_there_is_somewhere_to_go_and_not_where_it_is_unwanted(
    window: MainWindow, qtbot: QtBot
) -> None:
    tools = window.findChild(QToolBar, "timeline")
    assert tools.isHidden()
    trainer_of(window).step("epoch")
    qtbot.waitUntil(lambda: tools.isVisible() and bar_of(window).isVisible())
    assert tools.width() == window.width()
    window.actions_by_key["view.timeline"].trigger()
    qtbot.waitUntil(tools.isHidden)
    window.restore_layout()
    window.pulse.beat()
    assert tools.isHidden()
    window.actions_by_key["view.timeline"].trigger()
    qtbot.waitUntil(tools.isVisible)
    window.files.new()
    window.banner.hide()
    qtbot.waitUntil(tools.isHidden)


def test_that_the_window_says_where_a_moment_is_gone(trained: MainWindow, train: Train, qtbot: QtBot) -> None:
    window, trainer = trained, trainer_of(trained)
    drag(window, 8, 3)
    stands(window, qtbot, 3)
    rate(window, 0.02)
    train(1)
    gone = moment(window, 4, branch=1)
    drag(window, 2)
    stands(window, qtbot, 2)
    trainer.delete_branch(1)
    trainer.go_to(gone)
    qtbot.waitUntil(window.banner.isVisible)
    assert window.banner.text.startswith("Epoch 4 is no longer in the timeline")
    assert trainer.status.epoch == 2


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


def test_that_a_branch_is_made_named_compared_and_deleted(trained: MainWindow, train: Train, qtbot: QtBot) -> None:
    window, trainer, bar = trained, trainer_of(trained), bar_of(trained)
    drag(window, 8, 4)
    stands(window, qtbot, 4)
    assert bar.now.isEnabled()
    rate(window, 0.1)
    train(3)
    qtbot.waitUntil(lambda: len(trainer.timeline.branches) == 2)
    main, branch = trainer.timeline.branches
    assert (branch.fork, branch.name) == (4, "Branch 1")
    assert not bar.now.isEnabled()

    bar.name()
    bar.naming.selectAll()
    QTest.keyClicks(bar.naming, "Bold")
    QTest.keyClick(bar.naming, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: trainer.timeline.branches[1].name == "Bold")
    bar.name()
    QTest.keyClicks(bar.naming, "nothing")
    QTest.keyClick(bar.naming, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: bar._overview is trainer.timeline)
    assert trainer.timeline.branches[1].name == "Bold"

    loss = window.views["loss"]
    assert isinstance(loss, LossView)
    bar._fill()
    next(action for action in bar.menu.actions() if "curves" in action.text()).trigger()
    assert window.session.overlaid == {0, 1}
    qtbot.waitUntil(lambda: [s.x[-1] for s in loss._ghosts.series("loss", "validation_loss")] == [8])
    bar.show_table()
    table = window.findChild(BranchTable)
    words = [line.cells[:3] for line in table.rows.lines]
    assert words == [("Main", "–", "8"), ("Bold", "Main, epoch 4", "7")]
    assert not table.isModal()
    table.close()

    track = bar.track
    track.setFocus()
    QTest.keyClick(track, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: trainer.here is not None and trainer.here.place.branch == main.number)
    stands(window, qtbot, 7)
    assert window.session.document.training.learning_rate == 0.01
    assert window.session.undo.undoText() == "Back to epoch 7"

    bar._fill()
    delete = next(action.menu() for action in bar.menu.actions() if action.text() == "&Delete")
    assert [action.text() for action in delete.actions()] == ["Bold"]
    delete.actions()[0].trigger()
    assert "cannot be undone" in window.banner.text
    assert len(trainer.timeline.branches) == 2
    QTest.mouseClick(window.banner._offer, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: [b.name for b in trainer.timeline.branches] == ["Main"])
    assert window.session.overlaid == {0}
    qtbot.waitUntil(lambda: not loss._ghosts.series("loss", "validation_loss"))


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


def test_that_lanes_are_found_by_the_mouse_and_marks_are_caught(
    trained: MainWindow, train: Train, qtbot: QtBot
) -> None:
    drag(trained, 8, 4)
    stands(trained, qtbot, 4)
    rate(trained, 0.1)
    train(2)
    track = bar_of(trained).track
    lanes = Lanes(trainer_of(trained).timeline, 8.0, 800.0, 48.0)
    main, branch = (moment(trained, 6, number) for number in (0, 1))
    for each in (main, branch):
        x, y = lanes.x(each.at), lanes.y(each.place.branch)
        assert lanes.branch_near(x, y + 1, 99) == each.place.branch
        assert lanes.moment_near(x + 1, each.place.branch) is each
    assert lanes.branch_near(lanes.x(2), lanes.y(1), 0) == 0, "before its fork a branch is its parent"
    assert lanes.line(1)[0] is lanes.line(0)[0]
    assert track.handle() == track.place_of(branch)


def test_that_nothing_is_held_of_the_moments_of_a_design_that_is_closed(trained: MainWindow, qtbot: QtBot) -> None:
    bar = bar_of(trained)
    bar.track._point(moment(trained, 5))
    bar._fill()
    held = [weakref.ref(each) for each in trainer_of(trained).timeline.moments]
    trained.session.open(quick())

    def gone() -> bool:
        gc.collect()
        return not any(each() for each in held)

    qtbot.waitUntil(gone)
