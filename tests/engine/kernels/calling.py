"""A kernel called on its own, with arrays in place of a plan."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernels.blas import gemm_address
from engine.kernels.contract import CONTEXT, GEMM, ROWS, SEED, STEP, TRAINING, Kernel

Array = NDArray[Any]
UNTOUCHED = -777.0  # what lies between the arrays and in results before the kernel runs


class Bench:
    """Arrays laid out in the two arenas; ``call`` runs a kernel on them.

    Everything is surrounded by untouched numbers, so that a write outside an array is seen.
    """

    def __init__(self, dtype: type, rows: int, training: bool = True, seed: int = 5, step: int = 3) -> None:
        self.dtype = dtype
        self.ctx = np.zeros(CONTEXT, np.int64)
        self.ctx[ROWS], self.ctx[TRAINING], self.ctx[SEED], self.ctx[STEP] = rows, training, seed, step
        self.ctx[GEMM] = gemm_address("sgemm" if dtype is np.float32 else "dgemm")
        self.arenas = {name: np.full(1 << 16, UNTOUCHED, dtype) for name in ("par", "act")}
        self._used = {"par": 8, "act": 8}
        self._places: dict[int, tuple[str, slice, tuple[int, ...]]] = {}

    def par(self, values: Any) -> int:
        return self._put("par", np.asarray(values, self.dtype))

    def act(self, values: Any) -> int:
        return self._put("act", np.asarray(values, self.dtype))

    def room(self, *shape: int, arena: str = "act") -> int:
        """A place for a result."""
        return self._put(arena, np.full(shape, UNTOUCHED, self.dtype))

    def _put(self, arena: str, values: Array) -> int:
        start = self._used[arena]
        place = slice(start, start + values.size)
        self.arenas[arena][place] = values.reshape(-1)
        self._used[arena] = start + values.size + 8
        self._places[start + (1 << 32 if arena == "par" else 0)] = (arena, place, values.shape)
        return start

    def __getitem__(self, start: int) -> Array:
        return self.get(start)

    def get(self, start: int, arena: str = "act") -> Array:
        """The array that begins at ``start``, copied."""
        _, place, shape = self._places[start + (1 << 32 if arena == "par" else 0)]
        return self.arenas[arena][place].reshape(shape).copy()

    def call(self, kernel: Kernel, *arguments: int) -> None:
        op = np.array([0, *arguments], np.int64)
        address = kernel.address(self.dtype)
        function = ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * 4)(address)
        function(op.ctypes.data, self.ctx.ctypes.data, self.arenas["par"].ctypes.data, self.arenas["act"].ctypes.data)
        for arena, values in self.arenas.items():
            between = np.ones(values.size, bool)
            for owner, place, _ in self._places.values():
                if owner == arena:
                    between[place] = False
            assert (values[between] == UNTOUCHED).all(), f"the kernel wrote outside its arrays, in {arena}"


def close(dtype: type) -> dict[str, float]:
    """How near a kernel comes to its twin, which computes in float64."""
    return {"rtol": 2e-5, "atol": 2e-6} if dtype is np.float32 else {"rtol": 1e-11, "atol": 1e-12}


def normal(seed: int, *shape: int, scale: float = 1.0) -> NDArray[np.float64]:
    """Numbers that float32 holds exactly, so that kernel and twin begin with the same."""
    values = scale * np.random.default_rng([seed, *shape]).standard_normal(shape)
    return values.astype(np.float32).astype(np.float64)
