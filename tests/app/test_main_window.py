"""The window as a person uses it: keys, buttons, drops, files, and what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QTabBar
from pytestqt.qtbot import QtBot

from app.main_window import MainWindow
from app.panels.problems import ProblemRow
from engine.data import Source
from engine.design.checks import check
from engine.design.document import Document
from engine.insight.pictures import ConfusionPicture
from tests.app.acts import Button, answer, click, drop, phase, same, weights
from tests.app.conftest import Open, quick


def test_that_space_on_the_canvas_plays_and_pauses(window: MainWindow, qtbot: QtBot) -> None:
    window.canvas.setFocus()
    qtbot.keyClick(window.canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: phase(window) == "running")
    qtbot.waitUntil(lambda: "Pause" in window.actions_by_key["run.play"].text())
    qtbot.keyClick(window.canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: phase(window) == "ready")
    qtbot.waitUntil(lambda: "Play" in window.actions_by_key["run.play"].text())


def test_that_play_is_seen_in_every_live_view_and_in_the_figures(window: MainWindow, qtbot: QtBot) -> None:
    window.run_bar.set_pace(None)
    click(qtbot, window, "run.play")
    qtbot.waitUntil(lambda: int(window.run_bar.figure("epoch").split("/")[0].replace(",", "")) >= 20)
    qtbot.waitUntil(lambda: not window.views["loss"].plot.is_empty)
    qtbot.waitUntil(lambda: bool(window.views["gradients"].bars.layers))
    qtbot.waitUntil(lambda: window.views["fit"].picture is not None)
    assert window.run_bar.figure("metric").endswith("%")


def test_that_one_batch_one_epoch_and_one_stage_do_just_that(window: MainWindow, qtbot: QtBot) -> None:
    trainer = window.session.trainer
    assert trainer is not None
    click(qtbot, window, "run.batch")
    qtbot.waitUntil(lambda: trainer.status.step == 1)
    click(qtbot, window, "run.epoch")
    qtbot.waitUntil(lambda: trainer.status.epoch == 1)
    step = trainer.status.step
    click(qtbot, window, "run.stage")
    qtbot.waitUntil(lambda: trainer.status.stage == "forward")
    assert trainer.status.step == step
    qtbot.waitUntil(lambda: "forward" in window.run_bar.sentence)


def test_that_reset_returns_to_the_same_weights_and_empties_the_curves(window: MainWindow, qtbot: QtBot) -> None:
    first = weights(window, qtbot)
    click(qtbot, window, "run.epoch")
    qtbot.waitUntil(lambda: window.session.trainer.status.epoch == 1)
    assert not same(first, weights(window, qtbot))
    click(qtbot, window, "run.reset")
    qtbot.waitUntil(lambda: window.session.trainer.status.step == 0)
    assert same(first, weights(window, qtbot))
    qtbot.waitUntil(lambda: window.views["loss"].plot.is_empty)


def test_that_a_new_seed_is_one_step_back_from_the_old_weights(window: MainWindow, qtbot: QtBot) -> None:
    seed = window.session.document.training.seed
    first = weights(window, qtbot)
    click(qtbot, window, "run.seed")
    assert window.session.document.training.seed != seed
    qtbot.waitUntil(lambda: not same(first, weights(window, qtbot)))
    window.actions_by_key["edit.undo"].trigger()
    assert window.session.document.training.seed == seed
    click(qtbot, window, "run.reset")
    qtbot.waitUntil(lambda: same(first, weights(window, qtbot)))


def test_that_undo_says_what_it_would_undo(window: MainWindow) -> None:
    undo = window.actions_by_key["edit.undo"]
    assert not undo.isEnabled()
    window.session.edit("Move", window.session.document.move({"dense_1": (5.0, 5.0)}))
    assert undo.isEnabled()
    assert undo.text().endswith("Move")


def test_that_the_title_names_the_file_and_marks_changes(window: MainWindow) -> None:
    assert window.windowTitle().startswith("Small")
    assert not window.isWindowModified()
    window.session.edit("Move", window.session.document.move({"dense_1": (5.0, 5.0)}))
    assert window.isWindowModified()
    window.session.undo.undo()
    assert not window.isWindowModified()


def test_that_a_design_that_cannot_be_trained_says_why_in_place(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    session.edit("Cut", session.document.disconnect(session.document.wires[0]))
    click(qtbot, window, "run.play")
    assert window.banner.isVisible()
    assert window.banner.text.startswith("Not yet")
    assert phase(window) != "running"
    session.undo.undo()
    assert not window.banner.isVisible()


def test_that_the_reason_why_play_does_nothing_comes_with_its_cure(window: MainWindow, qtbot: QtBot) -> None:
    window.session.edit("Widen", window.session.document.set_fields("dense_2", units=5))
    click(qtbot, window, "run.play")
    qtbot.mouseClick(window.banner._offer, Qt.MouseButton.LeftButton)
    assert window.session.document.node("dense_2").layer.units == 1
    assert not window.banner.isVisible()
    click(qtbot, window, "run.play")
    qtbot.waitUntil(lambda: phase(window) == "running")


def test_that_problems_are_counted_listed_and_mended(window: MainWindow, qtbot: QtBot) -> None:
    session = window.session
    problems = session.document.set_fields("dense_2", units=5)
    session.edit("Widen", problems)
    assert window.docks["problems"].windowTitle() == f"Problems ({len(check(problems, session.prepared).problems)})"
    row: ProblemRow = window.problems.rows()[0]
    window.docks["problems"].raise_()
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    assert session.selection == {row.problem.node}
    qtbot.mouseClick(row.mend, Qt.MouseButton.LeftButton)
    assert not session.report.problems
    assert window.docks["problems"].windowTitle() == "Problems"


def test_that_closing_with_changes_asks_and_cancel_keeps_the_window(window: MainWindow, qtbot: QtBot) -> None:
    window.session.edit("Move", window.session.document.move({"dense_1": (5.0, 5.0)}))
    window.close()
    answer(qtbot, window, Button.Cancel)
    assert window.isVisible()
    window.close()
    with qtbot.waitSignal(window.closed):
        answer(qtbot, window, Button.Discard)


def test_that_a_table_dropped_on_the_window_becomes_the_data(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    table = tmp_path / "heights.csv"
    table.write_text("age,weight,height\n" + "\n".join(f"{i},{i * 2},{i * 3 + i % 3}" for i in range(60)))
    drop(window, table)
    assert window.session.document.data.kind == "table"
    qtbot.waitUntil(lambda: window.session.prepared is not None and window.session.prepared.rows == 60)
    assert "60" in window.data.preview.text()
    assert "height" in window.data.preview.text()


def test_that_the_notes_of_an_example_go_with_its_rows(window: MainWindow, tmp_path: Path) -> None:
    window.banner.say("150 flowers, four measures of each")
    path = tmp_path / "own.csv"
    path.write_text("a,b\n" + "\n".join(f"{n},{2 * n}" for n in range(40)), encoding="utf-8")
    window.use_table(path)
    assert not window.banner.isVisible()


def test_that_the_window_begins_with_the_settings_and_every_tab_can_be_read(window: MainWindow) -> None:
    assert not window.inspector.visibleRegion().isEmpty()
    window.resize(1280, 800)
    bars = [bar for bar in window.findChildren(QTabBar) if "Inspector" in [bar.tabText(n) for n in range(bar.count())]]
    assert bars
    bar = bars[0]
    widths = [bar.fontMetrics().horizontalAdvance(bar.tabText(n)) for n in range(bar.count())]
    assert all(bar.tabRect(n).width() > width for n, width in enumerate(widths))


def test_that_a_broken_file_is_refused_in_place_and_the_design_stays(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"nodes": [')
    before = window.session.document
    drop(window, broken)
    qtbot.waitUntil(window.banner.isVisible)
    assert "broken.json" in window.banner.text
    assert window.session.document is before


def test_that_a_project_brings_weights_and_history_back(
    window: MainWindow, open_window: Open, qtbot: QtBot, tmp_path: Path
) -> None:
    click(qtbot, window, "run.epoch")
    qtbot.waitUntil(lambda: window.session.trainer.status.epoch == 1)
    learnt = weights(window, qtbot)
    path = tmp_path / "small.netloom"
    window.files.write(path)
    qtbot.waitUntil(lambda: window.session.path == path)
    assert window.windowTitle().startswith("small.netloom")
    assert window.files.recent == [path]
    other = open_window(Document(), ready=False)
    other.files.open(path)
    qtbot.waitUntil(lambda: other.session.path == path)
    qtbot.waitUntil(lambda: other.session.trainer.status.epoch == 1)
    assert same(learnt, weights(other, qtbot))
    assert other.session.trainer.log.length == 1


def test_that_a_design_alone_is_written_and_read(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    document = window.session.document
    window.files.write(path)
    qtbot.waitUntil(lambda: window.session.path == path)
    window.files.new()
    assert window.session.document == Document()
    window.files.open(path)
    qtbot.waitUntil(lambda: window.session.document == document)


def test_that_the_layout_is_remembered(open_window: Open, qtbot: QtBot) -> None:
    first = open_window()
    first.docks["palette"].hide()
    first.resize(first.width(), 720)
    with qtbot.waitSignal(first.closed):
        first.close()
    second = open_window()
    assert not second.docks["palette"].isVisible()
    assert second.height() == 720
    second.actions_by_key["view.restore"].trigger()
    assert second.docks["palette"].isVisible()


def test_that_every_menu_names_things_once_and_fills_when_opened(window: MainWindow) -> None:
    for action in window.menuBar().actions():
        menu = action.menu()
        menu.aboutToShow.emit()
        texts = [entry.text() for entry in menu.actions() if not entry.isSeparator()]
        assert texts
        assert len(texts) == len(set(texts))


def test_that_no_two_actions_have_the_same_keys(window: MainWindow) -> None:
    taken: dict[str, str] = {}
    everything = [*window.actions_by_key.values(), *window.canvas.commands.actions.values()]
    for action in everything:
        for keys in action.shortcuts():
            assert keys.toString() not in taken, f"{action.text()} and {taken[keys.toString()]}: {keys.toString()}"
            taken[keys.toString()] = action.text()


def test_that_an_edit_while_training_goes_on_and_says_what_began_anew(window: MainWindow, qtbot: QtBot) -> None:
    window.run_bar.set_pace(None)
    click(qtbot, window, "run.play")
    qtbot.waitUntil(lambda: window.session.trainer.status.epoch > 5)
    window.session.edit("Widen", window.session.document.set_fields("dense_1", units=12))
    qtbot.waitUntil(window.banner.isVisible)
    assert "dense_1" in window.banner.text
    epoch = window.session.trainer.status.epoch
    qtbot.waitUntil(lambda: window.session.trainer.status.epoch > epoch)


def test_that_data_that_the_design_does_not_fit_yet_are_shown_and_the_cure_is_offered(
    window: MainWindow, qtbot: QtBot
) -> None:
    session, spiral = window.session, window.session.prepared
    session.edit("Iris", session.document.but(data=Source.parse("iris")))
    qtbot.waitUntil(lambda: session.prepared is not None)
    assert "virginica" in window.data.preview.text()
    assert session.report.errors[0].fix is not None
    session.undo.undo()
    qtbot.waitUntil(lambda: session.prepared is spiral)
    session.undo.redo()
    qtbot.waitUntil(lambda: session.prepared is not None)
    window.running.toggle_play()
    qtbot.mouseClick(window.banner._offer, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: isinstance(window.views["fit"].picture, ConfusionPicture))


def test_that_another_design_on_the_same_data_keeps_them(window: MainWindow) -> None:
    document = window.session.document
    window.session.open(document.set_fields("dense_1", units=3))
    assert window.session.prepared is not None
    assert window.data.preview.text().startswith("<b>500</b>")


def test_that_divergence_is_told_in_words(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(quick("sine", "relu", learning_rate=1e12, epochs=10_000))
    click(qtbot, window, "run.play")
    qtbot.waitUntil(lambda: phase(window) == "diverged")
    qtbot.waitUntil(lambda: "diverged" in window.run_bar.sentence)
    assert "learning rate" in window.run_bar.sentence


def test_that_the_pace_holds_training_back(window: MainWindow, qtbot: QtBot, elapsed: Callable[[], float]) -> None:
    window.run_bar.set_pace(5)
    click(qtbot, window, "run.play")
    qtbot.waitUntil(lambda: window.session.trainer.status.epoch >= 3)
    epoch = window.session.trainer.status.epoch
    assert epoch <= 5 * elapsed() + 1
