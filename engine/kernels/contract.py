"""The one contract of all kernels: their signature, the run-time context, views on memory, and how they are compiled.

A kernel is a plain function ``(op, ctx, par, act)`` decorated with `kernel`. It is a *template*: on demand it is
specialised for float32 or float64 (the global name ``real`` is bound to the type, and every `formula` that it calls
is specialised with it), compiled to a C function and cached on disk by itself. The run loop sees only addresses, so
the set of kernels stays open.

* ``op``: int64 pointer to the operation's row of the table; ``op[0]`` is the kernel's address, the rest its arguments.
* ``ctx``: int64 pointer to what changes while running; indices below.
* ``par``: real pointer to what persists: parameters, gradients, optimizer slots, state, live constants.
* ``act``: real pointer to what one batch needs: activations, their gradients, scratch.
"""

from __future__ import annotations

import dis
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from types import FunctionType
from typing import Any, Self

import numba
import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

from engine.kernels.blas import cython_blas
from engine.kernels.cache import cache_folder

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
EPOCH_ENDED = 15  # 1 after the last batch of an epoch
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
STEPS_TOTAL = 30  # epochs x batches per epoch: what schedules measure progress by
UPDATES = 31  # updates that the optimizer has made since its slots were empty
CONTEXT = 32

# values of ctx[STOP]
RUNNING, DIVERGED, EARLY, EPOCHS_DONE, LOSS_REACHED, LOG_FULL = 0, 1, 2, 3, 4, 5

# meters: float64
TRAIN_METERS, VALIDATION_METERS = 0, 4
LOSS_SUM, METRIC_SUM, COUNT, BATCH_LOSS = 0, 1, 2, 3
BEST_LOSS, MIN_DELTA, STOP_LOSS = 8, 9, 10
METER_COUNT = 16

INTS = types.CPointer(types.int64)
DOUBLES = types.CPointer(types.float64)
# fastmath without "nnan" and "ninf": a kernel may meet NaN, and what tests for it must not be optimised away
FASTMATH = {"reassoc", "contract", "arcp", "nsz", "afn"}

real: Any = np.float32  # bound anew for every specialisation


