"""What is done on the timeline: drags, keys, branches."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.soak.stage import Stage


class InTime:
    """Back, on, and to other branches."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.chance = stage, stage.chance
        self.window, self.session = stage.window, stage.window.session

    def acts(self) -> list[tuple[float, Callable[[], object]]]:
        return [(3, self.drag), (2, self.key), (1, self.to_now), (1, self.overlay), (1, self.name), (1, self.delete)]

    def drag(self) -> None:
        bar = self.window.timeline.bar
        if bar is None or not bar.isVisible():
            return
        track = bar.track
        places = [
            QPoint(self.chance.randrange(track.width()), self.chance.randrange(track.height()))
            for _ in range(self.chance.randint(1, 8))
        ]
        QTest.mousePress(track, Qt.MouseButton.LeftButton, pos=places[0])
        for place in places:
            QTest.mouseMove(track, place)
        QTest.mouseRelease(track, Qt.MouseButton.LeftButton, pos=places[-1])

    def key(self) -> None:
        bar = self.window.timeline.bar
        if bar is not None and bar.isVisible():
            keys = Qt.Key
            key = self.chance.choice([keys.Key_Left, keys.Key_Right, keys.Key_Home, keys.Key_End, keys.Key_Up])
            QTest.keyClick(bar.track, key)

    def to_now(self) -> None:
        self.window.actions_by_key["run.now"].trigger()

    def overlay(self) -> None:
        branches = self.session.trainer.timeline.branches
        self.session.overlay(branch.number for branch in branches if self.chance.random() < 0.5)

    def name(self) -> None:
        branches = self.session.trainer.timeline.branches
        if branches:
            self.session.trainer.name_branch(self.chance.choice(branches).number, self.chance.choice(["Mine", "", "ß"]))

    def delete(self) -> None:
        branches = self.session.trainer.timeline.branches
        if branches:
            self.session.trainer.delete_branch(self.chance.choice(branches).number)
