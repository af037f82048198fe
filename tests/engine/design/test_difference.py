"""What is different between two designs, in words."""

from __future__ import annotations

from engine.design.difference import differences
from engine.training.optimizers import Momentum
from tests.builders import chain, dense


def test_that_differences_are_said_in_the_words_of_the_settings() -> None:
    one = chain(dense(8, "tanh"), dense(1), data="spiral")
    training = one.training.but(learning_rate=0.03, optimizer=Momentum())
    other = one.set_fields("dense_1", units=16, activation="relu").but(training=training)
    assert differences(one, other) == (
        "dense_1: Activation tanh → ReLU",
        "dense_1: Units 8 → 16",
        "Optimizer Adam → Momentum",
        "Learning rate 0.001 → 0.03",
    )
    softer = other.but(training=other.training.but(optimizer=Momentum(beta=0.5)))
    assert differences(other, softer) == ("Momentum β 0.9 → 0.5",)


def test_that_layers_data_and_wires_are_told_and_places_are_not() -> None:
    one = chain(dense(8, "tanh"), dense(1), data="spiral")
    assert differences(one, one.move({"dense_1": (5, 5)}).but(title="x")) == ()
    assert differences(one, one.but(data="moons")) == ("Spiral → Moons",)
    wider = one.insert(one.wires[1], one.node("dense_1").layer, 0, 0, id="more")
    assert differences(one, wider) == ("with more (Dense)",)
    assert differences(wider, one) == ("without more (Dense)",)
    rewired = wider.but(wires=wider.wires[:-1])
    assert differences(wider, rewired) == ("other wires",)
