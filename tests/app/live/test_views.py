"""The live views on numbers that are known: what they show, what they leave to the user, what they say when empty."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QWidget
from pytestqt.qtbot import QtBot

from app import theme
from app.choice import Choice
from app.live import VIEWS
from app.live.asking import Priced
from app.live.axis import log_ticks
from app.live.fit import KEY, FitView
from app.live.gradients import GradientView
from app.live.history import AT_ONCE
from app.live.loss import LossView
from app.live.measures import MEASURES
from app.session import Session
from engine.design.document import Document
from engine.insight.pictures import (
    BoundaryPicture,
    ConfusionPicture,
    CurvePicture,
    Picture,
    Points,
    ScatterPicture,
    WorstPicture,
)
from engine.insight.questions import Fit
from engine.insight.tensors import LayerStat, TensorStats
from engine.insight.trail import Trail
from engine.training.log import COLUMNS, MetricLog
from tests.app.conftest import quick

NAMES: dict[str, Any] = {
    "inputs": ("width", "height"),
    "target": "kind",
    "seconds": 0.001,
    "kinds": ("plane", "confusion", "worst"),
}


class Told:
    """What a trainer publishes, as a test wants it."""

    def __init__(self) -> None:
        self.log, self.tensors, self.trail = MetricLog(), None, Trail()
        self.status = SimpleNamespace(phase="running")
        self.worked = 0.0
        self.asked: list[Fit] = []
        self.picture: Picture | None = None

    def ask(self, key: str, question: Priced) -> None:
        if key == KEY:
            self.asked.append(question.question)

    def answer(self, key: str) -> tuple[Picture, float] | None:
        return None if self.picture is None or key != KEY else (self.picture, self.worked)

    def epochs(self, *losses: float, metric: tuple[float, ...] = ()) -> None:
        rows = np.full((len(losses), len(COLUMNS)), np.nan)
        rows[:, 0] = np.arange(len(losses)) + self.log.length + 1
        rows[:, 2] = losses
        rows[:, 4] = np.array(losses) * 2
        if metric:
            rows[:, 3] = rows[:, 5] = metric
        self.log.append(rows)


def shown(qtbot: QtBot, view: QWidget) -> None:
    qtbot.addWidget(view)
    view.resize(420, 260)
    view.show()
    qtbot.waitExposed(view)


def pixels(image: QImage) -> set[int]:
    """Every colour that is in it."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    return set(np.unique(np.frombuffer(image.constBits(), np.uint32)).tolist())


def colors_in(widget: QWidget) -> set[str]:
    return {f"#{value & 0xFFFFFF:06x}" for value in pixels(widget.grab().toImage())}


def answer_dialog(monkeypatch: pytest.MonkeyPatch, path: Path) -> None:
    """The next question for a file is answered with ``path``."""

    def open_(dialog: QFileDialog) -> None:
        dialog.fileSelected.emit(str(path))
        dialog.finished.emit(1)

    monkeypatch.setattr(QFileDialog, "open", open_)


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def session(qapp: QApplication) -> Session:
    return Session(quick())


@pytest.fixture
def loss(qtbot: QtBot, session: Session) -> LossView:
    view = LossView(session)
    shown(qtbot, view)
    return view


@pytest.fixture
def fit(qtbot: QtBot, session: Session) -> FitView:
    view = FitView(session)
    shown(qtbot, view)
    return view


@pytest.fixture
def gradients(qtbot: QtBot, session: Session) -> GradientView:
    view = GradientView(session)
    shown(qtbot, view)
    return view


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


def test_that_the_reading_and_a_choice_end_in_an_ellipsis_and_tell_the_whole(
    fit: FitView, told: Told, qtbot: QtBot
) -> None:
    told.picture = replace(PICTURES["confusion"], counts=np.full((2, 2), 1234))
    fit.refresh(told)
    fit.resize(300, 200)
    reading = fit._header.reading
    qtbot.waitUntil(lambda: reading.words.endswith("…"))
    assert reading.toolTip() == reading.text()
    choice = Choice()
    qtbot.addWidget(choice)
    choice.addItems(["Mini-batch gradient descent"])
    choice.resize(100, choice.sizeHint().height())
    choice.show()
    assert choice.words.endswith("…")
    choice.resize(400, choice.height())
    assert choice.words == "Mini-batch gradient descent"


