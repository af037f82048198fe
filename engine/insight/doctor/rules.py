"""The rules: one table of illnesses in causal order, each with what it looks for and what it prescribes.

Where several hold, the earlier ones explain the later ones that they name: a network whose units all began alike has
gradients that vanish, but that is not what ails it.
"""

from __future__ import annotations

from typing import Final

from engine.insight.doctor import cures as c
from engine.insight.doctor import prescriptions as p
from engine.insight.doctor import signs
from engine.insight.doctor.finding import Rule

STALLS = ("vanishing", "rate_low", "imbalance", "underfitting", "plateau")
UNITS = ("dead", "saturation")
BLOW_UPS = ("exploding", "divergence", "rate_high")

RULES: Final = (
    Rule(
        "answer", "The answer cannot reach its targets", "sick",
        "The last layer bends its sum into a range in which some right answers do not lie: the loss cannot fall far.",
        signs.answer, p.answer, (*UNITS, *STALLS),
    ),
    Rule(
        "inputs", "Inputs are not scaled", "sick",
        "A weight's gradient is as large as its input: where inputs differ a hundredfold, no learning rate suits all.",
        signs.inputs, lambda e, s: (c.scale_inputs(),), ("target", "alike", "large", *BLOW_UPS, *UNITS, *STALLS),
    ),
    Rule(
        "target", "The target is not scaled", "sick",
        "Errors are as large as the target, and so are the gradients: the first steps throw the weights far away.",
        signs.target, lambda e, s: (c.scale_target(),), (*BLOW_UPS, *UNITS, *STALLS),
    ),
    Rule(
        "alike", "All units began alike", "sick",
        "Units with equal weights get equal gradients and stay equal for ever: the layer is one unit, many times.",
        signs.alike, lambda e, s: (c.first_weights(p.layers_of(e, s)),), (*UNITS, *STALLS),
    ),
    Rule(
        "large", "First weights are too large", "sick",
        "Large weights make large sums: bent units start where they are flat, and others pass on far too much.",
        signs.large, lambda e, s: (c.first_weights(p.layers_of(e, s)),), (*BLOW_UPS, *UNITS, *STALLS),
    ),
    Rule(
        "exploding", "Gradients explode", "sick",
        "Going backwards, every layer multiplies the gradient; factors above one, many times over, make it enormous.",
        signs.exploding, lambda e, s: (c.clip(restart=True), c.first_weights(p.hidden(e)), p.lower(e)),
        ("divergence", "rate_high", *UNITS, *STALLS),
    ),
    Rule(
        "divergence", "Training diverged", "sick",
        "Each step was longer than the valley of the loss is wide, and landed higher on the other side, every time.",
        signs.divergence, lambda e, s: (p.lower(e), c.clip()), ("rate_high", *UNITS, *STALLS),
    ),
    Rule(
        "rate_high", "The learning rate is too high", "sick",
        "The steps are too long: they jump over the good weights and never come to rest there.",
        signs.rate_high, p.rate_high, (*UNITS, *STALLS),
    ),
    Rule(
        "restraint", "It is held down", "warning",
        "L1, L2 or dropout keep the weights so small, or so unsure, that the network cannot even fit its own rows.",
        signs.restraint, lambda e, s: (c.regularise_less(),), (*UNITS, *STALLS),
    ),
    Rule(
        "dead", "Units are dead", "sick",
        "A ReLU whose sum is below zero for every row gives nothing and gets no gradient, so it never learns again.",
        signs.dead, lambda e, s: (p.leaky(e, s), c.first_weights(p.layers_of(e, s))), STALLS,
    ),
    Rule(
        "saturation", "Units are saturated", "sick",
        "Their sums are so large that the activation is flat there: its slope is near zero, and no gradient passes.",
        signs.saturation, p.saturation, STALLS,
    ),
    Rule(
        "vanishing", "Gradients vanish", "sick",
        "Going backwards, every layer multiplies the gradient by its slope, at most ¼ for sigmoid: little remains.",
        signs.vanishing, p.vanishing, STALLS[1:],
    ),
    Rule(
        "rate_low", "The learning rate is too low", "warning",
        "The steps are so short that the weights hardly move from where they began.",
        signs.rate_low, p.rate_low, STALLS[2:],
    ),
    Rule(
        "imbalance", "A class is too rare to be learnt", "warning",
        "Answering the common class is nearly always right, so the loss gains little from learning the rare one.",
        signs.imbalance, lambda e, s: (c.balanced(e.document.training.loss, e.loss_kind),), STALLS[3:],
    ),
    Rule(
        "underfitting", "The network is too simple", "warning",
        "It cannot bend its answer as much as the data ask for, however long it trains.",
        signs.underfitting, p.underfitting, ("plateau",),
    ),
    Rule(
        "plateau", "The loss is stuck", "warning",
        "The ground is nearly flat here: the gradient no longer says where to go, and short steps do not get away.",
        signs.plateau, p.plateau,
    ),
    Rule(
        "overfitting", "It learns by heart", "warning",
        "It fits the noise of the rows it has seen, and that is wrong for rows it has not.",
        signs.overfitting, p.overfitting,
    ),
)  # fmt: skip
