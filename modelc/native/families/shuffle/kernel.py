"""The samples of a batch in the order of their keys."""

from __future__ import annotations

from modelc.native.code.memory import load_f32
from modelc.native.code.view import view
from modelc.native.families.move.kernel import copy_run
from modelc.native.families.shuffle.params import SHUFFLE


def shuffle(ctx, params, begin, end):
    """Copy each sample to its rank or from it, see `SHUFFLE`. Each unit counts its own rank: batches are small."""
    args = view(SHUFFLE, ctx, params)
    y, x, keys = args.y, args.x, args.keys
    samples, size = args.samples, args.size
    inverse = args.inverse != 0
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
