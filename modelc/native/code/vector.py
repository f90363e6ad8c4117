"""Vectors of sixteen lanes as numba values: `f32x16`, `f64x16` and `mask16`.

What `lanes` does to formulas, here for kernels: operators work on vectors and on a vector and a scalar, and
`traced` makes a function over `Lanes` callable. Indices count elements and addresses are int64, as in `memory`.
"""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable

import numba
from llvmlite import ir
from numba import types
from numba.extending import intrinsic, lower_builtin, models, register_model

from modelc.native.code import lanes
from modelc.native.code.lanes import LANES, Lanes, call, spread, vector_type
from modelc.native.compiler.numba_parts import AbstractTemplate, infer_global, signature

inlined = numba.njit(
    error_model="numpy", fastmath={"contract"}, forceinline=True, no_cpython_wrapper=True, no_cfunc_wrapper=True
)
"""Decorates a function that exists only inlined in kernels."""

_LANE_TYPES = {"f32": types.float32, "f64": types.float64}
_ALIGN = ir.Constant(ir.IntType(32), 4)


class _Vector(types.Type):
    """A numba type of sixteen lanes of one scalar kind."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        super().__init__(name=f"{kind}x{LANES}")


@register_model(_Vector)
class _VectorModel(models.PrimitiveModel):
    def __init__(self, dmm, fe_type):
        super().__init__(dmm, fe_type, vector_type(fe_type.kind))


f32x16, f64x16, mask16 = (_Vector(kind) for kind in ("f32", "f64", "i1"))


def _lift(context, builder, value, source, kind: str) -> Lanes:
    if isinstance(source, _Vector):
        return Lanes(builder, value, source.kind)
    return Lanes(builder, spread(builder, context.cast(builder, value, source, _LANE_TYPES[kind])), kind)


def _kind(args) -> str | None:
    """The kind of the vectors among the operands' types, float or else mask."""
    return min((a.kind for a in args if isinstance(a, _Vector)), default=None, key=("f32", "f64", "i1").index)


def traced(function: Callable, result: types.Type | None = None) -> Callable:
    """A function over `Lanes` as one that kernels call; its operands are vectors, or float scalars to be spread.

    The result is a vector of the operands' kind unless another type is given.
    """

    def typing(args):
        kind = _kind(args) or "f32"

        def codegen(context, builder, sig, values):
            out = function(*(_lift(context, builder, v, t, kind) for v, t in zip(values, sig.args, strict=True)))
            return out.value if isinstance(out, Lanes) else out

        return (result or _Vector(kind))(*args), codegen

    arity = len(inspect.signature(function).parameters)
    forms = (
        lambda typingctx, a: typing((a,)),
        lambda typingctx, a, b: typing((a, b)),
        lambda typingctx, a, b, c: typing((a, b, c)),
        lambda typingctx, a, b, c, d: typing((a, b, c, d)),
    )
    return intrinsic(forms[arity - 1])


def _register(operation: Callable, kind: str) -> None:
    class Template(AbstractTemplate):
        def generic(self, args, kws):
            if not any(isinstance(a, _Vector) for a in args):
                return None
            return signature(mask16 if kind == "i1" else _Vector(_kind(args)), *args)

    def emit(context, builder, sig, args):
        a, b = (_lift(context, builder, v, t, _kind(sig.args)) for v, t in zip(args, sig.args, strict=True))
        return operation(a, b).value

    infer_global(operation)(Template)
    lower_builtin(operation, _Vector, _Vector)(emit)
    lower_builtin(operation, _Vector, types.Number)(emit)
    lower_builtin(operation, types.Number, _Vector)(emit)


for _operation, _result in lanes.OPERATORS.items():
    _register(_operation, _result)


@infer_global(operator.neg)
class _Negative(AbstractTemplate):
    def generic(self, args, kws):
        return signature(args[0], *args) if isinstance(args[0], _Vector) else None


@lower_builtin(operator.neg, _Vector)
def _emit_negative(context, builder, sig, args):
    return builder.fneg(args[0])


splat = traced(lambda x: x)
select = traced(lanes.select)
fma = traced(lanes.fma)
sqrt = traced(lanes.sqrt)
maximum = traced(lanes.maximum)
minimum = traced(lanes.minimum)
widen = traced(lanes.widen, f64x16)
narrow = traced(lanes.narrow, f32x16)
sum_lanes = traced(lanes.total, types.float32)
sum_wide = traced(lanes.total, types.float64)
max_lanes = traced(lambda x: lanes.fold(x, lanes.maximum), types.float32)
min_lanes = traced(lambda x: lanes.fold(x, lanes.minimum), types.float32)


@intrinsic
def sqrt_f64(typingctx, value):
    """The square root of one float64, as an instruction and not a call."""

    def codegen(context, builder, sig, args):
        return call(builder, "llvm.sqrt.f64", args[0].type, args)

    return types.float64(types.float64), codegen


@intrinsic
def zero_wide(typingctx):
    """Sixteen float64 zeros."""

    def codegen(context, builder, sig, args):
        return ir.Constant(vector_type("f64"), [0.0] * LANES)

    return f64x16(), codegen


