"""A canvas on the screen, and a hand over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.canvas.view import CanvasView
from app.session import Session
from engine.design.document import Document
from tests.app.acts import bring_up
from tests.app.canvas.grips import Train
from tests.app.canvas.hand import Hand
from tests.app.canvas.live import LiveHand, in_a_row
from tests.app.conftest import quick


@pytest.fixture
def canvas_of(qtbot: QtBot) -> Callable[[Document], CanvasView]:
    def make(document: Document) -> CanvasView:
        canvas = CanvasView(Session(document))
        canvas.session.setParent(canvas)
        bring_up(qtbot, canvas, 1000, 700)
        canvas.setFocus()
        return canvas

    return make


@pytest.fixture
def hand_on(canvas_of: Callable[[Document], CanvasView]) -> Callable[[Document], Hand]:
    return lambda document: Hand(canvas_of(document))


@pytest.fixture
def train(canvas_of: Callable[[Document], CanvasView], qtbot: QtBot) -> Iterator[Train]:
    """A hand over a canvas that trains; the trainer is closed at the end."""
    hands: list[LiveHand] = []

    def begin(document: Document | None = None) -> LiveHand:
        hands.append(LiveHand(canvas_of(in_a_row(document or quick())), qtbot))
        return hands[-1]

    yield begin
    for hand in hands:
        hand.trainer.close()
