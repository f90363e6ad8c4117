"""TensorFlowOpLayer, which tf.keras 2.0 to 2.3 made of functions: an operation of TensorFlow's graphs, by its name.

A file holds the operation as `node_def`, with its attributes as protocol buffers write them in JSON, and the operands
that are constants beside it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, cast

from modelc.errors import UnsupportedError
from modelc.keras.tensorflow.values import items_of

_SAME = {
    "math.": """
        Abs Add=add AddV2=add Sub=subtract Mul=multiply RealDiv=truediv Div=truediv FloorDiv=floordiv FloorMod=floormod
        Maximum Minimum Pow Square Sqrt Rsqrt Exp Expm1 Log Log1p Sin Cos Tan Asin Acos Atan Atan2 Sinh Cosh Asinh Acosh
        Atanh Tanh Sigmoid Softplus Softsign Neg=negative Inv=reciprocal Reciprocal Sign Floor Ceil Round Rint Erf Erfc
        Erfinv Less LessEqual=less_equal Greater GreaterEqual=greater_equal Equal NotEqual=not_equal
        LogicalAnd=logical_and LogicalOr=logical_or LogicalNot=logical_not IsNan=is_nan IsInf=is_inf
        IsFinite=is_finite SquaredDifference=squared_difference DivNoNan=divide_no_nan MulNoNan=multiply_no_nan
        Xlogy Xdivy BesselI0e=bessel_i0e Ndtri Real Conj
    """,
    "nn.": "Relu Relu6 Elu Selu Softmax LogSoftmax=log_softmax L2Loss=l2_loss",
    "": """
        Identity StopGradient=stop_gradient ZerosLike=zeros_like OnesLike=ones_like TruncateDiv=truncatediv
        TruncateMod=truncatemod Where
    """,
}
"""Operations without attributes that matter: TensorFlow's names, and those of the functions where they differ."""

