"""The cost card: what is counted and what is measured."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.panels.costs import UNKNOWN, CostCard, dearest, size_in_words, time_in_words
from app.session import Session
from engine.data.prepare import prepare
from engine.design.checks import Report, check
from engine.design.document import Document
from engine.training.published import Status
from tests.app.designs import chain


@pytest.fixture
def card(qtbot: QtBot) -> CostCard:
    made = CostCard(Session(chain(4, 64, 1)))
    made._session.setParent(made)
    qtbot.addWidget(made)
    made.resize(280, 80)
    made.show_nodes(())
    made.show()
    return made


def words(card: CostCard) -> dict[str, str]:
    return {key: label.text() for key, label in card.values.items()}


def test_that_the_whole_is_counted_and_the_dearest_layer_named(card: CostCard) -> None:
    report = card._session.report
    assert words(card)["parameters"] == f"{sum(cost.parameters for cost in report.costs.values()):,}" == "397"
    assert dearest(report)[0] == "dense_2"
    assert card.dearest.text() == "dense_2"
    assert f"{4 * 64 / (2 * 4 + 4 * 64 + 64):.0%}" in card.dearest.toolTip()
    QTest.mouseClick(card.dearest, Qt.MouseButton.LeftButton)
    assert card._session.selection == {"dense_2"}


def test_that_of_selected_boxes_their_own_cost_is_shown(card: CostCard) -> None:
    card.show_nodes([card._session.document.node("dense_1")])
    assert (words(card)["parameters"], words(card)["multiply_adds"]) == ("12", "8")


def test_that_a_design_of_unknown_cost_shows_no_card(card: CostCard) -> None:
    card._session.open(Document())
    card.show_nodes(())
    assert card.isHidden()
    assert dearest(Report()) == ("", 0.0)
    assert dearest(check(chain()))[0] == ""


def test_that_times_are_measured_never_guessed(card: CostCard) -> None:
    trainer = SimpleNamespace(status=Status())
    card.refresh(trainer)
    assert (words(card)["epoch"], words(card)["left"]) == (UNKNOWN, UNKNOWN)
    document = card._session.document
    prepared = prepare(document.data, document.split)
    card._session.use(prepared)
    batches = -(-(prepared.train.stop - prepared.train.start) // document.training.batch_size)
    trainer.status = replace(Status(), steps_per_second=batches / 0.25, remaining=75.0)
    card.refresh(trainer)
    assert (words(card)["epoch"], words(card)["left"]) == ("250 ms", "1:15")


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(None, "–"), (0.0, "0 ms"), (0.00042, "0.42 ms"), (0.0121, "12 ms"), (0.25, "250 ms"), (3.14, "3.1 s"),
     (42.3, "42 s"), (245, "4:05"), (7805, "2 h 10")],
)  # fmt: skip
def test_that_times_are_said_shortly(seconds: float | None, text: str) -> None:
    assert time_in_words(seconds) == text


@pytest.mark.parametrize(("count", "text"), [(0, "0 B"), (999, "999 B"), (2830, "2.83 kB"), (5_100_000, "5.1 MB")])
def test_that_sizes_are_said_shortly(count: int, text: str) -> None:
    assert size_in_words(count) == text
