"""What is done with the training and what it learns from."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication

from engine.data import datasets
from tests.app.conftest import quick
from tests.soak.poke import poke
from tests.soak.stage import Stage

PACES: Final = (5, 100, 500, None, None)
ROWS: Final = 60  # of a table


class InTraining:
    """Play, steps, settings, data."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.chance = stage, stage.chance
        self.window, self.session = stage.window, stage.window.session

    def acts(self) -> list[tuple[float, Callable[[], object]]]:
        return [
            (3, self.step), (2, self.pace), (3, self.data), (3, self.good_design), (3, self.learn_settings),
            (1, self.reset), (2, self.table), (2, self.drop_table), (2, self.stop_rules), (2, self.data_field),
            (4, self.inspector_field), (1, self.run_bar), (1, self.problem),
        ]  # fmt: skip

    def play(self) -> None:
        """Train, with another design where this one cannot be trained."""
        if self.session.report.errors:
            self.good_design()
        if self.session.trainer.status.phase != "running":
            self.window.actions_by_key["run.play"].trigger()

    def step(self) -> None:
        key = self.chance.choice(["run.epoch", "run.batch", "run.stage", "run.stage", "run.play", "run.seed"])
        self.window.actions_by_key[key].trigger()

    def reset(self) -> None:
        self.window.actions_by_key["run.reset"].trigger()

    def pace(self) -> None:
        self.window.run_bar.set_pace(self.chance.choice(PACES))

    def data(self) -> None:
        kind = self.chance.choice([kind for kind in datasets() if kind.group != "own data"])
        self.session.edit(f"Learn from {kind.title}", self.session.document.but(data=kind()))

    def good_design(self) -> None:
        """A design that trains, as one undo step: random wires alone rarely lead to one."""
        data, outputs = self.chance.choice([("spiral", 1), ("sine", 1), ("iris", 3), ("plane", 1), ("xor", 1)])
        made = quick(data, self.chance.choice(["tanh", "relu"]), outputs)
        self.session.edit("Begin with a chain", made)

    def learn_settings(self) -> None:
        training = self.session.document.training
        name, value = self.chance.choice([
            ("learning_rate", self.chance.choice([0.001, 0.01, 0.1, 10.0])),
            ("seed", self.chance.randrange(99)),
            ("epochs", self.chance.choice([3, 10_000_000])),
        ])  # fmt: skip
        self.session.edit(f"Set {name}", self.session.document.but(training=training.but(**{name: value})), merge=name)

    def _written_table(self) -> Path:
        """Rows by chance, with a gap and a class here and there."""
        path = self.stage.file(".csv")
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, delimiter=self.chance.choice([",", ";", "\t"]))
            writer.writerow(["x", "kind", "y"])
            for _ in range(ROWS):
                x = self.chance.gauss(0, 1)
                writer.writerow([f"{x:.3f}", self.chance.choice(["a", "b", ""]), f"{2 * x + 1:.3f}"])
        return path

    def table(self) -> None:
        """A table through the dialog of the data panel or of the File menu."""
        self._written_table()
        if self.chance.random() < 0.5:
            self.window.data.ask_table()
        else:
            self.window.actions_by_key["file.open"].trigger()

    def drop_table(self) -> None:
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(self._written_table()))])
        event = QDropEvent(
            QPointF(50, 50), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        )
        QApplication.sendEvent(self.window, event)

    def data_field(self) -> None:
        self._touch("data", self.window.data)

    def inspector_field(self) -> None:
        """A setting of what is selected, or of the training where nothing is."""
        if self.chance.random() < 0.3:
            self.session.select([])
        self._touch("inspector", self.window.inspector)

    def problem(self) -> None:
        self._touch("problems", self.window.problems)

    def _touch(self, dock: str, panel: object) -> None:
        self.window.docks[dock].show()
        self.window.docks[dock].raise_()
        poke(panel, self.chance)

    def stop_rules(self) -> None:
        from app.stop_rules import StopRules

        button = self.window.run_bar.findChild(StopRules)
        button.menu().popup(self.window.mapToGlobal(self.window.rect().center()))
        poke(button.form, self.chance)
        button.menu().close()

    def run_bar(self) -> None:
        poke(self.window.run_bar, self.chance)
