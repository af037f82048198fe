"""The doctor's dock: findings appear while it trains, their cures are single undo steps, and nothing is hidden."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from app import theme
from app.help.context import asked
from app.help.pages import pages
from app.live.doctor.card import CureButton, listed
from app.live.doctor.view import DoctorView
from app.live.doctor.visits import Visits
from app.main_window import MainWindow
from engine.insight.doctor.finding import Cure, Examination, Finding
from engine.insight.doctor.rules import RULES
from tests.app.conftest import Open
from tests.engine.insight.doctor.networks import example


def of(window: MainWindow) -> DoctorView:
    view = window.views["doctor"]
    assert isinstance(view, DoctorView)
    return view


def kinds(view: DoctorView) -> list[str]:
    return [card.finding.kind for card in view.cards]


def click(qtbot: QtBot, button: CureButton) -> None:
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


@pytest.fixture
def sick(open_window: Open) -> MainWindow:
    """Dead units, as fast as it goes, with the doctor in front."""
    document = example("dead_relu")
    document = document.but(training=document.training.but(epochs=10_000_000))
    window = open_window(document)
    window.make_view("doctor")
    window.run_bar.set_pace(None)
    window.docks["doctor"].raise_()
    return window


def test_that_a_cure_is_clicked_while_it_trains_helps_and_is_undone(sick: MainWindow, qtbot: QtBot) -> None:
    view, session, trainer = of(sick), sick.session, sick.session.trainer
    assert trainer is not None
    qtbot.keyClick(sick.canvas, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: kinds(view) == ["dead"])
    assert sick.docks["doctor"].windowTitle() == "Doctor (1)"
    (card,) = view.cards
    said = [label.text() for label in card.findChildren(QLabel)]
    assert "Units are dead" in said
    assert any("100\N{NO-BREAK SPACE}% of Hidden 1" in text for text in said)
    before, step = session.document, trainer.status.step

    click(qtbot, card.buttons[0])
    assert session.document.node("dense_1").layer.activation == "leaky_relu"
    assert session.undo.undoText() == "Use Leaky ReLU in Hidden 1"
    assert trainer.status.phase != "ready", "it trains on"
    qtbot.waitUntil(lambda: trainer.status.step > step and trainer.status.metric > 0.95)
    qtbot.waitUntil(lambda: view.visits.newest is not None and not view.visits.newest.findings)
    assert sick.docks["doctor"].windowTitle() == "Doctor"
    assert view._after is not None
    qtbot.waitUntil(lambda: "The finding is gone" in view._after.text())
    assert "loss 0.69" in view._after.text()
    assert any(label.text() == "No illness found" for label in view.findChildren(QLabel))

    session.undo.undo()
    assert session.document == before
    assert view._after is None, "what was undone has no after"
    assert trainer.status.phase == "running"
    sick.running.toggle_play()
    qtbot.waitUntil(lambda: trainer.status.phase == "ready")


def test_that_a_cure_of_the_first_weights_begins_anew_and_goes_on(sick: MainWindow, qtbot: QtBot) -> None:
    view, trainer = of(sick), sick.session.trainer
    assert trainer is not None
    sick.running.toggle_play()
    qtbot.waitUntil(lambda: kinds(view) == ["dead"])
    button = view.cards[0].buttons[1]
    assert button.cure.label.endswith("begin anew")
    assert "begins anew" in button.toolTip()
    click(qtbot, button)
    qtbot.waitUntil(lambda: trainer.status.phase == "running" and trainer.status.metric > 0.95)
    assert sick.session.document.node("dense_1").layer.bias_initialiser.kind == "zeros"
    assert trainer.log.read()["epoch"][0] == 1
    assert view._after is not None
    assert "from the start" in view._after.text()
    sick.running.toggle_play()
    qtbot.waitUntil(lambda: trainer.status.phase == "ready")


def test_that_a_run_that_diverged_goes_on_with_its_cure(open_window: Open, qtbot: QtBot) -> None:
    window = open_window(example("exploding"))
    window.make_view("doctor")
    window.run_bar.set_pace(None)
    window.docks["doctor"].raise_()
    view, trainer = of(window), window.session.trainer
    assert trainer is not None
    window.running.toggle_play()
    qtbot.waitUntil(lambda: kinds(view) == ["exploding"])
    assert any("step 6" in sentence for sentence in view.cards[0].finding.evidence)
    click(qtbot, view.cards[0].buttons[0])
    qtbot.waitUntil(lambda: trainer.status.phase == "finished")

    def well() -> bool:
        newest = view.visits.newest
        return newest is not None and newest.score > 0.9 and not view.cards

    qtbot.waitUntil(well)


def test_that_a_word_in_the_run_bar_tells_of_what_nobody_has_seen(sick: MainWindow, qtbot: QtBot) -> None:
    view, word = of(sick), of(sick).word
    sick.docks["inspector"].raise_()
    assert not word.isVisible()
    sick.running.toggle_play()
    qtbot.waitUntil(word.isVisible)
    assert word.text() == "✕ Doctor: units are dead"
    qtbot.mouseClick(word, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not word.isVisible())
    assert not view.visibleRegion().isEmpty()
    sick.docks["inspector"].raise_()
    sick.running.toggle_play()
    qtbot.waitUntil(lambda: sick.session.trainer.status.phase == "ready")  # type: ignore[union-attr]
    assert not word.isVisible(), "it has been seen"


def test_that_a_card_lights_its_layers_by_mouse_and_by_key(sick: MainWindow, qtbot: QtBot) -> None:
    view, session = of(sick), sick.session
    sick.running.step("epoch")
    qtbot.waitUntil(lambda: kinds(view) == ["dead"])
    card = view.cards[0]
    qtbot.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPoint(6, 6))
    assert session.selection == {"dense_1"}
    session.select([])
    with qtbot.waitActive(sick):
        sick.activateWindow()
    card.setFocus()
    QTest.keyClick(card, Qt.Key.Key_Return)
    assert session.selection == {"dense_1"}
    assert asked(sick) == "illness/dead"
    card.buttons[0].setFocus()
    assert asked(sick) == "illness/dead"
    view._scroll.setFocus()
    assert asked(sick) == "topic/doctor"
    assert card.accessibleName().startswith("Units are dead. ")


def test_that_every_illness_has_a_page() -> None:
    assert {f"illness/{rule.kind}" for rule in RULES} <= set(pages())


CURES = (Cure("Use something with quite a long name in Hidden 1 … Hidden 6", lambda document: document, restart=True),)


def told(*found: str, score: float = 0.5, step: int = 100, waiting: str = "") -> Examination:
    findings = tuple(
        Finding(kind, f"About {kind}", "sick", (f"{kind} is {score}",), "Because it is so.", CURES) for kind in found
    )
    return Examination(findings, ("All is looked at",), waiting, step, step // 10, 1 - score, 2.0, score, "accuracy")


@pytest.fixture
def view(qtbot: QtBot, window: MainWindow) -> DoctorView:
    window.make_view("doctor")
    window.docks["doctor"].raise_()
    window.pulse.go(False)
    return of(window)


def examine(view: DoctorView, examination: Examination | None) -> None:
    view.visits._take(examination)


def test_that_cards_stay_under_the_mouse_while_their_numbers_change(view: DoctorView) -> None:
    examine(view, told("dead", "overfitting", score=0.5))
    cards = list(view.cards)
    examine(view, told("dead", "overfitting", score=0.625))
    assert view.cards == cards
    assert any("0.625" in label.text() for label in cards[0].findChildren(QLabel))
    examine(view, told("dead"))
    assert kinds(view) == ["dead"]
    examine(view, told())
    assert not view.cards
    healthy = view._told[0]
    examine(view, told(waiting=""))
    assert view._told[0] is healthy
    examine(view, told(waiting="Curves are judged from epoch 20 on."))
    assert "Curves are judged" in view._told[-1].text()
    examine(view, None)
    assert any("Press Play" in label.text() for label in view.findChildren(QLabel))


@pytest.mark.parametrize("dark", [True, False])
def test_that_no_words_are_cut_in_a_narrow_dock(view: DoctorView, qtbot: QtBot, dark: bool, qapp: Any) -> None:
    worn = theme.current().dark
    try:
        theme.apply(qapp, dark)
        examine(view, told("dead", "vanishing"))
        view.setFixedWidth(240)
        qtbot.waitUntil(lambda: view.cards[0].width() < 240)
        for card in view.cards:
            for label in card.findChildren(QLabel):
                needed = label.heightForWidth(label.width()) if label.wordWrap() else label.sizeHint().height()
                assert label.height() >= needed, label.text()
            assert card.buttons[0].width() <= card.width()
    finally:
        theme.apply(qapp, worn)


def test_that_evidence_stands_as_it_is_written_behind_a_dot_each() -> None:
    page = QTextDocument()
    page.setHtml(listed(["loss < 1 & rising", "|w| > 3"]))
    lines = [line for line in page.toPlainText().splitlines() if line.strip()]
    assert [line.strip() for line in lines] == ["•", "loss < 1 & rising", "•", "|w| > 3"]


def test_that_findings_are_shared_as_a_table(view: DoctorView, tmp_path: Path, qtbot: QtBot) -> None:
    examine(view, told("dead"))
    with qtbot.waitSignal(view.sharing.told):
        view.sharing.save_numbers(tmp_path / "findings.csv")
    lines = (tmp_path / "findings.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].split(",")[0] == "finding"
    assert "About dead" in lines[1]


class Asked:
    """A trainer that only counts its visits."""

    def __init__(self) -> None:
        from engine.training.published import Status

        self.log = self.trail = None
        self.status = Status(phase="running", step=1)
        self.asked = 0
        self.answered: Examination | None = None

    def ask(self, key: str, question: object) -> None:
        self.asked += 1

    def answer(self, key: str) -> Examination | None:
        return self.answered


def test_that_visits_are_rarer_the_dearer_they_are_and_rarest_unseen(
    qapp: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dataclasses import replace

    from PySide6.QtCore import QObject

    clock = [1000.0]
    monkeypatch.setattr("app.live.doctor.visits.perf_counter", lambda: clock[0])

    def visits_in_a_minute(seen: bool, seconds: float) -> int:
        owner, trainer = QObject(), Asked()
        visits = Visits(lambda: seen, owner)
        trainer.answered = replace(told(), seconds=60.0)
        visits.refresh(trainer)  # type: ignore[arg-type]  # the first one prepares, and its price is no other's
        trainer.asked = 0
        trainer.answered = replace(told(), seconds=seconds)
        for beat in range(60 * 10):
            clock[0] += 0.1
            trainer.status = replace(trainer.status, step=beat + 2)
            visits.refresh(trainer)  # type: ignore[arg-type]
        return trainer.asked

    assert 50 <= visits_in_a_minute(seen=True, seconds=0.001) <= 61
    assert 10 <= visits_in_a_minute(seen=False, seconds=0.001) <= 16
    assert visits_in_a_minute(seen=True, seconds=0.1) <= 7
    assert visits_in_a_minute(seen=False, seconds=0.1) <= 3
    owner, still = QObject(), Asked()
    visits = Visits(lambda: True, owner)
    for _ in range(100):
        clock[0] += 1
        visits.refresh(still)  # type: ignore[arg-type]
        still.answered = told()
    assert still.asked == 1, "a run that stands still is examined once"
