"""More of the window for the camera: every picture of the fit, what opens above the window, data of one's own."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.poses import grow_branches

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tests.studio import Studio

Scene = tuple[str, "QWidget | None"]  # its name, and what is to be seen of it; None: the whole window


def scenes(studio: Studio) -> Iterator[Scene]:
    """Put the window into one state after the other."""
    for part in (fits, courses, canvases, menus, banners, tables, questions, alone):
        yield from part(studio)
        studio.window.banner.hide()
        studio.window.restore_layout()


def _choose(studio: Studio, kind: str) -> None:
    """A kind of picture of the fit, as the user does."""
    fit: Any = studio.window.views["fit"]
    row = fit.choice.findData(kind)
    fit.choice.setCurrentIndex(row)
    fit.choice.activated.emit(row)
    studio.settle()


def fits(studio: Studio) -> Iterator[Scene]:
    """The curve with a polynomial, the plane of two inputs of many, predictions, confusion, mistakes."""
    fit: Any = studio.window.views["fit"]
    studio.open("polynomial", 40)
    fit.controls.degree.setCurrentIndex(5)
    fit.controls.degree.activated.emit(5)
    yield "curve-and-polynomial", None
    studio.open("iris", 40)
    _choose(studio, "plane")
    yield "plane-of-many", None
    fit.picks.set_features(2, 3)
    fit.picks.pick(7)
    yield "plane-at-an-example", studio.window.docks["fit"]
    for kind in ("confusion", "worst"):
        _choose(studio, kind)
        yield f"iris-{kind}", studio.window.docks["fit"]
    studio.open("diabetes", 30)
    for kind in ("scatter", "worst"):
        _choose(studio, kind)
        yield f"diabetes-{kind}", studio.window.docks["fit"]
    studio.open("digits", 3)
    _choose(studio, "worst")
    yield "digits-worst", None
    fit.picks.list_mistakes((8, 1))
    yield "digits-some-mistakes", studio.window.docks["fit"]


def courses(studio: Studio) -> Iterator[Scene]:
    """The gradients over the run; the loss smoothed, with values under the mouse; the metric."""
    from PySide6.QtCore import QEvent, QPointF
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    window = studio.window
    gradients: Any = window.views["gradients"]
    loss: Any = window.views["loss"]
    studio.open("vanishing", 30)
    gradients.over_time.setChecked(True)
    loss.scales.slider.setValue(2)
    loss.scales.epochs.setChecked(True)
    studio.settle()
    QTest.mouseMove(loss.plot.viewport(), loss.plot.mapFromScene(loss.plot.box.mapViewToScene(QPointF(1.0, -0.16))))
    yield "over-time-and-smoothed", None
    QApplication.sendEvent(loss.plot, QEvent(QEvent.Type.Leave))
    gradients.over_time.setChecked(False)
    loss.scales.slider.setValue(0)
    loss.scales.epochs.setChecked(False)
    for row in (4, 3):
        gradients._choice.setCurrentIndex(row)
        loss.choice.setCurrentIndex(row % 2 ^ 1)
        yield f"measure-{row}", None
    gradients._choice.setCurrentIndex(0)
    loss.choice.setCurrentIndex(0)


def canvases(studio: Studio) -> Iterator[Scene]:
    """Groups, a note, the map, a name being written, a weight being typed, a refused wire with its cure."""
    from app.canvas.geometry import Port
    from tests.app.canvas.hand import Hand

    window = studio.window
    canvas, session, commands = window.canvas, window.session, window.canvas.commands
    studio.open("branches", 60)
    session.select(["deep_1", "deep_2"])
    commands.group()
    commands.arrange()
    canvas.glide.settle()
    commands.add_note()
    note = next(iter(session.document.remarks)).id
    commands.set_note(note, "Two ways side by side:\none wide, one deep.")
    canvas.writing.leave()
    canvas.fit()
    yield "group-folded-and-a-note", None
    session.select(["deep_1", "deep_2"])
    commands.toggle_fold()
    canvas.fit()
    yield "group-open", None
    commands.rename()
    yield "a-name-being-written", canvas
    canvas.writing.leave()
    canvas.scale_by(2.0)
    yield "map", canvas
    studio.open("xor", 200)
    session.select(["dense_1"])
    commands.canvas.unfolding.type_weights()
    yield "a-weight-being-typed", None
    studio.open("digits")
    hand = Hand(canvas)
    hand.drag(Port("input", "output"), Port(session.report.sink or "", "input"))
    yield "a-refused-wire", canvas
    canvas.hint.hide()


def menus(studio: Studio) -> Iterator[Scene]:
    """The lists that open at a place: of a box, of a plot, of the run bar; and the commands."""
    from PySide6.QtCore import QPointF

    from app.canvas.commands import EDITS
    from app.stop_rules import StopRules

    window = studio.window
    studio.open("spiral", 20)
    window.session.select(["dense_1"])
    popups: dict[str, Any] = {
        "menu-of-the-scales": window.views["loss"].scales.menu,  # type: ignore[attr-defined]
        "menu-of-a-view": window.views["fit"].sharing.menu,
        "stop-rules": window.run_bar.findChild(StopRules).menu(),
    }
    for name, popup in popups.items():
        popup.popup(window.geometry().center())
        yield name, popup
        popup.close()
    from PySide6.QtWidgets import QMenu

    menu = QMenu(window)
    window.canvas.commands.fill(menu, (*EDITS, "view"), usable=True)
    menu.popup(window.geometry().center())
    yield "menu-of-a-box", menu
    menu.close()
    window.canvas.offer_layers(QPointF(200, 200))
    yield "layers-at-the-mouse", window.canvas.quick_add
    window.canvas.quick_add.search.setText("nothing like it")
    yield "no-layer-of-that-name", window.canvas.quick_add
    window.canvas.quick_add.hide()
    window.help.show_commands()
    palette = window.help._commands
    assert palette is not None
    yield "commands", palette
    palette.search.setText("grad")
    yield "commands-found", palette
    palette.close()


def banners(studio: Studio) -> Iterator[Scene]:
    """What is said above the canvas: a refusal with its cure, an example's notes, work that was left."""
    window = studio.window
    studio.open("digits")
    last = window.session.report.sink or ""
    window.session.edit("Narrow", window.session.document.set_fields(last, units=3))
    window.running.toggle_play()
    yield "refused-with-a-cure", None
    studio.open("overfitting")
    window.banner.say(window.session.document.notes)
    window.offers.say(
        "Netloom ended without saving “Moons”. It was kept 3 minutes ago, with all that it had learnt by epoch 120.",
        "notice", "Bring it back", lambda: None, "Discard", lambda: None,
    )  # fmt: skip
    yield "notes-and-an-offer", None
    window.offers.hide()
    window.banner.say("The file spiral.netloom cannot be written: the disk is full.", "sick", "Save elsewhere…")
    yield "cannot-be-written", window.centralWidget()


