"""Operations that are made of others, with what NumPy gives for them: (operation, operands, arguments, expected)."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

RNG = np.random.default_rng(0)
X, Y = (RNG.standard_normal((2, 5, 4)).astype(np.float32) for _ in range(2))
U = np.tanh(X)
P = np.abs(X) + np.float32(0.1)
SQUARE = RNG.standard_normal((2, 4, 4)).astype(np.float32)
IMAGE = RNG.standard_normal((2, 6, 6, 4)).astype(np.float32)
COLOUR = RNG.uniform(0, 1, (2, 3, 5, 3)).astype(np.float32)
FIRST = RNG.standard_normal((2, 3, 6, 5)).astype(np.float32)
V = RNG.standard_normal((4,)).astype(np.float32)
HEADS = RNG.standard_normal((2, 5, 2, 4)).astype(np.float32)
TARGETS = RNG.integers(0, 4, (2, 5)).astype(np.int32)
PLACES = RNG.integers(-5, 5, (2, 3, 4)).astype(np.int32)
KERNEL = RNG.standard_normal((3, 3, 4, 2))
HOLES = np.where(RNG.uniform(size=(2, 5, 4)) < 0.3, np.nan, X).astype(np.float32)
ENDS = np.array([[0.0, -0.0, 1.0, -1.0, np.inf, -np.inf]], np.float32)
D = X.astype(float)
E = Y.astype(float)

Case = tuple[str, list[Any], dict[str, Any], Any]

_erf = np.vectorize(math.erf)


def _softmax(x: Any) -> Any:
    e = np.exp(x - x.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def _inverse_erf(x: Any) -> Any:
    """By Newton's method."""
    y = np.zeros_like(x)
    for _ in range(60):
        y = y - (_erf(y) - x) / (2 / math.sqrt(math.pi) * np.exp(-y * y))
    return y


def _attention(q: Any, k: Any, v: Any, scale: float, seen: Any = None) -> Any:
    scores = np.einsum("btnh,bsnh->bnts", q, k) * scale
    if seen is not None:
        scores = np.where(seen, scores, -1e30)
    return np.einsum("bnts,bsnh->btnh", _softmax(scores), v)


def _convolved(x: Any, kernel: Any) -> Any:
    """Windows of 3×3 of an image that has zeros around it."""
    x = np.pad(x, [(0, 0), (1, 1), (1, 1), (0, 0)])
    windows = np.lib.stride_tricks.sliding_window_view(x, (3, 3), (1, 2))
    return np.einsum("bijcxy,xycf->bijf", windows, kernel)


def _transposed(x: Any, kernel: Any) -> Any:
    """Every element adds its window to the output, two places apart."""
    y = np.zeros((len(x), 2 * x.shape[1] + 1, 2 * x.shape[2] + 1, kernel.shape[2]))
    for i in range(x.shape[1]):
        for j in range(x.shape[2]):
            y[:, 2 * i : 2 * i + 3, 2 * j : 2 * j + 3] += np.einsum("bc,xyfc->bxyf", x[:, i, j], kernel)
    return y


def _patches(x: Any, size: int) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), (1, 2))[:, ::size, ::size]
    return windows.transpose(0, 1, 2, 4, 5, 3).reshape(len(x), *windows.shape[1:3], -1)


def _columns(x: Any, size: int) -> Any:
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), (2, 3))
    return windows.transpose(0, 1, 4, 5, 2, 3).reshape(len(x), x.shape[1] * size * size, -1)


def _blurred(x: Any) -> Any:
    bell = np.exp(-0.5 * np.arange(-1.0, 2) ** 2)
    bell /= bell.sum()
    kernel = np.einsum("x,y,cf->xycf", bell, bell, np.eye(x.shape[-1]))
    return _convolved(x, kernel)


def _hsv(x: Any) -> Any:
    import colorsys

    return np.apply_along_axis(lambda rgb: colorsys.rgb_to_hsv(*rgb), -1, x.astype(float))


def _log_shares(x: Any) -> Any:
    return np.log(_softmax(x))


def _nan_extreme(f: Any) -> Any:
    return f(np.where(np.isnan(HOLES), -np.inf if f is np.argmax else np.inf, HOLES), 1)


