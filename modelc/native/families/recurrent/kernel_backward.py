"""Backpropagation through the steps of a recurrence: factors known before, and the product with the recurrent kernel.

A tile of samples goes through the whole sequence by itself, so threads never wait for each other. The gradients of the
states are kept in the last row of y, where they are a result in the end. `RECURRENT_BACKWARD` has the operands, the op
has the equations.
"""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import batch, load_f32
from modelc.native.code.vector import LANES, inlined, lanes_below, load_where, splat, store_below
from modelc.native.code.view import view
from modelc.native.families.conv.kernel_frame import MAX_ROWS, new_frame
from modelc.native.families.conv.kernel_tile import run_tiles
from modelc.native.families.conv.params import EPILOGUE_NONE
from modelc.native.families.recurrent.params import RECURRENT_BACKWARD, TILE_ROWS, Cell
from modelc.native.target import host

_SIMPLE, _LSTM, _GRU, _RESET_BEFORE = (int(kind) for kind in Cell)
_TILE_LANES, _MOST = host().lanes, host().max_vectors
_ZERO = np.float32(0.0)


@inlined
def _get(row, part, units, u, lanes):
    """A vector of a part of a row, from unit u on."""
    return load_where(row, part * units + u, lanes, _ZERO)


@inlined
def _set(row, part, units, u, value):
    """Write a vector of a part of a row."""
    store_below(row, part * units + u, value, units - u)


@inlined
def _add_product(frame, weights, depth, first, segments, length, units, x, y, stride, count):
    """`y[row] += Σ x[row][segments] · w[first:]`, of `depth` rows of packed weights in all."""
    frame.segments = segments
    frame.length = length
    total = (units + _TILE_LANES - 1) // _TILE_LANES
    blocks = (total + _MOST - 1) // _MOST
    vectors = (total + blocks - 1) // blocks
    for block in range(blocks):
        done = block * vectors
        wide = min(vectors, total - done)
        for row in range(MAX_ROWS):
            place = 4 * min(row, count - 1) * stride
            frame.x[row] = x + place
            frame.y[row] = y + place + 4 * done * _TILE_LANES
        frame.weights = weights + 4 * _TILE_LANES * (done * depth + first * wide)
        frame.channels = units - done * _TILE_LANES
        run_tiles(wide, count, frame, 1)


@inlined
def _deltas(kind, a, y, state, into, units, counts):
    """Write δ of a step of one sample into y, and into the state what its gradients have besides the product.

    into: the gradient of what the step left, or 0 where it left nothing.
    """
    for u in range(0, units, LANES):
        lanes = lanes_below(units - u)
        dh = _get(state, 0, units, u, lanes)
        if into != 0:
            dh = dh + _get(into, 0, units, u, lanes)
        dc = splat(_ZERO)
        if kind == _LSTM:
            dc = _get(state, 1, units, u, lanes)
            if into != 0:
                dc = dc + _get(into, 1, units, u, lanes)
        if not counts:  # the states were held: their gradients go on as they are
            _set(state, 0, units, u, dh)
            if kind == _LSTM:
                _set(state, 1, units, u, dc)
                dc = splat(_ZERO)
            dh = splat(_ZERO)
        held = splat(_ZERO)
        if kind == _SIMPLE:
            _set(y, 0, units, u, dh * _get(a, 0, units, u, lanes))
        elif kind == _LSTM:
            dc = dc + dh * _get(a, 4, units, u, lanes)
            _set(y, 0, units, u, dc * _get(a, 0, units, u, lanes))
            _set(y, 1, units, u, dc * _get(a, 1, units, u, lanes))
            _set(y, 2, units, u, dc * _get(a, 2, units, u, lanes))
            _set(y, 3, units, u, dh * _get(a, 3, units, u, lanes))
            if counts:
                _set(state, 1, units, u, dc * _get(a, 5, units, u, lanes))
        elif kind == _GRU:
            _set(y, 0, units, u, dh * _get(a, 0, units, u, lanes))
            _set(y, 1, units, u, dh * _get(a, 1, units, u, lanes))
            _set(y, 2, units, u, dh * _get(a, 2, units, u, lanes))
            _set(y, 3, units, u, dh * _get(a, 3, units, u, lanes))
            held = dh * _get(a, 4, units, u, lanes)
        else:
            gate, reset = dh * _get(a, 0, units, u, lanes), splat(_ZERO)
            if into != 0:
                gate = gate + _get(into, 1, units, u, lanes) * _get(a, 5, units, u, lanes)
                reset = _get(into, 2, units, u, lanes)
            _set(y, 0, units, u, gate)
            _set(y, 2, units, u, dh * _get(a, 2, units, u, lanes))
            _set(state, 1, units, u, reset)  # to which comes δ_3·R_3ᵀ
            held = dh * _get(a, 3, units, u, lanes)
        if counts:
            _set(state, 0, units, u, held)


