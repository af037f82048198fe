"""Who takes part in the usual contests: the optimizers of one design, several seeds of one design, one change each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.compare.contest import MOST
from engine.compare.standing import Contestant
from engine.design.document import Document
from engine.kernels.activations import ACTIVATIONS
from engine.training.optimizers import (
    Adam,
    GradientDescent,
    MiniBatch,
    Momentum,
    Optimizer,
    RMSProp,
    StochasticGradientDescent,
)

RACERS: tuple[type[Optimizer], ...] = (
    GradientDescent, StochasticGradientDescent, MiniBatch, Momentum, RMSProp, Adam,
)  # fmt: skip
SHORT = {StochasticGradientDescent: "SGD", MiniBatch: "Mini-batch"}  # where a legend has little room
FACTORS = (0.1, 1 / 3, 3.0, 10.0)  # of the learning rate
BATCHES = (1, 8, 32, 128)
HIDDEN = ("relu", "tanh", "sigmoid", "leaky_relu", "elu", "gelu")


def race(document: Document) -> tuple[Contestant, ...]:
    """The design with each of the taught optimizers at the learning rate that is usual for it; all else as it is."""
    return tuple(
        Contestant(SHORT.get(kind, kind.title), _trained(document, kind), document.training.seed) for kind in RACERS
    )


def seed_fan(document: Document, count: int, name: str = "Seed") -> tuple[Contestant, ...]:
    """One design with as many seeds in a row, from its own on.

    Raises:
        ValueError: there are not that many places in a contest.
    """
    if not 1 <= count <= MOST:
        raise ValueError(f"a fan has from 1 to {MOST} seeds, and {count} were asked for")
    seeds = [(document.training.seed + number) % 2**31 for number in range(count)]
    return tuple(Contestant(f"{name} {seed}", document, seed, fan=name) for seed in seeds)


def _trained(document: Document, kind: type[Optimizer]) -> Document:
    training = document.training
    return document.but(training=training.but(optimizer=kind(), learning_rate=kind.usual_rate))


@dataclass(frozen=True)
class Variation:
    """One change of a design. ``group``: under which it is offered; ``text``: as a phrase, for list and menu."""

    group: str
    text: str
    document: Document


def variations(document: Document) -> Iterator[Variation]:
    """Single changes that are worth a comparison; those that would change nothing are left out."""
    for made in _variations(document):
        if made.document != document:
            yield made


def _variations(document: Document) -> Iterator[Variation]:
    training = document.training
    for kind in Optimizer.kinds.values():
        yield Variation("Optimizer", kind.title, _trained(document, kind))
    for factor in FACTORS:
        rate = float(f"{training.learning_rate * factor:.3g}")
        yield Variation("Learning rate", f"{rate:g}", document.but(training=training.but(learning_rate=rate)))
    for name in HIDDEN:
        yield Variation("Activation of the hidden layers", ACTIVATIONS[name].title, _bent(document, name))
    for batch in BATCHES:
        yield Variation("Batch size", f"{batch}", document.but(training=training.but(batch_size=batch)))
    for factor, text in ((2, "Twice as wide"), (0.5, "Half as wide")):
        yield Variation("Hidden layers", text, _widened(document, factor))
    seed = (training.seed + 1) % 2**31
    yield Variation("Seed", f"{seed}", document.but(training=training.but(seed=seed)))


def _hidden(document: Document, field: str) -> Iterator[str]:
    """The layers with a field, but for those that nothing follows: the answer keeps its shape and its link."""
    for node in document.nodes:
        if field in type(node.layer).model_fields and document.outputs(node.id):
            yield node.id


def _bent(document: Document, activation: str) -> Document:
    for id in _hidden(document, "activation"):
        document = document.set_fields(id, activation=activation)
    return document


def _widened(document: Document, factor: float) -> Document:
    for id in _hidden(document, "units"):
        units = document.node(id).layer.model_dump()["units"]
        document = document.set_fields(id, units=max(1, int(units * factor)))
    return document
