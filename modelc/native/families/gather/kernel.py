"""Rows of a table by index, and conversions between element types."""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.layout import CTX_ERROR, ERROR_INDEX
from modelc.native.code.memory import load_f32, load_i32, load_i64, operand, store_f32, store_i32, store_i64
from modelc.native.code.vector import inlined
from modelc.native.families.gather.params import CAST, GATHER, Cast
from modelc.native.families.move.kernel import copy_run, fill_run

_G_Y, _G_TABLE, _G_INDICES, _G_ROWS, _G_WIDTH = (GATHER[name] for name in ("y", "table", "indices", "rows", "width"))


def gather(ctx, params, begin, end):
    """`y[i, :] = table[indices[i], :]`, see `GATHER`."""
    y, table, indices = operand(ctx, params, _G_Y), operand(ctx, params, _G_TABLE), operand(ctx, params, _G_INDICES)
    rows, width = load_i64(params, _G_ROWS), load_i64(params, _G_WIDTH)
    for i in range(begin, end):
        index = np.int64(load_i32(indices, i))
        if 0 <= index < rows:
            copy_run(y + 4 * i * width, table + 4 * index * width, width)
        else:
            fill_run(y + 4 * i * width, width, 0)
            store_i64(ctx, CTX_ERROR, ERROR_INDEX)


@intrinsic
def _load_u8(typingctx, address, index):
    def codegen(context, builder, sig, args):
        return builder.load(builder.gep(builder.inttoptr(args[0], ir.IntType(8).as_pointer()), [args[1]]))

    return types.uint8(types.int64, types.int64), codegen


@intrinsic
def _truncate(typingctx, value):
    """Toward zero; the nearest int32 where that is out of range, and 0 for NaN."""

    def codegen(context, builder, sig, args):
        name = "llvm.fptosi.sat.i32.f32"
        wanted = ir.FunctionType(ir.IntType(32), [ir.FloatType()])
        function = builder.module.globals.get(name) or ir.Function(builder.module, wanted, name)
        return builder.call(function, args)

    return types.int32(types.float32), codegen


@inlined
def _cast_to_float(y, x, n):
    for i in range(n):
        store_f32(y, i, np.float32(load_i32(x, i)))


@inlined
def _cast_to_int(y, x, n):
    for i in range(n):
        store_i32(y, i, _truncate(load_f32(x, i)))


@inlined
def _cast_bytes(y, x, n):
    for i in range(n):
        store_f32(y, i, np.float32(_load_u8(x, i)))


_C_Y, _C_X, _C_KIND = CAST["y"], CAST["x"], CAST["kind"]
_TO_FLOAT, _TO_INT = int(Cast.INT32_TO_FLOAT32), int(Cast.FLOAT32_TO_INT32)


def cast(ctx, params, begin, end):
    """`y[i] = x[i]` in another type, see `CAST`."""
    y = operand(ctx, params, _C_Y) + 4 * begin
    x = operand(ctx, params, _C_X)
    kind = load_i64(params, _C_KIND)
    if kind == _TO_FLOAT:
        _cast_to_float(y, x + 4 * begin, end - begin)
    elif kind == _TO_INT:
        _cast_to_int(y, x + 4 * begin, end - begin)
    else:
        _cast_bytes(y, x + begin, end - begin)


KERNELS = (gather, cast)
