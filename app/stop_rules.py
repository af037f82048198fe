"""When a training is to end: the settings of that, one click from the run bar."""

from __future__ import annotations

from typing import Final

from PySide6.QtWidgets import QMenu, QVBoxLayout, QWidget, QWidgetAction

from app.live.key import SignButton
from app.live.numbers import whole
from app.panels.form import Form
from app.session import Session
from app.theme import GRID

RULES: Final = ("epochs", "patience", "min_delta", "restore_best", "stop_loss", "validate_every")
WIDTH: Final = 44 * GRID


class StopRules(SignButton):
    """A flag that opens the form of the stop rules; its tooltip says them in words."""

    def __init__(self, session: Session) -> None:
        super().__init__("mdi6.flag-checkered", "When to stop")
        self._session = session
        self.form = Form()
        self.form.edited.connect(self._on_edited)
        self.form.settled.connect(session.settle)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(GRID, GRID, GRID, GRID)
        column.addWidget(self.form)
        page.setFixedWidth(WIDTH)
        menu = QMenu(self)
        menu.setAccessibleName("Stop rules")
        action = QWidgetAction(menu)
        action.setDefaultWidget(page)
        menu.addAction(action)
        self.setMenu(menu)
        self.setPopupMode(self.ToolButtonPopupMode.InstantPopup)
        session.document_changed.connect(self._show)
        self._show()

    def _show(self, *_: object) -> None:
        training = self._session.document.training
        self.form.show_models([training])
        for name, row in self.form.rows.items():
            row.setVisible(name in RULES)
        rules = [f"after {whole(training.epochs)} epochs"]
        if training.patience:
            rules.append(f"when {training.patience} validations brought nothing better")
        if training.stop_loss:
            rules.append(f"when the loss is below {training.stop_loss:g}")
        self.setToolTip(f"Stops {', '.join(rules)}. Click to change that")

    def _on_edited(self, name: str, value: object) -> None:
        document = self._session.document
        field = type(document.training).model_fields[name]
        training = document.training.but(**{name: value})
        self._session.edit(f"Set {field.title or name}", document.but(training=training), ("training", name))
