"""Sorting along the middle axis of `x[outer, n, inner]`, and picking and adding by computed places."""

from __future__ import annotations

import numpy as np

from modelc.native.code.layout import ERROR_INDEX
from modelc.native.code.memory import load_f32, load_i32, report_error, store_f32, store_i32
from modelc.native.code.vector import inlined, quotient
from modelc.native.code.view import view
from modelc.native.families.order.params import ALONG, ORDER


@inlined
def _after(x, step, i, j):
    """Whether element i comes after element j: it is larger, or NaN, or equal and stands behind it."""
    a, b = load_f32(x, i * step), load_f32(x, j * step)
    if a != a:
        return b == b or i > j
    return a > b or (a == b and i > j)


@inlined
def _sift(y, x, step, root, end):
    """Let the place at `root` sink to where both of its children come before it."""
    moved = np.int64(load_i32(y, root * step))
    child = 2 * root + 1
    while child < end:
        best = np.int64(load_i32(y, child * step))
        if child + 1 < end:
            other = np.int64(load_i32(y, (child + 1) * step))
            if _after(x, step, other, best):
                best = other
                child += 1
        if not _after(x, step, best, moved):
            break
        store_i32(y, root * step, np.int32(best))
        root = child
        child = 2 * root + 1
    store_i32(y, root * step, np.int32(moved))


def order(ctx, params, begin, end):
    """The places of the sorted elements, see `ORDER`: a heapsort of the places, without memory of its own."""
    args = view(ORDER, ctx, params)
    y, x = args.y, args.x
    n, inner = args.n, args.inner
    for unit in range(begin, end):
        outer = quotient(unit, inner)
        start = 4 * (outer * n * inner + unit - outer * inner)
        for i in range(n):
            store_i32(y + start, i * inner, np.int32(i))
        for root in range(n // 2 - 1, -1, -1):
            _sift(y + start, x + start, inner, root, n)
        for last in range(n - 1, 0, -1):
            largest = load_i32(y + start, 0)
            store_i32(y + start, 0, load_i32(y + start, last * inner))
            store_i32(y + start, last * inner, largest)
            _sift(y + start, x + start, inner, 0, last)


def take_along(ctx, params, begin, end):
    """`y[a, j, c] = x[a, indices[a, j, c], c]`, see `ALONG`."""
    args = view(ALONG, ctx, params)
    y, x, indices = args.y, args.x, args.indices
    n, count, inner = args.n, args.count, args.inner
    for unit in range(begin, end):
        outer = quotient(unit, count)
        for c in range(inner):
            place = np.int64(load_i32(indices, unit * inner + c))
            if place < 0:
                place += n
            if 0 <= place < n:
                store_i32(y, unit * inner + c, load_i32(x, (outer * n + place) * inner + c))
            else:
                store_i32(y, unit * inner + c, np.int32(0))
                report_error(ctx, ERROR_INDEX)


def add_along(ctx, params, begin, end):
    """`y[a, indices[a, j, c], c] += x[a, j, c]`, of zeros at first, see `ALONG`."""
    args = view(ALONG, ctx, params)
    y, x, indices = args.y, args.x, args.indices
    n, count, inner = args.n, args.count, args.inner
    for outer in range(begin, end):
        for i in range(outer * n * inner, (outer + 1) * n * inner):
            store_f32(y, i, np.float32(0.0))
        for j in range(outer * count, (outer + 1) * count):
            for c in range(inner):
                place = np.int64(load_i32(indices, j * inner + c))
                if place < 0:
                    place += n
                if 0 <= place < n:
                    at = (outer * n + place) * inner + c
                    store_f32(y, at, load_f32(y, at) + load_f32(x, j * inner + c))


KERNELS = (order, take_along, add_along)
