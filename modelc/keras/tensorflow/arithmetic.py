"""Functions of TensorFlow that are elementwise, or reduce axes."""

from __future__ import annotations

import math
from typing import Any

from modelc.keras.tensorflow.signature import Recipe, Table, adder
from modelc.keras.tensorflow.steps import Steps
from modelc.keras.tensorflow.values import items_of

TABLE: Table = {}
_add = adder(TABLE)

_ONE = {
    "math.": """
        abs exp expm1 log log1p sqrt rsqrt square negative reciprocal sigmoid tanh sin cos tan sinh cosh floor ceil
        round sign softplus softsign erf erfc erfinv logical_not atan=arctan asin=arcsin acos=arccos atanh=arctanh
        asinh=arcsinh acosh=arccosh is_nan=isnan is_inf=isinf is_finite=isfinite log_sigmoid rint=round
        bessel_i0=i0 real=real conj=conj
    """,
    "nn.": "relu relu6 selu sigmoid tanh softplus softsign",
    "": "identity stop_gradient zeros_like ones_like grad_pass_through=identity",
    "compat.v1.": "zeros_like ones_like identity convert_to_tensor=identity",
    "keras.backend.": "cast_to_floatx=identity",
}
"""Functions of one tensor, by TensorFlow's module: its names, and ours where they differ."""

_TWO = {
    "math.": """
        add subtract multiply divide maximum minimum less greater less_equal greater_equal equal not_equal
        divide_no_nan logical_and logical_or logical_xor truediv=divide floordiv=floor_divide floormod=mod mod pow=power
    """,
    "__operators__.": """
        add radd=add sub=subtract mul=multiply truediv=divide floordiv=floor_divide mod pow=power lt=less
        le=less_equal gt=greater ge=greater_equal eq=equal ne=not_equal
    """,
    "": "add subtract multiply divide maximum minimum realdiv=divide truediv=divide floordiv=floor_divide",
    "compat.v1.": "add subtract multiply floor_div=floor_divide divide floormod=mod realdiv=divide",
}


def _of_one(ours: str) -> Recipe:
    def recipe(s: Steps, x: Any, dtype: Any = None) -> Any:
        return s(ours, x)

    return recipe


def _of_two(ours: str) -> Recipe:
    def recipe(s: Steps, x: Any, y: Any) -> Any:
        return s(ours, x, y)

    return recipe


for _names, _make in ((_ONE, _of_one), (_TWO, _of_two)):
    for _module, _functions in _names.items():
        for _function in _functions.split():
            _theirs, _, _ours = _function.partition("=")
            _add(_module + _theirs)(_make(_ours or _theirs))


def clip(s: Steps, x: Any, low: float | None, high: float | None) -> Any:
    """x between two numbers, either of which may be None."""
    if low is not None and high is not None:
        return s("clip", x, x_min=low, x_max=high)
    return s("maximum", x, low) if low is not None else s("minimum", x, high)


# --- reversed operands, and other forms of arithmetic


def _reversed(ours: str) -> Recipe:
    def recipe(s: Steps, x: Any, y: Any) -> Any:
        return s(ours, y, x)

    return recipe


for _theirs, _ours in (
    ("rsub", "subtract"), ("rtruediv", "divide"), ("rpow", "power"), ("rfloordiv", "floor_divide"), ("rmod", "mod"),
    ("rmul", "multiply"),
):  # fmt: skip
    _add(f"__operators__.{_theirs}")(_reversed(_ours))


@_add("compat.v1.div", "__operators__.div", "div")
def _div(s: Steps, x: Any, y: Any) -> Any:
    integers = s.type_of(x).dtype == s.type_of(y).dtype == "int32"
    return s("floor_divide" if integers else "divide", x, y)


@_add("__operators__.and", "__operators__.__and__")
def _and(s: Steps, x: Any, y: Any) -> Any:
    return s("logical_and", x, y)


@_add("__operators__.or", "__operators__.__or__")
def _or(s: Steps, x: Any, y: Any) -> Any:
    return s("logical_or", x, y)


@_add("__operators__.xor")
def _xor(s: Steps, x: Any, y: Any) -> Any:
    return s("logical_xor", x, y)


@_add("__operators__.neg")
def _neg(s: Steps, x: Any) -> Any:
    return s("negative", x)


@_add("__operators__.abs")
def _abs(s: Steps, x: Any) -> Any:
    return s("abs", x)


@_add("__operators__.invert")
def _invert(s: Steps, x: Any) -> Any:
    return s("logical_not", x)


@_add("truncatediv", "math.truncatediv")
def _truncatediv(s: Steps, x: Any, y: Any) -> Any:
    return s("trunc", s("divide", x, y))


@_add("truncatemod", "math.truncatemod")
def _truncatemod(s: Steps, x: Any, y: Any) -> Any:
    return s("subtract", x, s("multiply", _truncatediv(s, x, y), y))


