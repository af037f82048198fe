"""What each rule of the doctor looks for, with every threshold and where it comes from.

A function reads the evidence and gives its signs, or None. None may find any in a run that is well; most ask first
whether the network lacks something that can be learnt from its rows.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from engine.insight.doctor import cures as c
from engine.insight.doctor import prescriptions as p
from engine.insight.doctor.evidence import Evidence, Vitals
from engine.insight.doctor.finding import Signs
from engine.insight.doctor.standing import (
    EPOCHS,
    LOOKED,
    STEPS,
    bent_layers,
    ill,
    judged,
    lacking,
    said,
    stalled,
    stuck,
)
from engine.layers.regularise import Dropout
from engine.numbers import number

# Data. LeCun, Bottou, Orr and Müller, Efficient BackProp, 1998: inputs of mean 0 and about equal spread, near 1.
FAR: Final = 10.0  # |mean| or spread of an input or a target, in units as the network gets them
APART: Final = 100.0  # largest over smallest spread of the inputs
RARE: Final = (
    8.0  # rows of the largest class over those of the rarest: He and Garcia 2009 begin at 10, with noise at less
)
MISSED: Final = 0.5  # recall of the rare class: more of it is missed than found
FOUND: Final = 0.9  # recall of the largest one meanwhile

# First weights. Glorot and Bengio 2010, He et al. 2015: the spread that suits the width keeps signals their size.
LARGE: Final = 4.0  # times the spread that suits: sums are then beyond 3, where tanh and sigmoid are flat

# Gradients.
EXPLODED: Final = (
    1e3  # growth of a layer's gradient norm over its first one (Pascanu et al. 2013 clip at a few times it)
)
DEEP: Final = 3  # hidden layers from which on gradients multiply; a recurrent layer is deep in time
VANISHED: Final = (
    1e-3  # of the largest gradient (root mean square) among the layers: Glorot and Bengio 2010 see 10⁻¹ as ill
)
USUAL: Final = 3.0  # times the usual rate of an optimizer: larger ones are the cause themselves

# Units. Lu et al. 2020 (Dying ReLU and Initialization); CS231n: "as much as 40 % of your network can be dead".
DEAD: Final = 0.5
FLAT: Final = 0.5  # of a layer's outputs are where its slope has gone (Glorot and Bengio 2010, fig. 2)

# Learning rate. CS231n, Babysitting the learning process: an update is about 10⁻³ of the weights.
SLOW: Final = 1e-4  # update over weights, in every layer
MOVED: Final = 1e-3  # once: at the bottom of its valley a network takes short steps, however high the rate is
ABOVE: Final = 2.0  # times the loss of the best constant answer: worse than not looking at the inputs
NOISE: Final = 0.5  # spread of the steps of ln(loss) from epoch to epoch: up or down by two thirds each time. Ours.
RISING: Final = 0.25  # of the epochs end higher than the one before: at a rate that suits, few do. Ours.
OFF: Final = 3.0  # times its best loss is where it usually is

# Curves.
NARROW: Final = 4  # bent units in all: a polygon of four sides is the most that they can draw
STRONG_L: Final = 0.01  # L1 or L2 from which on a network may not even fit its rows; 0.001 is usual. Ours.
STRONG_DROPOUT: Final = 0.6  # likewise; Srivastava et al. 2014 drop half of a hidden layer at the most
RISEN: Final = (
    1.3  # validation loss over its best: Prechelt 1998 (Early Stopping, But When?) has GL between 1.01 and 1.05;
)
RISE: Final = 0.15  # noise of small validation parts asks for more, and for this share of a constant answer's loss
GAP: Final = 1.5  # validation loss over training loss


def of(layers: tuple[Vitals, ...], *evidence: str) -> Signs:
    return Signs(evidence, tuple(layer.node for layer in layers))


def answer(e: Evidence) -> Signs | None:
    warned = (each for each in e.problems if each.severity == "warning" and each.field == "activation")
    found = next((each for each in warned if not e.document.outputs(each.node)), None)
    return Signs((found.reason,), (found.node,)) if found else None


def inputs(e: Evidence) -> Signs | None:
    first = next((layer.kind for layer in e.layers if layer.kind != "input"), "")
    if not e.rows.spreads or e.document.split.scaling == "standard" or first in ("batch_norm", "layer_norm"):
        return None
    means, spreads = np.abs(e.rows.means), np.array(e.rows.spreads)
    vary = spreads[spreads > 0]
    apart = float(vary.max() / vary.min()) if len(vary) else 1.0
    if not ill(e) or (max(means.max(), spreads.max()) < FAR and apart < APART):
        return None
    far = int(np.argmax(np.maximum(means, spreads)))
    name = e.rows.names[far] if far < len(e.rows.names) else f"input {far + 1}"
    return Signs((
        f"{name} has mean {number(e.rows.means[far])} and spread {number(spreads[far])}; 0 and 1 are wanted",
        f"spreads of the inputs differ {number(apart)}-fold",
    ))  # fmt: skip


def target(e: Evidence) -> Signs | None:
    far = max(e.rows.target_mean, e.rows.target_spread)
    if e.task != "regression" or e.document.split.scale_target or far < FAR or not ill(e):
        return None
    return Signs(
        (f"the target has mean {number(e.rows.target_mean)} and spread {number(e.rows.target_spread)}", said(e))
    )


def alike(e: Evidence) -> Signs | None:
    layers = tuple(layer for layer in e.hidden if layer.weights.alike)
    if not layers or e.steps < LOOKED:
        return None
    largest = max(layer.weights.largest for layer in layers)
    same = "all zero" if largest == 0 else "the same in every unit"
    return of(layers, f"the weights of {c.names(layers)} are {same} after {e.steps:,} steps", said(e))


def large(e: Evidence) -> Signs | None:
    most = max((layer.weights.first for layer in e.learning), default=0.0)
    if most < LARGE or not ill(e):
        return None
    layers = tuple(layer for layer in e.learning if layer.weights.first >= LARGE / 2)
    return of(layers, f"first weights were up to {number(most)} times as large as suits the width", said(e))


def exploding(e: Evidence) -> Signs | None:
    deep = len(e.hidden) >= DEEP or any("rnn" in layer.kind for layer in e.hidden)
    training = e.document.training
    if not deep or not ill(e) or training.learning_rate > USUAL * training.optimizer.usual_rate:
        return None
    grown = {layer: layer.largest_norm / layer.first_norm for layer in e.learning if layer.first_norm > 0}
    layers = tuple(layer for layer, growth in grown.items() if growth >= EXPLODED)
    if not layers:  # it may have been over before anybody looked a second time
        return Signs(astray(e), (e.divergence.node,) if e.divergence.node else ()) if e.divergence else None
    worst = max(layers, key=lambda layer: grown[layer])
    grew = f"the gradient of {worst.label} grew from {number(worst.first_norm)} to {number(worst.largest_norm)}"
    return of(layers, grew, *astray(e))


def astray(e: Evidence) -> tuple[str, ...]:
    """Where a run diverged, in numbers."""
    d = e.divergence
    if d is None:
        return ()
    node = e.document.by_id.get(d.node)
    where = f"it began in {node.label}: |w| grew from {number(d.first)} to {number(d.largest)}" if node else ""
    return tuple(filter(None, (f"the loss was no finite number at step {d.step:,}, epoch {d.epoch + 1:,}", where)))


def divergence(e: Evidence) -> Signs | None:
    if e.divergence is None:
        return None
    return Signs((*astray(e), f"learning rate {e.rate:g}"), (e.divergence.node,) if e.divergence.node else ())


def rate_high(e: Evidence) -> Signs | None:
    loss, constant = e.curves.loss, e.rows.constant_loss
    if len(loss) < 2 or e.steps < LOOKED or not np.isfinite(loss).all():
        return None
    late = loss[len(loss) // 2 :]
    usual, best, worst = float(np.median(late)), float(loss.min()), float(loss.max())
    steps = np.diff(np.log(np.maximum(late, 1e-30)))
    grown = max((layer.largest_norm / layer.first_norm for layer in e.learning if layer.first_norm > 0), default=0.0)
    fast = e.document.training.learning_rate > USUAL * p.bearable(e)
    killed = fast and any(layer.hidden and layer.outputs.dead == 1 for layer in e.layers) and lacking(e)
    thrown = grown > FAR and (killed or (worst > FAR * constant and stuck(e)))
    above = noisy = False
    if len(steps) >= EPOCHS // 2:
        above = usual > ABOVE * constant and float(np.mean(steps > 0)) > RISING
        far = constant / (20 if lacking(e) else 4)  # batches, dropout and norms make some noise in what is learnt well
        noisy = float(np.std(steps)) > NOISE and usual > OFF * best and usual > far
    if not (above or noisy or thrown):
        return None
    jumps = f"the loss jumps: usually {number(usual)}, at best {number(best)}, at worst {number(worst)}"
    grew = f"gradients grew {number(grown)}-fold from the first step" if grown > FAR else ""
    return Signs(
        tuple(
            filter(None, (jumps, f"one answer for all rows has {number(constant)}", grew, f"learning rate {e.rate:g}"))
        )
    )


def restraint(e: Evidence) -> Signs | None:
    training = e.document.training
    rates = {node.id: node.layer.rate for node in e.document.nodes if isinstance(node.layer, Dropout)}
    rate = max(rates.values(), default=0.0)
    strong = {
        f"L1 {training.l1:g}": training.l1 >= STRONG_L, f"L2 {training.l2:g}": training.l2 >= STRONG_L,
        f"dropout {rate:g}": rate >= STRONG_DROPOUT,
    }  # fmt: skip
    if not any(strong.values()) or not stalled(e) or not lacking(e):
        return None
    held = tuple(node for node, dropped in rates.items() if dropped >= STRONG_DROPOUT)
    return Signs((", ".join(name for name, is_so in strong.items() if is_so), said(e)), held)


def dead(e: Evidence) -> Signs | None:
    layers = tuple(layer for layer in e.layers if layer.hidden and layer.outputs.dead >= DEAD)
    gone = any(layer.outputs.dead == 1 for layer in layers) and e.steps >= LOOKED and lacking(e)
    if not layers or not (gone or stuck(e)):
        return None
    shares = ", ".join(f"{100 * layer.outputs.dead:.0f} % of {layer.label}" for layer in layers)
    return of(layers, f"zero for every training row: {shares}", said(e))


def saturation(e: Evidence) -> Signs | None:
    layers = tuple(layer for layer in e.layers if layer.hidden and layer.outputs.saturated >= FLAT)
    if not layers or not stuck(e):
        return None
    shares = ", ".join(f"{100 * layer.outputs.saturated:.0f} % of {layer.label}" for layer in layers)
    return of(layers, f"outputs where the activation is flat: {shares}", said(e))


def vanishing(e: Evidence) -> Signs | None:
    known = [layer for layer in e.learning if layer.gradient > 0]
    most = max((layer.gradient for layer in known), default=0.0)
    layers = tuple(layer for layer in known if layer.hidden and layer.gradient < VANISHED * most)
    if not layers or e.steps < LOOKED or not lacking(e):
        return None
    ends = f"{number(layers[0].gradient, 2)} in {layers[0].label}, {number(most, 2)} in the layer where it is largest"
    return of(layers, f"typical gradient of a weight: {ends}", said(e))


def rate_low(e: Evidence) -> Signs | None:
    known = [layer for layer in e.learning if layer.update_ratio == layer.update_ratio]
    now, most = (max((getattr(v, name) for v in known), default=1.0) for name in ("update_ratio", "largest_ratio"))
    if now >= SLOW or most >= MOVED or e.steps < STEPS // 2 or not lacking(e):
        return None
    moved = f"a step moves the weights by {number(now, 2)} of their length; 0.001 is usual"
    return Signs((moved, f"learning rate {e.rate:g}", said(e)))


def imbalance(e: Evidence) -> Signs | None:
    counts = np.array(e.rows.counts)
    if not len(counts) or e.epochs < EPOCHS or getattr(e.document.training.loss, "class_weights", "none") != "none":
        return None
    rare, common = int(np.argmin(np.where(counts > 0, counts, counts.max()))), int(counts.argmax())
    recall = np.nan_to_num(np.array(e.recalls), nan=1.0)
    if counts[common] < RARE * counts[rare] or recall[rare] >= MISSED or recall[common] < FOUND:
        return None
    rows = f"{counts[rare]:,} rows of {e.classes[rare]}, {counts[common]:,} of {e.classes[common]}"
    return Signs((rows, f"found of them: {100 * recall[rare]:.0f} % and {100 * recall[common]:.0f} %"))


def underfitting(e: Evidence) -> Signs | None:
    bent = bent_layers(e)
    units = sum(layer.units for layer in bent)
    if not stuck(e) or units > NARROW:
        return None
    what = f"{units} bent units" if units else "no layer bends its sums: the answer is a straight line or plane"
    return of(bent, what, said(e))


def plateau(e: Evidence) -> Signs | None:
    loss = e.curves.loss
    if not stuck(e):
        return None
    return Signs(
        (f"loss {number(loss[len(loss) // 2])} at half of the {e.epochs:,} epochs, {number(loss[-1])} now", said(e))
    )


def overfitting(e: Evidence) -> Signs | None:
    validation, loss = e.curves.validation, e.curves.loss
    known = np.isfinite(validation)
    if known.sum() < EPOCHS or not judged(e):
        return None
    seen, epochs = validation[known], e.curves.epochs[known]
    few = max(1, len(seen) // 20)
    now, best, training = float(np.median(seen[-few:])), float(seen.min()), float(np.median(loss[known][-few:]))
    if now < RISEN * best or now - best < RISE * e.rows.constant_loss or now < GAP * training:
        return None
    if training > min(e.rows.constant_loss, float(loss[known][seen.argmin()])):
        return None  # it gets worse on its own rows, too
    rose = f"validation loss rose from {number(best)} at epoch {int(epochs[seen.argmin()]):,} to {number(now)}"
    return Signs((rose, f"training loss fell to {number(training)}"))
