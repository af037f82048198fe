"""How the learning rate changes while training."""

from __future__ import annotations

from engine.design.declared import Declared


class Schedule(Declared):
    family = "schedule"


class Constant(Schedule):
    kind = "constant"
    title = "Constant"
    summary = "The learning rate stays as it is."