def test_that_the_loss_view_shows_all_while_it_follows(loss: LossView, told: Told) -> None:
    told.epochs(1.0, 0.1, 0.01)
    loss.refresh(told)
    assert not loss.plot.is_empty
    (left, right), (bottom, top) = loss.plot.box.viewRange()
    assert left <= 1
    assert right >= 3
    assert bottom <= -2
    assert top >= np.log10(2.0)
    told.epochs(*np.full(100, 1e-6))
    loss.refresh(told)
    (_, right), (bottom, _) = loss.plot.box.viewRange()
    assert right >= 103
    assert bottom <= -6


def test_that_the_users_zoom_is_kept_until_follow(loss: LossView, told: Told, qtbot: QtBot) -> None:
    told.epochs(*np.linspace(2, 1, 50))
    loss.refresh(told)
    middle = loss.plot.box.sceneBoundingRect().center()
    wheel(loss.plot, loss.plot.mapFromScene(middle), 480)
    mine = loss.plot.box.viewRange()
    assert not loss.plot.following
    told.epochs(*np.linspace(1, 0.5, 500))
    loss.refresh(told)
    assert loss.plot.box.viewRange() == mine
    qtbot.mouseClick(loss.plot._follow, Qt.MouseButton.LeftButton)
    assert loss.plot.box.viewRange()[0][1] >= 550


