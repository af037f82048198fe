"""The one contract of all kernels: their signature, the run-time context, views on memory, and their templates.

A kernel is a plain function ``(op, ctx, par, act)`` decorated with `kernel`. It is a *template*: on demand it is
specialised for float32 or float64 (the global name ``real`` is bound to the type, and every `formula` that it calls
is specialised with it), compiled to machine code and cached on disk by itself. The run loop sees only addresses, so
the set of kernels stays open. Only `engine.kernels.compiler` needs Numba; what is cached is loaded without it.

* ``op``: int64 pointer to the operation's row of the table; ``op[0]`` is the kernel's address, the rest its arguments.
* ``ctx``: int64 pointer to what changes while running; indices below.
* ``par``: real pointer to what persists: parameters, gradients, optimizer slots, state, live constants.
* ``act``: real pointer to what one batch needs: activations, their gradients, scratch.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache
from types import FunctionType
from typing import Any, Literal, Self

import numpy as np

from engine.kernels.objects import address_of, code_of, is_kept

# indices into ctx
ROWS = 0  # examples in this batch; the last batch of an epoch may be short
TRAINING = 1  # 1: dropout drops, batch statistics are taken; 0: inference
SEED = 2
STEP = 3  # batches since the start of the run
EPOCH = 4  # completed epochs
POSITION = 5  # rows of this epoch that were used
STOP = 6  # why the loop stopped: RUNNING, DIVERGED, …
X = 7  # address of the inputs, (N, size) real
Y = 8  # address of the targets, (N, target size) real
ORDER = 9  # address of the epoch's order, int64 (TRAIN_ROWS,)
TRAIN_ROWS = 10
BATCH = 11
GEMM = 12  # address of BLAS's sgemm or dgemm
METERS = 13  # address of the float64 meters
METER = 14  # which meters count now: TRAIN_METERS or VALIDATION_METERS
EPOCH_ENDED = 15  # 1 from the last batch of an epoch until its validation is done and its row is written
FIRST = 16  # evaluation: the next row; STOP_ROW: the row behind the last
STOP_ROW = 17
EPOCHS = 18  # how many epochs are asked for
VALIDATE_EVERY = 19
VALIDATION_START = 20
VALIDATION_STOP = 21
LOG = 22  # address of the epoch log, float64 (LOG_ROWS, LOG_COLUMNS)
LOG_USED = 23
LOG_ROWS = 24
GOOD = 25  # address of the last good state; 0: none is kept
BEST = 26  # address of the best parameters
PATIENCE = 27
WAITED = 28
BEST_EPOCH = 29
PIECES = 30  # of a validation that one call of the loop does at the most
CONTEXT = 32

# values of ctx[STOP]
RUNNING, DIVERGED, EARLY, EPOCHS_DONE, LOSS_REACHED, LOG_FULL = 0, 1, 2, 3, 4, 5

# meters: float64
TRAIN_METERS, VALIDATION_METERS = 0, 4
LOSS_SUM, METRIC_SUM, COUNT, BATCH_LOSS = 0, 1, 2, 3
BEST_LOSS, MIN_DELTA, STOP_LOSS = 8, 9, 10
METER_COUNT = 16

# fastmath without "nnan" and "ninf": a kernel may meet NaN, and what tests for it must not be optimised away
FASTMATH = {"reassoc", "contract", "arcp", "nsz", "afn"}

real: Any = np.float32  # bound anew for every specialisation


@dataclass(frozen=True, eq=False)
class Primitive:
    """Something that Python cannot say; `engine.kernels.primitives` gives it its meaning when a kernel is compiled."""

    name: str

    def __call__(self, *arguments: Any) -> Any:
        raise TypeError(f"{self.name} works in compiled kernels only")


# (pointer, offset): the pointer so many elements further on
advance = Primitive("advance")
# (pointer, offset, shape): a C-ordered array over memory, no copy, no reference count, indices from zero. Loops over
# such views vectorise; computed signed offsets into one large array do not.
view = Primitive("view")
# (address): the pointer to what lies there
real_pointer, ints_at, doubles_at = Primitive("real_pointer"), Primitive("ints_at"), Primitive("doubles_at")
# (address of BLAS's product, transpose a, transpose b, m, n, k, α, a, lda, b, ldb, β, c, ldc) on row-major matrices:
# C = α·op(A)·op(B) + β·C with C (m, n), op(A) (m, k), op(B) (k, n)
gemm = Primitive("gemm")
# (address, op, ctx, par, act): call a kernel
call = Primitive("call")


@dataclass(frozen=True, eq=False)
class Template:
    """A function that is specialised per real type; ``bindings`` are further global names given a meaning."""

    function: Any  # a plain function; mypy would make a method of it
    bindings: dict[str, Any] = field(default_factory=dict)
    name: str = ""

    def bind(self, suffix: str, **bindings: Any) -> Self:
        """The same source with other meanings of some global names, compiled and cached as its own function."""
        return replace(self, bindings=self.bindings | bindings, name=f"{self.function.__name__}_{suffix}")


@dataclass(frozen=True, eq=False)
class Formula(Template):
    """A small function on numbers or views, inlined into the kernels that use it.

    ``double`` replaces the function where ``real`` is float64: what was made for float32 is not exact enough there.
    """

    double: Any = None

    def __call__(self, *arguments: Any) -> Any:
        """The formula in plain Python and double precision, number by number: for pictures and tests."""
        return _interpreted(self)(*arguments)


@cache
def _interpreted(formula: Formula) -> FunctionType:
    function = formula.double or formula.function
    return FunctionType(function.__code__, function.__globals__ | formula.bindings | {"real": float}, function.__name__)


@dataclass(frozen=True, eq=False)
class Kernel(Template):
    """A function that compiled code calls through its address.

    Attributes:
        strict: compiled without fastmath: what it says of NaN and infinity holds.
        signature: "kernel": (op, ctx, par, act); "run" and "section": the entries of the run loop, all int64.
    """

    strict: bool = False
    signature: Literal["kernel", "run", "section"] = "kernel"

    def address(self, dtype: type) -> int:
        """Where the compiled kernel lies; compiles it, or loads it from the cache, at the first call."""
        key = (self.function, self.name, dtype)
        if key not in _addresses:
            with _loading:  # code is loaded once, whichever thread comes first: the linker knows no second of a name
                if key not in _addresses:
                    _addresses[key] = address_of(self, dtype)
        return _addresses[key]

    def ready(self, dtype: type) -> bool:
        return (self.function, self.name, dtype) in _addresses

    def kept(self, dtype: type) -> bool:
        """Whether it is at hand, here or in the cache."""
        return self.ready(dtype) or is_kept(self, dtype)

    def keep(self, dtype: type) -> None:
        """Compile it for other processes, where the cache does not have it."""
        if not is_kept(self, dtype):
            code_of(self, dtype)

    def title(self, dtype: type) -> str:
        """The name under which it is cached: module, name and type."""
        return f"{self.function.__module__}.{self.name or self.function.__name__}_{np.dtype(dtype).name}"


_addresses: dict[tuple[Any, str, type], int] = {}
_loading = threading.RLock()


def kernel(function: Callable[..., None]) -> Kernel:
    assert isinstance(function, FunctionType)
    return Kernel(function)


def strict_kernel(function: Callable[..., None]) -> Kernel:
    assert isinstance(function, FunctionType)
    return Kernel(function, strict=True)


def formula(function: Callable[..., Any], double: Callable[..., Any] | None = None) -> Formula:
    return Formula(function, double=double)
