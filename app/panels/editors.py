"""The editors of single values: text, number, choice, switch; all say in the same signals what is typed and taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QLabel, QLineEdit, QWidget

from app import theme
from app.choice import Choice
from app.panels.arithmetic import number, shown, stepped
from app.panels.declarations import Bounds
from app.theme import GRID

SEVERAL: Final = "several values"
KEYS_OF_A_GESTURE: Final = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class TextEdit(QLineEdit):
    """A line of text; what is typed is tried at once and taken at Enter or when the field is left.

    Signals, of every editor:
        tried: what the field would become, while it is being typed.
        edited: what it shall become.
        settled: the gesture is over.
        wrong: why what stands there is no value at all.
    """

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()
    wrong = Signal(str)

    def __init__(
        self, read: Callable[[str], Any], write: Callable[[Any], str], parent: QWidget | None = None, empty: str = ""
    ) -> None:
        """``empty``: what an empty field means, to be seen in it."""
        super().__init__(parent)
        self._read, self._write, self._empty = read, write, empty
        self._shown: Any = None
        self.setTextMargins(2, 0, 2, 0)  # below each other, letters begin where those of numbers and choices do
        self.textEdited.connect(lambda _text: self._offer(self.tried))
        self.editingFinished.connect(self._on_editing_finished)

    def show_value(self, value: Any) -> None:
        if value != self._shown or not self.isModified():
            self._shown = value
            self.setPlaceholderText(self._empty)
            self.setText(self._write(value))

    def show_mixed(self) -> None:
        self._shown = None
        self.clear()
        self.setPlaceholderText(SEVERAL)

    def revert(self) -> None:
        """Forget what was typed."""
        self.setText("" if self._shown is None else self._write(self._shown))

    def _offer(self, signal: Any) -> None:
        try:
            value = self._read(self.text())
        except ValueError as error:
            self.wrong.emit(str(error))
        else:
            signal.emit(value)

    def _on_editing_finished(self) -> None:
        if self.isModified():
            self._offer(self.edited)
        self.settled.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.revert()
            self.tried.emit(self._shown)
        else:
            super().keyPressEvent(event)


class NumberEdit(QAbstractSpinBox):
    """A number, typed as arithmetic or stepped with arrows and wheel. A gesture lasts until key or button is let go."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()
    wrong = Signal(str)

    def __init__(
        self,
        whole: bool,
        optional: bool,
        bounds: Bounds,
        parent: QWidget | None = None,
        unit: str = "",
        zero: str = "",
    ) -> None:
        """``unit``: stands in the field, behind the number, and is no part of what is typed; ``zero``: at 0 instead."""
        super().__init__(parent)
        self._whole, self._optional, self._bounds = whole, optional, bounds
        self._shown: float | None = None
        self._mixed = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccelerated(True)
        self.setCorrectionMode(QAbstractSpinBox.CorrectionMode.CorrectToPreviousValue)
        self.setMinimumWidth(6 * GRID)
        self._unit, self._zero = unit, zero
        self.unit = QLabel(unit, self.lineEdit())
        self.unit.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.unit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        theme.set_role(self.unit, "dim")
        self.lineEdit().textChanged.connect(self._place_unit)
        self.lineEdit().textEdited.connect(lambda _text: self._offer(self.tried))
        self.editingFinished.connect(self._on_editing_finished)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_unit()

    def _place_unit(self) -> None:
        """It gives way to what is typed, and says nothing of a field in which there is no number."""
        field, text = self.lineEdit(), self.lineEdit().text()
        self.unit.setText(self._zero if self._zero and text.strip() == "0" else self._unit)
        taken = self.unit.sizeHint().width() + GRID // 2 if self.unit.text() else 0
        roomy = bool(text) and taken + field.fontMetrics().horizontalAdvance(text) + GRID <= field.width()
        self.unit.setVisible(roomy)
        self.unit.setGeometry(field.rect().adjusted(0, 0, -GRID // 2, 0))
        field.setTextMargins(0, 0, taken if roomy else 0, 0)

    def show_value(self, value: float | None) -> None:
        if value != self._shown or self._mixed or not self.lineEdit().isModified():
            self._shown, self._mixed = value, False
            self.lineEdit().setPlaceholderText("none" if self._optional else "")
            self.lineEdit().setText("" if value is None else shown(value))

    def show_mixed(self) -> None:
        self._shown, self._mixed = None, True
        self.lineEdit().clear()
        self.lineEdit().setPlaceholderText(SEVERAL)

    def _read(self) -> float | None:
        text = self.lineEdit().text()
        if self._optional and not text.strip():
            return None
        value = number(text)
        if self._whole and isinstance(value, float) and value.is_integer():
            return int(value)
        return value

    def _offer(self, signal: Any) -> None:
        try:
            value = self._read()
        except ValueError as error:
            self.wrong.emit(str(error))
        else:
            signal.emit(value)

    def _on_editing_finished(self) -> None:
        if self.lineEdit().isModified():
            self._offer(self.edited)
        self.settled.emit()

    def validate(self, text: str, position: int) -> object:
        # Half an expression is not wrong yet: what it comes to is tried, and said, by the form.
        return (QValidator.State.Acceptable, text, position)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._low is None or self._shown is None or self._shown > self._low:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        if self._high is None or self._shown is None or self._shown < self._high:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        return flags

    @property
    def _low(self) -> float | None:
        return self._bounds.low

    @property
    def _high(self) -> float | None:
        return self._bounds.high

    def stepBy(self, steps: int) -> None:
        try:
            value = self._read()
        except ValueError:
            value = self._shown
        value = 0 if value is None else value
        value = value + steps if self._whole else stepped(value, steps, self._low, self._high)
        value = value if self._low is None else max(value, self._low)
        value = value if self._high is None else min(value, self._high)
        self.lineEdit().setText(shown(value))
        self.lineEdit().setModified(False)
        self.edited.emit(value)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.lineEdit().isModified():
            self.lineEdit().setModified(False)
            self.lineEdit().setText("" if self._shown is None else shown(self._shown))
            self.tried.emit(self._shown)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # Qt's own way with Enter would write its idea of the value, which is none, into the field.
            self._on_editing_finished()
            self.selectAll()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        super().keyReleaseEvent(event)
        if event.key() in KEYS_OF_A_GESTURE and not event.isAutoRepeat():
            self.settled.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.settled.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self.settled.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A wheel that scrolls the panel must not change what it passes over.
        super().wheelEvent(event) if self.hasFocus() else event.ignore()


class ChoiceEdit(Choice):
    """One of several named values."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()
    wrong = Signal(str)

    def __init__(self, choices: Sequence[tuple[Any, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values = [value for value, _ in choices]
        self.addItems([title for _, title in choices])
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(6)
        self.activated.connect(self._on_activated)

    def show_value(self, value: Any) -> None:
        self.setCurrentIndex(self._values.index(value) if value in self._values else -1)

    def show_mixed(self) -> None:
        self.setPlaceholderText(SEVERAL)
        self.setCurrentIndex(-1)

    def _on_activated(self, index: int) -> None:
        self.edited.emit(self._values[index])
        self.settled.emit()


class SwitchEdit(QCheckBox):
    """Yes or no."""

    tried = Signal(object)
    edited = Signal(object)
    settled = Signal()
    wrong = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clicked.connect(self._on_clicked)

    def show_value(self, value: bool) -> None:
        self.setTristate(False)
        self.setChecked(value)

    def show_mixed(self) -> None:
        self.setTristate(True)
        self.setCheckState(Qt.CheckState.PartiallyChecked)

    def _on_clicked(self) -> None:
        self.setTristate(False)
        self.edited.emit(self.checkState() != Qt.CheckState.Unchecked)
        self.settled.emit()
