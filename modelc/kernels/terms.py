"""Numbers written as formulas: terms whose operators emit LLVM instructions.

A term is one number or a vector of them, by the LLVM type of its value. A function over terms runs once, while a
kernel is compiled, and leaves its instructions there; so it costs numba no time, and reads as mathematics. Sixteen
float32 are one register on AVX-512; LLVM splits them where registers are narrower. The other operand may also be a
Python or NumPy number, or one number beside a vector, which is then repeated. Addresses are int64 and count bytes.
"""

from __future__ import annotations

from collections.abc import Callable

from llvmlite import ir

from modelc.kernels import simd
from modelc.kernels.simd import F32, F64, I1, I32, I64

LANES = 16
_KINDS = {F32: "f32", F64: "f64", I32: "i32", I64: "i64", I1: "i1"}
_FLOATS = (F32, F64)
_CONTRACT = ("contract",)


def vector_of(element: ir.Type) -> ir.VectorType:
    """Sixteen of them."""
    return ir.VectorType(element, LANES)


class Term:
    """A float, an integer or a truth value, or a vector of them."""

    __slots__ = ("builder", "value")

    def __init__(self, builder: ir.IRBuilder, value: ir.Value) -> None:
        self.builder = builder
        self.value = value

    @property
    def element(self) -> ir.Type:
        """The LLVM type of one number."""
        kind = self.value.type
        return kind.element if isinstance(kind, ir.VectorType) else kind

    def typed(self, element: ir.Type) -> ir.Type:
        """The LLVM type of so many numbers of another kind."""
        kind = self.value.type
        return ir.VectorType(element, kind.count) if isinstance(kind, ir.VectorType) else element

    def like(self, other: Term | float) -> ir.Value:
        """The LLVM value of another operand, with as many lanes as this."""
        kind = self.value.type
        if isinstance(other, Term):
            return spread(other).value if isinstance(kind, ir.VectorType) and other.value.type != kind else other.value
        number = float(other) if self.element in _FLOATS else int(other)
        return ir.Constant(kind, [number] * kind.count if isinstance(kind, ir.VectorType) else number)

    def new(self, value: ir.Value) -> Term:
        """A term beside this one."""
        return Term(self.builder, value)

    def intrinsic(self, name: str, *others: Term | float) -> Term:
        """`llvm.name` of this term and others of the same type."""
        args = [self.value, *(self.like(o) for o in others)]
        kind = self.value.type
        lanes = f"v{kind.count}" if isinstance(kind, ir.VectorType) else ""
        return self.new(simd.call(self.builder, f"llvm.{name}.{lanes}{_KINDS[self.element]}", kind, args))

    def _arithmetic(self, floating: str, integral: str, other: Term | float, swapped: bool = False) -> Term:
        if isinstance(other, Term) and isinstance(other.value.type, ir.VectorType) != isinstance(
            self.value.type, ir.VectorType
        ):
            wide = self if isinstance(self.value.type, ir.VectorType) else other
            a, b = wide.like(self), wide.like(other)
        else:
            a, b = self.value, self.like(other)
        a, b = (b, a) if swapped else (a, b)
        if self.element in _FLOATS:
            return self.new(getattr(self.builder, floating)(a, b, flags=_CONTRACT))
        return self.new(getattr(self.builder, integral)(a, b))

    def _compare(self, sign: str, other: Term | float) -> Term:
        if self.element not in _FLOATS:
            return self.new(self.builder.icmp_signed(sign, self.value, self.like(other)))
        compare = self.builder.fcmp_unordered if sign == "!=" else self.builder.fcmp_ordered
        return self.new(compare(sign, self.value, self.like(other)))

    def __add__(self, other):
        return self._arithmetic("fadd", "add", other)

    def __sub__(self, other):
        return self._arithmetic("fsub", "sub", other)

    def __mul__(self, other):
        return self._arithmetic("fmul", "mul", other)

    def __truediv__(self, other):
        return self._arithmetic("fdiv", "sdiv", other)

    def __floordiv__(self, other):
        """Of integers that are not negative."""
        return self._arithmetic("fdiv", "udiv", other)

    def __rsub__(self, other):
        return self._arithmetic("fsub", "sub", other, swapped=True)

    def __rtruediv__(self, other):
        return self._arithmetic("fdiv", "sdiv", other, swapped=True)

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


def select(mask: Term, yes: Term | float, no: Term | float) -> Term:
    """`yes` where the mask holds, else `no`; one of them is a term."""
    model = yes if isinstance(yes, Term) else no
    return model.new(mask.builder.select(mask.value, model.like(yes), model.like(no)))


def fma(a: Term, b: Term | float, c: Term | float) -> Term:
    """`a * b + c`, rounded once where the CPU can."""
    return a.intrinsic("fmuladd", b, c)


