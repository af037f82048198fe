"""What the doctor looks at: one frozen record of the design, its data, its weights and its course so far."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from engine.design.checks import check
from engine.design.problems import Problem
from engine.insight.checkup import Outputs, checkup
from engine.insight.doctor.learnable import constant_loss, constant_score, neighbour_scores, recalls, score
from engine.insight.doctor.weights import Weights, weights_of
from engine.insight.judging import sample
from engine.kernels import contract as c

if TYPE_CHECKING:
    from engine.data.prepare import Prepared
    from engine.design.document import Document
    from engine.insight.trail import Trail
    from engine.program.program import Program
    from engine.training.ending import Divergence
    from engine.training.log import MetricLog
    from engine.training.losses import Loss

Array = NDArray[Any]
CURVE: Final = 400  # epochs of a curve that are looked at, evenly over all of them
JUDGED: Final = 400  # training rows that are answered: a look-up compares each with each
RECENT: Final = 0.25  # of the columns of the trail: how it is now, without the noise of a single batch


@dataclass(frozen=True)
class Vitals:
    """A layer: what is known of it.

    Attributes:
        node, label, kind, activation: of the design; ``activation`` is "" where the layer has none.
        learns: it has parameters. hidden: it is neither the input nor the last layer.
        gradient: root mean square of the gradient over its parameters, in the last quarter of the run; NaN: not known.
        first_norm, largest_norm: L2 norm of the gradient in the first batch that was looked at, and the largest.
        update_ratio: length of an update over that of the weights, in the last quarter of the run; NaN: not known.
        largest_ratio: the largest that was seen.
        outputs: what it gives over the training set. weights: of its first and present weights.
    """

    node: str
    label: str
    kind: str
    activation: str
    learns: bool
    hidden: bool
    units: int
    gradient: float
    first_norm: float
    largest_norm: float
    update_ratio: float
    largest_ratio: float
    outputs: Outputs
    weights: Weights


@dataclass(frozen=True, eq=False)
class Curves:
    """Loss by epoch since the design was last changed, thinned: (n,) each; NaN where there was no validation."""

    epochs: Array
    loss: Array
    validation: Array


@dataclass(frozen=True)
class Rows:
    """What the training rows are like.

    Attributes:
        counts: rows of each class; empty for regression, and where every time step has a class of its own.
        means, spreads: of every input as the network gets it. target_mean, target_spread: of the target, likewise.
        constant: the score of the best constant answer. constant_loss: the least loss of such an answer.
        learnable: the score of a look-up among near rows. even: constant and learnable where every class counts alike.
    """

    names: tuple[str, ...]
    counts: tuple[int, ...]
    means: tuple[float, ...]
    spreads: tuple[float, ...]
    target_mean: float
    target_spread: float
    constant: float
    constant_loss: float
    learnable: float
    even: tuple[float, float]


@dataclass(frozen=True, eq=False)
class Evidence:
    """Everything that the rules may read.

    Attributes:
        step, epoch: where the run is; ``steps``, ``epochs``: how much of it this very design has been trained.
        rate: the learning rate of the last step.
        metric, score: "accuracy", "mean recall" (where the loss weighs the classes) or "R²", on a sample of the
            training rows; ``recalls``: of each class.
        problems: what the checks of the design have to say.
    """

    document: Document
    task: str
    data: str
    layers: tuple[Vitals, ...]
    rows: Rows
    curves: Curves
    step: int
    epoch: int
    steps: int
    epochs: int
    rate: float
    metric: str
    score: float
    recalls: tuple[float, ...]
    loss_kind: str
    divergence: Divergence | None = None
    problems: tuple[Problem, ...] = ()
    classes: tuple[str, ...] = field(default=())

    @property
    def hidden(self) -> tuple[Vitals, ...]:
        """The layers between the input and the answer that learn."""
        return tuple(layer for layer in self.layers if layer.hidden and layer.learns)

    @property
    def learning(self) -> tuple[Vitals, ...]:
        return tuple(layer for layer in self.layers if layer.learns)

    @property
    def lacks(self) -> float:
        """How much better a look-up among near rows would answer; below zero where the network is ahead."""
        return self.rows.learnable - self.score


def gather(program: Program, log: MetricLog, trail: Trail, divergence: Divergence | None = None) -> Evidence:
    """Collect the evidence; a few passes over a sample of the training rows, and nothing is trained."""
    prepared, document = program.prepared, program.document
    step, epoch = int(program.ctx[c.STEP]), int(program.ctx[c.EPOCH])
    # who has gone back to an earlier moment is judged by all that led there
    since_step, since_epoch = program.since if program.since[0] <= step else (0, 0)
    read = log.sampled(CURVE, since_epoch)
    x, y, rows = _rows(prepared, program.plan.lowered.loss)
    outputs = program.outputs(x)
    even = prepared.task != "regression" and getattr(document.training.loss, "class_weights", "none") != "none"
    if even:
        rows = replace(rows, constant=rows.even[0], learnable=rows.even[1])
    classes = len(prepared.dataset.classes) if prepared.task != "regression" else 0
    return Evidence(
        document=document,
        task=prepared.task,
        data=prepared.dataset.name,
        layers=_vitals(program, trail, since_step),
        rows=rows,
        curves=Curves(read["epoch"], read["loss"], read["validation_loss"]),
        step=step,
        epoch=epoch,
        steps=max(step - since_step, 0),
        epochs=max(epoch - since_epoch, 0),
        rate=float(program.par[program.plan.rate]),
        metric="R²" if prepared.task == "regression" else "mean recall" if even else "accuracy",
        score=score(prepared, outputs, y, even),
        recalls=recalls(outputs, y, classes) if classes else (),
        loss_kind=program.plan.lowered.loss_name,
        divergence=divergence,
        problems=check(document, prepared).problems,
        classes=prepared.dataset.shown_classes,
    )


def _rows(prepared: Prepared, loss: Loss) -> tuple[Array, Array, Rows]:
    """A sample of the training rows, and what all of them are like: the same as long as the data are."""
    known = _known.setdefault(prepared, {})
    if loss not in known:
        known[loss] = _look(prepared, loss)
    return known[loss]


_known: WeakKeyDictionary[Prepared, dict[Loss, tuple[Array, Array, Rows]]] = WeakKeyDictionary()


def _look(prepared: Prepared, loss: Loss) -> tuple[Array, Array, Rows]:
    part = sample(prepared.train, JUDGED)
    x, y = prepared.x[part], prepared.y[part]
    flat = x.reshape(len(x), -1) if not prepared.input.tokens else np.zeros((len(x), 0))
    counts: tuple[int, ...] = ()
    if prepared.task != "regression":
        labels = prepared.y[prepared.train].ravel().astype(np.int64)
        counts = tuple(np.bincount(labels, minlength=max(2, len(prepared.dataset.classes))).tolist())
    learnable = neighbour_scores(prepared, x, y)
    rows = Rows(
        names=prepared.dataset.features,
        counts=counts if y.shape[1] == 1 else (),
        means=tuple(flat.mean(axis=0, dtype=np.float64).tolist()),
        spreads=tuple(flat.std(axis=0, dtype=np.float64).tolist()),
        target_mean=float(np.abs(y.mean(axis=0, dtype=np.float64)).max()),
        target_spread=float(y.std(axis=0, dtype=np.float64).max()),
        constant=constant_score(prepared, y),
        constant_loss=constant_loss(loss, y, counts),
        learnable=learnable[0],
        even=(constant_score(prepared, y, even=True), learnable[1]),
    )
    return x, y, rows


def _vitals(program: Program, trail: Trail, since: int) -> tuple[Vitals, ...]:
    outputs, lowered = checkup(program), program.plan.lowered
    norms, ratios = _course(trail, "norm", since), _course(trail, "update_ratio", since)
    nan = float("nan")
    found = []
    for node, record in lowered.build.records.items():
        layer = program.document.node(node)
        size = sum(p.size for p in record.parameters)
        norm, ratio = norms.get(node, np.empty(0)), ratios.get(node, np.empty(0))
        found.append(
            Vitals(
                node=node,
                label=layer.label,
                kind=layer.layer.kind,
                activation=getattr(layer.layer, "activation", ""),
                learns=size > 0,
                hidden=layer.layer.kind != "input" and node != lowered.output_node,
                units=record.output.spec.shape[-1],
                gradient=_recent(norm) / np.sqrt(size) if size else nan,
                first_norm=float(norm[0]) if len(norm) else nan,
                largest_norm=float(norm.max()) if len(norm) else nan,
                update_ratio=_recent(ratio),
                largest_ratio=float(ratio.max()) if len(ratio) else nan,
                outputs=outputs[node],
                weights=weights_of(program, node),
            )
        )
    return tuple(found)


def _course(trail: Trail, quantity: str, since: int) -> dict[str, Array]:
    """{layer: what was seen of it after step ``since``}, without what is missing."""
    course = trail.course(quantity)
    kept = course.values[:, course.steps > since]
    return {node: row[~np.isnan(row)] for node, row in zip(course.layers, kept, strict=True)}


def _recent(values: Array) -> float:
    """The median of the last quarter; NaN of nothing."""
    return float(np.median(values[-max(1, round(RECENT * len(values))) :])) if len(values) else float("nan")
