"""How a design is to be trained: every setting, with its bounds and its words."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.design.declared import Value
from engine.training.losses import Automatic, Loss
from engine.training.optimizers import Adam, Optimizer
from engine.training.schedules import Constant, Schedule


class TrainingSpec(Value):
    """The settings of a training run. All may change while it trains; only ``seed`` needs a reset to act."""

    loss: Loss = Field(Automatic(), title="Loss", description="What training makes small.")
    optimizer: Optimizer = Field(Adam(), title="Optimizer", description="How a gradient becomes a step.")
    learning_rate: float = Field(0.001, gt=0, le=1e12, title="Learning rate", description="The size of a step, α.")
    schedule: Schedule = Field(Constant(), title="Schedule", description="How α changes over the epochs.")
    batch_size: int = Field(32, ge=1, le=1_000_000, title="Batch size", description="Examples per step.")
    epochs: int = Field(1000, ge=1, le=100_000_000, title="Epochs", description="Stop after this many passes.")
    seed: int = Field(0, ge=0, lt=2**31, title="Seed", description="Same seed: same weights, same batches, same bits.")
    l1: float = Field(0.0, ge=0, title="L1", description="Adds λ·|w| to the cost of every weight: drives some to zero.")
    l2: float = Field(0.0, ge=0, title="L2", description="Adds ½λ·w² to the cost of every weight: keeps them small.")
    max_norm: float = Field(0.0, ge=0, title="Max-norm", description="Longest weight vector of a unit; 0: no limit.")
    clip_norm: float = Field(0.0, ge=0, title="Clip by norm", description="Longest gradient, over all; 0: no limit.")
    clip_value: float = Field(0.0, ge=0, title="Clip by value", description="Largest |gradient|; 0: no limit.")
    validate_every: int = Field(1, ge=1, title="Validate every", json_schema_extra={"unit": "epochs"})
    patience: int = Field(
        0,
        ge=0,
        title="Early stopping",
        json_schema_extra={"unit": "epochs"},
        description="Stop when validation loss has not improved for so many validations; 0: never.",
    )
    min_delta: float = Field(0.0, ge=0, title="Least improvement", description="What counts as better.")
    restore_best: bool = Field(True, title="Keep the best", description="At an early stop, return to the best epoch.")
    stop_loss: float = Field(0.0, ge=0, title="Stop at loss", description="Stop when training loss is below; 0: never.")


class DataSplit(Value):
    """How rows are shared out and scaled; scaling is fitted on the training part only."""

    validation: float = Field(0.2, ge=0, lt=1, title="Validation share", json_schema_extra={"unit": "of rows"})
    test: float = Field(0.0, ge=0, lt=1, title="Test share", json_schema_extra={"unit": "of rows"})
    scaling: Literal["standard", "0..1", "-1..1", "none"] = Field(
        "standard",
        title="Scale inputs",
        description="standard: mean 0, spread 1.",
    )
    scale_target: bool = Field(
        True, title="Scale the target", description="For regression; answers stay in your units."
    )
    seed: int = Field(0, ge=0, lt=2**31, title="Data seed", description="Which rows are drawn and how they are split.")
