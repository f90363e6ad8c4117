"""Several elementwise functions and sums in one walk over memory: each piece stays in the cache from link to link."""

from __future__ import annotations

import inspect
from functools import partial

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from modelc.functions.table import UNARY
from modelc.native.code import lanes
from modelc.native.code.lanes import Lanes, spread
from modelc.native.code.memory import dim, load_i64, operand, store_i64
from modelc.native.code.rows import F32, WORD, Formula, Source, contiguous, emit_loop, repeated, switch_function
from modelc.native.code.sums import column_piece
from modelc.native.code.vector import (
    LANES,
    fma,
    inlined,
    lanes_below,
    load,
    load_where,
    load_wide,
    narrow,
    quotient,
    splat,
    store_where,
    store_wide,
    widen,
    zero_wide,
)
from modelc.native.families.chain.params import (
    A_REPEATED,
    AFFINE_CODE,
    B_REPEATED,
    BINARY_CODE,
    CHAIN,
    FORMS,
    LINK,
    PAIR_CODE,
    PIECE,
    PLACES,
    PRODUCT_SUM_CODE,
    REPEATED_AFFINE_CODE,
    SUM_CODE,
    SUM_COLUMNS,
    SUMS,
    TENSOR,
    TENSORS,
)
from modelc.native.families.elementwise import kernel as elementwise
from modelc.native.families.elementwise import kernel_unary as activations
from modelc.native.families.elementwise.codes import BINARY_CODES, GLU, PLAIN_RELU, UNARY_CODES
from modelc.native.families.elementwise.kernel_unary import float_param
from modelc.native.ops.chain import PAIRED

_ROWS, _COLUMNS, _GROUP, _WIDTH, _STEP, _TENSORS, _LINKS = (
    CHAIN[name] for name in ("rows", "columns", "group", "width", "step", "tensors", "links")
)
_X, _STRIDES = TENSOR["x"], TENSOR["strides"]
_CODE, _Y, _A, _B, _C, _FLAT, _P = (LINK[name] for name in ("code", "y", "a", "b", "c", "flat", "p"))
_CHAIN_BYTES, _TENSOR_BYTES, _LINK_BYTES = 8 * CHAIN.size, 8 * TENSOR.size, 8 * LINK.size

# What a unit keeps on its stack: address and step of every place and tensor, the sums, the places.
_TABLE = 16 * (PLACES + TENSORS)
_SUMS = 8 * SUM_COLUMNS
_PLACE = 4 * PIECE + 192
_SPACE = _TABLE + SUMS * _SUMS + PLACES * _PLACE

_VECTORS = 4
"""Vectors that a turn of a loop does, of what takes few instructions."""


def _is_light(name: str) -> bool:
    return name == PLAIN_RELU or UNARY[name].light


def _pair(first: Formula, second: Formula, turned: bool) -> Formula:
    if turned:
        return lambda a, b, c: second(c, first(a, b))
    return lambda a, b, c: second(first(a, b), c)


@intrinsic
def _new_space(typingctx):
    """The address of `_SPACE` bytes on the caller's stack, at the beginning of a cache line."""

    def codegen(context, builder, signature, args):
        with builder.goto_entry_block():
            space = builder.alloca(ir.IntType(8), _SPACE)
            space.align = 64
        return builder.ptrtoint(space, ir.IntType(64))

    return types.int64(), codegen


def _emit_rows(
    formula: Formula, repeats: tuple[bool, ...], builder: ir.IRBuilder, *args, vectors: int = _VECTORS
) -> None:
    """The formula in each of some rows: the steps of a row are in bytes."""
    y, y_step, a, a_step, b, b_step, c, c_step, p0, p1, p2, rows, n = args
    operands = ((a, a_step), (b, b_step), (c, c_step))[: len(repeats)]
    taken = len(inspect.signature(formula).parameters) - len(repeats)
    parameters = [Lanes(builder, spread(builder, p), "f32") for p in (p0, p1, p2)[:taken]]
    entry = builder.block
    head, body, done = (builder.append_basic_block(part) for part in ("row", "row_body", "row_done"))
    builder.branch(head)
    builder.position_at_end(head)
    row = builder.phi(WORD)
    row.add_incoming(WORD(0), entry)
    builder.cbranch(builder.icmp_signed("<", row, rows), body, done)
    builder.position_at_end(body)

    def at(address, step):
        return builder.add(address, builder.mul(row, step))

    sources: list[Source] = []
    for (address, step), is_repeated in zip(operands, repeats, strict=True):
        place = at(address, step)
        if is_repeated:
            sources.append(repeated(builder, builder.load(builder.inttoptr(place, F32.as_pointer()), align=4)))
        else:
            sources.append(contiguous(place))
    emit_loop(builder, lambda *values: formula(*values, *parameters), at(y, y_step), sources, n, vectors)
    row.add_incoming(builder.add(row, WORD(1)), builder.block)
    builder.branch(head)
    builder.position_at_end(done)