_RAW: dict[str, tuple[str, str]] = {
    **{
        name: (module + (function or name.lower()), "")
        for module, names in _SAME.items()
        for name, _, function in (item.partition("=") for item in names.split())
    },
    "CheckNumerics": ("identity", ""),
    "EnsureShape": ("identity", ""),
    "PreventGradient": ("identity", ""),
    "Snapshot": ("identity", ""),
    **{
        name: (f"math.{function}", "input_tensor axis keepdims:keep_dims")
        for name, function in (
            ("Mean", "reduce_mean"), ("Sum", "reduce_sum"), ("Max", "reduce_max"), ("Min", "reduce_min"),
            ("Prod", "reduce_prod"), ("Any", "reduce_any"), ("All", "reduce_all"),
        )
    },
    "ArgMax": ("math.argmax", "input axis"),
    "ArgMin": ("math.argmin", "input axis"),
    "Cumsum": ("math.cumsum", "x axis exclusive:exclusive reverse:reverse"),
    "Cumprod": ("math.cumprod", "x axis exclusive:exclusive reverse:reverse"),
    "AddN": ("math.add_n", "*inputs"),
    "LeakyRelu": ("nn.leaky_relu", "features alpha:alpha"),
    "Cast": ("cast", "x dtype:DstT"),
    "ClipByValue": ("clip_by_value", "t clip_value_min clip_value_max"),
    "Select": ("where", "condition x y"),
    "SelectV2": ("where", "condition x y"),
    "Shape": ("shape", "input"),
    "Size": ("size", "input"),
    "Rank": ("rank", "input"),
    "Reshape": ("reshape", "tensor shape"),
    "Squeeze": ("squeeze", "input axis:squeeze_dims"),
    "ExpandDims": ("expand_dims", "input axis"),
    "Transpose": ("transpose", "a perm"),
    "BroadcastTo": ("broadcast_to", "input shape"),
    "Fill": ("fill", "dims value"),
    "Range": ("range", "start limit delta"),
    "LinSpace": ("linspace", "start stop num"),
    "OneHot": ("one_hot", "indices depth on_value off_value axis:axis"),
    "ConcatV2": ("concat", "*values axis"),
    "Concat": ("concat", "axis *values"),
    "Pack": ("stack", "*values axis:axis"),
    "Unpack": ("unstack", "value num:num axis:axis"),
    "Split": ("split", "axis value num_or_size_splits:num_split"),
    "SplitV": ("split", "value num_or_size_splits axis"),
    "Tile": ("tile", "input multiples"),
    "ReverseV2": ("reverse", "tensor axis"),
    "Roll": ("roll", "input shift axis"),
    "Pad": ("pad", "tensor paddings"),
    "PadV2": ("pad", "tensor paddings constant_values"),
    "MirrorPad": ("pad", "tensor paddings mode:mode"),
    "Gather": ("gather", "params indices"),
    "GatherV2": ("gather", "params indices axis batch_dims:batch_dims"),
    "Slice": ("slice", "input begin size"),
    "StridedSlice": (
        "strided_slice",
        "input_ begin end strides begin_mask:begin_mask end_mask:end_mask ellipsis_mask:ellipsis_mask "
        "new_axis_mask:new_axis_mask shrink_axis_mask:shrink_axis_mask",
    ),
    "TopKV2": ("math.top_k", "input k"),
    "TopK": ("math.top_k", "input k:k"),
    "InTopKV2": ("nn.in_top_k", "predictions targets k"),
    "MatMul": ("matmul", "a b transpose_a:transpose_a transpose_b:transpose_b"),
    "BatchMatMul": ("matmul", "a b adjoint_a:adj_x adjoint_b:adj_y"),
    "BatchMatMulV2": ("matmul", "a b adjoint_a:adj_x adjoint_b:adj_y"),
    "BatchMatMulV3": ("matmul", "a b adjoint_a:adj_x adjoint_b:adj_y"),
    "Einsum": ("einsum", "equation:equation *inputs"),
    "Cross": ("linalg.cross", "a b"),
    "MatrixDiag": ("linalg.diag", "diagonal"),
    "MatrixDiagPart": ("linalg.diag_part", "input"),
    "MatrixBandPart": ("linalg.band_part", "input num_lower num_upper"),
    "MatrixSetDiag": ("linalg.set_diag", "input diagonal"),
    "BiasAdd": ("nn.bias_add", "value bias data_format:data_format"),
    "MaxPool": ("nn.max_pool", "input ksize:ksize strides:strides padding:padding data_format:data_format"),
    "AvgPool": ("nn.avg_pool", "input ksize:ksize strides:strides padding:padding data_format:data_format"),
    "MaxPool3D": ("nn.max_pool3d", "input ksize:ksize strides:strides padding:padding data_format:data_format"),
    "AvgPool3D": ("nn.avg_pool3d", "input ksize:ksize strides:strides padding:padding data_format:data_format"),
    "Conv2D": (
        "nn.conv2d",
        "input filters strides:strides padding:padding data_format:data_format dilations:dilations",
    ),
    "Conv3D": (
        "nn.conv3d",
        "input filters strides:strides padding:padding data_format:data_format dilations:dilations",
    ),
    "DepthwiseConv2dNative": (
        "nn.depthwise_conv2d",
        "input filters strides:strides padding:padding data_format:data_format dilations:dilations",
    ),
    "LRN": ("nn.lrn", "input depth_radius:depth_radius bias:bias alpha:alpha beta:beta"),
    "DepthToSpace": ("nn.depth_to_space", "input block_size:block_size data_format:data_format"),
    "SpaceToDepth": ("nn.space_to_depth", "input block_size:block_size data_format:data_format"),
    "ResizeBilinear": (
        "image.resize_bilinear",
        "images size align_corners:align_corners half_pixel_centers:half_pixel_centers",
    ),
    "ResizeNearestNeighbor": (
        "image.resize_nearest_neighbor",
        "images size align_corners:align_corners half_pixel_centers:half_pixel_centers",
    ),
    "ResizeBicubic": (
        "image.resize_bicubic",
        "images size align_corners:align_corners half_pixel_centers:half_pixel_centers",
    ),
    "ResizeArea": ("image.resize_area", "images size align_corners:align_corners"),
    "AdjustContrastv2": ("image.adjust_contrast", "images contrast_factor"),
    "AdjustHue": ("image.adjust_hue", "image delta"),
    "AdjustSaturation": ("image.adjust_saturation", "image saturation_factor"),
    "RGBToHSV": ("image.rgb_to_hsv", "images"),
    "HSVToRGB": ("image.hsv_to_rgb", "images"),
    "ExtractImagePatches": (
        "image.extract_patches",
        "images sizes:ksizes strides:strides rates:rates padding:padding",
    ),
}  # fmt: skip
"""TensorFlow's operations: the function that each is, and its arguments in the order of the operands.

`name` is an operand, `*name` stands for a list of them, `name:attribute` is an attribute.
"""

