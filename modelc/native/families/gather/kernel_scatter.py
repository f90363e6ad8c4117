"""Adding rows to a table by index, and the size of the batch."""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import batch, load_i32, store_f32
from modelc.native.code.vector import LANES, lanes_below, load_where, splat, store_where
from modelc.native.code.view import view
from modelc.native.families.gather.params import ADD_ROWS, BATCH_SIZE


def add_rows(ctx, params, begin, end):
    """`y[indices[i], :] += dy[i, :]`, see `ADD_ROWS`: in the order of the indices, however many threads there are."""
    args = view(ADD_ROWS, ctx, params)
    y, indices, dy = args.y, args.indices, args.dy
    rows, width, count = args.rows, args.width, args.count
    first, last = begin * LANES, min(end * LANES, width)
    for row in range(rows):
        for c in range(first, last, LANES):
            store_where(y, row * width + c, splat(0.0), lanes_below(last - c))
    for i in range(count):
        index = np.int64(load_i32(indices, i))
        if 0 <= index < rows:
            for c in range(first, last, LANES):
                mask = lanes_below(last - c)
                total = load_where(y, index * width + c, mask, 0.0) + load_where(dy, i * width + c, mask, 0.0)
                store_where(y, index * width + c, total, mask)


def batch_size(ctx, params, begin, end):
    """`y[0]` is the batch size, see `BATCH_SIZE`."""
    args = view(BATCH_SIZE, ctx, params)
    store_f32(args.y, 0, np.float32(batch(ctx)))


KERNELS = (add_rows, batch_size)
