"""Recurrent layers: the product with the recurrent kernel on register tiles, and the gates of `LANES` units at a time.

Tiles of samples go through the whole sequence, a few side by side, so threads never wait for each other; or where the
recurrent kernel is large, the kernel here is one step, of which threads share the units. A step writes its states into
y, which is a ring of the last `kept` steps, and the next step reads them there. `RECURRENT` has the operands.
"""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import batch, load_f32, load_i64, stack_memory, store_f32
from modelc.native.code.vector import fma, inlined, lanes_below, load, load_where, prefetch, splat, store, store_below
from modelc.native.code.view import view
from modelc.native.families.conv.kernel_frame import MAX_ROWS, new_frame
from modelc.native.families.conv.kernel_tile import run_tiles
from modelc.native.families.elementwise.codes import UNARY_CODES
from modelc.native.families.elementwise.kernel_unary import map_rows
from modelc.native.families.recurrent.kernel_gates import gated_tanh, mixed_tanh, new_carry, sigmoid
from modelc.native.families.recurrent.params import PANEL_TILES, PER_SAMPLE, RECURRENT, TILE_ROWS, Cell
from modelc.native.target import CACHE_LINE, LANES, host

_ZERO = np.float32(0.0)
_SIMPLE, _LSTM, _GRU, _RESET_BEFORE = (int(kind) for kind in Cell)
_SIGMOID, _TANH = UNARY_CODES["sigmoid"], UNARY_CODES["tanh"]
_LANES, _VECTORS = host().lanes, host().max_vectors
_ROW = 4 * LANES
"""The floats of a sample's products in the scratch memory, at the most gates."""
_PANEL = PANEL_TILES * TILE_ROWS
"""The most samples that go through the steps side by side."""
_GATED = _PANEL * _ROW * 4
"""Where the gates lie in the scratch memory, behind the products, in bytes: `[gate][row][LANES]`."""


_new_scratch = stack_memory(4 * 2 * _PANEL * _ROW, align=CACHE_LINE)
"""The address of the products and gates of one block, on the caller's stack."""


@inlined
def _multiply(frame, scratch, x, stride, weights, bias, block, gates, units, least, tall, count):
    """`products[row] = x[row] · weights[block] + bias[block]`, `gates · LANES` floats each.

    The rows are `tall` tiles of `least + 1` and then tiles of `least`, for all of which the weights are read once from
    where they come from, two or four vectors wide.
    """
    wide = gates * LANES // _LANES
    vectors = min(wide, _VECTORS)
    above = tall * (least + 1)
    done = 0
    while done < wide:
        at = block * wide + done
        frame.weights = weights + 4 * _LANES * at * units
        frame.bias = bias + 4 * _LANES * at if bias != 0 else 0
        first, rows, tiles = 0, least + 1, tall
        for _ in range(2):
            if tiles > 0:
                for row in range(MAX_ROWS):
                    own = first + min(row, rows - 1)
                    frame.x[row] = x + 4 * own * stride
                    frame.y[row] = scratch + 4 * (own * _ROW + done * _LANES)
                frame.x_tile = 4 * rows * stride
                frame.y_tile = 4 * rows * _ROW
                run_tiles(vectors, rows, frame, tiles)
            first, rows = above, least
            tiles = (count - above) // least
        done += vectors


@inlined
def _fetch_input(x, stride, gates, units, u, count):
    """Have what `_add_input` reads for the units from u on come into the cache while the products are summed."""
    for gate in range(gates):
        for row in range(count):
            prefetch(x + 4 * (row * stride + gate * units + u))


@inlined
def _fetch_states(h, stride, units, count):
    """Have the states come into this core's cache, of which other threads have just written some, all at once."""
    for row in range(count):
        for u in range(0, units, LANES):
            prefetch(h + 4 * (row * stride + u))


@inlined
def _sum(scratch, gate, x, units, u, lanes, row):
    """`products[gate] + x[gate]` of a sample for the units from u on."""
    return load(scratch, row * _ROW + gate * LANES) + load_where(x, gate * units + u, lanes, _ZERO)


@inlined
def _add_input(scratch, gate, place, x, stride, units, u, lanes, count):
    """`gated[place] = products[gate] + x[gate]` for the units from u on."""
    for row in range(count):
        _put(scratch, place, row, count, _sum(scratch, gate, x + 4 * row * stride, units, u, lanes, row))


