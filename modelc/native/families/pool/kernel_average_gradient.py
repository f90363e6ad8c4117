"""The gradient of average pooling: each dy in equal parts to its window."""

from __future__ import annotations

from modelc.native.code.memory import load_f32, store_f32
from modelc.native.code.vector import inlined, load, store
from modelc.native.families.pool.kernel_gradient import gradient_kernel


@inlined
def _to_all(args, dx, x, y, dy, factor, d0, d1, h0, h1, w0, w1, apart):
    """Add `factor · dy` to dx at every element of the window."""
    share = load(dy, 0) * factor
    for d in range(d0, d1):
        for h in range(h0, h1):
            place = dx + 4 * (d * args.x_strides[1] + h * args.x_strides[2] + w0 * args.x_strides[3])
            for _ in range(w0, w1):
                total = share
                if not apart:
                    total = load(place, 0) + share
                store(place, 0, total)
                place += 4 * args.x_strides[3]


@inlined
def _each_to_all(args, dx, x, y, dy, factor, d0, d1, h0, h1, w0, w1, n):
    """The same for n channels, one by one."""
    for d in range(d0, d1):
        for h in range(h0, h1):
            place = d * args.x_strides[1] + h * args.x_strides[2] + w0 * args.x_strides[3]
            for _ in range(w0, w1):
                for c in range(n):
                    store_f32(dx, place + c, load_f32(dx, place + c) + load_f32(dy, c) * factor)
                place += args.x_strides[3]


KERNELS = (gradient_kernel("average_pool_gradient", _to_all, _each_to_all),)
