"""What kernels are made of and Python cannot say: pointers, views on memory, calls by address, bits of numbers.

Imported only to compile: a process that finds its kernels in the cache never loads Numba.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import populate_array

INTS = types.CPointer(types.int64)
DOUBLES = types.CPointer(types.float64)
REALS: dict[type, Any] = {np.float32: types.CPointer(types.float32), np.float64: DOUBLES}


@intrinsic
def advance(typingctx: Any, pointer: Any, offset: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        return builder.gep(args[0], [args[1]])

    return pointer(pointer, types.int64), codegen


@intrinsic
def view(typingctx: Any, base: Any, offset: Any, shape: Any) -> Any:
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


real_pointers: dict[type, Any] = {dtype: _pointer_from_address(kind) for dtype, kind in REALS.items()}
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
    scalar = a.dtype

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        address, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc = args
        i8, value = ir.IntType(8), context.get_value_type(scalar)

        def by_reference(content: Any, kind: Any) -> Any:
            slot = cgutils.alloca_once(builder, kind)
            builder.store(content, slot)
            return slot

        def flag(transpose: Any) -> Any:
            yes = builder.icmp_signed("!=", transpose, ir.Constant(transpose.type, 0))
            return by_reference(builder.select(yes, ir.Constant(i8, ord("T")), ir.Constant(i8, ord("N"))), i8)

        def integer(number: Any) -> Any:
            # 64 bits, little-endian: a BLAS that takes 32 reads the lower half
            return by_reference(number, ir.IntType(64))

        # Fortran sees the transposes, so the operands are swapped: C' = op(B)'·op(A)'
        actual = [
            flag(tb), flag(ta), integer(n), integer(m), integer(k), by_reference(alpha, value),
            b, integer(ldb), a, integer(lda), by_reference(beta, value), c, integer(ldc),
        ]  # fmt: skip
        kind = ir.FunctionType(ir.VoidType(), [argument.type for argument in actual])
        builder.call(builder.inttoptr(address, kind.as_pointer()), actual)
        return context.get_dummy_value()

    i = types.int64
    return types.void(i, i, i, i, i, i, scalar, a, i, b, i, scalar, c, i), codegen


@intrinsic
def call(typingctx: Any, address: Any, op: Any, ctx: Any, par: Any, act: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        kind = ir.FunctionType(ir.VoidType(), [argument.type for argument in args[1:]])
        builder.call(builder.inttoptr(args[0], kind.as_pointer()), args[1:])
        return context.get_dummy_value()

    return types.void(types.int64, op, ctx, par, act), codegen


@intrinsic
def power_of_two(typingctx: Any, exponent: Any) -> Any:
    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        i32 = ir.IntType(32)
        biased = builder.add(builder.fptosi(args[0], i32), ir.Constant(i32, 127))
        return builder.bitcast(builder.shl(biased, ir.Constant(i32, 23)), ir.FloatType())

    return types.float32(types.float32), codegen


def _of_bits(shift: int, mask: int, bias: int) -> Any:
    @intrinsic
    def of_bits(typingctx: Any, x: Any) -> Any:
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            i32 = ir.IntType(32)
            bits = builder.lshr(builder.bitcast(args[0], i32), ir.Constant(i32, shift))
            number = builder.add(builder.and_(bits, ir.Constant(i32, mask)), ir.Constant(i32, bias))
            return builder.sitofp(number, ir.FloatType()) if shift else builder.bitcast(number, ir.FloatType())

        return types.float32(types.float32), codegen

    return of_bits


exponent = _of_bits(23, 0xFF, -127)
mantissa = _of_bits(0, 0x7FFFFF, 127 << 23)