@inlined
def _gated(scratch, place, row, count):
    """A gate of a sample: a vector of units."""
    return load(scratch + _GATED, (place * count + row) * LANES)


@inlined
def _put(scratch, place, row, count, value):
    """Write a gate of a sample."""
    store(scratch + _GATED, (place * count + row) * LANES, value)


@inlined
def _apply(scratch, place, places, code, p, count):
    """Apply an activation, in place, to the gates of `places` places from `place` on."""
    at = scratch + _GATED + 4 * place * count * LANES
    map_rows(code, p[0], p[1], p[2], at, at, places * count * LANES)


@inlined
def _before(state, stride, row, u, lanes):
    """The state of a sample before the step; zeros where there are no states yet."""
    if state == 0:
        return splat(_ZERO)
    return load_where(state + 4 * row * stride, u, lanes, _ZERO)


@inlined
def _counts(mask, row, steps):
    """Whether the step is not masked for a sample."""
    return mask == 0 or load_f32(mask, row * steps) != _ZERO


@inlined
def _leave(y, y_stride, h, h_stride, mask, steps, units, u, row, new):
    """Write the new state h of a sample, or the old one where the step is masked."""
    if not _counts(mask, row, steps):
        new = _before(h, h_stride, row, u, lanes_below(units - u))
    store_below(y + 4 * row * y_stride, u, new, units - u)


@inlined
def _simple(args, scratch, x, x_stride, y, y_stride, h, h_stride, mask, steps, units, u, count):
    """A step of a simple recurrence for the units from u on."""
    lanes = lanes_below(units - u)
    _add_input(scratch, 0, 0, x, x_stride, units, u, lanes, count)
    _apply(scratch, 0, 1, args.code, args.p, count)
    for row in range(count):
        _leave(y, y_stride, h, h_stride, mask, steps, units, u, row, _gated(scratch, 0, row, count))


@inlined
def _lstm(args, scratch, x, x_stride, y, y_stride, h, c, h_stride, mask, steps, units, u, count):
    """A step of an LSTM. The gates i, f, ĉ and o go to places 0, 1, 3 and 2: those of one activation side by side."""
    lanes = lanes_below(units - u)
    _add_input(scratch, 0, 0, x, x_stride, units, u, lanes, count)
    _add_input(scratch, 1, 1, x, x_stride, units, u, lanes, count)
    _add_input(scratch, 2, 3, x, x_stride, units, u, lanes, count)
    _add_input(scratch, 3, 2, x, x_stride, units, u, lanes, count)
    _apply(scratch, 0, 3, args.gate_code, args.gate_p, count)
    _apply(scratch, 3, 1, args.code, args.p, count)
    for row in range(count):
        carry = _before(c, h_stride, row, u, lanes)
        new = fma(
            _gated(scratch, 0, row, count), _gated(scratch, 3, row, count), _gated(scratch, 1, row, count) * carry
        )
        if not _counts(mask, row, steps):
            new = carry
        store_below(y + 4 * row * y_stride, units + u, new, units - u)
        _put(scratch, 3, row, count, new)
    _apply(scratch, 3, 1, args.code, args.p, count)
    for row in range(count):
        new = _gated(scratch, 2, row, count) * _gated(scratch, 3, row, count)
        _leave(y, y_stride, h, h_stride, mask, steps, units, u, row, new)


@inlined
def _usual_lstm(scratch, x, x_stride, y, y_stride, h, c, h_stride, mask, steps, units, u, count):
    """A step of an LSTM with the functions that Keras has by default."""
    lanes = lanes_below(units - u)
    for row in range(count):
        z = x + 4 * row * x_stride
        carry = _before(c, h_stride, row, u, lanes)
        new = new_carry(
            _sum(scratch, 0, z, units, u, lanes, row), _sum(scratch, 1, z, units, u, lanes, row),
            _sum(scratch, 2, z, units, u, lanes, row), carry,
        )  # fmt: skip
        if not _counts(mask, row, steps):
            new = carry
        store_below(y + 4 * row * y_stride, units + u, new, units - u)
    for row in range(count):
        z = x + 4 * row * x_stride
        new = load_where(y + 4 * row * y_stride, units + u, lanes, _ZERO)
        new = gated_tanh(_sum(scratch, 3, z, units, u, lanes, row), new)
        _leave(y, y_stride, h, h_stride, mask, steps, units, u, row, new)


