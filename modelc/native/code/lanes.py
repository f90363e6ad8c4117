"""Sixteen lanes written as formulas: values whose operators emit LLVM instructions.

A function over `Lanes` runs once, while a kernel is compiled, and leaves its instructions there; so the elementary
functions cost numba no time, and `fmath` and `activations` read as mathematics. Sixteen float32 are one register on
AVX-512; LLVM splits them where registers are narrower. An operand may also be a Python or NumPy number.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from functools import cache

from llvmlite import ir

from modelc.native.target import LANES

SCALARS = {"f32": ir.FloatType(), "i32": ir.IntType(32), "f64": ir.DoubleType(), "i1": ir.IntType(1)}
_CONTRACT = ("contract",)


def vector_type(kind: str) -> ir.VectorType:
    """The LLVM type of sixteen lanes of `f32`, `f64`, `i32` or `i1`."""
    return ir.VectorType(SCALARS[kind], LANES)


def spread(builder: ir.IRBuilder, scalar: ir.Value) -> ir.Value:
    """The LLVM scalar in all lanes."""
    empty = ir.Constant(ir.VectorType(scalar.type, LANES), ir.Undefined)
    first = builder.insert_element(empty, scalar, ir.Constant(ir.IntType(32), 0))
    return builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(ir.IntType(32), LANES), [0] * LANES))


@cache
def _repeated(kind: str, number: float, sign: float) -> ir.Constant:
    """The number of that sign (-0.0 is equal to 0.0) in all lanes: one object, which LLVM's Python side prints once."""
    return ir.Constant(vector_type(kind), [number] * LANES)


def call(builder: ir.IRBuilder, name: str, result: ir.Type, args: list[ir.Value], fastmath=()) -> ir.Value:
    """Call an LLVM intrinsic by its full name."""
    function = builder.module.globals.get(name)
    if function is None:
        function = ir.Function(builder.module, ir.FunctionType(result, [a.type for a in args]), name)
    return builder.call(function, args, fastmath=fastmath)


class Lanes:
    """Sixteen values of one kind: `f32`, `f64`, `i32`, or `i1` for a mask."""

    def __init__(self, builder: ir.IRBuilder, value: ir.Value, kind: str) -> None:
        self.builder = builder
        self.value = value
        self.kind = kind

    def like(self, other: Lanes | float) -> ir.Value:
        """The LLVM value of another operand of the same kind."""
        if isinstance(other, Lanes):
            return other.value
        number = int(other) if self.kind == "i32" else float(other)
        return _repeated(self.kind, number, math.copysign(1, number))

    def new(self, value: ir.Value, kind: str | None = None) -> Lanes:
        """Lanes beside these."""
        return Lanes(self.builder, value, kind or self.kind)

    def intrinsic(self, name: str, *others: Lanes | float) -> Lanes:
        """`llvm.name` of these lanes and others of the same kind."""
        args = [self.value, *(self.like(o) for o in others)]
        return self.new(call(self.builder, f"llvm.{name}.v{LANES}{self.kind}", self.value.type, args))

    def _arithmetic(self, floating: str, integral: str, a: Lanes | float, b: Lanes | float) -> Lanes:
        if self.kind in ("f32", "f64"):
            return self.new(getattr(self.builder, floating)(self.like(a), self.like(b), flags=_CONTRACT))
        return self.new(getattr(self.builder, integral)(self.like(a), self.like(b)))

    def _compare(self, sign: str, other: Lanes | float) -> Lanes:
        if self.kind == "i32":
            return self.new(self.builder.icmp_signed(sign, self.value, self.like(other)), "i1")
        compare = self.builder.fcmp_unordered if sign == "!=" else self.builder.fcmp_ordered
        return self.new(compare(sign, self.value, self.like(other)), "i1")

    def __add__(self, other):
        return self._arithmetic("fadd", "add", self, other)

    def __sub__(self, other):
        return self._arithmetic("fsub", "sub", self, other)

    def __mul__(self, other):
        return self._arithmetic("fmul", "mul", self, other)

    def __truediv__(self, other):
        return self._arithmetic("fdiv", "sdiv", self, other)

    def __rsub__(self, other):
        return self._arithmetic("fsub", "sub", other, self)

    def __rtruediv__(self, other):
        return self._arithmetic("fdiv", "sdiv", other, self)

    __radd__ = __add__
    __rmul__ = __mul__

    def __neg__(self):
        return self.new(self.builder.fneg(self.value))

    def __and__(self, other):
        return self.new(self.builder.and_(self.value, self.like(other)))

    def __or__(self, other):
        return self.new(self.builder.or_(self.value, self.like(other)))

    def __lshift__(self, other):
        return self.new(self.builder.shl(self.value, self.like(other)))

    def __rshift__(self, other):
        return self.new(self.builder.ashr(self.value, self.like(other)))

    def __lt__(self, other):
        return self._compare("<", other)

    def __le__(self, other):
        return self._compare("<=", other)

    def __gt__(self, other):
        return self._compare(">", other)

    def __ge__(self, other):
        return self._compare(">=", other)

    def __eq__(self, other):
        return self._compare("==", other)

    def __ne__(self, other):
        return self._compare("!=", other)

    __hash__ = None  # pyright: ignore