@inlined
def _reset(a, y, state, units):
    """Write δ of the reset gate of a step of one sample, from d(r∘h), and add to dh what comes through r∘h."""
    for u in range(0, units, LANES):
        lanes = lanes_below(units - u)
        e = _get(state, 1, units, u, lanes)
        _set(y, 1, units, u, e * _get(a, 1, units, u, lanes))
        _set(state, 0, units, u, _get(state, 0, units, u, lanes) + e * _get(a, 4, units, u, lanes))


@inlined
def _clear(row, n):
    """n zeros."""
    for i in range(0, n, LANES):
        store_below(row, i, splat(_ZERO), n - i)


def recurrent_backward(ctx, params, begin, end):
    """All steps of tiles of samples, which are as even as possible, from the last on; see `RECURRENT_BACKWARD`."""
    args = view(RECURRENT_BACKWARD, ctx, params)
    samples = batch(ctx)
    if samples <= 0 or begin >= end:
        return
    steps, kept, units = args.steps, args.kept, args.size
    kind, backward = args.kind, args.backward
    weights, mask = args.weights, args.mask
    gates, width, parts = args.gates, args.width, args.parts
    frame = new_frame()
    frame.bias = 0
    frame.epilogue = EPILOGUE_NONE
    frame.low = 0
    frame.high = 0
    frame.accumulate = 1
    frame.residual = 0
    frame.table = args.table
    depth, step_a, step_y = gates * units, args.factors * units, width * units
    ys = (steps + 1) * step_y
    tiles = (samples + TILE_ROWS - 1) // TILE_ROWS
    least, taller = samples // tiles, samples % tiles
    for tile in range(begin, end):
        count = least + 1 if tile < taller else least
        first = tile * least + min(tile, taller)
        a0 = args.a + 4 * first * steps * step_a
        y0 = args.y + 4 * first * ys
        dy0 = args.dy + 4 * first * kept * parts * units
        states = y0 + 4 * steps * step_y
        for row in range(count):
            _clear(states + 4 * row * ys, step_y)
        for i in range(steps):
            k = steps - 1 - i
            t = i if backward != 0 else k
            for row in range(count):
                into = 0
                if k >= steps - kept:
                    into = dy0 + 4 * (row * kept + k - steps + kept) * parts * units
                counts = mask == 0 or load_f32(mask, (first + row) * steps + t) != _ZERO
                _deltas(
                    kind, a0 + 4 * (row * steps + t) * step_a, y0 + 4 * (row * ys + t * step_y), states + 4 * row * ys,
                    into, units, counts,
                )  # fmt: skip
            y = y0 + 4 * t * step_y
            if kind == _RESET_BEFORE:
                candidate, reset = y + 8 * units, states + 4 * units
                _add_product(frame, weights, depth, 2 * units, 1, units, units, candidate, reset, ys, count)
                for row in range(count):
                    _reset(a0 + 4 * (row * steps + t) * step_a, y + 4 * row * ys, states + 4 * row * ys, units)
                _add_product(frame, weights, depth, 0, 2, units, units, y, states, ys, count)
            elif kind == _GRU:
                _add_product(frame, weights, depth, 0, 3, units, units, y, states, ys, count)
            else:
                _add_product(frame, weights, depth, 0, 1, depth, units, y, states, ys, count)
        if kind == _RESET_BEFORE:
            for row in range(count):
                _clear(states + 4 * (row * ys + units), units)


KERNELS = (recurrent_backward,)
