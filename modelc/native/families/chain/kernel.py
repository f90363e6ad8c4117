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
from modelc.native.code.memory import stack_memory
from modelc.native.code.record import I64, Record
from modelc.native.code.rows import F32, WORD, CutFormula, Formula, elements, emit_long_loop, emit_loop, switch_function
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
from modelc.native.code.view import view
from modelc.native.families.chain.params import (
    AFFINE_CODE,
    BINARY_CODE,
    CHAIN,
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
from modelc.native.families.elementwise.codes import (
    A_REPEATED,
    B_REPEATED,
    BINARY_CODES,
    FORMS,
    GLU,
    PLAIN_RELU,
    UNARY_CODES,
)
from modelc.native.ops.chain import PAIRED
from modelc.native.target import CACHE_LINE

_PIECE = Record.of(address=I64, step=I64)
"""Where a piece lies, and the bytes from a row of it to the next."""
_CHAIN_BYTES, _TENSOR_BYTES, _LINK_BYTES, _PIECE_BYTES = CHAIN.bytes, TENSOR.bytes, LINK.bytes, _PIECE.bytes

# What a unit keeps on its stack: the piece of every place and tensor, the sums, the places.
_TABLE = _PIECE_BYTES * (PLACES + TENSORS)
_SUMS = 8 * SUM_COLUMNS
_PLACE = 4 * PIECE + 3 * CACHE_LINE
_SPACE = _TABLE + SUMS * _SUMS + PLACES * _PLACE

_VECTORS = 4
"""The vectors that a turn of a loop does, for functions of few instructions."""


def _is_light(name: str) -> bool:
    """Whether a function takes few instructions."""
    return name == PLAIN_RELU or UNARY[name].light


def _pair(first: Formula, second: Formula, turned: bool) -> Formula:
    """`second(first(a, b), c)`, or `second(c, first(a, b))` if `turned`."""
    if turned:
        return lambda a, b, c: second(c, first(a, b))
    return lambda a, b, c: second(first(a, b), c)


_new_space = stack_memory(_SPACE, align=CACHE_LINE)
"""The address of what a unit keeps, on the caller's stack."""


def _emit_rows(
    formula: Formula | CutFormula, repeats: tuple[bool, ...], builder: ir.IRBuilder, *args, is_long: bool = False
) -> None:
    """Emit a loop over rows with the formula in each; the steps from row to row are in bytes. A formula `is_long` where
    it has many instructions, for one operand."""
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

    if is_long:
        emit_long_loop(builder, formula, parameters, at(y, y_step), at(a, a_step), n)
    else:
        sources = [
            elements(builder, at(address, step), repeat=is_repeated)
            for (address, step), is_repeated in zip(operands, repeats, strict=True)
        ]
        emit_loop(builder, lambda *values: formula(*values, *parameters), at(y, y_step), sources, n, _VECTORS)
    row.add_incoming(builder.add(row, WORD(1)), builder.block)
    builder.branch(head)
    builder.position_at_end(done)


@intrinsic
def _link(typingctx, code, y, y_step, a, a_step, b, b_step, c, c_step, p0, p1, p2, rows, n):
    """`y[r, i] = f(a[r, i], b[r, i], c[r, i]; p)` for r < rows, i < n."""

    def codegen(context, builder, sig, args):
        cases = {
            UNARY_CODES[name]: partial(_emit_rows, f, (False,), is_long=not _is_light(name))
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
    """Add four vectors side by side to the float64 from `total[i]` on."""
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
    """`total[i] += Σ_r a[r, i]·b[r, i]` for i < n, float64; the steps are from row to row, in elements."""
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
    """`y[i] = total[i] / count` for i < n."""
    i = 0
    while i < n:
        store_where(y, i, narrow(load_wide(total, i) / count), lanes_below(n - i))
        i += LANES


@inlined
def _link_at(links, number):
    """An instruction of a chain."""
    return view(LINK, 0, links + _LINK_BYTES * number)


@inlined
def _place_at(space, number):
    """Where the piece of a place or a tensor lies; after the places come the tensors."""
    return view(_PIECE, 0, space + _PIECE_BYTES * number)


@inlined
def _sum_at(space, number):
    """The address of the sum that an instruction with `c` = `number` adds to."""
    return space + _TABLE + _SUMS * (number >> 1)


@inlined
def _do_links(links, count, space, rows, n):
    """Run all instructions on one piece."""
    for number in range(count):
        link = _link_at(links, number)
        code = link.code
        a, b = _place_at(space, link.a), _place_at(space, link.b)
        if code >= SUM_CODE:
            total = _sum_at(space, link.c)
            a_step, b_step = quotient(a.step, 4), quotient(b.step, 4)
            if code == PRODUCT_SUM_CODE:
                _add_products(total, a.address, a_step, b.address, b_step, rows, n)
            else:
                _add(total, a.address, a_step, rows, n)
            continue
        y, c = _place_at(space, link.y), _place_at(space, link.c)
        lines, length = (1, rows * n) if link.flat != 0 else (rows, n)
        _link(
            code, y.address, y.step, a.address, a.step, b.address, b.step, c.address, c.step, link.p[0], link.p[1],
            link.p[2], lines, length,
        )  # fmt: skip


def chain(ctx, params, begin, end):
    """Run all instructions of a chain on each piece of the tensors, see `CHAIN`."""
    args = view(CHAIN, ctx, params)
    rows, group, columns = args.rows, args.group, args.columns
    width, step = args.width, args.step
    count, links_count = args.tensors, args.links
    tensors = params + _CHAIN_BYTES
    links = tensors + _TENSOR_BYTES * count
    groups = quotient(rows + group - 1, group)
    blocks = quotient(columns + width - 1, width)
    space = _new_space()
    for unit in range(begin, end):
        line = quotient(unit, blocks)
        column = (unit - line * blocks) * width
        n = min(width, columns - column)
        outer = quotient(line, groups)
        row = (line - outer * groups) * group
        last = min(row + group, rows)
        for number in range(PLACES):
            place = _place_at(space, number)
            place.address = space + _TABLE + SUMS * _SUMS + number * _PLACE
            place.step = 4 * n
        for i in range(count):
            tensor = view(TENSOR, ctx, tensors + _TENSOR_BYTES * i)
            by_outer, by_row, by_column = tensor.strides[0], tensor.strides[1], tensor.strides[2]
            place = _place_at(space, PLACES + i)
            place.address = tensor.x + 4 * (outer * by_outer + row * by_row + column * by_column)
            place.step = 4 * by_row
        for number in range(links_count):
            link = _link_at(links, number)
            if link.code >= SUM_CODE:
                for i in range(0, n, LANES):
                    store_wide(_sum_at(space, link.c), i, zero_wide())
        while row < last:
            taken = min(step, last - row)
            _do_links(links, links_count, space, taken, n)
            for i in range(count):
                place = _place_at(space, PLACES + i)
                place.address = place.address + taken * place.step
            row += taken
        for number in range(links_count):
            link = _link_at(links, number)
            if link.code >= SUM_CODE:
                divisor = np.float64(rows) if link.c & 1 else np.float64(1.0)
                _store_sum(_place_at(space, link.y).address, _sum_at(space, link.c), divisor, n)


KERNELS = (chain,)