OPERATORS: dict[Callable, str] = {
    **dict.fromkeys((operator.add, operator.sub, operator.mul, operator.truediv, operator.and_, operator.or_), "same"),
    **dict.fromkeys((operator.lt, operator.le, operator.gt, operator.ge, operator.eq, operator.ne), "i1"),
}
"""The operators that kernels may use on vectors, and the kind of their results."""


def select(mask: Lanes, yes: Lanes | float, no: Lanes | float) -> Lanes:
    """`yes` where the mask holds, else `no`; one of them is Lanes."""
    model = yes if isinstance(yes, Lanes) else no
    return model.new(mask.builder.select(mask.value, model.like(yes), model.like(no)))


def if_any(mask: Lanes, yes: Callable[[], tuple[Lanes, ...]], no: Callable[[], tuple[Lanes, ...]]) -> tuple[Lanes, ...]:
    """What `yes` gives where the mask holds in any lane, else what `no` gives: a branch, for what is rarely needed."""
    builder = mask.builder
    some = call(builder, f"llvm.vector.reduce.or.v{LANES}i1", SCALARS["i1"], [mask.value])
    made: list[tuple[tuple[Lanes, ...], ir.Block]] = []
    with builder.if_else(some) as branches:
        for branch, make in zip(branches, (yes, no), strict=True):
            with branch:
                made.append((make(), builder.block))
    joined: list[Lanes] = []
    for values in zip(*(results for results, _ in made), strict=True):
        phi = builder.phi(values[0].value.type)
        for value, (_, block) in zip(values, made, strict=True):
            phi.add_incoming(value.value, block)
        joined.append(values[0].new(phi))
    return tuple(joined)


def fma(a: Lanes, b: Lanes | float, c: Lanes | float) -> Lanes:
    """`a * b + c`, rounded once where the CPU can."""
    return a.intrinsic("fmuladd", b, c)


def sqrt(x: Lanes) -> Lanes:
    """The correctly rounded square root."""
    return x.intrinsic("sqrt")


def nearest(x: Lanes) -> Lanes:
    """The nearest integer, the even one of two; without the instruction, which the oldest CPUs lack."""
    whole = 2.0**23 if x.kind == "f32" else 2.0**52  # from there on all are integers; adding it rounds the smaller ones
    magnitude = fabs(x)
    return select(magnitude < whole, copysign((magnitude + whole) - whole, x), x)


def floor(x: Lanes) -> Lanes:
    """The largest integer that is not larger."""
    rounded = nearest(x)
    return select(rounded > x, rounded - 1.0, rounded)


def fabs(x: Lanes) -> Lanes:
    """The value without its sign."""
    return x.intrinsic("fabs")


def copysign(magnitude: Lanes, sign: Lanes) -> Lanes:
    """The magnitude of one with the sign of the other."""
    return magnitude.intrinsic("copysign", sign)


def maximum(a: Lanes, b: Lanes) -> Lanes:
    """The larger; NaN where either is NaN."""
    return select(b != b, b, select(b > a, b, a))


def minimum(a: Lanes, b: Lanes) -> Lanes:
    """The smaller; NaN where either is NaN."""
    return select(b != b, b, select(b < a, b, a))


def bits(x: Lanes) -> Lanes:
    """The bits of float32 as int32."""
    return x.new(x.builder.bitcast(x.value, vector_type("i32")), "i32")


def from_bits(i: Lanes) -> Lanes:
    """The float32 whose bits these int32 are."""
    return i.new(i.builder.bitcast(i.value, vector_type("f32")), "f32")


def to_float(i: Lanes) -> Lanes:
    """Int32 to float32."""
    return i.new(i.builder.sitofp(i.value, vector_type("f32")), "f32")


def truth(mask: Lanes) -> Lanes:
    """1 where the mask holds, else 0, as float32."""
    return mask.new(mask.builder.uitofp(mask.value, vector_type("f32")), "f32")


def widen(x: Lanes) -> Lanes:
    """Float32 to float64."""
    return x.new(x.builder.fpext(x.value, vector_type("f64")), "f64")


def narrow(x: Lanes) -> Lanes:
    """Float64 to float32."""
    return x.new(x.builder.fptrunc(x.value, vector_type("f32")), "f32")


def total(x: Lanes) -> ir.Value:
    """The scalar sum of the lanes, as a tree."""
    start = ir.Constant(SCALARS[x.kind], -0.0)
    return call(x.builder, f"llvm.vector.reduce.fadd.v{LANES}{x.kind}", start.type, [start, x.value], ("reassoc",))


def fold(x: Lanes, choose: Callable[[Lanes, Lanes], Lanes]) -> ir.Value:
    """The scalar that `choose` leaves of the lanes, by halves."""
    for half in (8, 4, 2, 1):
        order = [(lane + half) % LANES for lane in range(LANES)]
        mask = ir.Constant(ir.VectorType(ir.IntType(32), LANES), order)
        x = choose(x, x.new(x.builder.shuffle_vector(x.value, x.value, mask)))
    return x.builder.extract_element(x.value, ir.Constant(ir.IntType(32), 0))
