"""All layers: every module of this package is imported, so that a new layer is a new file and nothing else."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from engine.layers.base import Fix, Layer, ShapeError, Spec

for _module in iter_modules(__path__):
    import_module(f"{__name__}.{_module.name}")

__all__ = ["Fix", "Layer", "ShapeError", "Spec"]
