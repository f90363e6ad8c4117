"""The samples of a batch in the order of their keys."""

from __future__ import annotations

from modelc.native.code.memory import dim, load_f32, load_i64, operand
from modelc.native.families.move.kernel import copy_run
from modelc.native.families.shuffle.params import SHUFFLE

_Y, _X, _KEYS, _SAMPLES, _SIZE, _INVERSE = (SHUFFLE[name] for name in ("y", "x", "keys", "samples", "size", "inverse"))


def shuffle(ctx, params, begin, end):
    """A sample to its rank or from it, see `SHUFFLE`. Each unit counts for itself: batches are small."""
    y, x, keys = operand(ctx, params, _Y), operand(ctx, params, _X), operand(ctx, params, _KEYS)
    samples, size = dim(ctx, params, _SAMPLES), load_i64(params, _SIZE)
    inverse = load_i64(params, _INVERSE) != 0
    for n in range(begin, end):
        key = load_f32(keys, n)
        rank = 0
        for m in range(samples):
            other = load_f32(keys, m)
            if other < key or (other == key and m < n):
                rank += 1
        into, source = (n, rank) if inverse else (rank, n)
        copy_run(y + 4 * into * size, x + 4 * source * size, size)


KERNELS = (shuffle,)
