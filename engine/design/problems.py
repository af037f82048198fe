"""What a check has to say: a problem of a node, and what a design needs and costs when it holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.errors import DesignError
from engine.layers.base import Fix, Spec


@dataclass(frozen=True)
class Problem:
    """Something that keeps a design from training ("error") or will disappoint ("warning").

    Attributes:
        node: the node's id; empty where the whole design is meant.
        field: the field at fault, of the layer, or of the training settings where there is no node; or "".
        reason: one sentence for the user.
        fix: an edit that would mend it (`engine.design.fixes.apply_fix`), or None.
    """

    severity: Literal["error", "warning"]
    node: str
    field: str
    reason: str
    fix: Fix | None = None

    def __str__(self) -> str:
        where = ", ".join(part for part in (self.node, self.field) if part)
        return f"{where}: {self.reason}" if where else self.reason


@dataclass(frozen=True)
class Cost:
    """What one node needs.

    Attributes:
        parameters: numbers that are learnt.
        multiply_adds: of one forward pass over one example.
        bytes: parameters, gradients, optimizer slots and state, the copies of them that are kept to fall back on,
            and one batch of activations.
    """

    parameters: int = 0
    multiply_adds: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class Report:
    """All that checks say about a design.

    Attributes:
        specs: {node id: shape of its output}; nodes whose shape cannot be known are missing.
        problems: errors first; what concerns the whole design before what concerns one node, then along the wires.
        costs: {node id: Cost}, for the nodes whose inputs are known.
        sink: the id of the one node whose output is the network's answer; empty where that is not clear.
        names: {node id: what the user calls it}, where that is something else.
    """

    specs: Mapping[str, Spec] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    costs: Mapping[str, Cost] = field(default_factory=dict)
    sink: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity == "error")

    def of(self, node: str) -> tuple[Problem, ...]:
        """The problems of one node, for its badge."""
        return tuple(problem for problem in self.problems if problem.node == node)

    def require(self) -> None:
        """Say the first error, where there is one.

        Raises:
            DesignError: the design cannot be trained.
        """
        if not self.errors:
            return
        first = self.errors[0]
        node = self.names.get(first.node, first.node)
        thing = ", ".join(part for part in (node, first.field) if part)
        # what concerns the whole design is a sentence of its own
        reason = first.reason if thing else f"{first.reason[:1].upper()}{first.reason[1:]}"
        mend = f"To mend it: {first.fix.text[:1].lower()}{first.fix.text[1:]}" if first.fix else ""
        raise DesignError(thing, reason, mend)