_MAX_OPERANDS = 4096


def function_of(options: Mapping[str, Any], tensors: Sequence[Any]) -> tuple[str, list[Any], dict[str, Any]]:
    """The function that a TensorFlowOpLayer with these options is, and the arguments of its call on these tensors.

    Raises `UnsupportedError` for an operation that modelc does not have, and where the options are malformed.
    """
    node = options.get("node_def")
    if not isinstance(node, Mapping):
        raise UnsupportedError("a TensorFlowOpLayer of the Keras model holds no readable `node_def`")
    fields = cast("Mapping[str, Any]", node)
    operation = str(fields.get("op"))
    if operation not in _RAW:
        raise UnsupportedError(f"the TensorFlow operation `{operation[:60]}` in a Keras model is not supported")
    function, pattern = _RAW[operation]
    attributes = fields.get("attr")
    known: Mapping[str, Any] = cast("Mapping[str, Any]", attributes) if isinstance(attributes, Mapping) else {}
    operands = _operands(options.get("constants"), tensors)
    if not pattern:
        return function, operands, {}
    return function, [], _arguments(operation, pattern, operands, known)


def _operands(constants: Any, tensors: Sequence[Any]) -> list[Any]:
    """The tensors and the constants in the order in which the operation takes them."""
    held: Mapping[str, Any] = cast("Mapping[str, Any]", constants) if isinstance(constants, Mapping) else {}
    places = {int(key): value for key, value in held.items() if str(key).isdigit() and int(key) < _MAX_OPERANDS}
    remaining = iter(tensors)
    operands = [places[i] if i in places else next(remaining, None) for i in range(len(tensors) + len(places))]
    if any(operand is None for operand in operands):
        raise UnsupportedError("a TensorFlowOpLayer of the Keras model has constants at places that it does not have")
    return operands


def _arguments(operation: str, pattern: str, operands: Sequence[Any], attributes: Mapping[str, Any]) -> dict[str, Any]:
    parameters = [name for name in pattern.split() if ":" not in name]
    single = sum(not name.startswith("*") for name in parameters)
    given: dict[str, Any] = {}
    remaining = list(operands)
    for i, name in enumerate(parameters):
        if name.startswith("*"):
            count = len(remaining) - (len(parameters) - 1 - i)
            given[name[1:]], remaining = remaining[:count], remaining[count:]
        elif remaining:
            given[name] = remaining.pop(0)
    if remaining or len(operands) < min(single, 1):
        raise UnsupportedError(f"the TensorFlow operation `{operation}` is applied to {len(operands)} tensors")
    for name in pattern.split():
        argument, found, attribute = name.partition(":")
        if found and attribute in attributes:
            given[argument] = _attribute(attributes[attribute])
    return given


def _attribute(value: Any) -> Any:
    """An attribute as protocol buffers write it in JSON: `{"i": "2"}`, `{"b": true}`, `{"s": "VkFMSUQ="}`."""
    match value:
        case {"i": number}:
            return _integer(number)
        case {"b": bool(flag)}:
            return flag
        case {"f": number}:
            return float(number) if isinstance(number, int | float | str) else None
        case {"type": str(name)}:
            return name.removeprefix("DT_").lower()
        case {"s": str(text)}:
            return _text(text)
        case {"list": {"i": numbers}}:
            return [_integer(number) for number in items_of(numbers)]
        case _:
            return None  # empty: what protocol buffers leave out is 0, false or no text


def _integer(number: Any) -> int | None:
    try:
        return int(number)
    except (TypeError, ValueError):
        return None


def _text(encoded: str) -> str:
    try:
        return base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError, ValueError):
        return encoded
