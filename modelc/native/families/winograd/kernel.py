"""Convolution by Winograd's minimal filtering: `transforms.py` has the mathematics.

A unit takes a block of tiles: it writes the points of their inputs, multiplies them with those of the kernel, point by
point on the register tiles of `kernel_tile.py`, and makes the outputs of these products. All that lies between x and y
is in an area of working memory which the unit's thread has to itself meanwhile, and which stays in its cache. Points of
inputs that the area holds from the unit before are not computed again.

What an output is, to the bit, depends on no other tile: neither on the batch nor on how units are shared out.
"""

from __future__ import annotations

from modelc.native.code.leases import give_back, take_area
from modelc.native.code.memory import stack_memory, store_i64
from modelc.native.code.vector import inlined
from modelc.native.code.view import view
from modelc.native.families.conv.kernel_frame import new_frame, set_rows_of_line
from modelc.native.families.conv.kernel_tile import run_tiles_of_one_order
from modelc.native.families.conv.params import EPILOGUE_NONE
from modelc.native.families.winograd.kernel_transform import new_tile, transform_input, transform_output
from modelc.native.families.winograd.params import LEASE, WINOGRAD
from modelc.native.families.winograd.transforms import FORMS
from modelc.native.target import LEASE_BYTES, host

_LANES = host().lanes
_new_offset = stack_memory(8)
"""The address of a table with one offset."""


def winograd_kernel(name: str):
    """The kernel of that name, for its form."""
    form = FORMS[name]
    points = form.points
    tall, wide = form.rows.outputs, form.columns.outputs
    points_down, points_across = form.rows.points, form.columns.points
    write_points, write_outputs = transform_input(form), transform_output(form)

    @inlined
    def tiles_down(args):
        return (args.y_size[0] + tall - 1) // tall

    @inlined
    def tiles_across(args):
        return (args.y_size[1] + wide - 1) // wide

    @inlined
    def transform_inputs(args, tile, v, first, count):
        """Write the points of the inputs of `count` tiles, from number `first` on, to v."""
        height, width, channels = args.size[0], args.size[1], args.channels
        down, across = tiles_down(args), tiles_across(args)
        line, pixel = 4 * args.x_strides[0], 4 * args.x_strides[1]
        sample = 4 * height * width * channels
        tile.row = line
        tile.column = pixel
        tile.point = args.v_point
        tile.channels = channels
        column, plane = first % across, first // across
        row, n = plane % down, plane // down
        for t in range(count):
            h, w = row * tall - args.pads[0], column * wide - args.pads[1]
            over_edge = h < 0 or w < 0 or h + points_down > height or w + points_across > width
            if over_edge:
                for i in range(points_down):
                    tile.rows[i] = -1 if 0 <= h + i < height else 0
                for i in range(points_across):
                    tile.columns[i] = -1 if 0 <= w + i < width else 0
            tile.image = args.x + n * sample + h * line + w * pixel
            tile.points = v + 4 * t * channels
            write_points(tile, over_edge)
            column += 1
            if column == across:
                column = 0
                row += 1
                if row == down:
                    row = 0
                    n += 1

    @inlined
    def transform_outputs(args, tile, m, first, count, start, channels):
        """Write the outputs of `count` tiles, from number `first` on, for the filters from `start` on."""
        height, width, filters = args.y_size[0], args.y_size[1], args.filters
        down, across = tiles_down(args), tiles_across(args)
        line, pixel = 4 * args.y_strides[0], 4 * args.y_strides[1]
        sample = 4 * height * width * filters
        tile.row = line
        tile.column = pixel
        tile.point = args.m_point
        tile.channels = channels
        tile.bias = args.bias + 4 * start if args.bias != 0 else 0
        column, plane = first % across, first // across
        row, n = plane % down, plane // down
        for t in range(count):
            h, w = row * tall, column * wide
            over_edge = h + tall > height or w + wide > width
            if over_edge:
                for i in range(tall):
                    tile.rows[i] = -1 if h + i < height else 0
                for i in range(wide):
                    tile.columns[i] = -1 if w + i < width else 0
            tile.image = args.y + n * sample + h * line + w * pixel + 4 * start
            tile.points = m + 4 * t * channels
            write_outputs(tile, over_edge)
            column += 1
            if column == across:
                column = 0
                row += 1
                if row == down:
                    row = 0
                    n += 1

    @inlined
    def multiply(args, frame, v, m, first, last, count):
        """Write the products of `count` tiles' points to m, for the vectors of filters from `first` to `last`."""
        channels, filters, vectors, rows = args.channels, args.filters, args.vectors, args.rows
        v_point, m_point, weights = args.v_point, args.m_point, args.weights
        v_row, m_row = 4 * channels, 4 * (min(last * _LANES, filters) - first * _LANES)
        vector_bytes = 4 * _LANES * channels
        groups = (count + rows - 1) // rows
        least, taller = count // groups, count % groups
        for point in range(points):
            for vector in range(first, last, vectors):
                width = min(vectors, last - vector)
                frame.weights = weights + vector_bytes * (vector * points + point * width)
                frame.channels = filters - vector * _LANES
                x = v + point * v_point
                y = m + point * m_point + 4 * (vector - first) * _LANES
                if taller > 0:
                    set_rows_of_line(frame, v_row, m_row, x, y, least + 1)
                    run_tiles_of_one_order(width, least + 1, frame, taller)
                    x += taller * frame.x_tile
                    y += taller * frame.y_tile
                set_rows_of_line(frame, v_row, m_row, x, y, least)
                run_tiles_of_one_order(width, least, frame, groups - taller)

    def winograd(ctx, params, begin, end):
        """Convolution, see `WINOGRAD`."""
        # x: (n, height, width, channels), y: (n, height, width, filters), weights: by `pack_winograd`
        args = view(WINOGRAD, ctx, params)
        tiles = args.batch * tiles_down(args) * tiles_across(args)
        if tiles <= 0 or begin >= end:
            return
        blocks = (tiles + args.block - 1) // args.block
        slot = take_area(args.leases, args.slots)
        lease = view(LEASE, 0, args.leases + slot * LEASE_BYTES)
        v = args.areas + slot * args.area
        m = v + points * args.v_point
        offset = _new_offset()
        store_i64(offset, 0, 0)
        frame = new_frame()
        frame.table = offset
        frame.segments = 1
        frame.length = args.channels
        frame.bias = 0
        frame.epilogue = EPILOGUE_NONE
        frame.low = 0.0
        frame.high = 0.0
        frame.accumulate = 0
        tile = new_tile()
        tile.epilogue = args.epilogue
        tile.low = args.low
        tile.high = args.high
        filters, part = args.filters, args.part * args.vectors
        vectors = (filters + _LANES - 1) // _LANES
        for unit in range(begin, end):
            block = unit // args.parts
            first = tiles * block // blocks
            count = tiles * (block + 1) // blocks - first
            if lease.block != block + 1:
                transform_inputs(args, tile, v, first, count)
                lease.block = block + 1
            start = (unit % args.parts) * part
            stop = min(start + part, vectors)
            multiply(args, frame, v, m, start, stop, count)
            channels = min(stop * _LANES, filters) - start * _LANES
            transform_outputs(args, tile, m, first, count, start * _LANES, channels)
        give_back(args.leases, slot)

    winograd.__name__ = winograd.__qualname__ = name
    return winograd
