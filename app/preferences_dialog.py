"""The page of preferences: each choice is obeyed at once, and there is nothing to confirm."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from app import preferences, theme
from app.appearance import wear, worn
from app.preferences import Preference
from app.run_bar import PACES, spoken_pace

THEMES = {"system": "As the system", "dark": "Dark", "light": "Light"}
STARTS = {"example": "The spiral, ready to Play", "last": "The file of the last time", "empty": "An empty canvas"}
K = TypeVar("K", bound=str)


class PreferencesDialog(QDialog):
    """Stays open beside the work, so that one sees what a choice does."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle("Preferences")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 16, 16, 16)
        column.setSpacing(8)
        self._form = QFormLayout()
        self._form.setVerticalSpacing(8)
        self._form.setHorizontalSpacing(16)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column.addLayout(self._form)
        self._fill()
        column.addSpacing(8)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        close = buttons.button(QDialogButtonBox.StandardButton.Close)
        close.setDefault(True)
        usual = buttons.addButton("Restore defaults", QDialogButtonBox.ButtonRole.ResetRole)
        usual.setAutoDefault(False)  # Enter must not take every choice back
        usual.setToolTip("Every choice as it was at the first start")
        usual.clicked.connect(self._as_usual)
        buttons.rejected.connect(self.reject)
        column.addWidget(buttons)

    def _fill(self) -> None:
        self._heading("How it looks")
        self.theme = _choice(THEMES, worn())
        self.theme.currentIndexChanged.connect(lambda _: wear(self.theme.currentData()))
        self._row("&Colours", self.theme, "Dark or light; the system's own choice is followed while it runs")
        self.scale = _number(preferences.FONT_SCALE, " %", 5)
        self._row("Text &size", self.scale, "In percent of the system's own size; a projector wants 150")
        self.calm = _switch(preferences.CALM, "Reduce &motion")
        self._row("", self.calm, "Nothing glides to its place. Where the system asks for that it is so in any case")
        self._heading("When it starts")
        self.start = _choice(STARTS, preferences.START.get())
        self.start.currentIndexChanged.connect(lambda _: preferences.START.set(self.start.currentData()))
        self._row("&Begin with", self.start, "What the first window shows when no file was named")
        paces = {"last": "As the last time"} | {spoken_pace(pace): spoken_pace(pace) for pace in PACES}
        self.pace = _choice(paces, preferences.PACE.get())
        self.pace.currentIndexChanged.connect(lambda _: preferences.PACE.set(self.pace.currentData()))
        self._row("&Pace", self.pace, "How fast a new window trains")
        self._heading("Going back in time")
        self.memory = _number(preferences.TIMELINE_MEMORY, " MB", 64)
        self._row("I&n memory", self.memory, "What the moments of a run may take; old ones are thinned out evenly")
        self.in_file = _number(preferences.TIMELINE_FILE, " MB", 16)
        self._row("In a &file", self.in_file, "What they may take in a project; 0: they are not saved")
        self._heading("When it crashes")
        self.autosave = _switch(preferences.AUTOSAVE, "&Keep unsaved work, weights included")
        tip = "It is offered at the next start, without the timeline; a window that closes as it should takes it away"
        self._row("", self.autosave, tip)
        self.every = _number(preferences.AUTOSAVE_EVERY, " s", 5)
        self.every.setEnabled(self.autosave.isChecked())
        self.autosave.toggled.connect(self.every.setEnabled)
        self._row("&Every", self.every, "Seconds; besides two seconds after each edit")

    def _heading(self, text: str) -> None:
        label = QLabel(text)
        theme.set_role(label, "heading")
        if self._form.rowCount():
            label.setContentsMargins(0, 8, 0, 0)
        self._form.addRow(label)

    def _row(self, text: str, editor: QWidget, tip: str) -> None:
        editor.setToolTip(tip)
        editor.setAccessibleDescription(tip)
        if text:
            editor.setAccessibleName(text.replace("&", ""))
        self._form.addRow(text, editor)

    def _as_usual(self) -> None:
        self.theme.setCurrentIndex(self.theme.findData("system"))
        self.scale.setValue(preferences.FONT_SCALE.usual)
        self.calm.setChecked(preferences.CALM.usual)
        self.start.setCurrentIndex(self.start.findData(preferences.START.usual))
        self.pace.setCurrentIndex(self.pace.findData(preferences.PACE.usual))
        self.autosave.setChecked(preferences.AUTOSAVE.usual)
        self.every.setValue(preferences.AUTOSAVE_EVERY.usual)
        self.memory.setValue(preferences.TIMELINE_MEMORY.usual)
        self.in_file.setValue(preferences.TIMELINE_FILE.usual)


def _choice(words: dict[K, str], now: K) -> QComboBox:
    box = QComboBox()
    for key, text in words.items():
        box.addItem(text, key)
    box.setCurrentIndex(max(0, box.findData(now)))
    return box


def _number(preference: Preference[int], unit: str, step: int) -> QSpinBox:
    box = QSpinBox()
    box.setRange(preference.least, preference.most)
    box.setSuffix(unit)
    box.setSingleStep(step)
    box.setKeyboardTracking(False)  # 1 on the way to 150 is no wish
    box.setValue(preference.get())
    box.valueChanged.connect(preference.set)
    return box


def _switch(preference: Preference[bool], text: str) -> QCheckBox:
    box = QCheckBox(text)
    box.setChecked(preference.get())
    box.toggled.connect(preference.set)
    return box
