"""The run bar: figures that people can read, the pace, and the sentence that says how it stands."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import SIGNAL, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from app import theme
from app.live.numbers import duration, percent, short, whole
from app.run_bar import OPENING_PACE, PACES, RunBar
from app.session import Session
from app.stop_rules import RULES, StopRules
from engine.training.published import Status
from tests.app.conftest import quick


@pytest.fixture
def bar(qtbot: QtBot, settings: QSettings) -> RunBar:
    made = RunBar([])
    qtbot.addWidget(made)
    made.show()
    return made


def stands(**fields: Any) -> Any:
    """A trainer with this status."""
    return SimpleNamespace(status=Status(**fields))


def test_that_figures_say_what_the_status_says(bar: RunBar) -> None:
    bar.refresh(
        stands(
            phase="running", epoch=12, epochs=500, step=1234, loss=0.012345, validation_loss=2.5e-7, metric=0.875,
            steps_per_second=345_678.0, elapsed=75.2, remaining=4000.0,
        )
    )  # fmt: skip
    said = {name: bar.figure(name) for name in bar._figures}
    assert said == {
        "epoch": "12 / 500", "step": "1,234", "loss": "0.0123", "validation_loss": "2.5e−7", "metric": "87.5 %",
        "steps_per_second": "346 k", "elapsed": "1:15", "remaining": "1:06:40",
    }  # fmt: skip


def test_that_the_metric_of_a_regression_is_no_percentage(bar: RunBar) -> None:
    bar.name_metric("R²", share=False)
    bar.refresh(stands(phase="ready", metric=0.875))
    assert bar.figure("metric") == "0.8750"


def test_that_the_metric_is_that_of_the_rows_that_teach_nothing_where_there_are_such(bar: RunBar) -> None:
    bar.refresh(stands(phase="ready", metric=0.875, validation_metric=0.75))
    figure = bar._figures["metric"]
    assert (figure.accessibleName(), bar.figure("metric")) == ("Accuracy, val.", "75.0 %")
    assert "training rows: 87.5 %" in figure.toolTip()
    bar.refresh(stands(phase="finished", metric=0.875))
    assert (figure.accessibleName(), bar.figure("metric")) == ("Accuracy", "87.5 %")


@pytest.mark.parametrize("seconds", [0.0004, 0.09, 3599.0, 35_999.0])
def test_that_no_time_is_cut_where_there_is_room(seconds: float, bar: RunBar) -> None:
    bar.resize(2 * bar.sizeHint())
    bar.refresh(stands(phase="finished", elapsed=seconds, remaining=seconds))
    assert [bar._figures[name].words for name in ("elapsed", "remaining")] == [duration(seconds)] * 2


def test_that_the_pace_is_not_cut_where_figures_can_give_way(bar: RunBar, qtbot: QtBot) -> None:
    least = bar.minimumSizeHint().width()
    bar.setFont(theme.sized(bar.font(), 1.5))
    qtbot.waitUntil(lambda: bar.minimumSizeHint().width() > least)
    bar.resize(bar.minimumSizeHint())
    loss, pace = bar._figures["loss"], bar._pace
    qtbot.waitUntil(lambda: loss.width() < loss.sizeHint().width() and pace.width() >= pace.sizeHint().width())


def test_that_the_bar_is_as_high_with_a_word_in_it(bar: RunBar, qtbot: QtBot) -> None:
    """All docks would move each time that the doctor finds something."""
    word = QToolButton(text="Doctor: gradients vanish")
    word.hide()
    bar.add_word(word)
    before = bar.sizeHint().height()
    word.show()
    qtbot.waitUntil(word.isVisible)
    assert bar.sizeHint().height() == before
    assert bar.minimumSizeHint().height() <= before


def test_that_stop_rules_are_set_from_the_bar_as_one_undo_step(qtbot: QtBot, settings: QSettings) -> None:
    session = Session(quick(epochs=200))
    button = StopRules(session)
    qtbot.addWidget(button)
    button.show()
    assert "after 200 epochs" in button.toolTip()
    button.menu().popup(button.mapToGlobal(button.rect().bottomLeft()))
    shown = [name for name, row in button.form.rows.items() if not row.isHidden()]
    assert set(shown) == set(RULES)
    field = button.form.rows["patience"].findChild(QLineEdit)
    assert field is not None
    field.selectAll()
    qtbot.keyClicks(field, "15")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert session.document.training.patience == 15
    assert "when 15 validations" in button.toolTip()
    button.menu().hide()
    session.undo.undo()
    assert session.document.training.patience == 0
    assert not session.modified


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"phase": "preparing"}, "Preparing …"),
        ({"phase": "ready"}, "Press Play"),
        ({"phase": "ready", "step": 4}, "Paused after step 4"),
        ({"phase": "ready", "step": 4, "stage": "backward"}, "In step 5: the backward stage is done"),
        ({"phase": "running", "epoch": 7}, "Training, epoch 7"),
        ({"phase": "finished", "sentence": "All 10 epochs are done."}, "✓ All 10 epochs"),
        ({"phase": "diverged", "sentence": "It diverged."}, "✕ It diverged."),
        ({"phase": "failed", "sentence": "No wire"}, "✕ No wire."),
    ],
)
def test_that_the_sentence_says_how_it_stands_with_a_sign_where_it_is_a_judgement(
    fields: dict[str, Any], words: str, bar: RunBar
) -> None:
    bar.refresh(stands(**fields))
    assert words in bar.sentence
    assert bar.sentence.endswith((".", "…"))
    assert not bar.sentence.endswith(("..", "…."))
    assert bar._sentence.toolTip() == bar.sentence


def test_that_a_design_that_is_still_being_built_is_no_fault(bar: RunBar) -> None:
    bar.refresh(stands(phase="failed", unfinished=True, sentence="The canvas is empty."))
    assert bar.sentence == "The canvas is empty."
    assert bar.figure("loss") == "–"


def test_that_running_figures_change_no_faster_than_they_can_be_read(
    bar: RunBar, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=50.0)
    monkeypatch.setattr("app.run_bar.perf_counter", lambda: clock.now)
    bar.refresh(stands(phase="running", epoch=1))
    clock.now += 0.03
    bar.refresh(stands(phase="running", epoch=2))
    assert bar.figure("epoch") == "1"
    clock.now += 0.1
    bar.refresh(stands(phase="running", epoch=3))
    assert bar.figure("epoch") == "3"
    bar.refresh(stands(phase="finished", epoch=4))  # the end is told at once
    assert bar.figure("epoch") == "4"


def test_that_a_button_listens_to_its_action_once_however_often_that_changes(qtbot: QtBot, settings: QSettings) -> None:
    """Qt's own listens once more with each change: after an hour of training a change is heard thousands of times."""
    action = QAction("Play")
    bar = RunBar([action])
    qtbot.addWidget(bar)
    bar.show()
    for turn in range(50):
        action.setEnabled(turn % 2 == 0)
        action.setText(f"Play {turn}")
    assert action.receivers(SIGNAL("changed()")) <= 2
    [button] = bar.findChildren(QToolButton)
    assert (button.text(), button.isEnabled()) == ("Play 49", False)
    action.setEnabled(True)
    with qtbot.waitSignal(action.triggered, timeout=1000):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_that_the_pace_is_told_and_remembered(bar: RunBar, qtbot: QtBot) -> None:
    assert bar.pace == OPENING_PACE
    with qtbot.waitSignal(bar.pace_changed) as told:
        qtbot.keyClick(bar._pace, Qt.Key.Key_End)
    assert told.args == [None]
    assert PACES[-1] is None
    again = RunBar([])
    qtbot.addWidget(again)
    assert again.pace is None


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "0"), (1.0, "1.00"), (-0.0312, "−0.0312"), (1234.5, "1234"), (0.00012, "1.2e−4"), (float("nan"), "–"),
     (float("inf"), "∞"), (-float("inf"), "−∞"), (12345678.0, "1.2e7")],
)  # fmt: skip
def test_that_numbers_are_short(value: float, text: str) -> None:
    assert short(value) == text


def test_that_counts_shares_and_times_are_written_as_people_do() -> None:
    assert [whole(v) for v in (0, 999, 1234, 123_456, 1_234_567, 123_456_789)] == [
        "0", "999", "1,234", "123 k", "1.23 M", "123.5 M",
    ]  # fmt: skip
    assert [percent(v) for v in (0.5, 1.0, float("nan"))] == ["50.0 %", "100.0 %", "–"]
    assert [duration(v) for v in (0.0004, 0.0242)] == ["< 1 ms", "24 ms"]
    assert [duration(v) for v in (0.42, 12.3, 185, 3729, float("inf"))] == ["0.4 s", "12 s", "3:05", "1:02:09", "–"]
