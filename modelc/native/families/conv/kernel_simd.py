"""Building blocks for code that is written as LLVM vectors: loads, stores, broadcasts, multiply-add, epilogue, loops.

These are Python functions that emit instructions; intrinsics in the kernels' files are made of them. LLVM splits
a vector where the CPU has narrower ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from llvmlite import ir

from modelc.native.families.conv.params import EPILOGUE_CLIP, EPILOGUE_LEAKY
from modelc.native.target import host

I1, I32, I64 = ir.IntType(1), ir.IntType(32), ir.IntType(64)
F32, F64 = ir.FloatType(), ir.DoubleType()
LANES = host().lanes
VECTOR = ir.VectorType(F32, LANES)
_BYTE = ir.IntType(8)
_INDICES = ir.VectorType(I32, LANES)
_MASK = ir.VectorType(I1, LANES)


def const(value: int) -> ir.Constant:
    """An int64 constant."""
    return ir.Constant(I64, value)


def declare(module: ir.Module, name: str, result: ir.Type, *args: ir.Type) -> ir.Function:
    """The function of that name in the module, declared at the first call."""
    found = module.globals.get(name)
    return found if found is not None else ir.Function(module, ir.FunctionType(result, args), name)


def new_cell(builder: ir.IRBuilder, kind: ir.Type) -> ir.Value:
    """A variable of the function: a stack slot in its entry block, which LLVM turns into a register."""
    with builder.goto_entry_block():
        return builder.alloca(kind)


def pointer(builder: ir.IRBuilder, address: ir.Value, element: ir.Type, offset: int = 0) -> ir.Value:
    """The int64 `address` plus `offset` elements as a pointer."""
    base = builder.inttoptr(address, element.as_pointer())
    return builder.gep(base, [const(offset)]) if offset else base


def load(builder: ir.IRBuilder, address: ir.Value, element: ir.Type, offset: int = 0) -> ir.Value:
    """One element (float, int64 or vector) at `address` plus `offset` elements; a vector need not be aligned."""
    return builder.load(pointer(builder, address, element, offset), align=8 if element in (I64, F64) else 4)


def store(builder: ir.IRBuilder, value: ir.Value, address: ir.Value, offset: int = 0) -> None:
    """Write one element at `address` plus `offset` elements; a vector need not be aligned."""
    builder.store(value, pointer(builder, address, value.type, offset), align=4)


def prefetch(builder: ir.IRBuilder, address: ir.Value, *, write: bool = False, level: int = 1) -> None:
    """Fetch the cache line at an address, which is read soon, or written."""
    function = declare(builder.module, "llvm.prefetch.p0", ir.VoidType(), _BYTE.as_pointer(), I32, I32, I32)
    use, near, data = (ir.Constant(I32, value) for value in (int(write), 4 - level, 1))
    builder.call(function, [builder.inttoptr(address, _BYTE.as_pointer()), use, near, data])


def mask_below(builder: ir.IRBuilder, count: ir.Value) -> ir.Value:
    """The mask of the lanes whose number is below `count`."""
    lanes = ir.Constant(_INDICES, list(range(LANES)))
    return builder.icmp_signed("<", lanes, splat(builder, builder.trunc(count, I32)))


def load_masked(builder: ir.IRBuilder, address: ir.Value, mask: ir.Value, offset: int = 0) -> ir.Value:
    """The lanes of `mask` at `address` plus `offset` vectors; zero elsewhere, where memory is not touched."""
    name = f"llvm.masked.load.v{LANES}f32.p0"
    function = declare(builder.module, name, VECTOR, VECTOR.as_pointer(), I32, _MASK, VECTOR)
    where = pointer(builder, address, VECTOR, offset)
    return builder.call(function, [where, ir.Constant(I32, 4), mask, ir.Constant(VECTOR, None)])


def store_masked(builder: ir.IRBuilder, value: ir.Value, address: ir.Value, mask: ir.Value, offset: int = 0) -> None:
    """Write the lanes of `mask` at `address` plus `offset` vectors; the rest of memory is not touched."""
    name = f"llvm.masked.store.v{LANES}f32.p0"
    function = declare(builder.module, name, ir.VoidType(), VECTOR, VECTOR.as_pointer(), I32, _MASK)
    builder.call(function, [value, pointer(builder, address, VECTOR, offset), ir.Constant(I32, 4), mask])


def splat(builder: ir.IRBuilder, scalar: ir.Value) -> ir.Value:
    """A vector with `scalar` in every lane."""
    kind = ir.VectorType(scalar.type, LANES)
    first = builder.insert_element(ir.Constant(kind, ir.Undefined), scalar, ir.Constant(I32, 0))
    return builder.shuffle_vector(first, ir.Constant(kind, ir.Undefined), ir.Constant(_INDICES, None))


def multiply_add(builder: ir.IRBuilder, a: ir.Value, b: ir.Value, c: ir.Value) -> ir.Value:
    """`a * b + c`, rounded once where the CPU can."""
    if not host().fma:
        return builder.fadd(builder.fmul(a, b), c)
    function = declare(builder.module, f"llvm.fma.v{LANES}f32", VECTOR, VECTOR, VECTOR, VECTOR)
    return builder.call(function, [a, b, c])


def epilogue(
    builder: ir.IRBuilder, values: list[ir.Value], code: ir.Value, low: ir.Value, high: ir.Value
) -> list[ir.Value]:
    """Apply the epilogue `code` with float64 parameters to vectors. Comparisons are false for NaN, which stays."""
    cells = [new_cell(builder, VECTOR) for _ in values]
    for cell, value in zip(cells, values, strict=True):
        builder.store(value, cell)
    low_lanes = splat(builder, builder.fptrunc(low, F32))
    with builder.if_then(builder.icmp_signed("==", code, const(EPILOGUE_CLIP))):
        high_lanes = splat(builder, builder.fptrunc(high, F32))
        for cell, value in zip(cells, values, strict=True):
            above = builder.select(builder.fcmp_ordered("<", value, low_lanes), low_lanes, value)
            builder.store(builder.select(builder.fcmp_ordered(">", above, high_lanes), high_lanes, above), cell)
    with builder.if_then(builder.icmp_signed("==", code, const(EPILOGUE_LEAKY))):
        zero = ir.Constant(VECTOR, None)
        for cell, value in zip(cells, values, strict=True):
            scaled = builder.fmul(value, low_lanes)
            builder.store(builder.select(builder.fcmp_ordered("<", value, zero), scaled, value), cell)
    return [builder.load(cell) for cell in cells]


@contextmanager
def counted_loop(builder: ir.IRBuilder, begin: ir.Value, end: ir.Value, step: int = 1) -> Iterator[ir.Value]:
    """A loop over `begin, begin + step, ...` while the whole step fits before `end`; gives the counter."""
    function = builder.function
    head = function.append_basic_block("head")
    body = function.append_basic_block("body")
    done = function.append_basic_block("done")
    entry = builder.block
    builder.branch(head)
    builder.position_at_end(head)
    counter = builder.phi(I64)
    counter.add_incoming(begin, entry)
    builder.cbranch(builder.icmp_signed("<=", builder.add(counter, const(step)), end), body, done)
    builder.position_at_end(body)
    yield counter
    following = builder.add(counter, const(step))
    counter.add_incoming(following, builder.block)
    builder.branch(head)
    builder.position_at_end(done)
