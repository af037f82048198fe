"""The curves of the loss on numbers that are known: what follows, what the user holds, what is smoothed and marked."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from pytestqt.qtbot import QtBot

from app import theme
from app.live.history import AT_ONCE
from app.live.loss import LossView
from tests.app.live.views import Told, colors_in, wheel


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


def test_that_curves_are_drawn_no_oftener_than_seen_and_to_the_end(
    loss: LossView, told: Told, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.live.loss.PERIOD", 3600.0)
    told.epochs(2.0, 1.5)
    loss.refresh(told)
    right = loss.plot.box.viewRange()[0][1]
    told.epochs(*np.linspace(1, 0.5, 50))
    loss.refresh(told)
    assert loss.plot.box.viewRange()[0][1] == right, "the next beat comes too soon"
    told.status.phase = "ready"
    loss.refresh(told)
    assert loss.plot.box.viewRange()[0][1] >= 52