def tables(studio: Studio) -> Iterator[Scene]:
    """Rows of one's own with what can be corrected; pictures and sequences."""
    window = studio.window
    path = Path(studio.folder) / "houses with a long name.csv"
    draw = random.Random(1)
    rows = [f"{draw.randint(40, 200)};{draw.choice(['yes', 'no', 'NA'])};{draw.uniform(1, 9):.2f}" for _ in range(200)]
    path.write_text("\n".join(["Area in m²;Garden;Price", *(row.replace(".", ",") for row in rows)]), encoding="utf-8")
    studio.open("line")
    window.use_table(path)
    studio.settle()
    yield "a-table", None
    window.data.verticalScrollBar().setValue(window.data.verticalScrollBar().maximum())
    yield "a-table-below", None
    window.data.verticalScrollBar().setValue(0)
    path.unlink()
    for example in ("digits", "characters", "wine"):
        studio.open(example)
        window.docks["data"].raise_()
        yield f"data-{example}", window.docks["data"]


def questions(studio: Studio) -> Iterator[Scene]:
    """What is asked before work is lost, and what is said of a fault."""
    from PySide6.QtWidgets import QMessageBox, QPushButton

    window = studio.window
    window.session.edit("Widen", window.session.document.but(title="Houses"))
    window.files.unless_lost(lambda: None)
    box: QMessageBox = window.findChild(QMessageBox)
    studio.settle()
    yield "save-changes", box
    box.done(int(QMessageBox.StandardButton.Cancel))
    studio.settle()
    try:
        raise ZeroDivisionError("division by zero")
    except ZeroDivisionError as error:
        studio.program.faults.take(type(error), error, error.__traceback__)
    studio.until(lambda: studio.program.faults._open)
    fault = studio.program.faults._open
    assert fault is not None
    yield "a-fault", fault
    details = next(b for b in fault.findChildren(QPushButton) if "etails" in b.text() and "Copy" not in b.text())
    details.click()
    yield "a-fault-in-detail", fault
    fault.done(0)
    studio.settle()


def alone(studio: Studio) -> Iterator[Scene]:
    """One view on the whole window, and a panel that floats."""
    window = studio.window
    gradients: Any = window.views["gradients"]
    studio.open("spiral", 60)
    for key in ("gradients", "fit", "space", "doctor", "inspector"):
        window.solo.toggle(key)
        studio.settle(60)  # the doctor comes once a second
        yield f"{key}-alone", None
        window.solo.leave()
    grow_branches(studio)
    window.solo.toggle("loss")
    yield "loss-alone", None
    window.solo.leave()
    studio.open("vanishing", 20)
    window.solo.toggle("doctor")
    studio.settle(60)
    yield "doctor-alone-vanishing", None
    window.solo.leave()
    window.solo.toggle("gradients")
    yield "gradients-alone-vanishing", None
    gradients.over_time.setChecked(True)
    yield "gradients-alone-over-time", None
    gradients.over_time.setChecked(False)
    window.solo.leave()
    for example, kinds in (
        ("iris", ("plane",)), ("digits", ("confusion", "worst")), ("characters", ("confusion",)),
        ("diabetes", ("worst",)),
    ):  # fmt: skip
        studio.open(example, 3)
        window.solo.toggle("fit")
        for kind in kinds:
            _choose(studio, kind)
            yield f"{example}-{kind}-alone", None
        window.solo.leave()
    for key in ("data", "help", "problems", "palette"):
        window.solo.toggle(key)
        yield f"{key}-alone", None
        window.solo.leave()
    studio.open("spiral", 60)
    window.docks["fit"].setFloating(True)
    yield "fit-floating", window.docks["fit"]
    window.docks["fit"].setFloating(False)
