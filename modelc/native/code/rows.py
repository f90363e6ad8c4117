"""Loops over rows of float32 as LLVM functions: a formula over `Lanes` for every code of a switch.

A kernel calls such a function and does not repeat it; the formulas cost numba no time.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from inspect import isgeneratorfunction

from llvmlite import ir

from modelc.native.code.lanes import LANES, Lanes, spread, vector_type
from modelc.native.code.vector import emit_lanes_below, emit_load_where, emit_store_where, vector_pointer

WORD = ir.IntType(64)
F32 = ir.FloatType()
Formula = Callable[..., Lanes]
Parts = Generator[tuple[Lanes, ...], tuple[Lanes, ...], Lanes]
CutFormula = Callable[..., Parts]
"""A formula that yields what its next part needs, and goes on with what it is given for it.

A loop does each part for another vector, so that the CPU finds operations that do not wait for each other among those
that it looks ahead at."""
Source = Callable[[ir.IRBuilder, ir.Value, ir.Value | None], Lanes]
"""Emits the load of one operand: a vector from an index on, under a mask if there is one."""


def contiguous(address: ir.Value) -> Source:
    """The elements from an address on, side by side."""

    def source(builder: ir.IRBuilder, i: ir.Value, mask: ir.Value | None) -> Lanes:
        place = vector_pointer(builder, address, i)
        if mask is None:
            return Lanes(builder, builder.load(place, align=4), "f32")
        ones = ir.Constant(vector_type("f32"), [1.0] * LANES)
        return Lanes(builder, emit_load_where(builder, place, mask, ones), "f32")

    return source


def elements(builder: ir.IRBuilder, address: ir.Value, *, repeat: bool) -> Source:
    """The elements from an address on: side by side, or the first of them again and again."""
    if not repeat:
        return contiguous(address)
    scalar = builder.load(builder.inttoptr(address, F32.as_pointer()), align=4)
    lanes = Lanes(builder, spread(builder, scalar), "f32")
    return lambda builder, i, mask: lanes


def emit_loop(
    builder: ir.IRBuilder, formula: Formula, y: ir.Value, sources: Sequence[Source], n: ir.Value, vectors: int = 1
) -> None:
    """`y[i] = formula(source[i], ...)` for i < n: whole vectors, then the rest under a mask. y may be a source.

    A turn of the loop does `vectors` vectors while so many are left.
    """
    start: ir.Value = WORD(0)
    for count in (vectors, 1) if vectors > 1 else (1,):
        start = _emit_vectors(builder, formula, y, sources, n, start, count)
    _emit_rest(builder, formula, y, sources, n, start)


def _emit_vectors(builder: ir.IRBuilder, formula: Formula, y, sources: Sequence[Source], n, start, count: int):
    """Emit the loop over whole vectors from `start` on, `count` a turn. Gives the index at which it ends."""
    entry = builder.block
    head, body, done = (builder.append_basic_block(part) for part in ("head", "body", "done"))
    builder.branch(head)
    builder.position_at_end(head)
    i = builder.phi(WORD)
    i.add_incoming(start, entry)
    after = builder.add(i, WORD(count * LANES))
    builder.cbranch(builder.icmp_signed("<=", after, n), body, done)
    builder.position_at_end(body)
    places = [builder.add(i, WORD(v * LANES)) if v else i for v in range(count)]
    # All are read before any is written: a vector may be written where it was read, and no other one is there.
    values = [formula(*(source(builder, place, None) for source in sources)).value for place in places]
    for place, value in zip(places, values, strict=True):
        builder.store(value, vector_pointer(builder, y, place), align=4)
    i.add_incoming(after, builder.block)
    builder.branch(head)
    builder.position_at_end(done)
    return i


def _emit_rest(builder: ir.IRBuilder, formula: Formula, y, sources: Sequence[Source], n, i) -> None:
    """Emit the operation for the last elements, from i on, which do not fill a vector."""
    rest, done = (builder.append_basic_block(part) for part in ("rest", "done"))
    builder.cbranch(builder.icmp_signed("<", i, n), rest, done)
    builder.position_at_end(rest)
    mask = emit_lanes_below(builder, builder.sub(n, i))
    value = formula(*(source(builder, i, mask) for source in sources)).value
    emit_store_where(builder, value, vector_pointer(builder, y, i), mask)
    builder.branch(done)
    builder.position_at_end(done)


def emit_long_loop(
    builder: ir.IRBuilder,
    formula: Formula | CutFormula,
    parameters: Sequence[Lanes],
    y: ir.Value,
    x: ir.Value,
    n: ir.Value,
) -> None:
    """`y[i] = formula(x[i], *parameters)` for i < n, with the formula there once: for one whose instructions take long
    to compile.

    The rest, which does not fill a vector, is copied to memory that holds one; there the loop does it as it does all
    others, and from there it is copied to its place. y may be x.
    """
    entry = builder.block
    parts = ("part", "head", "body", "ended", "check", "take", "put", "done")
    part, head, body, ended, check, take, put, done = (builder.append_basic_block(name) for name in parts)
    vector = _vector_on_stack(builder, "rest")
    builder.branch(part)
    builder.position_at_end(part)
    source, target, count, rest = (builder.phi(WORD) for _ in range(4))
    for phi, first in ((source, x), (target, y), (count, n), (rest, WORD(-1))):
        phi.add_incoming(first, entry)
    builder.branch(head)
    builder.position_at_end(head)
    i = builder.phi(WORD)
    i.add_incoming(WORD(0), part)
    after = builder.add(i, WORD(LANES))
    builder.position_at_end(body)
    if isgeneratorfunction(formula):
        behind = LANES * _emit_cut(builder, head, part, formula, parameters, source, target, count, i)
    else:
        behind = 0
        value = formula(contiguous(source)(builder, i, None), *parameters).value
        builder.store(value, vector_pointer(builder, target, i), align=4)
    i.add_incoming(after, builder.block)
    builder.branch(head)
    builder.position_at_end(head)
    builder.cbranch(builder.icmp_signed("<=", after, builder.add(count, WORD(behind))), body, ended)
    builder.position_at_end(ended)
    finished = builder.sub(i, WORD(behind))
    builder.cbranch(builder.icmp_signed("<", rest, WORD(0)), check, put)
    builder.position_at_end(check)
    builder.cbranch(builder.icmp_signed("<", finished, n), take, done)
    builder.position_at_end(take)
    mask = emit_lanes_below(builder, builder.sub(n, finished))
    builder.store(contiguous(x)(builder, finished, mask).value, vector, align=4)
    place = builder.ptrtoint(vector, WORD)
    for phi, second in ((source, place), (target, place), (count, WORD(LANES)), (rest, finished)):
        phi.add_incoming(second, take)
    builder.branch(part)
    builder.position_at_end(put)
    mask = emit_lanes_below(builder, builder.sub(n, rest))
    emit_store_where(builder, builder.load(vector, align=4), vector_pointer(builder, y, rest), mask)
    builder.branch(done)
    builder.position_at_end(done)


def _emit_cut(
    builder: ir.IRBuilder, head: ir.Block, before: ir.Block, formula: CutFormula, parameters: Sequence[Lanes],
    source: ir.Value, target: ir.Value, count: ir.Value, i: ir.Value,
) -> int:  # fmt: skip
    """Emit the body of a loop with a formula that is cut: its first part for the vector from i on, each further one for
    a vector before. Gives the number of cuts, by which what is stored is behind.

    Before the first vector and after the last one, memory that nothing else uses is read and written.
    """
    spare = builder.ptrtoint(_vector_on_stack(builder, "spare"), WORD)
    is_left = builder.icmp_signed("<=", builder.add(i, WORD(LANES)), count)
    read = builder.select(is_left, builder.add(source, builder.mul(i, WORD(4))), spare)
    parts = formula(contiguous(read)(builder, WORD(0), None), *parameters)
    held: list[tuple[ir.PhiInstr, ir.Value]] = []
    cuts = 0
    values = next(parts)
    while True:
        with builder.goto_block(head):
            builder.position_at_start(head)
            phis = [builder.phi(value.value.type) for value in values]
        held += zip(phis, (value.value for value in values), strict=True)
        cuts += 1
        try:
            values = parts.send(tuple(value.new(phi) for value, phi in zip(values, phis, strict=True)))
        except StopIteration as end:
            result = end.value
            break
    for phi, value in held:
        phi.add_incoming(ir.Constant(phi.type, None), before)
        phi.add_incoming(value, builder.block)
    place = builder.sub(i, WORD(cuts * LANES))
    written = builder.select(
        builder.icmp_signed(">=", place, WORD(0)), builder.add(target, builder.mul(place, WORD(4))), spare
    )
    builder.store(result.value, vector_pointer(builder, written, WORD(0)), align=4)
    return cuts


def _vector_on_stack(builder: ir.IRBuilder, name: str) -> ir.Value:
    """The place of one vector, which all loops of a function use in turn."""
    first = builder.function.entry_basic_block
    for known in first.instructions:
        if isinstance(known, ir.AllocaInstr) and known.name == name:
            return known
    with builder.goto_entry_block():
        return builder.alloca(vector_type("f32"), name=name)


def declared_function(module: ir.Module, name: str, parameters: Sequence[ir.Type]) -> ir.Function:
    """The module's function `name(code, *parameters)`, of which it need not have more than the name."""
    known = module.globals.get(name)
    return ir.Function(module, ir.FunctionType(ir.VoidType(), [WORD, *parameters]), name) if known is None else known


def switch_function(
    module: ir.Module, name: str, parameters: Sequence[ir.Type], cases: Mapping[int, Callable[..., None]]
) -> ir.Function:
    """The module's function `name(code, *parameters)`: `cases[code](builder, *parameters)` emits each of its cases."""
    function = declared_function(module, name, parameters)
    if not function.is_declaration:
        return function
    function.linkage = "linkonce_odr"
    function.attributes.add("noinline")
    code, *args = function.args
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    end = function.append_basic_block("end")
    switch = builder.switch(code, end)
    for value, emit in cases.items():
        block = function.append_basic_block("case")
        switch.add_case(WORD(value), block)
        builder.position_at_end(block)
        emit(builder, *args)
        builder.branch(end)
    builder.position_at_end(end)
    builder.ret_void()
    return function
