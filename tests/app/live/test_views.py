"""What all live views share: words where they are empty, a menu, the theme, and that unseen ones do nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from app import theme
from app.live import VIEWS
from app.live.fit import FitView
from app.live.loss import LossView
from app.session import Session
from engine.design.document import Document
from engine.training.log import COLUMNS
from tests.app.live.views import Told, colors_in, pixels, shown


def answer_dialog(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """The next question for a file is answered with ``path``."""

    def open_(dialog: QFileDialog) -> None:
        dialog.fileSelected.emit(str(path))
        dialog.finished.emit(1)

    monkeypatch.setattr(QFileDialog, "open", open_)


@pytest.mark.parametrize("row", VIEWS, ids=[row.key for row in VIEWS])
def test_that_an_empty_view_says_what_to_do_next(row: Any, qtbot: QtBot, session: Session, told: Told) -> None:
    view = row.make(session)
    shown(qtbot, view)
    view.refresh(told)
    assert any("Play" in label.text() for label in view.findChildren(QLabel) if label.isVisible())


@pytest.mark.parametrize("row", VIEWS, ids=[row.key for row in VIEWS])
def test_that_an_empty_view_does_not_ask_for_play_where_nothing_can_be_trained(
    row: Any, qtbot: QtBot, session: Session
) -> None:
    view = row.make(session)
    shown(qtbot, view)

    def says(words: str) -> bool:
        return any(words in label.text() for label in view.findChildren(QLabel) if label.isVisible())

    whole = session.document
    session.edit("Loosen", whole.but(wires=whole.wires[:1]))
    qtbot.waitUntil(lambda: says("Problems"))
    session.open(Document())
    qtbot.waitUntil(lambda: says("Drag an Input"))


@pytest.mark.parametrize("name", ["loss.png", "loss.svg", "loss.csv"])
def test_that_a_view_is_saved_from_its_menu(
    name: str, loss: LossView, told: Told, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.epochs(3.0, 1.0, 2.0)
    loss.refresh(told)
    path = tmp_path / name
    answer_dialog(monkeypatch, path)
    words = "CSV" if name.endswith("csv") else "Save picture"
    place = loss.plot.mapFromScene(loss.plot.box.sceneBoundingRect().center())
    with qtbot.waitSignal(loss.sharing.told) as saved:
        qtbot.mouseClick(loss.plot.viewport(), Qt.MouseButton.RightButton, pos=place)
        qtbot.waitUntil(loss.sharing.menu.isVisible)
        next(a for a in loss.sharing.menu.actions() if words in a.text().replace("&", "")).trigger()
        loss.sharing.menu.hide()
    assert saved.args == [f"Saved {name}"]
    if name.endswith("png"):
        image = QImage(str(path))
        assert image.width() >= 2 * loss.width()
        assert QColor(theme.current().positive).rgb() in pixels(image)
    elif name.endswith("svg"):
        text = path.read_text()
        assert "Training" in text  # letters stay letters, lines stay lines
        assert f'stroke="{theme.current().positive}"' in text
        assert "<image" not in text
    else:
        lines = path.read_text().splitlines()
        assert lines[0] == ",".join(COLUMNS)
        assert [line.split(",")[2] for line in lines[1:]] == ["3", "1", "2"]


def test_that_a_picture_can_be_copied_and_a_failed_save_is_told(
    loss: LossView, told: Told, qapp: QApplication, tmp_path: Path
) -> None:
    told.epochs(3.0, 1.0)
    loss.refresh(told)
    loss.sharing.copy_picture()
    assert qapp.clipboard().image().width() >= 2 * loss.width()
    said: list[str] = []
    loss.sharing.told.connect(said.append)
    loss.sharing.save_picture(tmp_path / "nowhere" / "a.png")
    assert "it is not there" in said[0]


def test_that_a_hidden_window_asks_and_draws_nothing(qtbot: QtBot, session: Session, told: Told) -> None:
    from app.pulse import Pulse

    view = FitView(session)
    qtbot.addWidget(view)
    told.facts = list  # type: ignore[attr-defined]
    pulse = Pulse(lambda: told)  # type: ignore[arg-type,return-value]
    pulse.keep_fresh(view)
    pulse.beat()
    assert not told.asked
    shown(qtbot, view)
    pulse.beat()
    assert told.asked
    pulse.go(False)


@pytest.mark.parametrize("dark", [True, False], ids=["dark", "light"])
def test_that_views_wear_the_theme_when_it_changes(dark: bool, qapp: QApplication, loss: LossView, told: Told) -> None:
    theme.apply(qapp, not dark)
    told.epochs(1.0, 0.5)
    loss.refresh(told)
    worn = theme.apply(qapp, dark)
    assert {worn.positive, worn.negative, worn.window} <= colors_in(loss)
