"""What views do with little room: keys go below, readings are silent, large letters do not make the window wider."""

from __future__ import annotations

from itertools import combinations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from app import preferences
from app.appearance import dress
from app.choice import choice
from app.elided import Elided
from app.live import VIEWS
from app.live.key import Entry, Header
from app.live.plot import LivePlot
from app.main_window import OPENING_SIZE, MainWindow
from app.run_bar import SIGN


def test_that_a_key_has_a_row_of_its_own_where_one_is_too_long(qtbot: QtBot) -> None:
    header = Header()
    qtbot.addWidget(header)
    header.lead(QPushButton("What is shown"))
    entries = [Entry(name, "disc", "healthy") for name in ("Healthy", "Vanishing", "Exploding")]
    header.set_entries(entries)
    header.resize(600, header.sizeHint().height())
    header.show()
    qtbot.waitUntil(lambda: all(entry.isVisible() for entry in entries))
    one = header.sizeHint().height()
    header.resize(240, one)
    qtbot.waitUntil(lambda: header.sizeHint().height() > one)
    assert all(entry.width() >= entry.sizeHint().width() for entry in entries)
    for _ in range(3):
        header.set_entries([Entry(name, "disc", "healthy") for name in ("Healthy", "Vanishing", "Exploding")])
    assert header._below.count() == len(entries), "of the keys before nothing is left"
    header.resize(600, one)
    qtbot.waitUntil(lambda: header.sizeHint().height() == one)


def test_that_a_key_of_many_names_takes_as_many_lines_as_it_needs(qtbot: QtBot) -> None:
    column = QWidget()
    qtbot.addWidget(column)
    header = Header()
    QVBoxLayout(column).addWidget(header)
    header.lead(QPushButton("Curves"))
    entries = [Entry(f"Learning rate: 0.{number}", "line", number, toggles=True) for number in range(8)]
    header.set_entries(entries)
    column.resize(340, 300)
    column.show()
    qtbot.waitUntil(lambda: len({entry.y() for entry in entries}) > 2)
    assert all(entry.width() >= entry.sizeHint().width() for entry in entries)
    places = [entry.geometry() for entry in entries]
    assert not any(one.intersects(other) for one, other in combinations(places, 2))
    assert all(header.rect().contains(place) for place in places)


def test_that_what_follows_an_entry_in_the_row_keeps_room_for_the_reading(qtbot: QtBot) -> None:
    header = Header()
    qtbot.addWidget(header)
    header.lead(QPushButton("Plane"))
    header.set_entries([Entry(name, "disc", "healthy") for name in ("Training", "Validation")])
    header.say("96.7 % of 30 validation rows")
    header.resize(360, 60)
    header.show()
    qtbot.waitUntil(lambda: header.reading.words == header.reading.text())


def test_that_a_reading_with_room_for_nothing_says_nothing(qtbot: QtBot) -> None:
    reading = Elided(least=8)
    qtbot.addWidget(reading)
    reading.setText("wanted blue, answered blue")
    for letters, said in ((4, False), (14, True), (60, True)):
        reading.resize(letters * reading.fontMetrics().averageCharWidth(), 20)
        assert bool(reading.words) == said
    reading.setText("tanh")
    assert reading.words == "tanh"


def test_that_other_words_have_nothing_laid_out_anew(qtbot: QtBot) -> None:
    laid_out: list[QEvent.Type] = []

    class Frame(QWidget):
        def event(self, event: QEvent) -> bool:
            if event.type() == QEvent.Type.LayoutRequest:
                laid_out.append(event.type())
            return super().event(event)

    frame = Frame()
    qtbot.addWidget(frame)
    row = QHBoxLayout(frame)
    reading, named = Elided(), Elided()
    named.setAccessibleName("Memory")
    for widget in (reading, named):
        row.addWidget(widget)
    frame.show()
    QApplication.processEvents()
    laid_out.clear()
    for words in ("10 kB", "of 1,000,000 bytes", ""):
        reading.setText(words)
        named.setText(words)
        QApplication.processEvents()
        assert reading.accessibleName() == words, "read out as a label's"
        assert (named.accessibleName(), named.accessibleDescription()) == ("Memory", words)
    assert laid_out == []


def test_that_a_reading_that_grows_sends_the_key_below(qtbot: QtBot) -> None:
    header = Header()
    qtbot.addWidget(header)
    header.set_entries([Entry(name, "disc", "healthy") for name in ("Training", "Validation")])
    header.say("3 %")
    header.resize(sum(word.sizeHint().width() for word in header.words) + 40, 60)
    header.show()
    qtbot.waitUntil(lambda: header.reading.words == "3 %")
    assert header.words[0].y() < header.reading.geometry().bottom(), "beside it"
    header.say("97 % of 30 rows")
    qtbot.waitUntil(lambda: header.words[0].y() > header.reading.geometry().bottom())
    assert header.reading.words == header.reading.text()


def test_that_a_choice_has_room_for_its_longest_text(qtbot: QtBot) -> None:
    made = choice("Layer")
    qtbot.addWidget(made)
    made.addItems(["Input", "Hidden 2", "Mini-batch gradient descent"])
    for points in (9.0, 12.4, 13.5, 17.0):
        font = made.font()
        font.setPointSizeF(points)
        made.setFont(font)
        made.resize(made.sizeHint())
        for row in range(made.count()):
            made.setCurrentIndex(row)
            assert made.words == made.currentText(), points


def test_that_letters_half_as_large_again_fit_into_the_window_as_it_opens(window: MainWindow, qtbot: QtBot) -> None:
    window.resize(OPENING_SIZE)
    for key in {view.key for view in VIEWS} - window.views.keys():
        window.make_view(key)
    preferences.FONT_SCALE.set(150)
    dress()
    try:
        qtbot.waitUntil(lambda: window.inspector.minimumSizeHint().width() > 300)
        play = next(b for b in window.run_bar.findChildren(QToolButton) if b.text() == "Play")
        qtbot.waitUntil(lambda: play.iconSize().width() > SIGN)
        hint = window.minimumSizeHint()
        assert hint.width() <= OPENING_SIZE.width()
        assert hint.height() <= OPENING_SIZE.height()
    finally:
        preferences.FONT_SCALE.set(preferences.FONT_SCALE.usual)
        dress()


def test_that_no_line_of_a_key_is_cut_where_the_plot_below_can_give_way(qtbot: QtBot) -> None:
    view, header, plot = QWidget(), Header(), LivePlot()
    qtbot.addWidget(view)
    column = QVBoxLayout(view)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(header)
    column.addWidget(plot, 1)
    names = "Gradient descent", "SGD", "Mini-batch", "Momentum", "RMSProp", "Adam"
    header.set_entries([Entry(name, "line", place, toggles=True) for place, name in enumerate(names)])
    view.resize(260, header.heightForWidth(260) + 76)
    view.show()
    QApplication.processEvents()
    assert header.height() >= header.heightForWidth(header.width())
    assert view.rect().contains(plot.geometry())
