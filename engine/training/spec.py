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

    loss: Loss = Field(
        Automatic(), title="Loss", description="How wrong an answer is, as one number: what training makes small."
    )
    optimizer: Optimizer = Field(Adam(), title="Optimizer", description="How a gradient becomes a step.")
    learning_rate: float = Field(
        0.001,
        gt=0,
        le=1e12,
        title="Learning rate",
        description="α, the size of a step: too small and nothing moves, too large and the loss jumps or explodes.",
    )
    schedule: Schedule = Field(
        Constant(), title="Schedule", description="How the learning rate changes while it trains."
    )
    batch_size: int = Field(
        32,
        ge=1,
        le=1_000_000,
        title="Batch size",
        description="From how many examples one step is computed: few are quick and noisy, many are smooth and slow.",
        json_schema_extra={"unit": "examples"},
    )
    epochs: int = Field(
        1000,
        ge=1,
        le=100_000_000,
        title="Epochs",
        description="Stop after this many passes over the training rows.",
        json_schema_extra={"unit": "passes"},
    )
    seed: int = Field(
        0,
        ge=0,
        lt=2**31,
        title="Seed",
        description="Where chance begins. Same seed: same first weights, same batches, same result to the last bit.",
    )
    l1: float = Field(
        0.0,
        ge=0,
        le=1e6,
        title="L1",
        description="λ: adds λ·|w| to the cost of every weight, which drives those that do not help towards zero.",
        json_schema_extra={"zero": "off"},
    )
    l2: float = Field(
        0.0,
        ge=0,
        le=1e6,
        title="L2",
        description="λ: adds ½λ·w² to the cost of every weight, which keeps all of them small.",
        json_schema_extra={"zero": "off"},
    )
    max_norm: float = Field(
        0.0,
        ge=0,
        le=1e30,
        title="Max-norm",
        description="The longest that a unit's weight vector may grow; longer ones are cut. 0: no limit.",
        json_schema_extra={"zero": "off"},
    )
    clip_norm: float = Field(
        0.0,
        ge=0,
        le=1e30,
        title="Clip by norm",
        description="The longest gradient, over all weights together; longer ones keep their direction. 0: no limit.",
        json_schema_extra={"zero": "off"},
    )
    clip_value: float = Field(
        0.0,
        ge=0,
        le=1e30,
        title="Clip by value",
        description="The largest |gradient| of a single weight; larger ones are cut. 0: no limit.",
        json_schema_extra={"zero": "off"},
    )
    validate_every: int = Field(
        1,
        ge=1,
        le=100_000_000,
        title="Validate every",
        description="How often the loss on the validation rows is measured.",
        json_schema_extra={"unit": "epochs"},
    )
    patience: int = Field(
        0,
        ge=0,
        le=100_000_000,
        title="Early stopping",
        description="Stop when validation loss has not improved for so many validations; 0: never. 10 is usual.",
        json_schema_extra={"unit": "validations", "zero": "off"},
    )
    min_delta: float = Field(
        0.0, ge=0, title="Least gain", description="A loss counts as better when it fell by more than this."
    )
    restore_best: bool = Field(
        True, title="Keep the best", description="At an early stop, return to the weights of the best epoch."
    )
    stop_loss: float = Field(
        0.0,
        ge=0,
        title="Stop at loss",
        description="Stop when the training loss is below this; 0: never.",
        json_schema_extra={"zero": "off"},
    )


class DataSplit(Value):
    """How rows are shared out and scaled; scaling is fitted on the training part only."""

    validation: float = Field(
        0.2,
        ge=0,
        lt=1,
        title="Validation share",
        description="Rows that judge the network while it trains and teach it nothing.",
        json_schema_extra={"unit": "of rows"},
    )
    test: float = Field(
        0.0,
        ge=0,
        lt=1,
        title="Test share",
        description="Rows that are kept for the very end.",
        json_schema_extra={"unit": "of rows"},
    )
    scaling: Literal["standard", "0..1", "-1..1", "none"] = Field(
        "standard",
        title="Scale inputs",
        description="standard: mean 0 and spread 1 in every column; 0..1 and -1..1: from least to largest.",
    )
    scale_target: bool = Field(
        True,
        title="Scale the target",
        description="For regression; answers stay in your units.",
        json_schema_extra={"task": "regression"},
    )
    seed: int = Field(0, ge=0, lt=2**31, title="Data seed", description="Which rows are drawn and how they are split.")
