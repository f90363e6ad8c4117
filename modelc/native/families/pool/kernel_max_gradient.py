"""The gradient of max pooling: each dy to the first element of its window that is y."""

from __future__ import annotations

from modelc.native.code.memory import load_f32, store_f32
from modelc.native.code.vector import inlined, load, select, splat, store
from modelc.native.families.pool.kernel_gradient import gradient_kernel


@inlined
def _to_first(args, dx, x, y, dy, factor, d0, d1, h0, h1, w0, w1, apart):
    """Add dy to dx at the first element of the window that is y; `waiting` is 1 in lanes that have not found it."""
    waiting, top, into = splat(1.0), load(y, 0), load(dy, 0)
    for d in range(d0, d1):
        for h in range(h0, h1):
            place = 4 * (d * args.x_strides[1] + h * args.x_strides[2] + w0 * args.x_strides[3])
            for _ in range(w0, w1):
                tap = load(x + place, 0)
                nan = select(tap != tap, select(top != top, waiting, 0.0), 0.0)
                found = select(tap == top, waiting, nan)
                old = splat(0.0)
                if not apart:
                    old = load(dx + place, 0)
                store(dx + place, 0, select(found > 0.0, old + into, old))
                waiting = waiting - found
                place += 4 * args.x_strides[3]


@inlined
def _each_to_first(args, dx, x, y, dy, factor, d0, d1, h0, h1, w0, w1, n):
    """The same for n channels, one by one."""
    for c in range(n):
        top, waiting = load_f32(y, c), True
        for d in range(d0, d1):
            for h in range(h0, h1):
                place = d * args.x_strides[1] + h * args.x_strides[2] + w0 * args.x_strides[3] + c
                for _ in range(w0, w1):
                    if waiting:
                        tap = load_f32(x, place)
                        if tap == top or (tap != tap and top != top):
                            store_f32(dx, place, load_f32(dx, place) + load_f32(dy, c))
                            waiting = False
                    place += args.x_strides[3]


KERNELS = (gradient_kernel("max_pool_gradient", _to_first, _each_to_first),)