def wheel(plot: Any, at: QPoint, turn: int) -> None:
    from PySide6.QtGui import QWheelEvent

    event = QWheelEvent(
        QPointF(at), QPointF(plot.viewport().mapToGlobal(at)), QPoint(), QPoint(0, turn),
        Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(plot.viewport(), event)


def test_that_log_axes_can_be_toggled_and_numbers_without_logarithm_are_left_out(loss: LossView, told: Told) -> None:
    told.epochs(1.0, 0.0, 0.5)
    loss.refresh(told)
    line = loss._bands[0].raw
    assert np.isnan(line.yData).tolist() == [False, True, False]
    loss.scales.values.trigger()
    assert line.yData.tolist() == [1.0, 0.0, 0.5]
    loss.scales.epochs.trigger()
    assert line.xData == pytest.approx(np.log10([1, 2, 3]))


def test_that_the_legend_hides_a_curve_and_the_range_fits_the_other(loss: LossView, told: Told, qtbot: QtBot) -> None:
    told.epochs(1.0, 1.0)
    loss.refresh(told)
    qtbot.mouseClick(loss._entries[1], Qt.MouseButton.LeftButton)
    assert not loss._bands[1].raw.isVisible()
    assert loss.plot.box.viewRange()[1][1] < np.log10(2.0)


def test_that_smoothing_draws_the_mean_and_leaves_the_raw_curve_pale_behind_it(
    loss: LossView, told: Told, qtbot: QtBot
) -> None:
    told.epochs(*np.tile([1.0, 3.0], 200))
    loss.refresh(told)
    assert not loss._bands[0].mean.isVisible()
    loss.scales.menu.popup(loss.mapToGlobal(QPoint(0, 0)))
    qtbot.keyClick(loss.scales.slider, Qt.Key.Key_End)
    loss.scales.menu.hide()
    band = loss._bands[0]
    assert band.mean.isVisible()
    assert 10 ** band.mean.yData[-100:] == pytest.approx(3**0.5, abs=0.05)  # of the logarithms, as the axis is
    assert 10 ** band.raw.yData.max() == pytest.approx(3.0)
    colors = colors_in(loss.plot)
    assert theme.current().positive in colors
    told.epochs(*np.tile([1.0, 3.0], 50))
    loss.refresh(told)
    assert band.mean.xData[-1] == 500
    qtbot.keyClick(loss.scales.slider, Qt.Key.Key_Home)
    assert not band.mean.isVisible()


def test_that_the_metric_takes_the_place_of_the_loss_and_keeps_a_scale_of_its_own(
    loss: LossView, told: Told, qtbot: QtBot
) -> None:
    told.epochs(3.0, 1.0, 2.0, metric=(0.5, 0.75, 1.0))
    loss.refresh(told)
    qtbot.keyClick(loss.choice, Qt.Key.Key_Down)
    assert loss.choice.currentText() == "Accuracy"
    assert loss._bands[0].raw.yData.tolist() == [0.5, 0.75, 1.0]
    assert (loss._best.data["x"].tolist(), loss._best.data["y"].tolist()) == ([2], [0.75])
    assert not loss.scales.log_y
    place = loss.plot.box.mapViewToScene(QPointF(2.9, 0.6))
    qtbot.mouseMove(loss.plot.viewport(), loss.plot.mapFromScene(place))
    qtbot.waitUntil(lambda: loss.plot.reading == "epoch 3\ntraining 100.0 %\nvalidation 100.0 %")
    qtbot.keyClick(loss.choice, Qt.Key.Key_Up)
    assert loss.scales.log_y
    assert loss._bands[0].raw.yData == pytest.approx(np.log10([3, 1, 2]))


def test_that_a_metric_far_below_guessing_does_not_flatten_the_rest(loss: LossView, told: Told) -> None:
    told.epochs(3.0, 1.0, 2.0, metric=(-5000.0, 0.2, 0.9))
    loss.refresh(told)
    loss.choice.setCurrentIndex(1)
    assert -1.3 < loss.plot.box.viewRange()[1][0] < 0


def test_that_a_million_epochs_are_drawn_as_cheaply_as_a_thousand(loss: LossView, told: Told) -> None:
    told.epochs(*np.random.default_rng(0).uniform(0.1, 1, 1_000_000))
    loss.scales.slider.setValue(4)
    while True:
        before = loss._raw._read
        loss.refresh(told)
        assert loss._raw._read - before <= AT_ONCE
        if loss._raw._read == loss._smooth._read == 1_000_000:
            break
    for line in (loss._bands[0].raw, loss._bands[0].mean):
        assert len(line.xData) < 10 * loss.plot.box.width()
        assert line.xData[-1] == 1_000_000


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


@given(st.floats(-12, 6), st.floats(0.01, 15), st.floats(0.01, 3))
def test_that_ticks_of_a_logarithmic_axis_never_touch(low: float, span: float, room: float) -> None:
    places = log_ticks(low, low + span, room)
    assert all(low <= place <= low + span for place in places)
    assert all(after - before >= room - 1e-9 for before, after in pairwise(places))


def test_that_ticks_of_a_logarithmic_axis_are_round() -> None:
    told = [[round(10**place, 6) for place in log_ticks(*span)] for span in ((-2, 0, 0.2), (-2, 0, 0.5), (-1, 0, 0.04))]
    assert told == [[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1], [0.01, 0.1, 1], [n / 10 for n in range(1, 11)]]


def test_that_an_axis_within_one_decade_has_numbers_too() -> None:
    spans = (0.25, 0.75), (0.35, 1.2), (2.0, 9.5)
    told = [[round(10**place, 6) for place in log_ticks(*np.log10(span), 0.06)] for span in spans]
    assert told == [[0.3, 0.4, 0.5, 0.6, 0.7], [0.4, 0.6, 0.8, 1.0], [2.0, 4.0, 6.0, 8.0]]


def test_that_the_name_of_an_axis_stays_beside_it_and_is_elided(fit: FitView, told: Told, qtbot: QtBot) -> None:
    told.picture = boundary(axes=("width", "height"))
    fit.refresh(told)
    told.picture = boundary(axes=("width", "the height of it above the sea, in metres"))
    fit.refresh(told)
    plot = fit._drawings[BoundaryPicture].plot
    axis = plot.axes["left"]
    qtbot.waitUntil(lambda: axis.labelText.endswith("…"))
    label = axis.label.mapRectToScene(axis.label.boundingRect())
    assert axis.sceneBoundingRect().adjusted(-8, 0, 0, 0).contains(label.center())
    assert abs(label.center().y() - axis.sceneBoundingRect().center().y()) < 4
    assert label.height() <= axis.sceneBoundingRect().height()


def test_that_there_is_no_half_epoch_and_a_minus_is_no_hyphen(loss: LossView, told: Told) -> None:
    told.epochs(4.0, 3.0, 2.0)
    loss.refresh(told)
    axis = loss.plot.axes["bottom"]
    levels = axis.tickValues(1.0, 3.2, 300)
    assert {place for _, places in levels for place in places} <= {1.0, 2.0, 3.0}
    assert axis.tickStrings([-1.0], 1.0, 1.0) == ["−1"]


def test_that_the_best_epoch_is_marked_and_moves_when_there_is_a_better_one(
    loss: LossView, told: Told, qtbot: QtBot
) -> None:
    told.epochs(4.0, 1.0, 2.0)
    loss.refresh(told)
    assert (loss._best.data["x"].tolist(), loss._best.data["y"].tolist()) == ([2], [pytest.approx(np.log10(2.0))])
    told.epochs(0.5)
    loss.refresh(told)
    assert loss._best.data["x"].tolist() == [4]
    qtbot.mouseClick(loss._best_entry, Qt.MouseButton.LeftButton)
    assert len(loss._best.data) == 0


def test_that_the_value_under_the_mouse_is_read_out(loss: LossView, told: Told, qtbot: QtBot) -> None:
    told.epochs(4.0, 3.0, 2.0)
    loss.refresh(told)
    place = loss.plot.box.mapViewToScene(QPointF(2.1, 0.6))
    qtbot.mouseMove(loss.plot.viewport(), loss.plot.mapFromScene(place))
    qtbot.waitUntil(lambda: loss.plot.reading == "epoch 2\ntraining 3.000\nvalidation 6.000")


def stat(node: str, norm: float, **others: float) -> LayerStat:
    nothing = dict.fromkeys(("mean", "largest", "update_ratio"), 1e-3) | dict.fromkeys(
        ("dead", "saturated", "output_mean", "output_spread"), 0.0
    )
    return LayerStat(node=node, norm=norm, **(nothing | others))


def test_that_layers_are_judged_by_the_healthy_band_and_layers_that_do_not_learn_are_left_out(
    gradients: GradientView, told: Told
) -> None:
    layers = (stat("input", np.nan), stat("dense_1", 1e-8), stat("dense_2", 1e-2), stat("dense_3", 1e3))
    told.tensors = TensorStats(1, 0, (), (*layers, stat("dense_4", np.inf)))
    gradients.refresh(told)
    judged = [gradients.bars.judge(layer) for layer in gradients.bars.layers]
    assert judged == ["low", "healthy", "high", "high"]
    colors = theme.current()
    assert {colors.warning, colors.healthy, colors.sick} <= colors_in(gradients.bars)
    assert {"Healthy", "Vanishing", "Exploding"} == {e.text() for e in gradients._header._entries}
    gradients._choice.setCurrentIndex(3)
    assert [gradients.bars.judge(layer) for layer in gradients.bars.layers] == ["healthy"] * 4


def test_that_a_click_on_a_bar_selects_its_box(
    gradients: GradientView, told: Told, session: Session, qtbot: QtBot
) -> None:
    told.tensors = TensorStats(1, 0, (), (stat("dense_1", 0.1), stat("dense_2", 0.1)))
    gradients.refresh(told)
    second = QPoint(100, round(gradients.bars._row_top(1)) + 5)
    qtbot.mouseClick(gradients.bars, Qt.MouseButton.LeftButton, pos=second)
    assert session.selection == {"dense_2"}


def test_that_a_mean_is_drawn_from_zero_to_its_own_side(gradients: GradientView, told: Told) -> None:
    told.tensors = TensorStats(
        1, 1, (), (stat("dense_1", 0.1, output_mean=-2.0), stat("dense_2", 0.1, output_mean=7.0))
    )
    gradients.refresh(told)
    index = next(number for number, measure in enumerate(MEASURES) if measure.field == "output_mean")
    gradients._choice.setCurrentIndex(index)
    bars = gradients.bars
    assert [bars.judge(layer) for layer in bars.layers] == ["healthy", "high"]
    assert (bars.measure.place(-4.0), bars.measure.place(0.0), bars.measure.place(9.0)) == (0, 0.5, 1)
    assert [text for _, text in bars._ticks(300)] == ["−4", "−2", "0", "2", "4"]
    assert {"Too low", "Too high"} < {entry.text() for entry in gradients._header._entries}
    told.trail.append(told.tensors)
    gradients.over_time.setChecked(True)
    assert gradients.heat._limits == (-4, 4)
    assert not gradients.heat.grab().isNull()


def test_that_layers_without_weights_are_shown_where_it_is_about_their_outputs(
    gradients: GradientView, told: Told
) -> None:
    layers = (stat("input", np.nan), stat("dense_1", 0.1), stat("activation_1", np.nan, dead=0.75))
    told.tensors = TensorStats(1, 1, (), layers)
    gradients.refresh(told)
    assert [layer.node for layer in gradients.bars.layers] == ["dense_1"]
    low = gradients.bars.minimumHeight()
    gradients._choice.setCurrentIndex(4)
    assert [layer.node for layer in gradients.bars.layers] == ["dense_1", "activation_1"]
    assert gradients.bars.judge(gradients.bars.layers[1]) == "high"
    assert gradients.bars.minimumHeight() > low


def test_that_hovering_a_bar_gives_every_number(gradients: GradientView, told: Told) -> None:
    told.tensors = TensorStats(1, 1, (), (stat("dense_1", 0.1, dead=0.25, output_spread=0.5),))
    gradients.refresh(told)
    said = gradients.bars._told(gradients.bars.layers[0])
    assert [line.partition(":")[0] for line in said.splitlines()] == [measure.title for measure in MEASURES]
    assert "Dead units: 25.0 %" in said
    assert "Spread: 0.500" in said


def test_that_the_heat_map_tells_every_layer_at_every_time(
    gradients: GradientView, told: Told, session: Session, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.gradients.EVERY", 0.0)
    for step in range(1, 41):
        first = np.inf if step == 20 else 10.0**-step
        told.tensors = TensorStats(step, step // 4, (), (stat("dense_1", first), stat("dense_2", 0.5, dead=0.75)))
        told.trail.append(told.tensors)
    gradients.refresh(told)
    qtbot.mouseClick(gradients.over_time, Qt.MouseButton.LeftButton)
    heat = gradients.heat
    area = heat._area()
    upper = QPointF(area.left() + area.width() * 0.11, area.top() + area.height() / 4)
    assert heat.value_at(upper) == ("dense_1", 4, pytest.approx(1e-5))
    assert theme.current().sick in colors_in(heat)  # the one that was infinite
    told_words: list[str] = []
    monkeypatch.setattr("app.live.heat.QToolTip.showText", lambda at, text, widget: told_words.append(text))
    qtbot.mouseMove(heat, upper.toPoint())
    qtbot.waitUntil(lambda: bool(told_words))
    assert told_words[0].splitlines() == ["dense_1, epoch 1, step 5", "Norm: 1.0e−5"]
    qtbot.mouseClick(heat, Qt.MouseButton.LeftButton, pos=QPoint(round(area.center().x()), round(area.bottom()) - 5))
    assert session.selection == {"dense_2"}
    gradients._choice.setCurrentIndex(4)
    assert heat.value_at(QPointF(area.right() - 2, area.bottom() - 2)) == ("dense_2", 39, 0.75)
    columns = gradients._numbers()
    assert columns["dense_2, dead units"].tolist() == [0.75] * 40
    qtbot.mouseClick(gradients.over_time, Qt.MouseButton.LeftButton)
    assert gradients.bars.isVisible()


def points(*values: float) -> Points:
    return Points(
        np.column_stack([np.linspace(0, 1, len(values)), np.linspace(1, 0, len(values))]),
        np.array(values),
        np.arange(len(values)),
    )


def boundary(**changes: Any) -> BoundaryPicture:
    made = BoundaryPicture(
        **NAMES, classes=("no", "yes"), axes=("width", "height"), features=(0, 1), held=None,
        span=(0.0, 1.0, 0.0, 1.0), values=np.zeros((4, 4)), limits=(-1.0, 1.0),
        train=points(0, 1, 0), validation=points(1, 1),
    )  # fmt: skip
    return replace(made, **changes)


PICTURES = {
    "boundary": boundary(),
    "surface": boundary(classes=(), limits=(2.0, 7.0), values=np.full((4, 4), np.nan)),
    "classes": boundary(classes=("a", "b", "c"), values=np.full((4, 4, 3), 1 / 3)),
    "curve": CurvePicture(
        **NAMES, classes=(), x=np.linspace(0, 1, 9), y=np.full(9, np.inf), baseline=np.zeros(9), degree=1,
        r2=np.nan, baseline_r2=0.5, train=points(1, 2, 3), validation=points(2)
    ),
    "scatter": ScatterPicture(
        **NAMES, classes=(), train_true=np.arange(5.0), train_predicted=np.full(5, np.nan),
        validation_true=np.empty(0), validation_predicted=np.empty(0), r2=np.nan,
        train_rows=np.arange(5), validation_rows=np.empty(0),
    ),
    "confusion": ConfusionPicture(
        **NAMES, classes=("a", "b"), counts=np.array([[5, 1], [0, 0]]), part="validation"
    ),
    "worst": WorstPicture(
        **NAMES, classes=("a", "b"), part="validation", judged=9, wrong=2, begin=40, rows=np.array([41, 47]),
        true=np.array([0, 1]), predicted=np.array([1, 0]), score=np.array([0.1, np.nan]),
        values=np.array([[1.0, 2.0], [3.0, 4.0]]), images=None,
    ),
    "images": WorstPicture(
        **NAMES, classes=(), part="training", judged=9, wrong=9, begin=0, rows=np.array([3]), true=np.array([1.5]),
        predicted=np.array([2.5]), score=np.array([1.0]), values=np.zeros((1, 16)),
        images=np.arange(16, dtype=np.uint8).reshape(1, 4, 4),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_that_every_picture_is_drawn_even_of_a_network_that_answers_nonsense(
    name: str, fit: FitView, told: Told
) -> None:
    told.picture = PICTURES[name]
    fit.refresh(told)
    assert fit.picture is told.picture
    assert len(colors_in(fit)) > 5
    for other in PICTURES.values():  # another design, another picture, and back
        told.picture = other
        fit.refresh(told)
    told.picture = None
    fit.refresh(told)
    assert fit.picture is not None  # no flicker while an edit is taken in
    told.status.phase = "failed"
    fit.refresh(told)
    assert fit.picture is None


def offered(fit: FitView) -> list[str]:
    return [fit.choice.itemText(n) for n in range(fit.choice.count())]


def choose(qtbot: QtBot, box: Any, text: str) -> None:
    """As the keyboard does it: down to the entry, step by step."""
    box.setFocus()
    for _ in range(box.count()):
        if box.currentText() == text:
            return
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == text


def test_that_another_kind_of_picture_is_asked_for_at_once_and_forgotten_with_the_design(
    fit: FitView, told: Told, session: Session, qtbot: QtBot
) -> None:
    told.picture = PICTURES["boundary"]
    fit.refresh(told)
    assert offered(fit) == ["Plane", "Confusion", "Mistakes"]
    assert fit.choice.currentText() == "Plane"
    choose(qtbot, fit.choice, "Mistakes")
    fit.refresh(told)
    assert told.asked[-1].kind == "worst"
    told.picture = PICTURES["worst"]
    fit.refresh(told)
    assert fit.choice.currentText() == "Mistakes"
    session.open(quick("circle"))
    fit._asker.hurry()
    fit.refresh(told)
    assert told.asked[-1].kind is None


def test_that_a_polynomial_can_be_set_beside_a_curve(fit: FitView, told: Told, qtbot: QtBot) -> None:
    told.picture = replace(PICTURES["curve"], baseline=None, degree=0, kinds=("curve", "scatter"))
    fit.refresh(told)
    assert fit.controls.isVisible()
    choose(qtbot, fit.controls.degree, "Degree 3")
    fit.refresh(told)
    assert told.asked[-1].degree == 3
    told.picture = replace(PICTURES["curve"], degree=3, r2=0.75, kinds=("curve", "scatter"))
    fit.refresh(told)
    assert fit.controls._others.text() == "R² 0.500, network 0.750"
    assert fit._drawings[CurvePicture]._baseline.isVisible()
    assert set(fit._numbers()) == {"width", "network", "degree 3"}


def wide(**changes: Any) -> BoundaryPicture:
    """The plane of two among four inputs."""
    return boundary(inputs=("a", "b", "c", "d"), kinds=("confusion", "plane", "worst"), axes=("a", "b"), **changes)


def test_that_two_inputs_are_chosen_among_many_and_change_places_when_chosen_twice(
    fit: FitView, told: Told, qtbot: QtBot
) -> None:
    told.picture = wide()
    fit.refresh(told)
    controls = fit.controls
    assert (controls.first.currentText(), controls.second.currentText()) == ("a", "b")
    choose(qtbot, controls.first, "b")
    fit.refresh(told)
    assert told.asked[-1].features == (1, 0)
    assert (controls.first.currentText(), controls.second.currentText()) == ("b", "a")
    choose(qtbot, controls.second, "d")
    fit.refresh(told)
    assert told.asked[-1].features == (0, 3)  # on the way down it met "b", and they changed places again


def test_that_a_clicked_example_holds_the_other_inputs_until_their_mean_is_wanted_again(
    fit: FitView, told: Told, qtbot: QtBot
) -> None:
    told.picture = wide()
    fit.refresh(told)
    assert "their mean" in fit.controls._others.text()
    plot = fit._drawings[BoundaryPicture].plot
    place = plot.mapFromScene(plot.box.mapViewToScene(QPointF(0.5, 0.5)))  # the second of three training points
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    fit.refresh(told)
    assert told.asked[-1].held == 1
    told.picture = wide(held=1)
    fit.refresh(told)
    assert "example 2" in fit.controls.held.text()
    assert len(fit._drawings[BoundaryPicture]._chosen.data) == 1
    qtbot.mouseClick(fit.controls.held, Qt.MouseButton.LeftButton)
    fit.refresh(told)
    assert told.asked[-1].held is None


def test_that_a_click_into_the_confusion_matrix_lists_those_mistakes(fit: FitView, told: Told, qtbot: QtBot) -> None:
    told.picture = PICTURES["confusion"]
    fit.refresh(told)
    matrix = fit._drawings[ConfusionPicture].widget
    cells = {
        matrix.cell_at(QPointF(x, y)): QPoint(x, y) for x in range(0, 420, 10) for y in range(0, matrix.height(), 10)
    }
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=cells[0, 0])  # those are right
    assert fit.picks.of is None
    qtbot.mouseClick(matrix, Qt.MouseButton.LeftButton, pos=cells[0, 1])
    fit.refresh(told)
    assert (told.asked[-1].kind, told.asked[-1].of) == ("worst", (0, 1))
    told.picture = PICTURES["worst"]
    fit.refresh(told)
    assert fit.controls._others.text() == "a taken for b"
    qtbot.mouseClick(fit.controls.all, Qt.MouseButton.LeftButton)
    fit.refresh(told)
    assert told.asked[-1].of is None


def test_that_a_mistake_can_be_picked_from_the_list(fit: FitView, told: Told, qtbot: QtBot) -> None:
    told.picture = PICTURES["worst"]
    fit.refresh(told)
    table = fit._drawings[WorstPicture].widget
    model = table.model()
    shown = [model.index(0, column).data() for column in range(model.columnCount())]
    assert shown == ["2", "a", "b", "10.0 %", "1.00", "2.00"]
    assert fit.picks.held is None
    place = table.visualRect(model.index(1, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert fit.picks.held == 47
    told.picture = replace(PICTURES["worst"], score=np.array([0.2, 0.3]))
    fit.refresh(told)
    assert table.currentIndex().row() == 1  # it stays the chosen one
    assert fit._header.reading.text() == "2 of 9 validation rows are wrong"


def test_that_a_field_is_the_right_way_up_and_in_the_colours_of_its_signs(fit: FitView, told: Told) -> None:
    values = np.full((8, 8), -1.0)
    values[4:] = 1.0  # the upper half says yes
    nothing = Points(np.empty((0, 2)), np.empty(0), np.empty(0))
    told.picture = boundary(values=values, train=nothing, validation=nothing)
    fit.refresh(told)
    plot = fit._drawings[BoundaryPicture].plot
    image = plot.grab().toImage()
    middle = plot.box.sceneBoundingRect()
    up = image.pixelColor(plot.mapFromScene(middle.center() - QPointF(0, middle.height() / 3)))
    down = image.pixelColor(plot.mapFromScene(middle.center() + QPointF(0, middle.height() / 3)))
    assert up.blue() > up.red()
    assert down.red() > down.blue()


@pytest.mark.parametrize(("share", "asked"), [(1.0, (9, 13)), (0.1, (90, 130))], ids=["at full speed", "at a pace"])
def test_that_pictures_are_asked_for_as_often_as_they_are_cheap(
    share: float, asked: tuple[int, int], fit: FitView, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = SimpleNamespace(now=100.0)
    monkeypatch.setattr("app.live.asking.perf_counter", lambda: clock.now)
    told.picture = boundary(seconds=0.015)
    for _ in range(200):  # ten seconds
        clock.now += 0.05
        told.worked += 0.05 * share
        told.picture = replace(told.picture)  # a new answer
        fit.refresh(told)
    assert asked[0] <= len(told.asked) <= asked[1]
    assert {question.resolution for question in told.asked} == {100}
    told.picture = boundary(seconds=0.5)
    fit.refresh(told)
    clock.now += 2
    fit.refresh(told)
    assert told.asked[-1].resolution < 100


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