@intrinsic
def advance(typingctx: Any, pointer: Any, offset: Any) -> Any:
    """The pointer ``offset`` elements further on."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.gep(args[0], [args[1]])

    return pointer(pointer, types.int64), codegen


@intrinsic
def view(typingctx: Any, base: Any, offset: Any, shape: Any) -> Any:
    """A C-ordered array over memory at ``base + offset``: no copy, no reference count, indices from zero.

    Loops over such views vectorise; computed signed offsets into one large array do not.
    """
    kind = types.Array(base.dtype, len(shape), "C")

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        dims = cgutils.unpack_tuple(builder, args[2])
        itemsize = ir.Constant(ir.IntType(64), context.get_abi_sizeof(context.get_value_type(base.dtype)))
        strides: list[Any] = []
        stride = itemsize
        for dim in reversed(dims):
            strides.insert(0, stride)
            stride = builder.mul(stride, dim)
        array = context.make_array(kind)(context, builder)
        data = builder.gep(args[0], [args[1]])
        populate_array(array, data=data, shape=dims, strides=strides, itemsize=itemsize, meminfo=None)
        return array._getvalue()

    return kind(base, types.int64, shape), codegen


def _pointer_from_address(kind: Any) -> Any:
    @intrinsic
    def pointer_from_address(typingctx: Any, address: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            return builder.inttoptr(args[0], context.get_value_type(kind))

        return kind(types.int64), codegen

    return pointer_from_address


_real_pointers: dict[type, Any] = {
    np.float32: _pointer_from_address(types.CPointer(types.float32)),
    np.float64: _pointer_from_address(types.CPointer(types.float64)),
}
real_pointer: Any = _real_pointers[np.float32]  # address -> pointer to real; bound anew like ``real``
ints_at = _pointer_from_address(INTS)
doubles_at = _pointer_from_address(DOUBLES)


@intrinsic
def gemm(
    typingctx: Any,
    address: Any,
    transpose_a: Any,
    transpose_b: Any,
    m: Any,
    n: Any,
    k: Any,
    alpha: Any,
    a: Any,
    lda: Any,
    b: Any,
    ldb: Any,
    beta: Any,
    c: Any,
    ldc: Any,
) -> Any:
    """BLAS ``C = alpha·op(A)·op(B) + beta·C`` on *row-major* matrices: C (m, n), op(A) (m, k), op(B) (k, n).

    Fortran sees the transposes, so the operands are swapped: C' = op(B)'·op(A)'.
    """
    scalar = a.dtype

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc = args
        i8, i32, value = ir.IntType(8), ir.IntType(32), context.get_value_type(scalar)

        def by_reference(content: Any, kind: Any) -> Any:
            slot = cgutils.alloca_once(builder, kind)
            builder.store(content, slot)
            return slot

        def flag(transpose: Any) -> Any:
            yes = builder.icmp_signed("!=", transpose, ir.Constant(transpose.type, 0))
            return by_reference(builder.select(yes, ir.Constant(i8, ord("T")), ir.Constant(i8, ord("N"))), i8)

        def integer(number: Any) -> Any:
            return by_reference(builder.trunc(number, i32), i32)

        actual = [
            flag(tb), flag(ta), integer(n), integer(m), integer(k), by_reference(alpha, value),
            b, integer(ldb), a, integer(lda), by_reference(beta, value), c, integer(ldc),
        ]  # fmt: skip
        kind = ir.FunctionType(ir.VoidType(), [argument.type for argument in actual])
        builder.call(builder.inttoptr(address, kind.as_pointer()), actual)
        return context.get_dummy_value()

    i = types.int64
    return types.void(i, i, i, i, i, i, scalar, a, i, b, i, scalar, c, i), codegen


@dataclass(frozen=True, eq=False)
class Template:
    """A function that is specialised per real type; ``bindings`` are further global names given a meaning."""

    function: Any  # a plain function; mypy would make a method of it
    bindings: dict[str, Any] = field(default_factory=dict)
    name: str = ""

    def bind(self, suffix: str, **bindings: Any) -> Self:
        """The same source with other meanings of some global names, compiled and cached as its own function."""
        return replace(self, bindings=self.bindings | bindings, name=f"{self.function.__name__}_{suffix}")

    def specialised(self, dtype: type) -> FunctionType:
        name = f"{self.name or self.function.__name__}_{np.dtype(dtype).name}"
        scope = (
            self.function.__globals__
            | self.bindings
            | {
                "real": dtype,
                "real_pointer": _real_pointers[dtype],
            }
        )
        for used in _global_names(self.function):
            if isinstance(scope.get(used), Formula):
                scope[used] = scope[used].compiled(dtype)
        code = self.function.__code__.replace(co_name=name, co_qualname=name)
        return FunctionType(code, scope, name)


def _global_names(function: FunctionType) -> set[str]:
    """Globals that a function reads; ``co_names`` would add attributes: `math.exp` is not our `exp`."""
    return {step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL"}


_formulas: dict[tuple[Any, str, type], Any] = {}
_kernels: dict[tuple[Any, str, type], Any] = {}


@dataclass(frozen=True, eq=False)
class Formula(Template):
    """A small function on numbers or views, inlined into the kernels that use it.

    ``double`` replaces the function where ``real`` is float64: what was made for float32 is not exact enough there.
    """

    double: Any = None

    def __call__(self, *arguments: Any) -> Any:
        """The formula in plain Python, number by number."""
        return self.function(*arguments)

    def specialised(self, dtype: type) -> FunctionType:
        if self.double is not None and dtype is np.float64:
            return Template(self.double, self.bindings, self.name).specialised(dtype)
        return super().specialised(dtype)

    def compiled(self, dtype: type) -> Any:
        key = (self.function, self.name, dtype)
        if key not in _formulas:
            _formulas[key] = numba.njit(nogil=True, fastmath=FASTMATH, error_model="numpy")(self.specialised(dtype))
        return _formulas[key]


class Kernel(Template):
    """A function ``(op, ctx, par, act)`` that the run loop calls through its address."""

    strict: bool = False

    def address(self, dtype: type) -> int:
        """Where the compiled kernel lies; compiles it, or loads it from the cache, at the first call."""
        key = (self.function, self.name, dtype)
        if key not in _kernels:
            reals = types.CPointer(types.float32 if dtype is np.float32 else types.float64)
            _kernels[key] = compile_c(self.specialised(dtype), types.void(INTS, INTS, reals, reals), strict=self.strict)
        return int(_kernels[key].address)

    def ready(self, dtype: type) -> bool:
        return (self.function, self.name, dtype) in _kernels


class StrictKernel(Kernel):
    """A kernel compiled without fastmath: what it says of NaN and infinity holds."""

    strict = True


_folder: list[str] = []


def compile_c(function: FunctionType, signature: Any, strict: bool) -> Any:
    """A Numba C function, cached on disk where a folder can be written, else in memory only."""
    if not _folder:
        cython_blas()
        _folder.append(str(cache_folder() or ""))
        if _folder[0]:
            numba.config.CACHE_DIR = _folder[0]
    compile_ = numba.cfunc(
        signature, cache=bool(_folder[0]), fastmath=False if strict else FASTMATH, error_model="numpy"
    )
    return compile_(function)


def kernel(function: Callable[..., None]) -> Kernel:
    assert isinstance(function, FunctionType)
    return Kernel(function)


def strict_kernel(function: Callable[..., None]) -> Kernel:
    assert isinstance(function, FunctionType)
    return StrictKernel(function)


def formula(function: Callable[..., Any], double: Callable[..., Any] | None = None) -> Formula:
    return Formula(function, double=double)
