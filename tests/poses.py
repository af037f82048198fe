"""What the window is put into for the camera: a hand that holds something, one number explained, some branches."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.app.canvas.hand import Hand
    from tests.studio import Studio


def draw_a_wire(studio: Studio) -> Hand:
    """A wire in the hand, from the inputs past both branches to a free port."""
    from PySide6.QtCore import QPointF

    from app.canvas.geometry import Port
    from tests.app.canvas.hand import Hand

    studio.open("branches", 130)
    hand = Hand(studio.window.canvas)
    end = studio.window.canvas.canvas_scene.point_of(Port("concat_1", "input", 2))
    hand.press(Port("input", "output"))
    for short in (120, 60, 6):
        hand.move(end - QPointF(short, 0))
    studio.settle()
    return hand


def hover_with_a_layer(studio: Studio) -> Hand:
    """A layer from the palette above a wire."""
    from PySide6.QtCore import QPointF

    from tests.app.canvas.hand import Hand

    hand = Hand(studio.window.canvas)
    hand.enter("batch_norm", QPointF(330, 400))
    hand.hover(QPointF(396, 130))
    return hand


def explain(studio: Studio, stage: str) -> None:
    """A stage of the second layer, or the chain of one of its weights."""
    from app.live.why.view import WhyView
    from app.picked import Weight

    view = studio.window.views["why"]
    assert isinstance(view, WhyView)
    studio.until(lambda: view.trace is not None and "dense_2" in view.trace.by_node)
    if stage == "chain":
        studio.window.session.picked.choose_weight(Weight("dense_2/weight", 38))
        studio.until(lambda: view.chain is not None)
        view.controls.buttons["chain"].click()
    else:
        studio.window.session.select(["dense_2"])
        view.controls.buttons[stage].click()


def let_go(studio: Studio) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    QTest.keyClick(studio.window.canvas, Qt.Key.Key_Escape)


def go_back(studio: Studio, epoch: int) -> None:
    """To a moment of the main branch, as the handle does."""
    session = studio.window.session
    assert session.trainer is not None
    known = session.trainer.timeline.of_branch(0)
    session.settle()
    session.travel(min(known, key=lambda moment: abs(moment.at - epoch)))
    studio.settle()


def grow_branches(studio: Studio) -> None:
    """The spiral with a wild edit and two branches from before it."""
    session = studio.window.session
    studio.open("spiral", 50)
    for back, rate, epochs in ((0, 0.1, 15), (20, 0.03, 30), (35, 0.003, 40)):
        if back:
            go_back(studio, back)
        document = session.document
        session.edit("Learning rate", document.but(training=document.training.but(learning_rate=rate)))
        studio.train(epochs)
    session.overlay([0, 1, 2])
    studio.settle()
