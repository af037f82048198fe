"""A canvas on the screen, and a hand over it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pytestqt.qtbot import QtBot

from app.canvas.view import CanvasView
from app.session import Session
from engine.design.document import Document
from tests.app.canvas.hand import Hand


@pytest.fixture
def canvas_of(qtbot: QtBot) -> Callable[[Document], CanvasView]:
    def make(document: Document) -> CanvasView:
        canvas = CanvasView(Session(document))
        canvas.session.setParent(canvas)
        qtbot.addWidget(canvas)
        canvas.resize(1000, 700)
        with qtbot.waitActive(canvas):
            canvas.show()
            canvas.activateWindow()
        canvas.setFocus()
        return canvas

    return make


@pytest.fixture
def hand_on(canvas_of: Callable[[Document], CanvasView]) -> Callable[[Document], Hand]:
    return lambda document: Hand(canvas_of(document))
