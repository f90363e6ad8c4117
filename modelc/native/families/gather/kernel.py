"""Rows of a table by index, and conversions between element types."""

from __future__ import annotations

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.native.code.layout import ERROR_INDEX
from modelc.native.code.memory import load_f32, load_i32, report_error, store_f32, store_i32
from modelc.native.code.vector import inlined
from modelc.native.code.view import view
from modelc.native.families.gather.params import CAST, GATHER, Cast
from modelc.native.families.move.kernel import copy_run
from modelc.native.families.move.kernel_fill import fill_run


def gather(ctx, params, begin, end):
    """`y[i, :] = table[indices[i], :]`, see `GATHER`."""
    args = view(GATHER, ctx, params)
    y, table, indices = args.y, args.table, args.indices
    rows, width = args.rows, args.width
    for i in range(begin, end):
        index = np.int64(load_i32(indices, i))
        if 0 <= index < rows:
            copy_run(y + 4 * i * width, table + 4 * index * width, width)
        else:
            fill_run(y + 4 * i * width, width, 0)
            report_error(ctx, ERROR_INDEX)


@intrinsic
def _load_u8(typingctx, address, index):
    def codegen(context, builder, sig, args):
        return builder.load(builder.gep(builder.inttoptr(args[0], ir.IntType(8).as_pointer()), [args[1]]))

    return types.uint8(types.int64, types.int64), codegen


@intrinsic
def _truncate(typingctx, value):
    """A float32 as int32, rounded toward zero; the nearest int32 where it is out of range, and 0 for NaN."""

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


_TO_FLOAT, _TO_INT = int(Cast.INT32_TO_FLOAT32), int(Cast.FLOAT32_TO_INT32)


def cast(ctx, params, begin, end):
    """`y[i] = x[i]` in another type, see `CAST`."""
    args = view(CAST, ctx, params)
    y = args.y + 4 * begin
    x = args.x
    kind = args.kind
    if kind == _TO_FLOAT:
        _cast_to_float(y, x + 4 * begin, end - begin)
    elif kind == _TO_INT:
        _cast_to_int(y, x + 4 * begin, end - begin)
    else:
        _cast_bytes(y, x + begin, end - begin)


KERNELS = (gather, cast)