def sqrt(x: Term) -> Term:
    """The correctly rounded square root."""
    return x.intrinsic("sqrt")


def floor(x: Term) -> Term:
    """The largest integer that is not larger; without the instruction, which the oldest CPUs lack."""
    whole = 8388608.0  # 2^23: from there on all float32 are integers, and adding it rounds the smaller ones
    magnitude = fabs(x)
    rounded = copysign((magnitude + whole) - whole, x)
    rounded = select(rounded > x, rounded - 1.0, rounded)
    return select(magnitude < whole, rounded, x)


def fabs(x: Term) -> Term:
    """The value without its sign."""
    return x.intrinsic("fabs")


def copysign(magnitude: Term, sign: Term) -> Term:
    """The magnitude of one with the sign of the other."""
    return magnitude.intrinsic("copysign", sign)


def maximum(a: Term, b: Term) -> Term:
    """The larger; NaN where either is NaN."""
    return select(b != b, b, select(b > a, b, a))


def minimum(a: Term, b: Term) -> Term:
    """The smaller; NaN where either is NaN."""
    return select(b != b, b, select(b < a, b, a))


def bits(x: Term) -> Term:
    """The bits of float32 as int32."""
    return x.new(x.builder.bitcast(x.value, x.typed(I32)))


def from_bits(i: Term) -> Term:
    """The float32 whose bits these int32 are."""
    return i.new(i.builder.bitcast(i.value, i.typed(F32)))


def to_float(i: Term) -> Term:
    """Int32 to float32."""
    return i.new(i.builder.sitofp(i.value, i.typed(F32)))


def to_double(i: Term) -> Term:
    """An integer to float64."""
    return i.new(i.builder.sitofp(i.value, i.typed(F64)))


def widen(x: Term) -> Term:
    """Float32 to float64."""
    return x.new(x.builder.fpext(x.value, x.typed(F64)))


def narrow(x: Term) -> Term:
    """Float64 to float32."""
    return x.new(x.builder.fptrunc(x.value, x.typed(F32)))


def spread(scalar: Term) -> Term:
    """The number in all lanes."""
    return scalar.new(simd.splat(scalar.builder, scalar.value, LANES))


def repeated(builder: ir.IRBuilder, number: float, element: ir.Type = F32) -> Term:
    """A constant in all lanes."""
    return Term(builder, ir.Constant(vector_of(element), [number] * LANES))


def total(x: Term) -> Term:
    """The sum of the lanes, as a tree."""
    start = ir.Constant(x.element, -0.0)
    name = f"llvm.vector.reduce.fadd.v{LANES}{_KINDS[x.element]}"
    return x.new(simd.call(x.builder, name, start.type, [start, x.value], ("reassoc",)))


def fold(x: Term, choose: Callable[[Term, Term], Term]) -> Term:
    """The number that `choose` leaves of the lanes, by halves."""
    for half in (8, 4, 2, 1):
        order = [(lane + half) % LANES for lane in range(LANES)]
        x = choose(x, x.new(x.builder.shuffle_vector(x.value, x.value, ir.Constant(vector_of(I32), order))))
    return x.new(x.builder.extract_element(x.value, I32(0)))


def lanes_below(count: Term) -> Term:
    """The mask of the first `count` lanes, or of all where there are fewer; `count` >= 0."""
    return count.new(simd.mask_below(count.builder, count.value, LANES))


def load(address: Term, index: Term | int = 0, mask: Term | None = None, rest: Term | float = 0.0) -> Term:
    """Sixteen float32 from element `index` on. Lanes outside the mask are `rest`, and not read."""
    place = _place(address, index, vector_of(F32))
    if mask is None:
        return address.new(address.builder.load(place, align=4))
    return address.new(simd.load_where(address.builder, place, mask.value, repeated(address.builder, 0.0).like(rest)))


def store(value: Term, address: Term, index: Term | int = 0, mask: Term | None = None) -> None:
    """Write sixteen float32 from element `index` on, or the lanes of the mask."""
    place = _place(address, index, value.value.type)
    if mask is None:
        address.builder.store(value.value, place, align=4)
    else:
        simd.store_where(address.builder, value.value, place, mask.value)


def load_one(address: Term, index: Term | int = 0, element: ir.Type = F32) -> Term:
    """One number of 4 bytes from element `index`."""
    return address.new(address.builder.load(_place(address, index, element), align=4))


def store_one(value: Term, address: Term, index: Term | int = 0) -> None:
    """Write one number of 4 bytes to element `index`."""
    address.builder.store(value.value, _place(address, index, value.value.type), align=4)


def _place(address: Term, index: Term | int, kind: ir.Type) -> ir.Value:
    builder = address.builder
    base = builder.inttoptr(address.value, F32.as_pointer())
    return builder.bitcast(builder.gep(base, [address.like(index)]), kind.as_pointer())
