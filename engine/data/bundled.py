"""Small real sets that scikit-learn brings along: no download."""

from __future__ import annotations

from importlib import import_module
from typing import Any, ClassVar

import numpy as np
from pydantic import Field

from engine.data.dataset import Dataset, Source


class Bundled(Source):
    """A set that comes with scikit-learn; ``loader`` names the function that reads it."""

    group = "real data"
    loader: ClassVar[str] = ""
    names: ClassVar[tuple[str, ...]] = ()  # of the classes, where scikit-learn only numbers them

    def read(self, **options: Any) -> Any:
        """scikit-learn's answer; imported here because that takes a second."""
        return getattr(import_module("sklearn.datasets"), self.loader)(**options)

    def load(self, seed: int) -> Dataset:
        raw = self.read()
        classes = self.names or tuple(map(str, raw.target_names))
        return Dataset(
            name=self.title,
            x=np.asarray(raw.data, np.float64),
            y=np.asarray(raw.target, np.float64).reshape(-1, 1),
            task="binary" if len(classes) == 2 else "multiclass",
            features=tuple(map(str, raw.feature_names)),
            targets=("class",),
            classes=classes,
        )


class Iris(Bundled):
    """150 flowers, 4 measures, 3 species (Fisher, 1936)."""

    kind = "iris"
    title = "Iris"
    summary = "150 flowers, four measures of each: which of three species is it?"
    loader = "load_iris"


class Wine(Bundled):
    """178 wines, 13 chemical measures, 3 growers (Forina et al., 1988)."""

    kind = "wine"
    title = "Wine"
    summary = "178 Italian wines by their chemistry: which of three growers made it?"
    loader = "load_wine"
    names = ("grower 1", "grower 2", "grower 3")


class BreastCancer(Bundled):
    """569 tumours, 30 measures of their cells, malignant or benign (Wolberg et al., 1995)."""

    kind = "breast_cancer"
    title = "Breast cancer"
    summary = "569 tumours, 30 measures of their cells: malignant or benign?"
    loader = "load_breast_cancer"


class Digits(Bundled):
    """1,797 handwritten digits, 8×8 grey values of 0-16 (Alpaydin and Kaynak, 1998)."""

    kind = "digits"
    title = "Digits"
    summary = "1,797 handwritten digits of 8×8 pixels: which digit is it?"
    loader = "load_digits"
    flat: bool = Field(
        True, title="Flat", description="On: 64 numbers, for dense layers. Off: 8×8×1 pictures, for convolutions."
    )

    def load(self, seed: int) -> Dataset:
        raw = self.read()
        return Dataset(
            name=self.title,
            x=np.asarray(raw.data if self.flat else raw.images[..., None], np.float64),
            y=np.asarray(raw.target, np.float64).reshape(-1, 1),
            task="multiclass",
            features=tuple(map(str, raw.feature_names)) if self.flat else (),
            targets=("digit",),
            classes=tuple(map(str, raw.target_names)),
        )


class Diabetes(Bundled):
    """442 patients, 10 measures, the progress of the illness after a year (Efron et al., 2004)."""

    kind = "diabetes"
    title = "Diabetes"
    summary = "442 patients, ten measures: how far will the illness be in a year?"
    loader = "load_diabetes"

    def load(self, seed: int) -> Dataset:
        raw = self.read(scaled=False)
        return Dataset(
            name=self.title,
            x=np.asarray(raw.data, np.float64),
            y=np.asarray(raw.target, np.float64).reshape(-1, 1),
            task="regression",
            features=tuple(map(str, raw.feature_names)),
            targets=("progression",),
        )