@_add("math.atan2", "atan2")
def _atan2(s: Steps, y: Any, x: Any) -> Any:
    return s("arctan2", y, x)


@_add("debugging.check_numerics")
def _check_numerics(s: Steps, x: Any, message: Any = None) -> Any:
    return s("identity", x)


@_add("math.multiply_no_nan")
def _multiply_no_nan(s: Steps, x: Any, y: Any) -> Any:
    return s("where", s("equal", y, 0.0), 0.0, s("multiply", x, y))


@_add("math.reciprocal_no_nan")
def _reciprocal_no_nan(s: Steps, x: Any) -> Any:
    return s("divide_no_nan", 1.0, x)


@_add("math.squared_difference")
def _squared_difference(s: Steps, x: Any, y: Any) -> Any:
    return s("square", s("subtract", x, y))


@_add("math.xlogy")
def _xlogy(s: Steps, x: Any, y: Any) -> Any:
    return _unless_zero(s, x, s("multiply", x, s("log", y)))


@_add("math.xlog1py")
def _xlog1py(s: Steps, x: Any, y: Any) -> Any:
    return _unless_zero(s, x, s("multiply", x, s("log1p", y)))


@_add("math.xdivy")
def _xdivy(s: Steps, x: Any, y: Any) -> Any:
    return _unless_zero(s, x, s("divide", x, y))


def _unless_zero(s: Steps, x: Any, y: Any) -> Any:
    """y, or 0 where x is."""
    return s("where", s("equal", x, 0.0), 0.0, y)


@_add("math.add_n", "math.accumulate_n", "add_n")
def _add_n(s: Steps, inputs: Any, shape: Any = None, tensor_dtype: Any = None) -> Any:
    first, *others = items_of(inputs)
    for other in others:
        first = s("add", first, other)
    return first


@_add("math.polyval")
def _polyval(s: Steps, coeffs: Any, x: Any) -> Any:
    y, *rest = coeffs
    for c in rest:
        y = s("add", s("multiply", y, x), c)
    return y


@_add("math.sigmoid", "nn.sigmoid")
def _sigmoid(s: Steps, x: Any) -> Any:
    return s("sigmoid", x)


@_add("math.ndtri")
def _ndtri(s: Steps, x: Any) -> Any:
    return s("multiply", s("erfinv", s("subtract", s("multiply", x, 2.0), 1.0)), math.sqrt(2))


@_add("math.bessel_i0e")
def _bessel_i0e(s: Steps, x: Any) -> Any:
    return s("multiply", s("i0", x), s("exp", s("negative", s("abs", x))))


@_add("clip_by_value", "compat.v1.clip_by_value")
def _clip_by_value(s: Steps, t: Any, clip_value_min: Any, clip_value_max: Any) -> Any:
    if all(isinstance(limit, int | float) and math.isfinite(limit) for limit in (clip_value_min, clip_value_max)):
        return s("clip", t, x_min=clip_value_min, x_max=clip_value_max)
    return s("minimum", s("maximum", t, clip_value_min), clip_value_max)


@_add("clip_by_norm", "compat.v1.clip_by_norm")
def _clip_by_norm(s: Steps, t: Any, clip_norm: Any, axes: Any = None) -> Any:
    total = s("sum", s("square", t), axis=axes, keepdims=True)
    safe = s("where", s("greater", total, 0.0), s("sqrt", total), total)
    return s("divide", s("multiply", t, clip_norm), s("maximum", safe, clip_norm))


_DTYPES = {"half": "float16", "float": "float32", "double": "float64", "bfloat16": "float32", "string": ""}


@_add("cast", "compat.v1.cast", "compat.v1.to_float", "compat.v1.to_int32", "compat.v1.to_int64")
def _cast(s: Steps, x: Any, dtype: Any = None) -> Any:
    default = "int32" if "to_int" in s.function else "float32"
    return s("cast", x, dtype=dtype_of(s, default if dtype is None else dtype))


def dtype_of(s: Steps, dtype: Any) -> str:
    """The name of a dtype that modelc can compute in, or with what it can stand for it."""
    name = str(dtype).removeprefix("tf.").removesuffix("_ref")
    name = _DTYPES.get(name, name)
    if not name or name.startswith(("complex", "string", "resource", "variant", "q")):
        raise s.refuse(f"modelc has no tensors of the dtype `{str(dtype)[:20]}`")
    return name


_RANGES = {
    "uint8": (0, 255), "int8": (-128, 127), "uint16": (0, 65535), "int16": (-32768, 32767),
}  # fmt: skip


@_add("saturate_cast", "dtypes.saturate_cast")
def _saturate_cast(s: Steps, value: Any, dtype: Any) -> Any:
    name = dtype_of(s, dtype)
    if name in _RANGES:
        value = s("clip", value, x_min=_RANGES[name][0], x_max=_RANGES[name][1])
    return s("cast", value, dtype=name)


