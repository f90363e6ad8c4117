"""Images read at coordinates, and the gradient of that for the images; see `ops.warp`."""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import load_f32
from modelc.native.code.vector import LANES, fma, inlined, lanes_below, load_where, quotient, splat, store_where
from modelc.native.code.view import view
from modelc.native.families.warp.params import WARP, WARP_GRADIENT, Fill, Slope

_CONSTANT, _NEAREST, _WRAP, _MIRROR = int(Fill.CONSTANT), int(Fill.NEAREST), int(Fill.WRAP), int(Fill.MIRROR)
_ALONG_ROWS, _ALONG_COLUMNS = int(Slope.ROWS), int(Slope.COLUMNS)
_LIMIT = np.float32(2.0**22)
_HALF, _ONE, _ZERO = np.float32(0.5), np.float32(1.0), np.float32(0.0)


@inlined
def _cut(coordinate):
    """The coordinate within ±_LIMIT, where float32 has all integers; -_LIMIT for NaN."""
    return min(coordinate, _LIMIT) if coordinate > -_LIMIT else -_LIMIT


@inlined
def _pixel(coordinate, bilinear):
    """The number of the nearest pixel; if `bilinear`, that of the pixel at or before the coordinate."""
    whole = np.int64(coordinate)  # toward 0
    rest = coordinate - np.float32(whole)
    if bilinear != 0:
        return whole - 1 if rest < _ZERO else whole
    if rest >= _HALF:
        return whole + 1
    return whole - 1 if rest <= -_HALF else whole


@inlined
def _weight(coordinate, pixel, tap, bilinear, sloped):
    """The weight of `pixel`, or of the next one (`tap` 1); the derivative of it by the coordinate if `sloped`."""
    if bilinear == 0:
        return _ONE
    if sloped:
        return _ONE if tap == 1 else -_ONE
    share = coordinate - np.float32(pixel)
    return share if tap == 1 else _ONE - share


@inlined
def _fold(index, size, fill):
    """The pixel within 0 <= i < size that is read for `index`, or -1 where the constant is."""
    if 0 <= index < size:
        return index
    if fill == _CONSTANT:
        return np.int64(-1)
    if fill == _NEAREST:
        return np.int64(0) if index < 0 else size - 1
    if fill == _WRAP:
        return index - index // size * size
    if fill == _MIRROR:
        period = max(2 * size - 2, 1)
        index -= index // period * period
        return index if index < size else period - index
    index -= index // (2 * size) * (2 * size)
    return index if index < size else 2 * size - 1 - index


@inlined
def _add_tap(total, image, r, s, width, channels, c, mask, weight, value):
    """`total` plus the weighted pixel (r, s), or plus the weighted constant where r or s is -1."""
    if r < 0 or s < 0:
        return total + splat(weight * value)
    return fma(load_where(image, (r * width + s) * channels + c, mask, 0.0), splat(weight), total)


def warp(ctx, params, begin, end):
    """Lines of the output, see `WARP`."""
    args = view(WARP, ctx, params)
    y, x = args.y, args.x
    rows, columns = args.rows, args.columns
    height, width = args.size[0], args.size[1]
    out_height, out_width = args.out[0], args.out[1]
    channels, bilinear = args.channels, args.bilinear
    fill, slope = args.fill, args.slope
    r_step, c_step = args.row_strides[2], args.column_strides[2]
    value = args.value
    for unit in range(begin, end):
        n = quotient(unit, out_height)
        i = unit - n * out_height
        image, line = x + 4 * n * height * width * channels, y + 4 * unit * out_width * channels
        r_place = n * args.row_strides[0] + i * args.row_strides[1]
        c_place = n * args.column_strides[0] + i * args.column_strides[1]
        for j in range(out_width):
            row, column = _cut(load_f32(rows, r_place + j * r_step)), _cut(load_f32(columns, c_place + j * c_step))
            top, left = _pixel(row, bilinear), _pixel(column, bilinear)
            r0, s0 = _fold(top, height, fill), _fold(left, width, fill)
            if bilinear == 0:
                for c in range(0, channels, LANES):
                    mask = lanes_below(channels - c)
                    total = _add_tap(splat(0.0), image, r0, s0, width, channels, c, mask, _ONE, value)
                    store_where(line, j * channels + c, total, mask)
                continue
            r1, s1 = _fold(top + 1, height, fill), _fold(left + 1, width, fill)
            u0 = _weight(row, top, 0, bilinear, slope == _ALONG_ROWS)
            u1 = _weight(row, top, 1, bilinear, slope == _ALONG_ROWS)
            v0 = _weight(column, left, 0, bilinear, slope == _ALONG_COLUMNS)
            v1 = _weight(column, left, 1, bilinear, slope == _ALONG_COLUMNS)
            for c in range(0, channels, LANES):
                mask = lanes_below(channels - c)
                total = _add_tap(splat(0.0), image, r0, s0, width, channels, c, mask, u0 * v0, value)
                total = _add_tap(total, image, r0, s1, width, channels, c, mask, u0 * v1, value)
                total = _add_tap(total, image, r1, s0, width, channels, c, mask, u1 * v0, value)
                total = _add_tap(total, image, r1, s1, width, channels, c, mask, u1 * v1, value)
                store_where(line, j * channels + c, total, mask)


def warp_gradient(ctx, params, begin, end):
    """Add every element of dy to the pixels that it was read from, see `WARP_GRADIENT`."""
    args = view(WARP_GRADIENT, ctx, params)
    dx, dy = args.dx, args.dy
    rows, columns = args.rows, args.columns
    height, width = args.size[0], args.size[1]
    out_height, out_width = args.out[0], args.out[1]
    channels, bilinear = args.channels, args.bilinear
    fill = args.fill
    taps = 2 if bilinear != 0 else 1
    vectors = quotient(channels + LANES - 1, LANES)
    for unit in range(begin, end):
        n = quotient(unit, vectors)
        c = (unit - n * vectors) * LANES
        mask = lanes_below(channels - c)
        image = dx + 4 * (n * height * width * channels + c)
        for pixel in range(height * width):
            store_where(image, pixel * channels, splat(0.0), mask)
        for i in range(out_height):
            r_place = n * args.row_strides[0] + i * args.row_strides[1]
            c_place = n * args.column_strides[0] + i * args.column_strides[1]
            for j in range(out_width):
                row = _cut(load_f32(rows, r_place + j * args.row_strides[2]))
                column = _cut(load_f32(columns, c_place + j * args.column_strides[2]))
                top, left = _pixel(row, bilinear), _pixel(column, bilinear)
                part = load_where(dy, ((n * out_height + i) * out_width + j) * channels + c, mask, 0.0)
                for a in range(taps):
                    row_weight = _weight(row, top, a, bilinear, False)
                    r = _fold(top + a, height, fill)
                    for b in range(taps):
                        weight = row_weight * _weight(column, left, b, bilinear, False)
                        s = _fold(left + b, width, fill)
                        if r >= 0 and s >= 0:
                            place = (r * width + s) * channels
                            before = load_where(image, place, mask, 0.0)
                            store_where(image, place, fma(part, splat(weight), before), mask)


KERNELS = (warp, warp_gradient)
