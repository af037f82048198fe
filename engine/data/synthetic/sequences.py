"""Sequences: what recurrent layers and attention are for."""

from __future__ import annotations

import numpy as np
from pydantic import Field

from engine.data.dataset import Dataset
from engine.data.synthetic.base import Synthetic, noise, samples


class SineForecast(Synthetic):
    """Windows of sin(2π·(t/period + phase)) with a random phase; asked is the value ``ahead`` steps after the last."""

    kind = "sine_forecast"
    title = "Sine forecast"
    summary = "The last steps of a wave are shown; how does it go on?"
    group = "sequences"
    samples: int = samples(1000, "How many windows are drawn.")
    length: int = Field(
        20, ge=2, le=200, title="Length", description="Steps that are shown.", json_schema_extra={"unit": "steps"}
    )
    ahead: int = Field(
        1, ge=1, le=100, title="Ahead", description="How far to look ahead.", json_schema_extra={"unit": "steps"}
    )
    period: float = Field(
        16.0, ge=2, le=1000, title="Period", description="Steps in one wave.", json_schema_extra={"unit": "steps"}
    )
    noise: float = noise(description="Spread around the wave, in hundredths of its height; the answer has none.")

    def load(self, seed: int) -> Dataset:
        random = self.random(seed)
        time = np.append(np.arange(self.length), self.length - 1 + self.ahead)
        wave = np.sin(2 * np.pi * (time / self.period + random.uniform(size=(self.samples, 1))))
        shown = wave[:, :-1] + random.standard_normal((self.samples, self.length)) * self.noise / 100
        return Dataset(
            name=self.title,
            x=shown[:, :, None],
            y=wave[:, -1:],
            task="regression",
            features=("wave",),
            targets=("next",),
        )


class Adding(Synthetic):
    """Numbers from 0 to 1, two of them marked, one in each half; asked is the sum of the two.

    Source: Hochreiter and Schmidhuber, Long Short-Term Memory, 1997, experiment 4 (here with numbers in 0..1 and
    markers 0 and 1, as is usual since).
    """

    kind = "adding"
    title = "Adding problem"
    summary = "Many numbers, two of them marked: add those two. Tests how long a network remembers."
    group = "sequences"
    samples: int = samples(5000, "How many sequences are drawn.")
    length: int = Field(
        20, ge=2, le=200, title="Length", description="Numbers in a sequence.", json_schema_extra={"unit": "steps"}
    )

    def load(self, seed: int) -> Dataset:
        random = self.random(seed)
        row = np.arange(self.samples)
        x = np.zeros((self.samples, self.length, 2))
        x[:, :, 0] = random.uniform(size=(self.samples, self.length))
        x[row, random.integers(0, self.length // 2, self.samples), 1] = 1
        x[row, random.integers(self.length // 2, self.length, self.samples), 1] = 1
        return Dataset(
            name=self.title,
            x=x,
            y=(x[:, :, 0] * x[:, :, 1]).sum(1, keepdims=True),
            task="regression",
            features=("number", "marked"),
            targets=("sum",),
        )


class Parity(Synthetic):
    """Bits, each 0 or 1 with equal chance; asked is whether the number of ones is odd."""

    kind = "parity"
    title = "Parity"
    summary = "Is the number of ones odd? A single flipped bit flips the answer, so every one counts."
    group = "sequences"
    samples: int = samples(2000, "How many sequences are drawn.")
    length: int = Field(
        8, ge=1, le=200, title="Length", description="Bits in a sequence.", json_schema_extra={"unit": "bits"}
    )

    def load(self, seed: int) -> Dataset:
        bits = self.random(seed).integers(0, 2, (self.samples, self.length)).astype(np.float64)
        return Dataset(
            name=self.title,
            x=bits[:, :, None],
            y=bits.sum(1, keepdims=True) % 2,
            task="binary",
            features=("bit",),
            targets=("parity",),
            classes=("even", "odd"),
        )


class Copy(Synthetic):
    """Symbols, blanks, "go", blanks again; asked are blanks until "go", then the symbols in the same order.

    Token 0 is the blank, 1 … ``symbols`` are the symbols, ``symbols`` + 1 is "go". Steps: 2·length + delay: the
    symbols, ``delay`` blanks, "go", ``length`` - 1 blanks.
    Source: Arjovsky, Shah and Bengio, Unitary Evolution Recurrent Neural Networks, 2016, section 4.1.
    """

    kind = "copy"
    title = "Copy"
    summary = "Read some symbols, wait, then repeat them: memory, pure and simple."
    group = "sequences"
    samples: int = samples(2000, "How many sequences are drawn.")
    symbols: int = Field(8, ge=2, le=50, title="Symbols", description="How many different symbols there are.")
    length: int = Field(
        5, ge=1, le=50, title="Length", description="Symbols to remember.", json_schema_extra={"unit": "steps"}
    )
    delay: int = Field(
        5,
        ge=0,
        le=100,
        title="Delay",
        description="Steps to wait before repeating.",
        json_schema_extra={"unit": "steps"},
    )

    def load(self, seed: int) -> Dataset:
        word = self.random(seed).integers(1, self.symbols + 1, (self.samples, self.length))
        steps = 2 * self.length + self.delay
        x, y = np.zeros((2, self.samples, steps))
        x[:, : self.length] = word
        x[:, self.length + self.delay] = self.symbols + 1
        y[:, self.length + self.delay :] = word
        return Dataset(
            name=self.title,
            x=x,
            y=y,
            task="multiclass",
            features=("symbol",),
            targets=("symbol",),
            classes=("blank", *(str(number) for number in range(1, self.symbols + 1))),
            tokens=self.symbols + 2,
        )