@intrinsic
def lanes_below(typingctx, count):
    """The mask of the first `count` lanes, or of all where there are fewer; `count` >= 0."""

    def codegen(context, builder, sig, args):
        most = ir.Constant(ir.IntType(64), LANES)
        count = builder.select(builder.icmp_unsigned("<", args[0], most), args[0], most)
        return emit_lanes_below(builder, count)

    return mask16(types.int64), codegen


def emit_lanes_below(builder, count):
    """The mask of the first `count` lanes, of at most all; compared in 32 bits, as wide as the lanes that it masks."""
    word = ir.IntType(32)
    numbers = ir.Constant(ir.VectorType(word, LANES), list(range(LANES)))
    return builder.icmp_signed("<", numbers, spread(builder, builder.trunc(count, word)))


def vector_pointer(builder, address, index):
    """The place of sixteen float32 from `address + 4 * index`."""
    element = ir.FloatType()
    return builder.bitcast(
        builder.gep(builder.inttoptr(address, element.as_pointer()), [index]), vector_type("f32").as_pointer()
    )


def emit_load_where(builder, place, mask, rest):
    """The lanes of the mask from memory and those of `rest` elsewhere."""
    return call(builder, f"llvm.masked.load.v{LANES}f32.p0", rest.type, [place, _ALIGN, mask, rest])


def emit_store_where(builder, value, place, mask):
    """The lanes of the mask to memory."""
    call(builder, f"llvm.masked.store.v{LANES}f32.p0", ir.VoidType(), [value, place, _ALIGN, mask])


@intrinsic
def load(typingctx, address, index):
    """Sixteen float32 from `address + 4 * index`."""

    def codegen(context, builder, sig, args):
        return builder.load(vector_pointer(builder, *args), align=4)

    return f32x16(types.int64, types.int64), codegen


@intrinsic
def store(typingctx, address, index, value):
    """Sixteen float32 to `address + 4 * index`."""

    def codegen(context, builder, sig, args):
        builder.store(args[2], vector_pointer(builder, *args[:2]), align=4)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, f32x16), codegen


@intrinsic
def load_wide(typingctx, address, index):
    """Sixteen float64 from `address + 8 * index`."""

    def codegen(context, builder, sig, args):
        return builder.load(_wide_pointer(builder, *args), align=8)

    return f64x16(types.int64, types.int64), codegen


@intrinsic
def store_wide(typingctx, address, index, value):
    """Sixteen float64 to `address + 8 * index`."""

    def codegen(context, builder, sig, args):
        builder.store(args[2], _wide_pointer(builder, *args[:2]), align=8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, f64x16), codegen


def _wide_pointer(builder, address, index):
    element = ir.DoubleType()
    place = builder.gep(builder.inttoptr(address, element.as_pointer()), [index])
    return builder.bitcast(place, vector_type("f64").as_pointer())


@intrinsic
def load_where(typingctx, address, index, mask, rest):
    """The lanes of the mask from memory, which is not touched for the others; those are the scalar `rest`."""

    def codegen(context, builder, sig, args):
        other = _lift(context, builder, args[3], sig.args[3], "f32").value
        return emit_load_where(builder, vector_pointer(builder, *args[:2]), args[2], other)

    return f32x16(types.int64, types.int64, mask16, rest), codegen


@intrinsic
def store_where(typingctx, address, index, value, mask):
    """The lanes of the mask to memory; the rest of it is not touched."""

    def codegen(context, builder, sig, args):
        emit_store_where(builder, args[2], vector_pointer(builder, *args[:2]), args[3])
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, f32x16, mask16), codegen


@intrinsic
def store_below(typingctx, address, index, value, count):
    """The first `count` lanes, or all where there are fewer, to memory from `address + 4 * index`; `count` >= 0.

    A whole vector is stored without a mask: some CPUs take ten times as long with one.
    """

    def codegen(context, builder, sig, args):
        address, index, value, count = args
        place = vector_pointer(builder, address, index)
        with builder.if_else(builder.icmp_signed(">=", count, count.type(LANES))) as (whole, part):
            with whole:
                builder.store(value, place, align=4)
            with part:
                numbers = ir.Constant(ir.VectorType(ir.IntType(64), LANES), list(range(LANES)))
                emit_store_where(builder, value, place, builder.icmp_signed("<", numbers, spread(builder, count)))
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, f32x16, types.int64), codegen


@intrinsic
def prefetch(typingctx, address):
    """Have the cache line of an address come nearer; any address may be asked for."""

    def codegen(context, builder, sig, args):
        pointer = builder.inttoptr(args[0], ir.IntType(8).as_pointer())
        numbers = [ir.Constant(ir.IntType(32), n) for n in (0, 3, 1)]  # for reading, into all levels, of data
        call(builder, "llvm.prefetch.p0", ir.VoidType(), [pointer, *numbers])
        return context.get_dummy_value()

    return types.void(types.int64), codegen


@intrinsic
def quotient(typingctx, a, b):
    """`a // b` for a >= 0 and b > 0, without the checks."""

    def codegen(context, builder, sig, args):
        return builder.udiv(*args)

    return types.int64(types.int64, types.int64), codegen