@intrinsic
def _link(typingctx, code, y, y_step, a, a_step, b, b_step, c, c_step, p0, p1, p2, rows, n):
    """`y[r, i] = f(a[r, i], b[r, i], c[r, i]; p)` for r < rows, i < n."""

    def codegen(context, builder, sig, args):
        cases = {
            UNARY_CODES[name]: partial(_emit_rows, f, (False,), vectors=_VECTORS if _is_light(name) else 1)
            for name, f in activations.FORMULAS.items()
        }
        for name, formula in elementwise.FORMULAS.items():
            if name != GLU:  # its operands are the halves of one tensor
                for form in range(FORMS):
                    repeats = (form == A_REPEATED, form == B_REPEATED)
                    cases[BINARY_CODE + FORMS * BINARY_CODES[name] + form] = partial(_emit_rows, formula, repeats)
        cases[AFFINE_CODE] = partial(_emit_rows, lanes.fma, (False, False, False))
        cases[REPEATED_AFFINE_CODE] = partial(_emit_rows, lanes.fma, (False, True, True))
        for i, first in enumerate(PAIRED):
            for j, second in enumerate(PAIRED):
                for turned in (False, True):
                    pair = _pair(elementwise.FORMULAS[first], elementwise.FORMULAS[second], turned)
                    code = PAIR_CODE + 2 * (len(PAIRED) * i + j) + turned
                    cases[code] = partial(_emit_rows, pair, (False, False, False))
        parameters = [*[WORD] * 8, F32, F32, F32, WORD, WORD]
        builder.call(switch_function(builder.module, "modelc_chain_rows", parameters, cases), args)
        return context.get_dummy_value()

    return types.void(*[types.int64] * 9, *[types.float32] * 3, types.int64, types.int64), codegen


@inlined
def _widen_to(total, i, s0, s1, s2, s3):
    """`total[i:]` += four vectors side by side."""
    store_wide(total, i, load_wide(total, i) + widen(s0))
    store_wide(total, i + LANES, load_wide(total, i + LANES) + widen(s1))
    store_wide(total, i + 2 * LANES, load_wide(total, i + 2 * LANES) + widen(s2))
    store_wide(total, i + 3 * LANES, load_wide(total, i + 3 * LANES) + widen(s3))


@inlined
def _add(total, x, step, rows, n):
    """`total[i] += Σ_r x[r, i]` for i < n, float64; rows are `step` elements apart."""
    i = 0
    while i + 4 * LANES <= n:
        place = x + 4 * i
        s0, s1, s2, s3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
        for _ in range(rows):
            s0 = s0 + load(place, 0)
            s1 = s1 + load(place, LANES)
            s2 = s2 + load(place, 2 * LANES)
            s3 = s3 + load(place, 3 * LANES)
            place += 4 * step
        _widen_to(total, i, s0, s1, s2, s3)
        i += 4 * LANES
    while i < n:
        piece = column_piece(x + 4 * i, rows, step, lanes_below(n - i), 0.0, False)
        store_wide(total, i, load_wide(total, i) + widen(piece))
        i += LANES


@inlined
def _add_products(total, a, a_step, b, b_step, rows, n):
    """`total[i] += Σ_r a[r, i]·b[r, i]`."""
    i = 0
    while i + 4 * LANES <= n:
        x, y = a + 4 * i, b + 4 * i
        s0, s1, s2, s3 = splat(0.0), splat(0.0), splat(0.0), splat(0.0)
        for _ in range(rows):
            s0 = fma(load(x, 0), load(y, 0), s0)
            s1 = fma(load(x, LANES), load(y, LANES), s1)
            s2 = fma(load(x, 2 * LANES), load(y, 2 * LANES), s2)
            s3 = fma(load(x, 3 * LANES), load(y, 3 * LANES), s3)
            x += 4 * a_step
            y += 4 * b_step
        _widen_to(total, i, s0, s1, s2, s3)
        i += 4 * LANES
    while i < n:
        mask = lanes_below(n - i)
        s0, s1 = splat(0.0), splat(0.0)
        row = 0
        while row + 2 <= rows:
            x, y = a + 4 * (row * a_step + i), b + 4 * (row * b_step + i)
            s0 = fma(load_where(x, 0, mask, 0.0), load_where(y, 0, mask, 0.0), s0)
            s1 = fma(load_where(x, a_step, mask, 0.0), load_where(y, b_step, mask, 0.0), s1)
            row += 2
        if row < rows:
            x, y = a + 4 * (row * a_step + i), b + 4 * (row * b_step + i)
            s0 = fma(load_where(x, 0, mask, 0.0), load_where(y, 0, mask, 0.0), s0)
        store_wide(total, i, load_wide(total, i) + widen(s0 + s1))
        i += LANES


