"""Which pages of help there are: one for every kind of every family, every setting, every group, and some topics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.help.texts import addresses_of, text_of
from engine.data import GROUPS, Source, datasets
from engine.design.declared import Declared, Value
from engine.insight.doctor.rules import RULES
from engine.kernels.activations import ACTIVATIONS
from engine.layers import Layer
from engine.training.initialisers import Initialiser
from engine.training.losses import Loss
from engine.training.optimizers import Optimizer
from engine.training.schedules import Schedule
from engine.training.spec import DataSplit, TrainingSpec

INDEX: Final = "index"
SHORTCUTS: Final = "shortcuts"
FAMILIES: Final[dict[str, type[Declared]]] = {
    "layer": Layer, "loss": Loss, "optimizer": Optimizer, "schedule": Schedule, "initialiser": Initialiser,
}  # fmt: skip
SETTINGS: Final[dict[str, type[Value]]] = {"training": TrainingSpec, "split": DataSplit}
SECTIONS: Final = {  # in the order of the index; "one" is how the page itself is called
    "topic": ("How it works", "Topic"),
    "illness": ("What the doctor finds", "Illness"),
    "layer": ("Layers", "Layer"),
    "activation": ("Activations", "Activation"),
    "loss": ("Losses", "Loss"),
    "optimizer": ("Optimizers", "Optimizer"),
    "schedule": ("Schedules", "Schedule"),
    "initialiser": ("First weights", "First weights"),
    "training": ("Training settings", "Training setting"),
    "split": ("Splitting and scaling", "Data setting"),
    "group": ("Data", "Data"),
    "data": ("Data", "Data"),
}


@dataclass(frozen=True)
class Page:
    """One page, before anything of it is read or drawn.

    Attributes:
        address: "activation/relu". family, kind: its two halves.
        declared: the model whose fields the page lists; None for none.
        field: the one field that the page is about, where it is a setting's.
        group: for data, the group they belong to; for a layer its category.
    """

    address: str
    title: str
    summary: str
    declared: type[Value] | None = None
    field: str = ""
    group: str = ""

    @property
    def family(self) -> str:
        return self.address.partition("/")[0]

    @property
    def kind(self) -> str:
        return self.address.partition("/")[2]

    @property
    def section(self) -> str:
        return SECTIONS[self.family][0]

    @property
    def docstring(self) -> str:
        """The first paragraph of the declaration's own docstring: often its formula."""
        own = (self.declared.__dict__.get("__doc__") or "") if self.declared is not None and not self.field else ""
        return " ".join(own.split("\n\n")[0].split()).replace("``", "`")


def pages() -> dict[str, Page]:
    """Every page by its address, in the order of the index. Made anew, so that what is declared later is there."""
    made = [*_topics(), *_illnesses(), *_kinds(), *_activations(), *_settings(), *_groups(), *_data()]
    order = list(SECTIONS)
    made.sort(key=lambda page: order.index(page.family))
    return {page.address: page for page in made}


def group_address(group: str) -> str:
    """``classify, two inputs`` as ``group/classify_two_inputs``."""
    return "group/" + group.replace(",", "").replace(" ", "_")


def _topics() -> list[Page]:
    found = []
    for address in addresses_of("topic"):
        head = text_of(address).head
        found.append(Page(address, head["title"], head["summary"]))
    return sorted(found, key=lambda page: int(text_of(page.address).head.get("order", "99")))


def _illnesses() -> list[Page]:
    return [Page(f"illness/{rule.kind}", rule.title, rule.cause) for rule in RULES]


def _kinds() -> list[Page]:
    return [
        Page(
            f"{family}/{kind}", model.title or kind, model.summary or model.title, model,
            group=getattr(model, "category", ""),
        )
        for family, base in FAMILIES.items()
        for kind, model in base.kinds.items()
    ]  # fmt: skip


def _activations() -> list[Page]:
    return [
        Page(f"activation/{name}", row.title, text_of(f"activation/{name}").head.get("summary", row.title))
        for name, row in ACTIVATIONS.items()
    ]


def _settings() -> list[Page]:
    return [
        Page(f"{family}/{name}", field.title or name, field.description or "", model, name)
        for family, model in SETTINGS.items()
        for name, field in model.model_fields.items()
    ]


def _groups() -> list[Page]:
    named = [*GROUPS, *(kind.group for kind in datasets() if kind.group not in GROUPS)]
    return [
        Page(
            group_address(group), group[:1].upper() + group[1:],
            text_of(group_address(group)).head.get("summary", ""), group=group,
        )
        for group in dict.fromkeys(named)
        if any(kind.group == group for kind in datasets())
    ]  # fmt: skip


def _data() -> list[Page]:
    return [Page(f"data/{kind.kind}", kind.title, kind.summary, kind, group=kind.group) for kind in datasets()]


def family_of(model: type[Value]) -> str:
    """The family under which a model has its page; empty where it has none."""
    if issubclass(model, Source):
        return "data"
    for family, base in (*FAMILIES.items(), *SETTINGS.items()):
        if issubclass(model, base):
            return family
    return ""
