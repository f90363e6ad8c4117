"""Products of matrices, and the functions of `tf.linalg`."""

from __future__ import annotations

from typing import Any

import numpy as np

from modelc.keras.tensorflow.arranging import bounded
from modelc.keras.tensorflow.signature import Table, adder
from modelc.keras.tensorflow.steps import Steps
from modelc.keras.tensorflow.values import as_array, items_of
from modelc.sources.refs import Ref

TABLE: Table = {}
_add = adder(TABLE)


def _turned(s: Steps, x: Any, turn: Any) -> Any:
    """x with its last two axes exchanged."""
    if not turn:
        return x
    return s("swapaxes", x, axis1=-1, axis2=-2) if isinstance(x, Ref) else np.swapaxes(as_array(x, "a matrix"), -1, -2)


@_add("linalg.matmul", "matmul", "compat.v1.matmul", "__operators__.matmul")
def _matmul(
    s: Steps, a: Any, b: Any, transpose_a: Any = False, transpose_b: Any = False, adjoint_a: Any = False,
    adjoint_b: Any = False, a_is_sparse: Any = False, b_is_sparse: Any = False, output_type: Any = None,
    grad_a: Any = None, grad_b: Any = None,
) -> Any:  # fmt: skip
    return s("matmul", _turned(s, a, transpose_a or adjoint_a), _turned(s, b, transpose_b or adjoint_b))


@_add("linalg.matvec")
def _matvec(
    s: Steps, a: Any, b: Any, transpose_a: Any = False, adjoint_a: Any = False, a_is_sparse: Any = False,
    b_is_sparse: Any = False,
) -> Any:  # fmt: skip
    column = s("expand_dims", b, axis=-1)
    return s("squeeze", s("matmul", _turned(s, a, transpose_a or adjoint_a), column), axis=-1)


@_add("tensordot", "linalg.tensordot")
def _tensordot(s: Steps, a: Any, b: Any, axes: Any) -> Any:
    return s("tensordot", a, b, axes=s.data(axes, "axes"))


@_add("einsum", "linalg.einsum")
def _einsum(s: Steps, equation: Any, inputs: Any, optimize: Any = None) -> Any:
    if not isinstance(equation, str):
        raise s.refuse("its equation is not text")
    return s("einsum", *items_of(inputs), subscripts=equation)


@_add("linalg.diag_part", "compat.v1.matrix_diag_part", "linalg.tensor_diag_part")
def _diag_part(s: Steps, input: Any, k: Any = 0, padding_value: Any = 0, align: Any = None) -> Any:
    offsets = s.integers(k, "k")
    if len(set(offsets)) != 1:
        raise s.refuse("it takes several diagonals, and one is supported")
    return s("diagonal", input, offset=offsets[0], axis1=-2, axis2=-1)


@_add("linalg.diag", "compat.v1.matrix_diag")
def _diag(
    s: Steps, diagonal: Any, k: Any = 0, num_rows: Any = -1, num_cols: Any = -1, padding_value: Any = 0,
    align: Any = None,
) -> Any:  # fmt: skip
    if s.integers(k, "k") != [0] or s.integer(num_rows, "num_rows") != -1 or s.integer(num_cols, "num_cols") != -1:
        raise s.refuse("other diagonals than the main one of a square matrix are not supported")
    size = s.size(diagonal, s.axis(diagonal, -1))
    bounded(s, [size, size])
    return s("where", np.eye(size), s("expand_dims", diagonal, axis=-1), float(as_array(padding_value, "`padding`")))


@_add("linalg.set_diag", "compat.v1.matrix_set_diag")
def _set_diag(s: Steps, input: Any, diagonal: Any, k: Any = 0, align: Any = None) -> Any:
    rows, columns = (s.size(input, s.axis(input, axis)) for axis in (-2, -1))
    if s.integers(k, "k") != [0] or rows != columns:
        raise s.refuse("other diagonals than the main one of a square matrix are not supported")
    bounded(s, [rows, columns])
    return s("where", np.eye(rows), s("expand_dims", diagonal, axis=-1), input)


@_add("linalg.band_part", "compat.v1.matrix_band_part")
def _band_part(s: Steps, input: Any, num_lower: Any, num_upper: Any) -> Any:
    lower, upper = s.integer(num_lower, "num_lower"), s.integer(num_upper, "num_upper")
    rows, columns = (s.size(input, s.axis(input, axis)) for axis in (-2, -1))
    bounded(s, [rows, columns])
    below = np.arange(rows)[:, None] - np.arange(columns)
    band = ((lower < 0) | (below <= lower)) & ((upper < 0) | (-below <= upper))
    return s("where", band.astype(float), input, 0.0)


@_add("linalg.trace")
def _trace(s: Steps, x: Any) -> Any:
    return s("sum", s("diagonal", x, axis1=-2, axis2=-1), axis=-1)


@_add("linalg.cross")
def _cross(s: Steps, a: Any, b: Any) -> Any:
    return s("cross", a, b)


@_add("linalg.norm", "norm", "compat.v1.norm", "compat.v1.linalg.norm")
def _norm(s: Steps, tensor: Any, ord: Any = "euclidean", axis: Any = None, keepdims: Any = False) -> Any:
    axes = None if axis is None else s.integers(axis, "axis")
    if ord in ("euclidean", "fro", 2) and (ord != 2 or axes is None or len(axes) == 1):
        return s("sqrt", s("sum", s("square", tensor), axis=axes, keepdims=bool(keepdims)))
    if axes is not None and len(axes) == 2:
        raise s.refuse(f"the norm {str(ord)[:20]} of matrices is not supported")
    if ord in (float("inf"), "inf"):
        return s("max", s("abs", tensor), axis=axes, keepdims=bool(keepdims))
    if not isinstance(ord, int | float):
        raise s.refuse(f"the norm {str(ord)[:20]} is not supported")
    if ord == 1:
        return s("sum", s("abs", tensor), axis=axes, keepdims=bool(keepdims))
    total = s("sum", s("power", s("abs", tensor), float(ord)), axis=axes, keepdims=bool(keepdims))
    return s("power", total, 1 / float(ord))


@_add("linalg.normalize")
def _normalize(s: Steps, tensor: Any, ord: Any = "euclidean", axis: Any = None) -> Any:
    size = _norm(s, tensor, ord, axis, keepdims=True)
    return [s("divide", tensor, size), size]


@_add("linalg.global_norm")
def _global_norm(s: Steps, t_list: Any, use_norm: Any = None) -> Any:
    total: Any = None
    for one in items_of(t_list):
        part = s("sum", s("square", one))
        total = part if total is None else s("add", total, part)
    return s("sqrt", total)


def _no_decomposition(s: Steps, x: Any, y: Any = None) -> Any:
    raise s.refuse("modelc has no decompositions of matrices")


_add("linalg.inv", "linalg.det", "linalg.cholesky", "linalg.svd", "linalg.eigh", "linalg.qr", "linalg.solve",
     "linalg.pinv", "linalg.expm", "linalg.logdet", "linalg.slogdet", "linalg.lu", "linalg.triangular_solve",
     "linalg.lstsq", "linalg.sqrtm", "linalg.eig", "linalg.matrix_rank")(_no_decomposition)  # fmt: skip
