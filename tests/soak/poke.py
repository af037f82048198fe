"""Touches a control as a person might who does not know what it does: whatever is there, views to come included."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial
from typing import Final

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QGraphicsView,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QTabBar,
    QToolButton,
    QWidget,
    QWidgetAction,
)

TYPED: Final = ("1", "2", "3", "4", "2**3", "0.1", "0.5", "1e-3", "-1", "x", "")
LETTERS: Final = ("dense", "re", "a", "loss", "zz", "")
NEVER: Final = ("Print",)  # its dialog is the system's
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def poke(root: QWidget, chance: random.Random) -> str:
    """Touch one of the controls in ``root`` that can be seen; says of which kind it was, "" where there is none."""
    # not with `findChildren`: what that finds PySide keeps, also when Qt has deleted it
    inside = [widget for widget in QApplication.allWidgets() if widget is root or root.isAncestorOf(widget)]
    found = sorted((widget for widget in inside if _can_be_touched(widget)), key=partial(_place, root))
    if not found:
        return ""
    widget = chance.choice(found)
    name = type(widget).__name__
    _touch(widget)(widget, chance)
    return name


def _place(root: QWidget, widget: QWidget) -> tuple[str, int, int]:
    """By which controls are put in an order that is the same in every run."""
    at = widget.mapTo(root, QPoint())
    return type(widget).__name__, at.x(), at.y()


def _can_be_touched(widget: QWidget) -> bool:
    if not (widget.isEnabled() and widget.isVisible()) or isinstance(widget, QScrollBar | QMenu):
        return False
    if isinstance(widget.parentWidget(), QAbstractSpinBox | QComboBox):
        return False  # a part of what is touched as a whole
    if isinstance(widget, QAbstractButton) and any(word in widget.toolTip() for word in NEVER):
        return False
    return any(isinstance(widget, kind) for kind in WAYS)


def _touch(widget: QWidget) -> Callable[[QWidget, random.Random], None]:
    return next(way for kind, way in WAYS.items() if isinstance(widget, kind))


def _choose(box: QComboBox, chance: random.Random) -> None:
    if box.count():
        index = chance.randrange(box.count())
        box.setCurrentIndex(index)
        box.activated.emit(index)


def _press(button: QAbstractButton, chance: random.Random) -> None:
    menu = button.menu() if isinstance(button, QToolButton | QPushButton) else None
    if menu is None:
        QTest.mouseClick(button, LEFT, NONE, button.rect().center())
    else:
        pick(menu, chance)


def pick(menu: QMenu, chance: random.Random) -> None:
    """One entry of a menu, or of one below it."""
    menu.aboutToShow.emit()
    actions = [action for action in menu.actions() if action.isEnabled() and not action.isSeparator()]
    if not actions:
        return
    action = chance.choice(actions)
    if action.menu() is not None:
        pick(action.menu(), chance)
    elif isinstance(action, QWidgetAction):
        menu.popup(menu.parentWidget().mapToGlobal(QPoint(0, 0)) if menu.parentWidget() else QPoint(0, 0))
        poke(action.defaultWidget(), chance)
        menu.close()
    else:
        action.trigger()


def _type_number(box: QAbstractSpinBox, chance: random.Random) -> None:
    if chance.random() < 0.5:
        box.stepBy(chance.choice([-1, 1, 2]))
        return
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, chance.choice(TYPED))
    QTest.keyClick(box, Qt.Key.Key_Return)


def _type(line: QLineEdit, chance: random.Random) -> None:
    line.setFocus()
    line.selectAll()
    QTest.keyClicks(line, chance.choice(TYPED + LETTERS))
    QTest.keyClick(line, chance.choice([Qt.Key.Key_Return, Qt.Key.Key_Escape]))


def _write(text: QPlainTextEdit, chance: random.Random) -> None:
    text.setFocus()
    QTest.keyClicks(text, chance.choice(LETTERS))


def _slide(slider: QAbstractSlider, chance: random.Random) -> None:
    slider.setValue(chance.randint(slider.minimum(), slider.maximum()))


def _tab(bar: QTabBar, chance: random.Random) -> None:
    if bar.count():
        bar.setCurrentIndex(chance.randrange(bar.count()))


def _click_row(view: QAbstractItemView, chance: random.Random) -> None:
    model = view.model()
    if model is None or not model.rowCount():
        return
    index = model.index(chance.randrange(model.rowCount()), 0)
    view.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)
    click = chance.choice([QTest.mouseClick, QTest.mouseClick, QTest.mouseDClick])
    click(view.viewport(), LEFT, NONE, view.visualRect(index).center())


def _handle_plot(plot: QGraphicsView, chance: random.Random) -> None:
    """Hover, click, zoom, drag or have it follow again."""
    face = plot.viewport()
    places = [QPoint(chance.randrange(max(face.width(), 1)), chance.randrange(max(face.height(), 1))) for _ in "ab"]
    match chance.randrange(5):
        case 0:
            QTest.mouseMove(face, places[0])
        case 1:
            QTest.mouseClick(face, LEFT, NONE, places[0])
        case 2:
            turn(face, places[0], chance.choice([-120, 120]))
        case 3:
            QTest.mousePress(face, LEFT, NONE, places[0])
            QTest.mouseMove(face, places[1])
            QTest.mouseRelease(face, LEFT, NONE, places[1])
        case _:
            QTest.mouseDClick(face, LEFT, NONE, places[0])


def turn(widget: QWidget, at: QPoint, angle: int, keys: Qt.KeyboardModifier = NONE) -> None:
    """Turn the wheel over a widget."""
    place = QPointF(at)
    event = QWheelEvent(
        place, widget.mapToGlobal(place), QPoint(), QPoint(0, angle), Qt.MouseButton.NoButton, keys,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


WAYS: Final[dict[type[QWidget], Callable[..., None]]] = {
    QComboBox: _choose,
    QAbstractButton: _press,
    QAbstractSpinBox: _type_number,
    QLineEdit: _type,
    QPlainTextEdit: _write,
    QAbstractSlider: _slide,
    QTabBar: _tab,
    QAbstractItemView: _click_row,
    QGraphicsView: _handle_plot,
}
