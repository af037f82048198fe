"""Named arrays as safetensors: numbers only, so that opening a file can never run anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import ProjectError

Array = NDArray[Any]

KINDS = "biuf"  # NumPy's letters for truth values, whole numbers and real numbers


def pack(arrays: Mapping[str, Array]) -> bytes:
    """Arrays of numbers as the bytes of a safetensors file.

    Raises:
        TypeError: an array holds something else than numbers.
    """
    from safetensors.numpy import save

    ready: dict[str, Array] = {}
    for name, array in arrays.items():
        array = np.asarray(array)
        if array.dtype.kind not in KINDS:
            raise TypeError(f"{name} holds {array.dtype}, and only numbers can be saved")
        # The format is little-endian and without gaps; `ascontiguousarray` would give a scalar an axis.
        ready[name] = np.asarray(array, array.dtype.newbyteorder("<"), order="C")
    return save(ready)


def unpack(content: bytes, file: str, part: str) -> dict[str, Array]:
    """The arrays in the bytes of a safetensors file, writable.

    Raises:
        ProjectError: the header lies about the bytes, or is none.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        return {name: np.array(array) for name, array in load(content).items()}
    except (SafetensorError, KeyError, TypeError, ValueError, OverflowError) as error:
        raise ProjectError(
            file, f"its part {part} holds no numbers that can be read", "Use another copy of the file"
        ) from error
