"""Reading a kernel's context and parameters, and raw typed loads and stores, as numba intrinsics.

Addresses are plain int64. Indices count elements, not bytes.
"""

from __future__ import annotations

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.layout import CTX_BATCH, CTX_BUFFERS

_F32, _F64, _I32, _I64 = ir.FloatType(), ir.DoubleType(), ir.IntType(32), ir.IntType(64)


def _element(builder: ir.IRBuilder, address, index, element: ir.Type):
    return builder.gep(builder.inttoptr(address, element.as_pointer()), [index])


def _make_load(numba_type, element: ir.Type):
    @intrinsic
    def load(typingctx, address, index):
        def codegen(context, builder, signature, args):
            return builder.load(_element(builder, args[0], args[1], element), align=4)

        return numba_type(types.int64, types.int64), codegen

    return load


def _make_store(numba_type, element: ir.Type):
    @intrinsic
    def store(typingctx, address, index, value):
        def codegen(context, builder, signature, args):
            builder.store(args[2], _element(builder, args[0], args[1], element), align=4)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, numba_type), codegen

    return store


load_f32 = _make_load(types.float32, _F32)
load_f64 = _make_load(types.float64, _F64)
load_i32 = _make_load(types.int32, _I32)
load_i64 = _make_load(types.int64, _I64)
store_f32 = _make_store(types.float32, _F32)
store_i32 = _make_store(types.int32, _I32)
store_i64 = _make_store(types.int64, _I64)


@numba.njit(inline="always")
def batch(ctx):
    """The batch size of this call."""
    return load_i64(ctx, CTX_BATCH)


@numba.njit(inline="always")
def dim(ctx, params, index):
    """A dim parameter: n, or n * B where it is stored negative."""
    value = load_i64(params, index)
    return value if value >= 0 else -value * load_i64(ctx, CTX_BATCH)


@numba.njit(inline="always")
def operand(ctx, params, index):
    """The address of an operand parameter, or 0 where it is absent."""
    buffer = load_i64(params, index)
    if buffer < 0:
        return 0
    base = load_i64(ctx, CTX_BUFFERS + buffer)
    return base + load_i64(params, index + 1) + load_i64(params, index + 2) * load_i64(ctx, CTX_BATCH)
