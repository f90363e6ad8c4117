"""Attention among the samples of a batch, and its gradients, see `ops.sample_attention`.

No (N, N) matrix is kept: a row of y and its softmax are computed together in one pass over the samples (Milakov and
Gimelshein, "Online normalizer calculation for softmax", 2018). Gradients compute the scores again, as FlashAttention
does (Dao et al., 2022).
"""

from __future__ import annotations

import numpy as np

from modelc.native.code import fmath
from modelc.native.code.memory import load_f32, load_i32, store_f32
from modelc.native.code.vector import (
    LANES,
    inlined,
    lanes_below,
    load_where,
    max_lanes,
    splat,
    store_where,
    sum_lanes,
    traced,
)
from modelc.native.code.view import view
from modelc.native.families.random.kernel import philox
from modelc.native.families.sample_attention.params import SAMPLE_ATTENTION, Made

_exp, _tanh = traced(fmath.exp), traced(fmath.tanh)
_OUTPUT, _OF_NORMALIZER, _OF_QUERY, _OF_KEY, _OF_VALUE, _OF_WEIGHT = (int(made) for made in Made)
_LOWERED = np.float32(1e9)
_ZERO, _ONE = np.float32(0.0), np.float32(1.0)
_UNIT = np.float32(2.0**-24)


@inlined
def _product(a, b, count):
    """`Σ a·b`."""
    total = splat(0.0)
    i = 0
    while i < count:
        mask = lanes_below(count - i)
        total = total + load_where(a, i, mask, 0.0) * load_where(b, i, mask, 0.0)
        i += LANES
    return sum_lanes(total)


@inlined
def _bent(q, k, weight, count):
    """`Σ weight·tanh(q + k)`."""
    total = splat(0.0)
    i = 0
    while i < count:
        mask = lanes_below(count - i)
        bent = _tanh(load_where(q, i, mask, 0.0) + load_where(k, i, mask, 0.0))
        total = total + load_where(weight, i, mask, 0.0) * bent
        i += LANES
    return sum_lanes(total)


@inlined
def _number(place, index, is_float):
    """An element of a tensor of float32 or int32, as float32."""
    return load_f32(place, index) if is_float != 0 else np.float32(load_i32(place, index))


@inlined
def _score(q, k, weight, mask, mask_is_float, features, causal, t, s):
    """The score of query t and key s, lowered by a large number where the mask leaves the key out."""
    q_row, k_row = q + 4 * t * features, k + 4 * s * features
    score = _product(q_row, k_row, features) if weight == 0 else _bent(q_row, k_row, weight, features)
    counts = _ONE
    if mask != 0:
        counts = _number(mask, s, mask_is_float)
    if causal != 0 and s > t:
        counts = _ZERO
    return score - _LOWERED * (_ONE - counts)


@inlined
def _exponential(x):
    """`e^x` of one float32."""
    return max_lanes(_exp(splat(x)))


@inlined
def _kept(rate, step, random_key, element):
    """The factor by which dropout multiplies this element of the attention weights: `1 / (1 - rate)` or 0."""
    k, l = np.uint64(random_key[0]), np.uint64(random_key[1])  # noqa: E741
    a, b, c, d = philox(np.uint64(element >> 2), np.uint64(step), k, l)
    place = element & 3
    word = a if place == 0 else b if place == 1 else c if place == 2 else d
    drawn = np.float32(np.int32(word >> np.uint64(8))) * _UNIT
    return _ONE / (_ONE - rate) if drawn >= rate else _ZERO


@inlined
def _scale_row(y, factor, count):
    """`y *= factor`."""
    i = 0
    while i < count:
        mask = lanes_below(count - i)
        store_where(y, i, load_where(y, i, mask, 0.0) * factor, mask)
        i += LANES


@inlined
def _clear_row(y, count):
    """`y = 0`."""
    i = 0
    while i < count:
        store_where(y, i, splat(0.0), lanes_below(count - i))
        i += LANES


@inlined
def _add_row(y, x, factor, count):
    """`y += factor·x`."""
    i = 0
    while i < count:
        mask = lanes_below(count - i)
        store_where(y, i, load_where(y, i, mask, 0.0) + load_where(x, i, mask, 0.0) * factor, mask)
        i += LANES


@inlined
def _add_bent(y, q, k, weight, factor, count):
    """`y += factor·tanh(q + k)`, or where there is a weight `y += factor·weight·(1 - tanh(q + k)²)`."""
    i = 0
    while i < count:
        mask = lanes_below(count - i)
        term = _tanh(load_where(q, i, mask, 0.0) + load_where(k, i, mask, 0.0))
        if weight != 0:
            term = load_where(weight, i, mask, 0.0) * (_ONE - term * term)
        store_where(y, i, load_where(y, i, mask, 0.0) + term * factor, mask)
        i += LANES


def sample_attention(ctx, params, begin, end):
    """A row of y for each sample, see `SAMPLE_ATTENTION`."""
    args = view(SAMPLE_ATTENTION, ctx, params)
    y, q, k, v = args.y, args.query, args.key, args.value
    weight, mask, place = args.weight, args.mask, args.step
    normalizer, mean, dy = args.normalizer, args.mean, args.dy
    made, samples, causal = args.made, args.samples, args.causal
    features, channels = args.features, args.channels
    mask_is_float = args.mask_is_float
    rate = args.rate
    step = np.int64(0)
    if place != 0:
        step_is_float = args.step_is_float != 0
        step = np.int64(load_f32(place, 0)) if step_is_float else np.int64(load_i32(place, 0))
    forward = made in (_OUTPUT, _OF_NORMALIZER)
    by_key = made in (_OF_KEY, _OF_VALUE)
    width = channels if made in (_OUTPUT, _OF_VALUE) else features
    if made == _OF_NORMALIZER:
        width = 0
    for unit in range(begin, end):
        row = y + 4 * unit * width
        _clear_row(row, width)
        top, total = np.float32(-np.inf), 0.0
        for other in range(samples):
            t = other if by_key else unit
            s = unit if by_key else other
            score = _score(q, k, weight, mask, mask_is_float, features, causal, t, s)
            kept = _ONE
            if place != 0 and made != _OF_NORMALIZER:
                kept = _kept(rate, step, args.random_key, t * samples + s)
            if forward:
                if score > top:
                    lower = _exponential(top - score)
                    total *= lower
                    _scale_row(row, lower, width)
                    top = score
                share = _exponential(score - top)
                total += share
                if kept != _ZERO:
                    _add_row(row, v + 4 * s * channels, share * kept, width)
                continue
            share = _exponential(score - load_f32(normalizer, 2 * t)) * load_f32(normalizer, 2 * t + 1)
            if made == _OF_VALUE:
                _add_row(row, dy + 4 * t * channels, share * kept, channels)
                continue
            through = _product(dy + 4 * t * channels, v + 4 * s * channels, channels)
            slope = share * (kept * through - load_f32(mean, t))
            q_row, k_row = q + 4 * t * features, k + 4 * s * features
            if made == _OF_WEIGHT:
                _add_bent(row, q_row, k_row, 0, slope, features)
            elif weight != 0:
                _add_bent(row, q_row, k_row, weight, slope, features)
            else:
                _add_row(row, q_row if by_key else k_row, slope, features)
        if made == _OUTPUT:
            _scale_row(row, np.float32(1.0 / total), width)
        elif made == _OF_NORMALIZER:
            store_f32(y, 2 * unit, top)
            store_f32(y, 2 * unit + 1, np.float32(1.0 / total))


KERNELS = (sample_attention,)