@inlined
def _usual_gru(scratch, x, x_stride, y, y_stride, h, h_stride, mask, steps, units, u, count):
    """A step of a GRU with the functions that Keras has by default."""
    lanes = lanes_below(units - u)
    for row in range(count):
        z = x + 4 * row * x_stride
        reset = sigmoid(_sum(scratch, 1, z, units, u, lanes, row))
        inner = load(scratch, row * _ROW + 2 * LANES)
        candidate = fma(reset, inner, load_where(z, 2 * units + u, lanes, _ZERO))
        new = mixed_tanh(
            _sum(scratch, 0, z, units, u, lanes, row), candidate, _before(h, h_stride, row, u, lanes)
        )  # fmt: skip
        _leave(y, y_stride, h, h_stride, mask, steps, units, u, row, new)


@inlined
def _update_and_reset(args, scratch, x, x_stride, units, u, count):
    """Compute the gates z and r of a GRU, into the places 0 and 1."""
    lanes = lanes_below(units - u)
    _add_input(scratch, 0, 0, x, x_stride, units, u, lanes, count)
    _add_input(scratch, 1, 1, x, x_stride, units, u, lanes, count)
    _apply(scratch, 0, 2, args.gate_code, args.gate_p, count)


@inlined
def _gru(args, scratch, x, x_stride, y, y_stride, h, h_stride, mask, steps, units, u, count):
    """A step of a GRU that resets after the product."""
    lanes = lanes_below(units - u)
    _update_and_reset(args, scratch, x, x_stride, units, u, count)
    for row in range(count):
        inner = _gated(scratch, 1, row, count) * load(scratch, row * _ROW + 2 * LANES)
        _put(scratch, 2, row, count, inner + load_where(x + 4 * row * x_stride, 2 * units + u, lanes, _ZERO))
    _apply(scratch, 2, 1, args.code, args.p, count)
    for row in range(count):
        z = _gated(scratch, 0, row, count)
        new = fma(z, _before(h, h_stride, row, u, lanes), (1.0 - z) * _gated(scratch, 2, row, count))
        _leave(y, y_stride, h, h_stride, mask, steps, units, u, row, new)


@inlined
def _reset_first(args, scratch, x, x_stride, y, y_stride, h, h_stride, units, u, count):
    """Write z and r∘h of a GRU that resets before the product, for `_reset_then`."""
    lanes = lanes_below(units - u)
    _update_and_reset(args, scratch, x, x_stride, units, u, count)
    for row in range(count):
        place = y + 4 * row * y_stride
        store_below(place, units + u, _gated(scratch, 0, row, count), units - u)
        reset = _gated(scratch, 1, row, count) * _before(h, h_stride, row, u, lanes)
        store_below(place, 2 * units + u, reset, units - u)


@inlined
def _reset_then(args, scratch, x, x_stride, y, y_stride, h, h_stride, mask, steps, units, u, count):
    """Compute the candidate of such a GRU from the products of r∘h, and write h."""
    lanes = lanes_below(units - u)
    for row in range(count):
        z = load(scratch, row * _ROW) + load_where(x + 4 * row * x_stride, 2 * units + u, lanes, _ZERO)
        _put(scratch, 0, row, count, z)
    _apply(scratch, 0, 1, args.code, args.p, count)
    for row in range(count):
        z = load_where(y + 4 * row * y_stride, units + u, lanes, _ZERO)
        new = fma(z, _before(h, h_stride, row, u, lanes), (1.0 - z) * _gated(scratch, 0, row, count))
        _leave(y, y_stride, h, h_stride, mask, steps, units, u, row, new)


