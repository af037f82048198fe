"""The way from a weight to the loss: layer by layer the shares of each sum, along the largest of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from engine.insight.trace.formulas.activations import slope_of
from engine.insight.trace.formulas.common import by
from engine.insight.trace.record import LayerTrace, Trace, place_of
from engine.insight.trace.tape import Tape
from engine.insight.trace.words import Line, factor, figure, largest_of, sum_of

PULLED: Final = 128  # outputs of a layer whose share of a sum is worked out one by one; beyond, the steepest ones
MIXING: Final = ("dense", "maxout", "simple_rnn", "layer_norm", "batch_norm")


@dataclass(frozen=True)
class Term:
    """A share of a sum: ∂y/∂x of one number of a layer, times ∂E/∂y.

    Attributes:
        node, unit: the layer through which it goes, and which number of its output, counted flat.
    """

    node: str
    unit: int
    slope: float
    arriving: float

    @property
    def value(self) -> float:
        return self.slope * self.arriving


@dataclass(frozen=True)
class Link:
    """One step of the chain, from the weight to the loss.

    Attributes:
        node, label, unit: the layer and the number of its output that it speaks of.
        lines: the equations. terms: the shares of its sum, the largest first; ``of``: how many there are.
    """

    node: str
    label: str
    unit: int
    lines: tuple[Line, ...]
    terms: tuple[Term, ...] = ()
    of: int = 0


class Way:
    """From the weight to the loss, along the shares that are largest."""

    def __init__(self, tape: Tape, trace: Trace, key: str, index: int) -> None:
        self.tape, self.trace, self.key, self.index = tape, trace, key, index
        self.node = key.rpartition("/")[0]
        self.shape = trace.updated.by_key[key].shape
        self.starts = 1  # numbers of the layer's output that the weight touches
        self._number = {layer.node: number for number, layer in enumerate(trace.layers)}

    def go(self) -> tuple[list[Link], list[tuple[str, float]]]:
        link, factors, unit = self._first()
        links = [link]
        node = self.node
        while True:
            layer = self.trace.by_node[node]
            symbol = self._symbol(layer)
            if not self.trace.readers(node):
                last, slopes = self._loss(layer, unit, symbol)
                return [*links, last], [*slopes, *factors]
            link, term = self._through(layer, unit, symbol)
            links.append(link)
            reader = self.trace.by_node[term.node]
            factors = [*self._across(reader, term, symbol), *factors]
            node, unit = term.node, term.unit

    # -- the weight's own layer

    def _first(self) -> tuple[Link, list[tuple[str, float]], int]:
        layer = self.trace.by_node[self.node]
        return self._own_dense(layer) if _plain_dense(layer) else self._own(layer)

    def _own_dense(self, layer: LayerTrace) -> tuple[Link, list[tuple[str, float]], int]:
        """∂E/∂w = ∂E/∂z · x, summed over the places where the weight is used."""
        z = layer.named("z")
        assert z is not None
        assert z.gradient is not None
        width = layer.output.value.shape[-1]
        is_bias = len(self.shape) == 1
        column = self.index % width
        deltas = z.gradient.reshape(-1, width)[:, column]
        x = np.ones(len(deltas)) if is_bias else layer.inputs[0].value.reshape(len(deltas), -1)[:, self.index // width]
        pairs = [(float(d), float(v)) for d, v in zip(deltas, x, strict=True)]
        group = largest_of([d * v for d, v in pairs], 1)[0]
        unit = group * width + column
        self.starts = len(pairs)
        gradient = float(self.trace.updated.gradient(self.key).flat[self.index])
        name, sum_ = "b" if is_bias else "w", self._sum(layer)
        of_z, of_w = by(sum_), f"{{∂{sum_}}}/{{∂{name}}}"
        rule = f"{of_z} · {of_w}" if len(pairs) == 1 else f"Σ {of_z} · {of_w} over {len(pairs)} places"
        lines = [Line(by(name), rule, sum_of(pairs), gradient)]
        factors = [(of_w, pairs[group][1])]
        slope = self._bend(layer, unit)
        if slope is not None:
            lines.append(self._bent(layer, unit, slope, float(deltas[group])))
            factors.insert(0, (self._bend_by(layer), slope))
        return Link(layer.node, layer.label, unit, tuple(lines)), factors, unit

    def _own(self, layer: LayerTrace) -> tuple[Link, list[tuple[str, float]], int]:
        """∂E/∂w = Σ ∂E/∂y · ∂y/∂w, each derivative by the layer's own backward kernels."""
        terms = []
        for unit in self._steepest(layer):
            _, by_parameter = self.tape.pull_back(layer.node, unit)
            slope = float(by_parameter[self.key].flat[self.index])
            terms.append(Term(layer.node, unit, slope, _slope(layer, unit)))
        touched = [term for term in terms if term.slope] or terms[:1]
        self.starts = len(touched)
        ordered = _ordered(touched)
        gradient = float(self.trace.updated.gradient(self.key).flat[self.index])
        symbol = self._symbol(layer)
        pairs = [(term.arriving, term.slope) for term in ordered]
        rule = f"{by(symbol)} · {{∂{symbol}}}/{{∂w}}"
        line = Line(by("w"), rule if len(pairs) == 1 else f"Σ {rule}", sum_of(pairs), gradient)
        best = ordered[0]
        link = Link(layer.node, layer.label, best.unit, (line,), tuple(ordered), len(touched))
        return link, [(f"{{∂{symbol}}}/{{∂w}}", best.slope)], best.unit

    # -- from layer to layer

    def _through(self, layer: LayerTrace, unit: int, symbol: str) -> tuple[Link, Term]:
        """∂E by a number as the sum of what comes back through every reader."""
        terms = [term for reader, port in self.trace.readers(layer.node) for term in self._shares(reader, port, unit)]
        ordered = _ordered(terms)
        total = _slope(layer, unit)
        dense = all(_plain_dense(reader) for reader, _ in self.trace.readers(layer.node))
        following = dict.fromkeys(reader.node for reader, _ in self.trace.readers(layer.node))
        one = self.trace.by_node[next(iter(following))]
        out = (self._sum(one) if dense else self._symbol(one)) if len(following) == 1 else "y"
        rule = f"w · {by(out)}" if dense else f"{{∂{out}}}/{{∂{symbol}}} · {by(out)}"
        names, count = ", ".join(self.trace.by_node[node].label for node in following), len(terms)
        formula = f"{rule} of {names}" if count == 1 else f"Σ {rule} of {names}, {count} terms"
        line = Line(by(symbol), formula, sum_of([(term.slope, term.arriving) for term in ordered]), total)
        best = ordered[0]
        reader = self.trace.by_node[best.node]
        lines = [line]
        slope = self._bend(reader, best.unit) if _plain_dense(reader) else None
        if slope is not None:
            lines.append(self._bent(reader, best.unit, slope, best.arriving))
        return Link(layer.node, layer.label, unit, tuple(lines), tuple(ordered), count), best

    def _shares(self, reader: LayerTrace, port: int, element: int) -> list[Term]:
        """Through one reader: a term for each number of its output."""
        if _plain_dense(reader):
            z = reader.named("z")
            assert z is not None
            assert z.gradient is not None
            weight = self.trace.updated.old(reader.parameters[0])
            group, place = divmod(element, len(weight))
            deltas = z.gradient.reshape(-1, weight.shape[1])[group]
            first = group * weight.shape[1]
            return [
                Term(reader.node, first + unit, float(w), float(d))
                for unit, (w, d) in enumerate(zip(weight[place], deltas, strict=True))
            ]
        terms = []
        for unit in self._steepest(reader):
            gradients, _ = self.tape.pull_back(reader.node, unit)
            mine = gradients[port]
            slope = 0.0 if mine is None else float(mine.flat[element])
            terms.append(Term(reader.node, unit, slope, _slope(reader, unit)))
        return [term for term in terms if term.slope] or terms[:1]

    def _steepest(self, layer: LayerTrace) -> list[int]:
        """The numbers of a layer's output that are looked at: all, or those by which the loss is steepest."""
        gradient = layer.output.gradient
        if gradient is None or gradient.size <= PULLED:
            return list(range(layer.output.value.size))
        return sorted(largest_of(gradient, PULLED))

    def _across(self, reader: LayerTrace, term: Term, symbol: str) -> list[tuple[str, float]]:
        """The factors of one step towards the loss, the later one first."""
        out = self._symbol(reader)
        if not _plain_dense(reader):
            return [(f"{{∂{out}}}/{{∂{symbol}}}", term.slope)]
        slope = self._bend(reader, term.unit)
        if slope is None:
            return [(f"{{∂{self._sum(reader)}}}/{{∂{symbol}}}", term.slope)]
        return [(self._bend_by(reader), slope), (f"{{∂{self._sum(reader)}}}/{{∂{symbol}}}", term.slope)]

    def _loss(self, layer: LayerTrace, unit: int, symbol: str) -> tuple[Link, list[tuple[str, float]]]:
        loss, value = self.trace.loss, _slope(layer, unit)
        if loss.link == "sigmoid":
            p = float(loss.answer.flat[unit])
            bend = p * (1 - p)
            if bend > 1e-12:
                lines = (
                    Line(by("ŷ"), f"from {loss.title.lower()}", "", value / bend),
                    Line(f"{{∂ŷ}}/{{∂{symbol}}}", "ŷ · (1 − ŷ)", f"{figure(p)} · {figure(1 - p)}", bend),
                )
                return Link("", "Loss", unit, lines), [(by("ŷ"), value / bend), (f"{{∂ŷ}}/{{∂{symbol}}}", bend)]
        line = Line(by(symbol), f"from {loss.title.lower()}", "", value)
        return Link("", "Loss", unit, (line,)), [(by(symbol), value)]

    # -- words

    def _bend(self, layer: LayerTrace, unit: int) -> float | None:
        """f′(z) of a unit; None where nothing bends."""
        z = layer.named("z")
        if layer.activation in ("", "linear") or z is None:
            return None
        return slope_of(layer, float(z.value.flat[unit]), float(layer.output.value.flat[unit]))

    def _bent(self, layer: LayerTrace, unit: int, slope: float, value: float) -> Line:
        """∂E/∂z = ∂E/∂a · ∂a/∂z of one unit."""
        filled = f"{factor(_slope(layer, unit))} · {factor(slope)}"
        return Line(by(self._sum(layer)), f"{by(self._symbol(layer))} · {self._bend_by(layer)}", filled, value)

    def _bend_by(self, layer: LayerTrace) -> str:
        return f"{{∂{self._symbol(layer)}}}/{{∂{self._sum(layer)}}}"

    def _symbol(self, layer: LayerTrace) -> str:
        """What a layer gives, numbered as the layers follow each other; of the last one the answer, or its logits."""
        if self.trace.readers(layer.node):
            return f"{layer.output.symbol}_{{{self._number[layer.node]}}}"
        return "ŷ" if self.trace.loss.link == "identity" else self._sum(layer)

    def _sum(self, layer: LayerTrace) -> str:
        """z of a dense layer. Where nothing bends it, it is what the layer gives."""
        plain = layer.activation in ("", "linear")
        if plain and (self.trace.readers(layer.node) or self.trace.loss.link == "identity"):
            return self._symbol(layer)
        return f"z_{{{self._number[layer.node]}}}"

    def says(self) -> str:
        """What the weight is, in words."""
        layer = self.trace.by_node[self.node]
        name = self.key.rpartition("/")[2]
        if layer.layer.kind == "dense" and len(self.shape) == 2:
            source, unit = divmod(self.index, self.shape[1])
            return f"the weight from {self._input(layer, source)} to unit {unit + 1} of {layer.label}"
        if len(self.shape) == 1:
            return f"{name} {self.index + 1} of {layer.label}"
        return f"{name} {place_of(self.index, self.shape)} of {layer.label}"

    def _input(self, layer: LayerTrace, number: int) -> str:
        source = self.trace.by_node[layer.sources[0]]
        names = [name for name, _ in self.trace.example]
        if not source.sources and len(names) == self.shape[0]:
            return names[number]
        return f"unit {number + 1} of {source.label}"


