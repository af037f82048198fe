"""The line above the canvas: what it offers is there for as long as it is seen."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app.banner import Banner


def test_that_what_was_offered_is_done_once_and_not_held_afterwards(qtbot: QtBot) -> None:
    around, banner, done = QWidget(), Banner(), []
    QVBoxLayout(around).addWidget(banner)
    qtbot.addWidget(around)
    around.show()
    banner.say("It is there", offer="Take it", action=lambda: done.append("taken"))
    around.hide()  # with all that is in it
    around.show()
    banner._offer.click()
    assert done == ["taken"]
    assert not banner.isVisible()
    assert banner._action is None
