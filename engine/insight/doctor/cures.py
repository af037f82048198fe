"""The cures: undoable edits of a design, each with the words for its button."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from engine.design.document import Document, Wire
from engine.design.fixes import apply_fix
from engine.insight.doctor.finding import Cure
from engine.layers import Layer
from engine.layers.regularise import Dropout
from engine.training.losses import ClassLoss, Loss
from engine.training.optimizers import Adam, Optimizer

if TYPE_CHECKING:
    from engine.insight.doctor.evidence import Evidence, Vitals

COLUMN: Final = 112.0  # px that a layer which is put in stands behind the one before
LITTLE: Final = 0.1  # of the units dropped: hardly any
WIDE: Final = 32  # units that a narrow layer is given, at the least


def names(layers: Sequence[Vitals]) -> str:
    """ "Hidden 1", "Hidden 1 and Hidden 2", "Hidden 1 … Hidden 6"."""
    labels = [layer.label for layer in layers]
    return " and ".join(labels) if len(labels) < 3 else f"{labels[0]} … {labels[-1]}"


def with_fields(document: Document, ids: Iterable[str], **fields: Any) -> Document:
    """The fields that a layer has, set in all of these that are still there."""
    for id in ids:
        if id in document.by_id:
            known = type(document.node(id).layer).model_fields
            document = document.set_fields(id, **{name: value for name, value in fields.items() if name in known})
    return document


def with_training(document: Document, **settings: Any) -> Document:
    return document.but(training=document.training.but(**settings))


def behind(document: Document, ids: Iterable[str], layer: Layer) -> Document:
    """A layer of this kind behind each of these: all that they fed is fed by it."""
    for id in ids:
        if id not in document.by_id:
            continue
        node, outgoing = document.node(id), document.outputs(id)
        made = document.fresh_id(layer.kind)
        document = document.but(wires=tuple(wire for wire in document.wires if wire not in outgoing))
        document = document.add(layer, node.x + COLUMN, node.y, id=made).connect(id, made)
        document = document.but(wires=(*document.wires, *(wire.but(source=made) for wire in outgoing)))
    return document


def activation(layers: Sequence[Vitals], kind: str, title: str) -> Cure:
    """Another activation; weights stay where they suit it, and are drawn anew where they were too small or large."""
    bent = [layer for layer in layers if layer.activation]
    ids = tuple(layer.node for layer in bent)
    if all(layer.weights.suited for layer in bent):
        return Cure(f"Use {title} in {names(bent)}", partial(with_fields, ids=ids, activation=kind))
    edit = partial(with_fields, ids=ids, activation=kind, initialiser="auto")
    return Cure(f"Use {title} and first weights that suit it in {names(bent)}", edit, restart=True)


def first_weights(layers: Sequence[Vitals]) -> Cure:
    """Draw the weights as suits the width: He for ReLU and its kin, Glorot for the rest; same seed."""
    ids = tuple(layer.node for layer in layers)
    he = all(layer.activation in ("relu", "leaky_relu", "elu", "gelu", "silu", "mish") for layer in layers)
    edit = partial(
        with_fields, ids=ids, initialiser="auto", bias_initialiser="zeros", recurrent_initialiser="orthogonal"
    )
    text = f"Use {'He' if he else 'Glorot'} initialisation in {names(layers)}, same seed"
    return Cure(text, edit, restart=True)


def batch_norm(layers: Sequence[Vitals]) -> Cure:
    ids = tuple(layer.node for layer in layers)
    return Cure(f"Insert Batch norm behind {names(layers)}", partial(behind, ids=ids, layer=Layer.parse("batch_norm")))


def dropout(layers: Sequence[Vitals], rate: float = 0.3) -> Cure:
    ids = tuple(layer.node for layer in layers)
    layer = Layer.parse({"type": "dropout", "rate": rate})
    return Cure(f"Insert Dropout {rate:g} behind {names(layers)}", partial(behind, ids=ids, layer=layer))


def learning_rate(rate: float, restart: bool = False) -> Cure:
    rate = float(f"{rate:.1g}")
    return Cure(f"Set the learning rate to {rate:g}", partial(with_training, learning_rate=rate), restart)


def optimizer(kind: Optimizer, rate: float) -> Cure:
    edit = partial(with_training, optimizer=kind, learning_rate=rate)
    return Cure(f"Use {kind.title}, learning rate {rate:g}", edit)


def adam() -> Cure:
    return optimizer(Adam(), 0.01)


def training(text: str, restart: bool = False, **settings: Any) -> Cure:
    return Cure(text, partial(with_training, **settings), restart)


def clip(restart: bool = False) -> Cure:
    return training("Clip gradients at 1", restart, clip_norm=1.0)


def _scaled(document: Document, **split: Any) -> Document:
    return document.but(split=document.split.but(**split))


def scale_inputs() -> Cure:
    return Cure("Standardise the inputs", partial(_scaled, scaling="standard"), restart=True)


def scale_target() -> Cure:
    return Cure("Standardise the target", partial(_scaled, scale_target=True), restart=True)


def balanced(chosen: Loss, kind: str) -> Cure:
    """``kind``: of the loss in force, where the design leaves it to be chosen."""
    loss = chosen if isinstance(chosen, ClassLoss) else Loss.parse({"type": kind})
    return Cure("Balance the class weights", partial(with_training, loss=loss.but(class_weights="balanced")))


def _mended(document: Document, problem: Any) -> Document:
    return apply_fix(document, problem) if problem.node in document.by_id else document


def mend(problem: Any, label: str) -> Cure:
    """The fix that the checks of the design advise."""
    return Cure(f"{problem.fix.text} in {label}", partial(_mended, problem=problem))


def _with_hidden(document: Document, sink: str) -> Document:
    """A bent layer on the wire into the last one."""
    if sink not in document.by_id or not document.inputs(sink):
        return document
    wire: Wire = document.inputs(sink)[0]
    before, after = document.node(wire.source), document.node(sink)
    layer = Layer.parse({"type": "dense", "units": WIDE, "activation": "relu"})
    return document.insert(wire, layer, (before.x + after.x) / 2, (before.y + after.y) / 2)


def hidden_layer(evidence: Evidence) -> Cure:
    sink = evidence.learning[-1].node
    return Cure(f"Insert a hidden layer of {WIDE} ReLU units", partial(_with_hidden, sink=sink))


def wider(layers: Sequence[Vitals]) -> Cure:
    units = max(WIDE, 4 * max(layer.units for layer in layers))
    ids = tuple(layer.node for layer in layers)
    return Cure(f"Use {units} units in {names(layers)}", partial(with_fields, ids=ids, units=units))


def _unregularised(document: Document) -> Document:
    document = with_training(document, l1=0.0, l2=0.0)
    dropped = [node.id for node in document.nodes if isinstance(node.layer, Dropout) and node.layer.rate > LITTLE]
    return with_fields(document, dropped, rate=LITTLE)


def regularise_less() -> Cure:
    return Cure(f"Switch off L1 and L2, dropout {LITTLE:g}", _unregularised)
