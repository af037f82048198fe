"""One view on the whole window: its letters are as large as the window allows, and as before when it is left."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QTextBrowser, QWidget
from pytestqt.qtbot import QtBot

from app import preferences
from app.appearance import dress
from app.live import VIEWS
from app.live.history import Series
from app.live.strokes import FEW
from app.main_window import MainWindow
from app.panels.form import WIDEST
from app.solo import LARGEST, enlargement

KEYS = [view.key for view in VIEWS]


def letters(window: MainWindow, key: str) -> dict[QWidget, float]:
    """Points of the letters of everything in a dock that stays what it is."""
    view = window.views[key]
    widgets = [each for each in (view, *view.findChildren(QWidget)) if each.window() is window]  # no menus
    return {each: each.font().pointSizeF() for each in widgets if not within_a_page(each)}


def within_a_page(widget: QWidget) -> bool:
    """Ground and bars of a page, which nobody reads: they take the page's letters when they are next asked."""
    above = widget.parent()
    return isinstance(above, QWidget) and (isinstance(above, QTextBrowser) or within_a_page(above))


def test_that_letters_grow_with_the_window_and_never_shrink() -> None:
    assert enlargement(QSize(800, 500), 14) == 1
    assert enlargement(QSize(1920, 1080), 14) == 1.5
    assert enlargement(QSize(1920, 500), 14) == 1, "a low window has no room for larger ones"
    assert enlargement(QSize(1920, 1080), 21) < 1.2, "those who read large letters have them already"
    assert enlargement(QSize(9000, 9000), 14) == LARGEST


@pytest.mark.parametrize("key", KEYS)
def test_that_a_view_alone_has_larger_letters_until_it_is_left(key: str, window: MainWindow, qtbot: QtBot) -> None:
    window.resize(1920, 1080)
    window.views.get(key) or window.make_view(key)
    window.docks[key].raise_()
    before = letters(window, key)
    window.solo.toggle(key)
    factor = enlargement(window.size(), window.fontMetrics().height())
    assert factor > 1.2
    alone = letters(window, key)
    for widget, points in before.items():
        if widget in alone:
            assert alone[widget] > 0.99 * factor * points, widget
    window.solo.leave()
    window.docks[key].raise_()

    def as_before() -> bool:
        after = letters(window, key)
        return all(after[each] == pytest.approx(before[each], rel=0.01) for each in before.keys() & after.keys())

    qtbot.waitUntil(as_before)


def test_that_the_letters_of_a_view_alone_follow_the_window_and_the_preferences(
    window: MainWindow, qtbot: QtBot
) -> None:
    view: Any = window.views["loss"]
    usual = view.font().pointSizeF()
    window.resize(1920, 1080)
    window.solo.toggle("loss")
    large = view.font().pointSizeF()
    window.resize(1280, 800)
    qtbot.waitUntil(lambda: view.font().pointSizeF() < large)
    window.resize(1920, 1080)
    qtbot.waitUntil(lambda: view.font().pointSizeF() == pytest.approx(large))
    preferences.FONT_SCALE.set(150)
    dress()
    try:
        # half as large again: in a window of this size there is no room for larger ones still
        qtbot.waitUntil(lambda: view.font().pointSizeF() == pytest.approx(1.5 * usual, rel=0.01))
        header = view._header.reading
        qtbot.waitUntil(lambda: header.font().pointSizeF() == pytest.approx(0.92 * 1.5 * usual, rel=0.01))
    finally:
        preferences.FONT_SCALE.set(preferences.FONT_SCALE.usual)
        dress()
    window.solo.leave()
    qtbot.waitUntil(lambda: view.font().pointSizeF() == pytest.approx(usual, rel=0.01))
    assert header.font().pointSizeF() == pytest.approx(0.92 * usual, rel=0.01)


@pytest.mark.parametrize("key", ["inspector", "data"])
def test_that_the_fields_of_a_form_alone_are_not_as_wide_as_the_window(
    key: str, window: MainWindow, qtbot: QtBot
) -> None:
    window.resize(1920, 1080)
    panel = window.docks[key].widget()
    usual = WIDEST * panel.fontMetrics().averageCharWidth()
    window.solo.toggle(key)
    qtbot.waitUntil(lambda: panel.width() > 1900)
    qtbot.waitUntil(lambda: usual < panel.widget().width() < 1200)  # it grows with its letters


def test_that_a_curve_alone_is_drawn_wider_as_long_as_that_costs_no_frame(window: MainWindow, qtbot: QtBot) -> None:
    view: Any = window.views["loss"]
    (band, *_) = view._bands
    window.resize(1920, 1080)
    series = Series()
    series.extend(np.arange(FEW), np.ones(FEW))
    band.show_series(series, None, True, False, False)
    usual = band.raw.opts["pen"].widthF()
    window.solo.toggle("loss")
    assert band.raw.opts["pen"].widthF() == 2 * usual
    view.plot.box.setXRange(0, 3 * FEW, padding=0)
    series.extend(np.arange(FEW, 3 * FEW), np.ones(2 * FEW))
    band.show_series(series, None, True, False, False)
    assert band.raw.opts["pen"].widthF() == usual