CASES: list[Case] = [
    ("arcsin", [U], {}, np.arcsin(U.astype(float))),
    ("arcsin", [ENDS[:, :4]], {}, np.arcsin(ENDS[:, :4])),
    ("arccos", [U], {}, np.arccos(U.astype(float))),
    ("arccos", [ENDS[:, :4]], {}, np.arccos(ENDS[:, :4])),
    ("arcsinh", [100 * X], {}, np.arcsinh(100 * D)),
    ("arcsinh", [ENDS * np.float32(1e30)], {}, np.arcsinh(ENDS * np.float32(1e30), dtype=float)),
    ("arccosh", [1 + P * P], {}, np.arccosh((1 + P * P).astype(float))),
    ("arccosh", [np.full((1, 1), 1e30, np.float32)], {}, [[np.arccosh(1e30)]]),
    ("arctanh", [U], {}, np.arctanh(U.astype(float))),
    ("erfinv", [U], {}, _inverse_erf(U.astype(float))),
    ("erfinv", [ENDS[:, :4]], {}, [[0, 0, np.inf, -np.inf]]),
    ("i0", [3 * X], {}, np.i0(3 * D)),
    ("sinc", [X], {}, np.sinc(D)),
    ("sinc", [ENDS[:, :4]], {}, np.sinc(ENDS[:, :4])),
    ("signbit", [ENDS], {}, np.signbit(ENDS)),
    ("angle", [X], {}, np.angle(X)),
    ("imag", [X], {}, np.imag(X)),
    ("isreal", [X], {}, np.isreal(X)),
    ("empty_like", [X], {}, np.zeros_like(X)),
    ("hard_swish", [X], {}, D * np.clip(D / 6 + 0.5, 0, 1)),
    ("swish", [X], {}, D / (1 + np.exp(-D))),
    ("fmax", [HOLES, Y], {}, np.fmax(HOLES, Y)),
    ("fmin", [Y, HOLES], {}, np.fmin(Y, HOLES)),
    ("fmod", [X, P], {}, np.fmod(D, P)),
    ("heaviside", [np.round(X), 0.5], {}, np.heaviside(np.round(X), 0.5)),
    ("isclose", [X, Y], {"rtol": 0.5, "atol": 0.1}, np.isclose(X, Y, 0.5, 0.1)),
    ("isclose", [HOLES, HOLES], {"equal_nan": True}, np.ones_like(X)),
    ("allclose", [X, X], {}, True),
    ("allclose", [X, Y], {}, False),
    ("ldexp", [X, 3], {}, np.ldexp(X, 3)),
    ("logaddexp2", [X, Y], {}, np.logaddexp2(D, E)),
    ("select", [np.float32(X > 0.5), np.float32(X < -0.5), X, Y, 7.0], {}, np.select([X > 0.5, X < -0.5], [X, Y], 7)),
    # order
    ("argsort", [np.round(X)], {}, np.argsort(np.round(X), -1, kind="stable")),
    ("argsort", [HOLES], {"axis": 1}, np.argsort(HOLES, 1, kind="stable")),
    ("sort", [X], {"axis": 1}, np.sort(X, 1)),
    ("sort", [TARGETS], {}, np.sort(TARGETS, -1)),
    ("top_k", [X], {"k": 2}, (-np.sort(-X)[..., :2], np.argsort(-X, -1, kind="stable")[..., :2])),
    ("in_top_k", [TARGETS[:, 0], X[:, 0]], {"k": 2},
     [(X[i, 0] > X[i, 0, TARGETS[i, 0]]).sum() < 2 for i in range(2)]),
    ("take_along_axis", [X, PLACES], {"axis": 1}, np.take_along_axis(X, PLACES, 1)),
    ("take_along_axis", [X, PLACES[:, :, :1]], {"axis": 1}, np.take_along_axis(X, PLACES[:, :, :1].repeat(4, 2), 1)),
    ("take_along_axis", [[[1, 2, 3]], TARGETS[:, :3] % 3], {"axis": 1}, TARGETS[:, :3] % 3 + 1),
    ("digitize", [X, [-1, 0, 0.5]], {}, np.digitize(X, [-1, 0, 0.5])),
    ("searchsorted", [[-1, 0, 0.5], np.round(X)], {}, np.searchsorted([-1, 0, 0.5], np.round(X))),
    ("searchsorted", [[-1, 0, 0.5], np.round(X)], {"side": "right"},
     np.searchsorted([-1, 0, 0.5], np.round(X), "right")),
    ("isin", [TARGETS, [1, 3]], {}, np.isin(TARGETS, [1, 3])),
    ("isin", [TARGETS, [1, 3]], {"invert": True}, ~np.isin(TARGETS, [1, 3])),
    ("median", [X], {"axis": 1}, np.median(D, 1)),
    ("median", [X], {"axis": [1, 2], "keepdims": True}, np.median(D, (1, 2), keepdims=True)),
    ("median", [HOLES], {"axis": 1}, np.median(HOLES, 1)),
    ("nanmedian", [HOLES], {"axis": 1}, np.nanmedian(HOLES, 1)),
    *(("quantile", [X, 0.3], {"axis": 1, "method": method}, np.quantile(D, 0.3, 1, method=method))  # pyright: ignore
      for method in ("linear", "lower", "higher", "midpoint")),
    ("quantile", [X, 0.35], {"axis": -1, "method": "nearest"}, np.quantile(D, 0.35, -1, method="nearest")),
    ("percentile", [X, 30], {"axis": 1}, np.percentile(D, 30, 1)),
    ("nanquantile", [HOLES, 0.3], {"axis": 1}, np.nanquantile(HOLES.astype(float), 0.3, 1)),
    ("nanpercentile", [HOLES, 30], {"axis": 1, "keepdims": True}, np.nanpercentile(HOLES.astype(float), 30, 1,
     keepdims=True)),
    # products, differences, NaN
    ("prod", [X], {"axis": 1}, D.prod(1)),
    ("prod", [X], {"axis": [1, 2], "keepdims": True}, D.prod((1, 2), keepdims=True)),
    ("cumprod", [X], {"axis": 1}, D.cumprod(1)),
    ("diff", [X], {}, np.diff(D)),
    ("diff", [X], {"n": 2, "axis": 1}, np.diff(D, 2, 1)),
    ("trapezoid", [X], {"dx": 0.5, "axis": 1}, 0.5 * (D[:, 1:] + D[:, :-1]).sum(1) / 2),
    ("trapezoid", [X], {"x": [0, 1, 3, 4]}, ((D[..., 1:] + D[..., :-1]) / 2 * [1, 2, 1]).sum(-1)),
    ("average", [X], {"axis": 1}, D.mean(1)),
    ("average", [X, P], {"axis": 1}, np.average(D, 1, P)),
    ("average", [X, [1, 2, 3, 4]], {"axis": -1}, np.average(D, -1, [1, 2, 3, 4])),
    ("nanmax", [HOLES], {"axis": 1}, np.nanmax(HOLES, 1)),
    ("nanmin", [HOLES], {"axis": 1, "keepdims": True}, np.nanmin(HOLES, 1, keepdims=True)),
    ("nansum", [HOLES], {"axis": 1}, np.nansum(HOLES.astype(float), 1)),
    ("nanprod", [HOLES], {"axis": 1}, np.nanprod(HOLES.astype(float), 1)),
    ("nanmean", [HOLES], {"axis": 1}, np.nanmean(HOLES.astype(float), 1)),
    ("nanvar", [HOLES], {"axis": 1}, np.nanvar(HOLES.astype(float), 1)),
    ("nanstd", [HOLES], {"axis": 1}, np.nanstd(HOLES.astype(float), 1)),
    ("nanargmax", [HOLES], {"axis": 1}, _nan_extreme(np.argmax)),
    ("nanargmin", [HOLES], {"axis": 1}, _nan_extreme(np.argmin)),
    ("nancumsum", [HOLES], {"axis": 1}, np.nancumsum(HOLES.astype(float), 1)),
    ("nancumprod", [HOLES], {"axis": 1}, np.nancumprod(HOLES.astype(float), 1)),
    *(("norm", [X], {"axis": 1, "ord": p}, np.linalg.norm(D, p, 1)) for p in (0, 3, math.inf, -math.inf)),
    *(("norm", [X], {"axis": [1, 2], "ord": p}, np.linalg.norm(D, p, (1, 2))) for p in (1, -1, math.inf, "fro")),
    ("normalize", [X], {"axis": 1, "order": 1}, D / np.abs(D).sum(1, keepdims=True)),
    # matrices
    ("einsum", [X, Y], {"subscripts": "bij,bkj->bik"}, np.einsum("bij,bkj->bik", D, E)),
    ("einsum", [X], {"subscripts": "...ij->...ji"}, D.swapaxes(1, 2)),
    ("einsum", [SQUARE], {"subscripts": "bii->bi"}, np.einsum("bii->bi", SQUARE)),
    ("einsum", [SQUARE], {"subscripts": "bii->b"}, np.einsum("bii->b", SQUARE)),
    ("einsum", [X, Y, X], {"subscripts": "bij,bik,bil->bjkl"}, np.einsum("bij,bik,bil->bjkl", D, E, D)),
    ("einsum", [IMAGE, [[1, 2], [3, 4], [5, 6], [7, 8]]], {"subscripts": "b...j,jk->b...k"},
     IMAGE @ np.arange(1.0, 9).reshape(4, 2)),
    ("diagonal", [X], {"offset": 1, "axis1": 1, "axis2": 2}, np.diagonal(X, 1, 1, 2)),
    ("diagonal", [X], {"offset": -2, "axis1": 2, "axis2": 1}, np.diagonal(X, -2, 2, 1)),
    ("trace", [X], {"axis1": 1, "axis2": 2}, np.trace(D, 0, 1, 2)),
    ("tril", [X], {"k": -1}, np.tril(X, -1)),
    ("triu", [X], {"k": 1}, np.triu(X, 1)),
    ("tensordot", [X, np.arange(12.0).reshape(4, 3).tolist()], {"axes": 1}, D @ np.arange(12.0).reshape(4, 3)),
    ("tensordot", [X, np.arange(20.0).reshape(4, 5).tolist()], {"axes": [[1, 2], [1, 0]]},
     np.tensordot(D, np.arange(20.0).reshape(4, 5), ([1, 2], [1, 0]))),
    ("inner", [X, [1, 2, 3, 4]], {}, D @ [1, 2, 3, 4]),
    ("vdot", [X, Y], {}, np.vdot(D, E)),
    ("outer", [V, [1, 2, 3]], {}, np.outer(V, [1, 2, 3])),
    ("kron", [X, [[1, 2], [3, 4]]], {}, np.kron(D, [[[1, 2], [3, 4]]])),
    ("cross", [X[..., :3], Y[..., :3]], {}, np.cross(D[..., :3], E[..., :3])),
    ("vander", [V], {"N": 3}, np.vander(V, 3)),
    ("vander", [V], {"N": 4, "increasing": True}, np.vander(V, 4, True)),
    ("cdist", [X, Y], {}, np.sqrt(((D[:, :, None] - E[:, None]) ** 2).sum(-1))),
    # joined and cut
    ("append", [X, Y], {"axis": 1}, np.append(X, Y, 1)),
    ("hstack", [X, Y], {}, np.concatenate([X, Y], 1)),
    ("dstack", [X, Y], {}, np.dstack([X, Y])),
    ("hsplit", [X[:, :4]], {"indices_or_sections": 2}, np.hsplit(X[:, :4], 2)),
    ("dsplit", [X], {"indices_or_sections": [1]}, np.dsplit(X, [1])),
    ("array_split", [X], {"indices_or_sections": 3, "axis": 1}, np.array_split(X, 3, 1)),
    ("repeat", [X], {"repeats": [1, 0, 2, 1, 3], "axis": 1}, X.repeat([1, 0, 2, 1, 3], 1)),
    ("fliplr", [X], {}, np.fliplr(X)),
    *(("rot90", [X], {"k": k, "axes": [1, 2]}, np.rot90(X, k, (1, 2))) for k in (0, 1, 2, 3)),
    ("ravel", [V], {}, V),
    ("broadcast_to", [X[:, :1]], {"shape": [None, 5, 4]}, X[:, :1].repeat(5, 1)),
    ("slice", [X, [0, 1, 2]], {"shape": [-1, 3, 2]}, X[:, 1:4, 2:4]),
    ("slice_update", [X, [0, 1, 2], Y[:, :3, :2]], {}, np.concatenate([
        X[:, :1], np.concatenate([X[:, 1:4, :2], Y[:, :3, :2]], 2), X[:, 4:]], 1)),
    ("linspace", [X, Y], {"num": 3, "axis": -1}, np.linspace(D, E, 3, axis=-1)),
    ("linspace", [X, 1], {"num": 4, "axis": 1, "endpoint": False}, np.linspace(D, np.ones_like(D), 4, False, axis=1)),
    ("unravel_index", [TARGETS], {"shape": [2, 3]}, np.unravel_index(TARGETS, (2, 3))),
    ("rearrange", [IMAGE], {"pattern": "b (h p) (w q) c -> b (h w) (p q c)", "axes_lengths": {"p": 2, "q": 3}},
     IMAGE.reshape(2, 3, 2, 2, 3, 4).transpose(0, 1, 3, 2, 4, 5).reshape(2, 6, 24)),
    ("one_hot", [TARGETS], {"num_classes": 4, "axis": 1}, (TARGETS[:, None] == np.arange(4)[:, None])),
    ("saturate_cast", [300 * X], {"dtype": "uint8"}, np.trunc(np.clip(300 * X, 0, 255))),
    # windows
    ("conv", [IMAGE, KERNEL.tolist()], {"padding": "same"}, _convolved(IMAGE, KERNEL)),
    ("depthwise_conv", [IMAGE, KERNEL.tolist()], {"padding": "same"},
     _convolved(IMAGE, np.einsum("xycm,ce->xyecm", KERNEL, np.eye(4)).reshape(3, 3, 4, 8))),
    ("separable_conv", [IMAGE, KERNEL.tolist(), np.ones((1, 1, 8, 2)).tolist()], {"padding": "same"},
     _convolved(IMAGE, np.einsum("xycm,ce->xyecm", KERNEL, np.eye(4)).reshape(3, 3, 4, 8)) @ np.ones((8, 2))),
    ("conv_transpose", [IMAGE, KERNEL.swapaxes(2, 3).tolist()], {"strides": 2},
     _transposed(IMAGE, KERNEL.swapaxes(2, 3))),
    ("extract_sequences", [X], {"sequence_length": 2, "sequence_stride": 2}, X.reshape(2, 5, 2, 2)),
    ("extract_patches", [IMAGE], {"size": 2}, _patches(IMAGE, 2)),
    ("unfold", [FIRST], {"kernel_size": 2}, _columns(FIRST, 2)),
    # networks
    ("binary_crossentropy", [np.float32(Y > 0), 1 / (1 + np.exp(-X))], {},
     np.where(Y > 0, np.log1p(np.exp(-D)), np.log1p(np.exp(D)))),
    ("binary_crossentropy", [np.float32(Y > 0), X], {"from_logits": True},
     np.where(Y > 0, np.log1p(np.exp(-D)), np.log1p(np.exp(D)))),
    ("categorical_crossentropy", [_softmax(Y), X], {"from_logits": True}, -(_softmax(E) * _log_shares(D)).sum(-1)),
    ("categorical_crossentropy", [_softmax(Y), _softmax(X)], {}, -(_softmax(E) * _log_shares(D)).sum(-1)),
    ("sparse_categorical_crossentropy", [TARGETS, X], {"from_logits": True},
     -np.take_along_axis(_log_shares(D), TARGETS[..., None], -1)[..., 0]),
    ("batch_normalization", [X, [1, 2, 3, 4], [1, 1, 4, 4], [1, 1, 0, 0], [2, 2, 1, 1]], {"axis": -1, "epsilon": 0},
     (D - [1, 2, 3, 4]) / [1, 1, 2, 2] * [2, 2, 1, 1] + [1, 1, 0, 0]),
    ("psnr", [X, Y], {"max_val": 2}, 20 * math.log10(2) - 10 * np.log10(((D - E) ** 2).mean())),
    ("dot_product_attention", [HEADS, HEADS, HEADS], {"is_causal": True},
     _attention(HEADS, HEADS, HEADS, 0.5, np.tri(5) > 0)),
    ("dot_product_attention", [HEADS, HEADS[:, :3], HEADS[:, 2:], 0, [[1, 1, 0]], 0.3], {},
     _attention(HEADS, HEADS[:, :3], HEADS[:, 2:], 0.3, np.array([1, 1, 0]) > 0)),
    # images
    ("rgb_to_hsv", [COLOUR], {}, _hsv(COLOUR)),
    ("hsv_to_rgb", [_hsv(COLOUR).astype(np.float32)], {}, COLOUR),
    ("pad_images", [IMAGE], {"top_padding": 1, "left_padding": 2, "target_height": 9, "target_width": 10},
     np.pad(IMAGE, [(0, 0), (1, 2), (2, 2), (0, 0)])),
    ("crop_images", [IMAGE], {"top_cropping": 1, "right_cropping": 2, "target_height": 3, "target_width": 3},
     IMAGE[:, 1:4, 1:4]),
    ("gaussian_blur", [IMAGE], {}, _blurred(IMAGE)),
]  # fmt: skip
