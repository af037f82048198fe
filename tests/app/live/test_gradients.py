"""Bars and heat map of every layer: how they are judged, and what a click and the mouse above them do."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from app import theme
from app.live.gradients import GradientView
from app.live.measures import MEASURES
from app.session import Session
from engine.insight.tensors import LayerStat, TensorStats
from tests.app.live.views import Told, colors_in


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


def test_that_eight_layers_and_their_axis_are_seen_at_once_in_a_window_of_1080_lines(
    gradients: GradientView, told: Told
) -> None:
    told.tensors = TensorStats(1, 0, (), tuple(stat(f"dense_{number}", 0.1) for number in range(1, 9)))
    gradients.refresh(told)
    assert gradients.bars.minimumHeight() <= 14 * gradients.fontMetrics().height()  # of such a window's dock


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


def test_that_a_bar_past_the_end_of_the_axis_has_a_tip(gradients: GradientView, told: Told) -> None:
    """Of two equally long bars the larger is seen to go on."""

    def looked(norm: float) -> QImage:
        told.tensors = TensorStats(1, 0, (), (stat("dense_1", norm),))
        gradients.refresh(told)
        return gradients.bars.grab().toImage()

    gradients.bars.resize(400, 100)
    bars = gradients.bars
    end, past = looked(1e4), looked(1e7)
    left, width = bars._axis()
    middle = bars._row_top(0) + bars._row_height / 2
    corner = QPoint(round(left + width) - 2, round(middle - bars._row_height * 0.42 / 2) + 2)
    at_end = QPoint(round(left + width) - 4, round(middle))
    sick = theme.current().sick
    assert [image.pixelColor(at_end).name() for image in (end, past)] == [sick, sick]
    assert [image.pixelColor(corner).name() == sick for image in (end, past)] == [True, False]
    assert not MEASURES[0].beyond(1e-30)