@_add("convert_to_tensor")
def _convert_to_tensor(s: Steps, value: Any, dtype: Any = None, dtype_hint: Any = None) -> Any:
    if isinstance(value, list | tuple):
        return s("stack", *items_of(value), axis=0) if value else s("identity", items_of(value))
    return s("identity", value) if dtype is None else s("cast", value, dtype=dtype_of(s, dtype))


@_add("where", "compat.v1.where_v2", "where_v2", "compat.v1.where")
def _where(s: Steps, condition: Any, x: Any = None, y: Any = None) -> Any:
    if x is None or y is None:
        raise s.refuse("with a condition alone, how many elements it gives depends on the values")
    return s("where", condition, x, y)


# --- reductions

_REDUCTIONS = {
    "reduce_mean": "mean", "reduce_sum": "sum", "reduce_max": "max", "reduce_min": "min", "reduce_prod": "prod",
    "reduce_any": "any", "reduce_all": "all", "reduce_logsumexp": "logsumexp", "reduce_variance": "var",
    "reduce_std": "std",
}  # fmt: skip


def _reduction(ours: str) -> Recipe:
    def recipe(s: Steps, input_tensor: Any, axis: Any = None, keepdims: Any = False) -> Any:
        return s(ours, input_tensor, axis=axis, keepdims=bool(keepdims))

    return recipe


for _theirs, _ours in _REDUCTIONS.items():
    _add(f"math.{_theirs}", _theirs, f"compat.v1.{_theirs}", f"compat.v1.math.{_theirs}")(_reduction(_ours))


@_add("math.reduce_euclidean_norm")
def _euclidean(s: Steps, input_tensor: Any, axis: Any = None, keepdims: Any = False) -> Any:
    return s("sqrt", s("sum", s("square", input_tensor), axis=axis, keepdims=bool(keepdims)))


@_add("math.count_nonzero", "compat.v1.count_nonzero")
def _count_nonzero(s: Steps, input: Any, axis: Any = None, keepdims: Any = False, dtype: Any = None) -> Any:
    return s("sum", s("not_equal", input, 0.0), axis=axis, keepdims=bool(keepdims))


@_add("math.zero_fraction", "nn.zero_fraction")
def _zero_fraction(s: Steps, value: Any) -> Any:
    return s("mean", s("equal", value, 0.0))


@_add("nn.l2_loss")
def _l2_loss(s: Steps, t: Any) -> Any:
    return s("multiply", s("sum", s("square", t)), 0.5)


@_add("math.argmax", "argmax", "compat.v1.argmax", "math.argmin", "argmin", "compat.v1.argmin")
def _argmax(s: Steps, input: Any, axis: Any = 0, output_type: Any = None) -> Any:
    return s("argmin" if "argmin" in s.function else "argmax", input, axis=axis)


def _cumulated(s: Steps, operation: str, identity: float, x: Any, axis: Any, exclusive: bool, reverse: bool) -> Any:
    at = s.axis(x, axis)
    if reverse:
        x = s("flip", x, axis=at)
    if exclusive:
        size = s.size(x, at)
        pads = [[1, 0] if a == at else [0, 0] for a in range(s.rank(x))]
        x = s("pad", x, pad_width=pads, constant_values=identity)
        x = s("get_item", x, key=[":"] * at + [f":{size}"])
    y = s(operation, x, axis=at)
    return s("flip", y, axis=at) if reverse else y


@_add("math.cumsum", "cumsum")
def _cumsum(s: Steps, x: Any, axis: Any = 0, exclusive: Any = False, reverse: Any = False) -> Any:
    return _cumulated(s, "cumsum", 0.0, x, axis, exclusive, reverse)


@_add("math.cumprod")
def _cumprod(s: Steps, x: Any, axis: Any = 0, exclusive: Any = False, reverse: Any = False) -> Any:
    return _cumulated(s, "cumprod", 1.0, x, axis, exclusive, reverse)


# --- order


@_add("sort", "argsort")
def _sort(s: Steps, values: Any, axis: Any = -1, direction: Any = "ASCENDING", stable: Any = False) -> Any:
    if direction == "ASCENDING":
        return s(s.function, values, axis=axis)
    # Of equal ones those in front come first.
    y = s(s.function, s("negative", values), axis=axis)
    return y if s.function == "argsort" else s("negative", y)


@_add("math.top_k", "nn.top_k", "compat.v1.nn.top_k")
def _top_k(s: Steps, input: Any, k: Any = 1, sorted: Any = True, index_type: Any = None) -> Any:
    return s("top_k", input, k=k, sorted=True)


@_add("compat.v1.math.in_top_k", "math.in_top_k", "nn.in_top_k")
def _in_top_k(s: Steps, predictions: Any, targets: Any, k: Any) -> Any:
    return s("in_top_k", targets, predictions, k=k)