def _plain_dense(layer: LayerTrace) -> bool:
    """A dense layer whose units bend each by itself."""
    return layer.layer.kind == "dense" and layer.activation != "softmax"


def _slope(layer: LayerTrace, unit: int) -> float:
    return 0.0 if layer.output.gradient is None else float(layer.output.gradient.flat[unit])


def _ordered(terms: list[Term]) -> list[Term]:
    return sorted(terms, key=lambda term: -abs(term.value) if term.value == term.value else 0.0)


def region(trace: Trace, node: str) -> tuple[tuple[str, ...], tuple[tuple[str, str, int], ...]]:
    """All nodes and wires from a layer to the loss."""
    reached = {node}
    for layer in trace.layers:
        if reached & set(layer.sources):
            reached.add(layer.node)
    wires = tuple(
        (source, layer.node, port)
        for layer in trace.layers
        for port, source in enumerate(layer.sources)
        if source in reached and layer.node in reached
    )
    return tuple(layer.node for layer in trace.layers if layer.node in reached), wires


def ways(trace: Trace, node: str, starts: int) -> int:
    """How many ways lead from a weight to the loss, unit by unit; where a layer mixes all, through all of its units."""
    ways: dict[str, int] = {}
    for layer in reversed(trace.layers):
        readers = trace.readers(layer.node)
        ways[layer.node] = 0 if readers else 1
        for reader, _ in readers:
            mixes = reader.layer.kind in MIXING or reader.activation == "softmax"
            through = reader.output.value.shape[-1] if mixes else 1
            ways[layer.node] += through * ways[reader.node]
    return starts * ways[node]
