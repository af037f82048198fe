"""Named arrays as safetensors: numbers only, so that opening a file can never run anything."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import ProjectError

Array = NDArray[Any]

KINDS = "biuf"  # NumPy's letters for truth values, whole numbers and real numbers


def pack(arrays: Mapping[str, Array]) -> bytearray:
    """Arrays of numbers as the bytes of a safetensors file.

    Written here and not by the library, which holds the interpreter's lock for as long as it copies: a window must not
    stand still while a large network is saved. NumPy lets go of the lock. Reading is the library's.

    Raises:
        TypeError: an array holds something else than numbers.
    """
    header: dict[str, object] = {}
    ready: list[Array] = []
    end = 0
    for name, given in arrays.items():
        array = np.asarray(given)
        if array.dtype.kind not in KINDS:
            raise TypeError(f"{name} holds {array.dtype}, and only numbers can be saved")
        # the format is little-endian and without gaps; `ascontiguousarray` would give a scalar an axis
        ready.append(np.asarray(array, array.dtype.newbyteorder("<"), order="C"))
        begin, end = end, end + array.nbytes
        header[name] = {"dtype": _name(array.dtype), "shape": list(array.shape), "data_offsets": [begin, end]}
    head = json.dumps(header).encode()
    head += b" " * (-len(head) % 8)  # so that every array begins where its numbers may
    content = bytearray(8 + len(head) + end)
    content[:8], content[8 : 8 + len(head)] = len(head).to_bytes(8, "little"), head
    body = np.frombuffer(content, np.uint8, offset=8 + len(head))
    at = 0
    for array in ready:
        body[at : at + array.nbytes] = array.reshape(-1).view(np.uint8)
        at += array.nbytes
    return content


def _name(dtype: np.dtype[Any]) -> str:
    """NumPy's type as safetensors calls it: "F32", "I64", "BOOL" …"""
    return "BOOL" if dtype.kind == "b" else f"{dtype.kind.upper()}{dtype.itemsize * 8}"


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