def recurrent(ctx, params, begin, end):
    """All steps of some tiles of samples, which are as even as can be, or one step of some units, see `RECURRENT`."""
    # x: (n, steps, gates * units), y: (n, kept, parts * units), h, c: (n, units), mask: (n, steps)
    args = view(RECURRENT, ctx, params)
    samples = batch(ctx)
    if samples <= 0 or begin >= end:
        return
    steps, kept, units = args.steps, args.kept, args.size
    kind, backward = args.kind, args.backward
    weights, bias = args.weights, args.bias
    gates, parts = args.gates, args.parts
    usual = args.gate_code == _SIGMOID and args.code == _TANH
    multiplied = 2 if kind == _RESET_BEFORE else gates
    blocks = (units + LANES - 1) // LANES
    candidates = weights + 4 * blocks * 2 * LANES * units
    frame, scratch = new_frame(), _new_scratch()
    frame.table = args.table
    frame.segments = 1
    frame.epilogue = 0
    frame.accumulate = 0
    frame.channels = _ROW
    xs, ys = steps * gates * units, kept * parts * units
    tiles = (samples + TILE_ROWS - 1) // TILE_ROWS
    least, taller = samples // tiles, samples % tiles
    first_step, last_step = 0, steps
    first_block, last_block = 0, blocks
    tile, last_tile = begin, end
    if args.done != 0:
        first_step = load_i64(args.done, 0)
        last_step = min(first_step + 1, steps)
        first_block, last_block = begin, end
        tile, last_tile = 0, tiles
    while tile < last_tile:
        following = min(tile + PANEL_TILES, last_tile)
        first = tile * least + min(tile, taller)
        count = following * least + min(following, taller) - first
        tall = max(0, min(following, taller) - tile)
        tile = following
        for step in range(first_step, last_step):
            t = steps - 1 - step if backward != 0 else step
            x = args.x + 4 * (first * xs + t * gates * units)
            slot = (step + (kept - steps % kept)) % kept
            y = args.y + 4 * (first * ys + slot * parts * units)
            mask = args.mask
            mask = mask + 4 * (first * steps + t) if mask != 0 else 0
            if step == 0:
                hs = units
                h = args.h + 4 * first * units if args.h != 0 else 0
                c = args.c + 4 * first * units if args.c != 0 else 0
            else:
                hs = ys
                h = args.y + 4 * (first * ys + (slot + kept - 1) % kept * parts * units)
                c = h + 4 * units
            read, stride = (h, hs) if h != 0 else (x, xs)
            frame.length = units if h != 0 else 0  # zeros contribute nothing
            if args.done != 0 and h != 0:
                _fetch_states(h, hs, units, count)
            for block in range(first_block, last_block):
                u = block * LANES
                _fetch_input(x, xs, gates, units, u, count)
                _multiply(
                    frame, scratch, read, stride, weights, bias, block, multiplied, units, least, tall, count
                )  # fmt: skip
                if kind == _LSTM and usual:
                    _usual_lstm(scratch, x, xs, y, ys, h, c, hs, mask, steps, units, u, count)
                elif kind == _LSTM:
                    _lstm(args, scratch, x, xs, y, ys, h, c, hs, mask, steps, units, u, count)
                elif kind == _GRU and usual:
                    _usual_gru(scratch, x, xs, y, ys, h, hs, mask, steps, units, u, count)
                elif kind == _GRU:
                    _gru(args, scratch, x, xs, y, ys, h, hs, mask, steps, units, u, count)
                elif kind == _SIMPLE:
                    _simple(args, scratch, x, xs, y, ys, h, hs, mask, steps, units, u, count)
                else:
                    _reset_first(args, scratch, x, xs, y, ys, h, hs, units, u, count)
            if kind == _RESET_BEFORE:  # never by steps: all units have to be done before
                frame.length = units
                for block in range(blocks):
                    _multiply(
                        frame, scratch, y + 8 * units, ys, candidates, 0, block, 1, units, least, tall, count
                    )  # fmt: skip
                    u = block * LANES
                    _reset_then(args, scratch, x, xs, y, ys, h, hs, mask, steps, units, u, count)


def per_sample(ctx, params, begin, end):
    """The first states of each sample, see `PER_SAMPLE`."""
    args = view(PER_SAMPLE, ctx, params)
    y, w = args.y, args.w
    samples, size = args.samples, args.size
    for sample in range(begin, end):
        for i in range(size):
            value = load_f32(w, sample * size + i) if sample < samples else _ZERO
            store_f32(y, sample * size + i, value)


KERNELS = (recurrent, per_sample)
