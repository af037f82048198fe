"""Branches of the timeline: made, named, compared, deleted, found by the mouse; and moments that are gone."""

from __future__ import annotations

import gc
import weakref

from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.live.loss import LossView
from app.main_window import MainWindow
from app.timeline.lanes import Lanes
from app.timeline.table import BranchTable
from tests.app.conftest import quick
from tests.app.timeline.travelling import Train, bar_of, drag, moment, rate, stands, trainer_of


def branch_off(window: MainWindow, train: Train, qtbot: QtBot) -> None:
    """At epoch 3, with another learning rate, for one epoch."""
    drag(window, 8, 3)
    stands(window, qtbot, 3)
    rate(window, 0.02)
    train(1)


def test_that_the_window_says_where_a_moment_is_gone(trained: MainWindow, train: Train, qtbot: QtBot) -> None:
    window, trainer = trained, trainer_of(trained)
    branch_off(window, train, qtbot)
    gone = moment(window, 4, branch=1)
    drag(window, 2)
    stands(window, qtbot, 2)
    trainer.delete_branch(1)
    trainer.go_to(gone)
    qtbot.waitUntil(window.banner.isVisible)
    assert window.banner.text.startswith("Epoch 4 is no longer in the timeline")
    assert trainer.status.epoch == 2


def test_that_undo_says_that_the_branch_it_leads_to_is_gone(trained: MainWindow, train: Train, qtbot: QtBot) -> None:
    window, trainer = trained, trainer_of(trained)
    branch_off(window, train, qtbot)
    drag(window, 2)
    stands(window, qtbot, 2)
    trainer.delete_branch(1)
    qtbot.waitUntil(lambda: len(trainer.timeline.branches) == 1)
    assert not window.banner.isVisible()
    window.session.undo.undo()
    assert window.session.document.training.learning_rate == 0.02
    assert window.banner.isVisible()
    assert window.banner.text.startswith("The moment of this step is no longer in the timeline")
    assert trainer.status.epoch == 2


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


def test_that_the_name_of_an_overlaid_branch_covers_neither_its_line_nor_the_edge(
    trained: MainWindow, train: Train, qtbot: QtBot
) -> None:
    window, loss = trained, trained.views["loss"]
    assert isinstance(loss, LossView)
    drag(window, 8, 2)
    stands(window, qtbot, 2)
    rate(window, 0.1)
    train(20)
    window.session.overlay([0])
    qtbot.waitUntil(lambda: 0 in loss._ghosts._items)
    line, word = loss._ghosts._items[0]
    box = loss.plot.box

    def placed() -> bool:
        end = box.mapViewToScene(QPointF(line.xData[-1], line.yData[-1]))
        name = word.mapRectToScene(word.boundingRect())
        return name.left() > end.x() and box.sceneBoundingRect().contains(name)

    qtbot.waitUntil(placed)
    dock = window.docks["loss"]
    dock.setFloating(True)
    dock.resize(360, 600)
    low, end = box.viewRange()[1][0], line.yData[-1]
    box.setRange(yRange=(low, end + (end - low) / 8), padding=0)  # near the edge, once the plot is low
    qtbot.waitUntil(placed)
    dock.resize(360, 1)  # nothing is trained that would draw it anew
    qtbot.waitUntil(lambda: box.height() < 100 and placed())


def test_that_the_question_for_a_branch_goes_with_its_design(trained: MainWindow, train: Train, qtbot: QtBot) -> None:
    window, bar = trained, bar_of(trained)
    drag(window, 8, 4)
    stands(window, qtbot, 4)
    rate(window, 0.1)
    train(2)
    window.banner.say("Something else")
    window.session.open(quick())
    assert window.banner.isVisible(), "what others say stays"
    qtbot.waitUntil(lambda: trainer_of(window).status.epoch == 0)
    train(2)
    bar._ask_delete(trainer_of(window).timeline.branches[0])
    assert "cannot be undone" in window.banner.text
    window.session.open(quick(activation="relu"))
    assert not window.banner.isVisible(), "it would delete the branch of that number of another design"


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


def test_that_the_menu_of_branches_leaves_nothing_behind(trained: MainWindow) -> None:
    bar = bar_of(trained)
    bar._fill()
    before = len(bar.menu.findChildren(QObject))
    for _ in range(3):
        bar._fill()
    assert len(bar.menu.findChildren(QObject)) == before
