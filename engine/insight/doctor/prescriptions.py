"""Which cures help against which illness, the best first."""

from __future__ import annotations

from typing import Final

from engine.insight.doctor import cures as c
from engine.insight.doctor.evidence import Evidence, Vitals
from engine.insight.doctor.finding import Cure, Signs
from engine.insight.doctor.standing import bent_layers

HALF: Final = 0.5  # of a layer's units or outputs: what is lost there, smaller steps do not bring back
ADAPTIVE: Final = 10.0  # times their usual rate is what Adam and its kin bear in small networks
NEAR: Final = 3.0  # times such a rate: a tenth is then the better choice
SMALL: Final = 0.25  # times the spread that suits: first weights that are too small themselves


def layers_of(e: Evidence, signs: Signs) -> tuple[Vitals, ...]:
    return tuple(layer for layer in e.layers if layer.node in signs.layers)


def hidden(e: Evidence) -> tuple[Vitals, ...]:
    """The layers before the answer whose first weights can be chosen."""
    return tuple(layer for layer in e.hidden if layer.activation)


def answer(e: Evidence, signs: Signs) -> tuple[Cure, ...]:
    found = next(problem for problem in e.problems if problem.node == signs.layers[0] and problem.fix)
    return (c.mend(found, layers_of(e, signs)[0].label),)


def bearable(e: Evidence) -> float:
    """A learning rate that the optimizer is known to bear in networks as small as one draws by hand."""
    usual = e.document.training.optimizer.usual_rate
    return usual * (ADAPTIVE if usual < 0.01 else 1.0)


def lower(e: Evidence, restart: bool = False) -> Cure:
    """A rate that is borne, or a tenth of the present one where that is near it already."""
    rate, calm = e.document.training.learning_rate, bearable(e)
    return c.learning_rate(calm if rate > NEAR * calm else rate / 10, restart)


def leaky(e: Evidence, signs: Signs) -> Cure:
    return c.activation(layers_of(e, signs), "leaky_relu", "Leaky ReLU")


def rate_high(e: Evidence, signs: Signs) -> tuple[Cure, ...]:
    spoilt = any(max(v.outputs.dead, v.outputs.saturated) >= HALF for v in e.layers)  # a small step brings none back
    return (lower(e, restart=spoilt),)


def saturation(e: Evidence, signs: Signs) -> tuple[Cure, ...]:
    layers = layers_of(e, signs)
    off = any(layer.weights.biases > 1 or not layer.weights.suited for layer in layers)
    first = c.first_weights(layers) if off else c.learning_rate(e.document.training.learning_rate / 3, restart=True)
    return first, c.activation(layers, "relu", "ReLU")


def vanishing(e: Evidence, signs: Signs) -> tuple[Cure, ...]:
    bent = bent_layers(e)
    small = all(v.activation not in ("sigmoid", "hard_sigmoid") and v.weights.first < SMALL for v in bent)
    relu, norm = c.activation(bent, "relu", "ReLU"), c.batch_norm(bent)
    return (c.first_weights(bent), relu, norm) if small and bent else (relu, norm)


def rate_low(e: Evidence, signs: Signs) -> tuple[Cure, ...]:
    usual = e.document.training.optimizer.usual_rate
    rate = usual if usual > e.document.training.learning_rate else 10 * e.document.training.learning_rate
    return c.learning_rate(rate), c.adam()


def underfitting(e: Evidence, signs: Signs) -> tuple[Cure, ...]:
    bent, straight = layers_of(e, signs), hidden(e)
    if bent:
        return c.wider(bent), c.hidden_layer(e)
    return (c.activation(straight, "relu", "ReLU"), c.hidden_layer(e)) if straight else (c.hidden_layer(e),)


def plateau(e: Evidence, signs: Signs) -> tuple[Cure, ...]:
    wider = tuple(layer for layer in bent_layers(e) if layer.learns)
    more = (c.wider(wider),) if wider else ()
    if e.document.training.optimizer.kind in ("gradient_descent", "sgd", "minibatch"):
        return c.adam(), *more
    return *more, c.learning_rate(e.document.training.learning_rate * 3)


def overfitting(e: Evidence, signs: Signs) -> tuple[Cure, ...]:
    drops = [node.id for node in e.document.nodes if node.layer.kind == "dropout"]
    dropped = {wire.source for id in drops for wire in e.document.inputs(id)}
    hidden = tuple(layer for layer in bent_layers(e) if layer.node not in dropped)
    strength = max(0.01, float(f"{3 * e.document.training.l2:.1g}"))
    l2 = c.training(f"Use L2 regularisation {strength:g}", l2=strength)
    stop = c.training("Stop early, patience 20", restart=True, patience=20, restore_best=True)
    return (l2, c.dropout(hidden), stop) if hidden else (l2, stop)
