"""Random numbers by counting: the words of Philox4x32-10, as uniform or normal numbers; see `ops.random`."""

from __future__ import annotations

import numpy as np

from modelc.native.code.memory import load_f32, load_i32, stack_memory, store_f32
from modelc.native.code.vector import inlined
from modelc.native.code.view import view
from modelc.native.families.elementwise.codes import UNARY_CODES
from modelc.native.families.elementwise.kernel_unary import activate_rows
from modelc.native.families.random.params import DRAWN, RANDOM, Draw

_NORMAL = int(Draw.NORMAL)
_LOG, _SQRT, _SIN, _COS, _SCALE = (UNARY_CODES[name] for name in ("log", "sqrt", "sin", "cos", "scale"))
_LOW, _HALF, _SHIFT = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(8)
_LOWER = np.int64(0xFFFFFFFF)
_M, _N = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_U, _V = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_UNIT = np.float32(2.0**-24)
_TURN = np.float32(2 * np.pi * 2.0**-24)
_PAIRS = DRAWN // 2
_scratch = stack_memory(8 * DRAWN)
"""The address of `2 · DRAWN` float32 on the caller's stack: a run of words, then two runs of half its length."""


@inlined
def philox(block, step, k, l):  # noqa: E741
    """The four words of a block, of 32 bits each, as uint64; the key is the words k and l."""
    a, b, c, d = block & _LOW, block >> _HALF, step & _LOW, step >> _HALF
    for _ in range(10):
        p, q = _M * a, _N * c
        a, b, c, d = (q >> _HALF) ^ b ^ k, q & _LOW, (p >> _HALF) ^ d ^ l, p & _LOW
        k, l = (k + _U) & _LOW, (l + _V) & _LOW  # noqa: E741
    return a, b, c, d


@inlined
def _words(y, first, count, step, k, l):  # noqa: E741
    """Write the upper 24 bits of the words of `count` blocks, from number `first` on, as float32."""
    for i in range(count):
        a, b, c, d = philox(np.uint64(first + i), step, k, l)
        store_f32(y, 4 * i, np.float32(np.int32(a >> _SHIFT)))
        store_f32(y, 4 * i + 1, np.float32(np.int32(b >> _SHIFT)))
        store_f32(y, 4 * i + 2, np.float32(np.int32(c >> _SHIFT)))
        store_f32(y, 4 * i + 3, np.float32(np.int32(d >> _SHIFT)))


@inlined
def _to_normal(words, radius, angle):
    """Turn the words of a run into normal numbers, in place; `radius` and `angle` are memory for half a run each."""
    for i in range(_PAIRS):
        store_f32(radius, i, (load_f32(words, 2 * i) + np.float32(1.0)) * _UNIT)
        store_f32(angle, i, load_f32(words, 2 * i + 1) * _TURN)
        store_f32(words, i, load_f32(words, 2 * i + 1) * _TURN)  # what is read lies further on
    zero = np.float32(0.0)
    activate_rows(_LOG, zero, zero, zero, radius, _PAIRS)
    activate_rows(_SCALE, np.float32(-2.0), zero, zero, radius, _PAIRS)
    activate_rows(_SQRT, zero, zero, zero, radius, _PAIRS)
    activate_rows(_COS, zero, zero, zero, angle, _PAIRS)
    activate_rows(_SIN, zero, zero, zero, words, _PAIRS)
    for j in range(_PAIRS):
        i = _PAIRS - 1 - j  # from behind: a pair goes where none is left to be read
        r, sine = load_f32(radius, i), load_f32(words, i)
        store_f32(words, 2 * i, r * load_f32(angle, i))
        store_f32(words, 2 * i + 1, r * sine)


@inlined
def _scalar(place, is_float):
    """A whole number that is stored in either dtype."""
    return np.int64(load_f32(place, 0)) if is_float != 0 else np.int64(load_i32(place, 0))


def random(ctx, params, begin, end):
    """The random numbers of a run of elements for each unit, see `RANDOM`."""
    args = view(RANDOM, ctx, params)
    y, size, kind = args.y, args.size, args.kind
    step = _scalar(args.step, args.step_is_float)
    if args.number != 0:
        step = (step & _LOWER) | (_scalar(args.number, args.number_is_float) << 32)
    k, l = np.uint64(args.key[0]), np.uint64(args.key[1])  # noqa: E741
    words = _scratch()
    for unit in range(begin, end):
        first = unit * DRAWN
        count = min(DRAWN, size - first)
        _words(words, first // 4, DRAWN // 4, np.uint64(step), k, l)
        if kind == _NORMAL:
            _to_normal(words, words + 4 * DRAWN, words + 4 * (DRAWN + _PAIRS))
            for i in range(count):
                store_f32(y, first + i, load_f32(words, i))
        else:
            for i in range(count):
                store_f32(y, first + i, load_f32(words, i) * _UNIT)


KERNELS = (random,)