@inlined
def _store_sum(y, total, count, n):
    i = 0
    while i < n:
        store_where(y, i, narrow(load_wide(total, i) / count), lanes_below(n - i))
        i += LANES


@inlined
def _do_links(params, links, count, space, rows, n):
    """All links for one piece."""
    for number in range(count):
        link = links + _LINK_BYTES * number
        code = load_i64(link, _CODE)
        a = space + 16 * load_i64(link, _A)
        b = space + 16 * load_i64(link, _B)
        if code >= SUM_CODE:
            total = space + _TABLE + _SUMS * (load_i64(link, _C) >> 1)
            a_step, b_step = quotient(load_i64(a, 1), 4), quotient(load_i64(b, 1), 4)
            if code == PRODUCT_SUM_CODE:
                _add_products(total, load_i64(a, 0), a_step, load_i64(b, 0), b_step, rows, n)
            else:
                _add(total, load_i64(a, 0), a_step, rows, n)
            continue
        y, c = space + 16 * load_i64(link, _Y), space + 16 * load_i64(link, _C)
        lines, length = (1, rows * n) if load_i64(link, _FLAT) != 0 else (rows, n)
        _link(
            code, load_i64(y, 0), load_i64(y, 1), load_i64(a, 0), load_i64(a, 1), load_i64(b, 0), load_i64(b, 1),
            load_i64(c, 0), load_i64(c, 1), float_param(link, _P), float_param(link, _P + 1), float_param(link, _P + 2),
            lines, length,
        )  # fmt: skip


def chain(ctx, params, begin, end):
    """All links of a chain for each piece of the tensors, see `CHAIN`."""
    rows, group, columns = dim(ctx, params, _ROWS), dim(ctx, params, _GROUP), load_i64(params, _COLUMNS)
    width, step = load_i64(params, _WIDTH), load_i64(params, _STEP)
    count, links_count = load_i64(params, _TENSORS), load_i64(params, _LINKS)
    tensors = params + _CHAIN_BYTES
    links = tensors + _TENSOR_BYTES * count
    groups = quotient(rows + group - 1, group)
    blocks = quotient(columns + width - 1, width)
    space = _new_space()
    memory = space + 16 * PLACES
    for unit in range(begin, end):
        line = quotient(unit, blocks)
        column = (unit - line * blocks) * width
        n = min(width, columns - column)
        outer = quotient(line, groups)
        row = (line - outer * groups) * group
        last = min(row + group, rows)
        for place in range(PLACES):
            store_i64(space, 2 * place, space + _TABLE + SUMS * _SUMS + place * _PLACE)
            store_i64(space, 2 * place + 1, 4 * n)
        for i in range(count):
            tensor = tensors + _TENSOR_BYTES * i
            by_outer, by_row, by_column = (
                load_i64(tensor, _STRIDES),
                load_i64(tensor, _STRIDES + 1),
                load_i64(tensor, _STRIDES + 2),
            )
            start = operand(ctx, tensor, _X) + 4 * (outer * by_outer + row * by_row + column * by_column)
            store_i64(memory, 2 * i, start)
            store_i64(memory, 2 * i + 1, 4 * by_row)
        for number in range(links_count):
            link = links + _LINK_BYTES * number
            if load_i64(link, _CODE) >= SUM_CODE:
                for i in range(0, n, LANES):
                    store_wide(space + _TABLE + _SUMS * (load_i64(link, _C) >> 1), i, zero_wide())
        while row < last:
            taken = min(step, last - row)
            _do_links(params, links, links_count, space, taken, n)
            for i in range(count):
                store_i64(memory, 2 * i, load_i64(memory, 2 * i) + taken * load_i64(memory, 2 * i + 1))
            row += taken
        for number in range(links_count):
            link = links + _LINK_BYTES * number
            if load_i64(link, _CODE) >= SUM_CODE:
                number = load_i64(link, _C)
                total = space + _TABLE + _SUMS * (number >> 1)
                y = load_i64(space + 16 * load_i64(link, _Y), 0)
                _store_sum(y, total, np.float64(rows) if number & 1 else np.float64(1.0), n)


KERNELS = (chain,)
