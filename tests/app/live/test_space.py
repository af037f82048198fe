"""The space as the user sees it: which layer is shown, what moves and what stays, and where it leads."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication, QComboBox, QTabBar
from pytestqt.qtbot import QtBot

import engine
from app import theme
from app.live.asking import Priced
from app.live.fit import FitView
from app.live.space.view import SpaceView
from app.main_window import MainWindow
from app.pulse import in_sight
from app.session import Session
from engine.data.prepare import Prepared
from engine.design.document import Document
from engine.insight.warp import Warp, WarpPicture
from engine.program.program import Program
from tests.app.canvas.hand import Hand
from tests.app.conftest import Open
from tests.app.live.views import colors_in, shown, wheel
from tests.builders import chain, dense


class Still:
    """A trainer that does not train: it answers at once, with what the network is now."""

    def __init__(self, program: Program | None) -> None:
        self.program = program
        self.status = SimpleNamespace(phase="ready", unfinished=False)
        self.asked: list[Warp] = []
        self._answer: Any = None

    def ask(self, _key: str, question: Priced) -> None:
        assert isinstance(question.question, Warp)
        self.asked.append(question.question)
        self._answer = question.answer(self.program) if self.program else None

    def answer(self, _key: str) -> Any:
        return self._answer


def narrow(**fields: Any) -> Document:
    """Down to two units before the output."""
    return chain(dense(5, "tanh"), dense(2, "tanh"), dense(1), data="circle", title="Narrow", **fields)


@pytest.fixture
def session(qapp: QApplication) -> Session:
    return Session(narrow())


@pytest.fixture
def still(session: Session) -> Still:
    return Still(engine.compile(session.document, seed=1))


@pytest.fixture
def space(qtbot: QtBot, session: Session) -> SpaceView:
    view = SpaceView(session)
    shown(qtbot, view)
    return view


def look(space: SpaceView, still: Still) -> WarpPicture:
    """Ask, and see the answer."""
    space._asker.hurry()
    space.refresh(still)  # type: ignore[arg-type]
    space.refresh(still)  # type: ignore[arg-type]
    assert space.picture is not None
    return space.picture


def test_that_grid_boundary_and_points_are_drawn_in_the_colours_of_the_key(space: SpaceView, still: Still) -> None:
    picture = look(space, still)
    assert (picture.node, picture.straight) == ("dense_2", True)
    assert [entry.text() for entry in space._header._entries] == ["Training", "Validation", "Boundary", "x1", "x2"]
    assert space._header.reading.text() == "both units"
    colors = theme.current()
    assert {colors.text, colors.positive, colors.negative} <= colors_in(space.drawing.plot)
    (left, right), (bottom, top) = space.drawing.plot.box.viewRange()
    for lines in picture.grid:
        assert left < lines[..., 0].min() < lines[..., 0].max() < right
        assert bottom < lines[..., 1].min() < lines[..., 1].max() < top


def test_that_points_move_with_the_network_and_keep_their_colours(
    space: SpaceView, still: Still, qapp: QApplication, qtbot: QtBot
) -> None:
    before = look(space, still)
    marks = space.drawing._train
    brushes = marks.data["brush"].tolist()
    assert still.program is not None
    still.program.set_parameters({"dense_2/bias": np.array([0.2, -0.1])})
    after = look(space, still)
    assert np.abs(after.train.x - before.train.x).max() > 0.01
    assert np.column_stack([marks.data["x"], marks.data["y"]]) == pytest.approx(after.train.x)
    assert marks.data["brush"].tolist() == brushes
    bounds = marks.boundingRect()
    assert bounds.left() <= after.train.x[:, 0].min()
    assert bounds.right() >= after.train.x[:, 0].max()
    worn = theme.apply(qapp, not theme.current().dark)
    qtbot.waitUntil(lambda: not theme.announcer.busy)
    assert {worn.positive, worn.negative, worn.text} <= colors_in(space.drawing.plot)
    theme.apply(qapp, not worn.dark)


def test_that_a_network_that_rests_is_not_painted_again(space: SpaceView, still: Still) -> None:
    first = look(space, still)
    line, path = space.drawing._grid[0], space.drawing._grid[0].yData
    second = look(space, still)
    assert second is not first
    assert line.yData is path
    assert still.program is not None
    still.program.set_parameters({"dense_2/bias": np.array([0.2, -0.1])})
    look(space, still)
    assert line.yData is not path


def test_that_the_users_zoom_is_kept_while_the_space_moves_and_follow_brings_all_back(
    space: SpaceView, still: Still, qtbot: QtBot
) -> None:
    look(space, still)
    plot = space.drawing.plot
    wheel(plot, plot.mapFromScene(plot.box.sceneBoundingRect().center()), 480)
    mine = plot.box.viewRange()
    assert still.program is not None
    still.program.set_parameters({"dense_2/bias": np.array([1.0, -1.0])})
    look(space, still)
    assert plot.box.viewRange() == mine
    qtbot.mouseClick(plot._follow, Qt.MouseButton.LeftButton)
    assert plot.box.viewRange()[0][1] - plot.box.viewRange()[0][0] > mine[0][1] - mine[0][0]


def test_that_the_axes_can_be_chosen_until_another_design_is_opened(
    space: SpaceView, still: Still, session: Session, qtbot: QtBot
) -> None:
    look(space, still)
    session.select(["dense_1"])
    assert look(space, still).way == "pca"
    assert "PCA: " in space._header.reading.text()
    look(space, still)
    before = still.asked[-1].before
    assert before is not None
    assert before.node == "dense_1"
    space.way.setFocus()
    qtbot.keyClick(space.way, Qt.Key.Key_Up)
    assert space.way.currentText() == "Units 1, 2"
    assert look(space, still).way == "units"
    assert space._header.reading.text().startswith("2 of 5 units: ")
    session.open(narrow())
    look(space, still)
    assert (still.asked[-1].way, still.asked[-1].prefer) == (None, ())


def test_that_a_clicked_example_is_ringed_here_and_everywhere(
    space: SpaceView, still: Still, session: Session, qtbot: QtBot
) -> None:
    picture = look(space, still)
    plot, chosen = space.drawing.plot, space.drawing._chosen
    corner = int(picture.train.x.sum(axis=1).argmax())
    place = plot.mapFromScene(plot.box.mapViewToScene(QPointF(*picture.train.x[corner])))
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    row = session.picked.row
    assert row is not None
    (ring,) = np.column_stack([chosen.data["x"], chosen.data["y"]])
    assert ring == pytest.approx(picture.train.x[corner], abs=0.1)
    session.picked.choose_row(int(picture.validation.rows[3]))
    (ring,) = np.column_stack([chosen.data["x"], chosen.data["y"]])
    assert ring == pytest.approx(picture.validation.x[3])
    session.picked.choose_row(None)
    assert len(chosen.data) == 0


def test_that_layers_are_called_as_the_user_calls_them(space: SpaceView, still: Still, session: Session) -> None:
    look(space, still)
    assert texts(space.layer) == ["input_1", "dense_1", "dense_2"]
    session.edit("Rename", session.document.replace("dense_2", name="Bottleneck"))
    look(space, still)
    assert texts(space.layer)[2] == space.layer.currentText() == "Bottleneck"


def texts(box: QComboBox) -> list[str]:
    return [box.itemText(number) for number in range(box.count())]


def test_that_what_the_numbers_are_is_written_into_a_table(space: SpaceView, still: Still) -> None:
    picture = look(space, still)
    columns = space._numbers()
    assert list(columns) == ["part", "row", "class", "unit 1", "unit 2"]
    assert set(columns["class"]) == {"orange", "blue"}
    count = len(picture.train.x)
    assert columns["part"].count("training") == count
    assert columns["unit 2"][:count].tolist() == picture.train.x[:, 1].tolist()


def test_that_it_says_what_to_do_where_no_layer_has_two_units_or_nothing_can_be_trained(
    space: SpaceView, still: Still
) -> None:
    still.program = engine.compile(chain(dense(1), data="line"))
    look(space, still)
    assert space._no_layer.isVisible()
    assert space._numbers() == {}
    assert not space.layer.isVisible()
    still.program = engine.compile(narrow())
    look(space, still)
    assert space.drawing.plot.isVisible()
    still.program, still._answer = None, None
    space.refresh(still)  # type: ignore[arg-type]
    assert space.drawing.plot.isVisible()  # no flicker while an edit is taken in
    still.status.phase = "failed"
    space.refresh(still)  # type: ignore[arg-type]
    assert "Play" in space._empty.text()
    assert space._empty.isVisible()


@pytest.mark.parametrize("classes", [3, 9, 12])
def test_that_many_classes_have_their_own_colours_and_the_key_has_room(
    classes: int, space: SpaceView, still: Still, session: Session
) -> None:
    random = np.random.default_rng(0)
    names = tuple("ABCDEFGHIJKL"[:classes])
    y = np.arange(90) % classes
    data = Prepared.from_arrays(random.normal(size=(90, 4)) + y[:, None], y, "multiclass", classes=names)
    document = chain(dense(6, "tanh"), dense(classes))
    still.program = engine.compile(document, data)
    session.open(document)
    assert look(space, still).grid == ()
    parts = ["Training", "Validation"]
    expected = {3: [*parts, *names], 9: list(names), 12: parts}  # twelve would have to share ten colours
    assert [entry.text() for entry in space._header._entries] == expected[classes]
    assert {theme.current().class_color(number) for number in range(classes)} <= colors_in(space.drawing.plot)
    assert not any(line.isVisible() for line in space.drawing._grid)


def test_that_a_network_that_gives_nonsense_is_drawn(space: SpaceView, still: Still) -> None:
    look(space, still)
    assert still.program is not None
    still.program.set_parameters({"dense_2/bias": np.array([np.nan, np.inf])})
    look(space, still)
    assert len(colors_in(space)) > 2


def test_that_canvas_and_choice_follow_each_other(open_window: Open, qtbot: QtBot) -> None:
    document = narrow()
    for number, node in enumerate(document.nodes):
        document = document.replace(node.id, x=176.0 * number)
    window: MainWindow = open_window(document)
    window.make_view("space")
    space, fit = window.views["space"], window.views["fit"]
    assert isinstance(space, SpaceView)
    assert isinstance(fit, FitView)
    bar, number = next(
        (bar, n) for bar in window.findChildren(QTabBar) for n in range(bar.count()) if bar.tabText(n) == "Space"
    )
    qtbot.waitUntil(lambda: fit.picture is not None and not in_sight(space))
    asked_at, seen = space._asker._asked, fit.picture
    qtbot.waitUntil(lambda: fit.picture is not seen)
    assert space._asker._asked == asked_at  # behind a tab it asks nothing
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(number).center())
    qtbot.waitUntil(lambda: space.picture is not None and space.layer.isVisible())
    assert space.picture.node == "dense_2"
    hand = Hand(window.canvas)

    def click(node: str) -> None:
        item = window.canvas.canvas_scene.nodes[node]
        hand.click(item.sceneBoundingRect().topLeft() + QPointF(30, 14))

    click("dense_1")
    assert window.session.selection == {"dense_1"}
    qtbot.waitUntil(lambda: space.picture.node == "dense_1")
    assert space.layer.currentIndex() == 1
    asked: WarpPicture | None = space.picture
    click("dense_3")  # one unit: there is no plane to show
    qtbot.waitUntil(lambda: space.picture is not asked)
    assert space.picture.node == "dense_1"
    space.layer.setFocus()
    qtbot.keyClick(space.layer, Qt.Key.Key_Down)
    assert window.session.selection == {"dense_2"}
    qtbot.waitUntil(lambda: space.picture.node == "dense_2")
    before = space.picture.train.x
    window.running.toggle_play()
    qtbot.waitUntil(lambda: np.abs(space.picture.train.x - before).max() > 0.05)
    window.running.toggle_play()
