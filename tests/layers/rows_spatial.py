"""Rows for convolutions, pooling, padding, cropping and upsampling. Output shapes and weights are Keras's."""

from __future__ import annotations

from row import Row

_INITIALIZERS = ("he_normal", {"type": "Constant", "value": 0.5})
_PENALTIES = ("l2", {"type": "L1L2", "l1": 0.1}, None)
_KERNEL_OPTIONS = {
    "activation": ("relu", "softmax", None),
    "use_bias": (False,),
    "kernel_initializer": _INITIALIZERS,
    "bias_initializer": ("ones",),
    "kernel_regularizer": _PENALTIES,
    "bias_regularizer": _PENALTIES,
    "activity_regularizer": _PENALTIES,
    "kernel_constraint": ({"type": "MaxNorm", "max_value": 3.0, "axis": [0, 1]},),
    "bias_constraint": ("non_neg",),
}
_DEPTHWISE_OPTIONS = {
    "activation": ("relu",),
    "use_bias": (False,),
    "depthwise_initializer": _INITIALIZERS,
    "bias_initializer": ("ones",),
    "depthwise_regularizer": _PENALTIES,
    "bias_regularizer": _PENALTIES,
    "activity_regularizer": _PENALTIES,
    "depthwise_constraint": ("unit_norm",),
    "bias_constraint": ("non_neg",),
}
_SEPARABLE_OPTIONS = {
    **_DEPTHWISE_OPTIONS,
    "pointwise_initializer": _INITIALIZERS,
    "pointwise_regularizer": _PENALTIES,
    "pointwise_constraint": ("unit_norm",),
}

_CONVOLUTIONS = (
    Row(
        {"type": "Conv1D", "filters": 6, "kernel_size": 3, "strides": 2},
        (9, 4),
        (4, 6),
        (("kernel", (3, 4, 6)), ("bias", (6,))),
        {"padding": ("same", "causal"), "groups": (2,), "lora_rank": (2,), "lora_alpha": (3,), **_KERNEL_OPTIONS},
    ),
    Row(
        {"type": "Conv1D", "filters": 3, "kernel_size": 3, "dilation_rate": 2, "padding": "causal"},
        (7, 2),
        (7, 3),
        (("kernel", (3, 2, 3)), ("bias", (3,))),
    ),
    Row(
        {"type": "Conv2D", "filters": 4, "kernel_size": [3, 2], "strides": [2, 1]},
        (8, 7, 6),
        (3, 6, 4),
        (("kernel", (3, 2, 6, 4)), ("bias", (4,))),
        {"padding": ("same",), "groups": (2,), "strides": (1, [3, 2]), "lora_rank": (3,), **_KERNEL_OPTIONS},
    ),
    Row(
        {"type": "Conv2D", "filters": 6, "kernel_size": 3, "groups": 3, "dilation_rate": [1, 2], "padding": "same"},
        (5, 6, 3),
        (5, 6, 6),
        (("kernel", (3, 3, 1, 6)), ("bias", (6,))),
        {"padding": ("valid",)},
    ),
    Row(
        {"type": "Conv2D", "filters": 5, "kernel_size": 2, "lora_rank": 2, "lora_alpha": 4},
        (4, 4, 3),
        (3, 3, 5),
        (("kernel", (2, 2, 3, 5)), ("bias", (5,)), ("lora_kernel_a", (2, 2, 3, 2)), ("lora_kernel_b", (2, 5))),
        {"lora_alpha": (2, None)},
    ),
    Row(
        {"type": "Conv3D", "filters": 3, "kernel_size": [1, 2, 3], "strides": [1, 2, 1], "padding": "same"},
        (3, 4, 5, 2),
        (3, 2, 5, 3),
        (("kernel", (1, 2, 3, 2, 3)), ("bias", (3,))),
        {"padding": ("valid",), "strides": (1,), "lora_rank": (1,), "lora_alpha": (3,), **_KERNEL_OPTIONS},
    ),
    Row(
        {"type": "Conv3D", "filters": 4, "kernel_size": 2, "groups": 2, "dilation_rate": [1, 2, 1]},
        (3, 4, 2, 2),
        (2, 2, 1, 4),
        (("kernel", (2, 2, 2, 1, 4)), ("bias", (4,))),
    ),
    Row(
        {"type": "DepthwiseConv1D", "kernel_size": 3, "depth_multiplier": 2},
        (6, 3),
        (4, 6),
        (("kernel", (3, 3, 2)), ("bias", (6,))),
        {"strides": (2,), "padding": ("same",), "dilation_rate": (2,), **_DEPTHWISE_OPTIONS},
    ),
    Row(
        {"type": "DepthwiseConv2D", "kernel_size": 3, "strides": 2, "padding": "same", "depth_multiplier": 3},
        (5, 6, 2),
        (3, 3, 6),
        (("kernel", (3, 3, 2, 3)), ("bias", (6,))),
        {"padding": ("valid",), "dilation_rate": ([1, 2],), **_DEPTHWISE_OPTIONS},
    ),
    Row(
        {"type": "SeparableConv1D", "filters": 4, "kernel_size": 3, "strides": 2, "depth_multiplier": 2},
        (9, 3),
        (4, 4),
        (("depthwise_kernel", (3, 3, 2)), ("pointwise_kernel", (1, 6, 4)), ("bias", (4,))),
        {"padding": ("same",), "dilation_rate": (2,), **_SEPARABLE_OPTIONS},
    ),
    Row(
        {"type": "SeparableConv2D", "filters": 4, "kernel_size": [2, 3], "padding": "same"},
        (5, 6, 3),
        (5, 6, 4),
        (("depthwise_kernel", (2, 3, 3, 1)), ("pointwise_kernel", (1, 1, 3, 4)), ("bias", (4,))),
        {"strides": (2,), "padding": ("valid",), "dilation_rate": (2,), "depth_multiplier": (2,), **_SEPARABLE_OPTIONS},
    ),
    Row(
        {"type": "Conv1DTranspose", "filters": 3, "kernel_size": 3, "strides": 2},
        (5, 2),
        (11, 3),
        (("kernel", (3, 3, 2)), ("bias", (3,))),
        {"padding": ("same",), "output_padding": (0, 1), "strides": (1, 4), **_KERNEL_OPTIONS},
    ),
    Row(
        {"type": "Conv1DTranspose", "filters": 1, "kernel_size": 3, "dilation_rate": 2, "padding": "same"},
        (6, 2),
        (6, 1),
        (("kernel", (3, 1, 2)), ("bias", (1,))),
    ),
    Row(
        {
            "type": "Conv2DTranspose",
            "filters": 5,
            "kernel_size": 2,
            "strides": 3,
            "padding": "same",
            "output_padding": 2,
        },
        (8, 8, 4),
        (23, 23, 5),
        (("kernel", (2, 2, 5, 4)), ("bias", (5,))),
        {"padding": ("valid",), "output_padding": (None, [1, 0]), **_KERNEL_OPTIONS},
    ),
    Row(
        {"type": "Conv2DTranspose", "filters": 1, "kernel_size": 2, "dilation_rate": 2},
        (3, 5, 3),
        (5, 7, 1),
        (("kernel", (2, 2, 1, 3)), ("bias", (1,))),
        {"padding": ("same",)},
    ),
    Row(
        {"type": "Conv3DTranspose", "filters": 3, "kernel_size": [2, 2, 3], "strides": [2, 1, 2]},
        (2, 3, 4, 2),
        (4, 4, 9, 3),
        (("kernel", (2, 2, 3, 3, 2)), ("bias", (3,))),
        {
            "dilation_rate": (1,),
            "padding": ("same",),
            "strides": (1,),
            "output_padding": ([1, 0, 1],),
            **_KERNEL_OPTIONS,
        },
    ),
)

_LOCAL_OPTIONS = {**_KERNEL_OPTIONS, "kernel_constraint": ("non_neg",)}

_LOCALLY_CONNECTED = (
    Row(
        {"type": "LocallyConnected1D", "filters": 3, "kernel_size": 3, "strides": 2},
        (8, 2),
        (3, 3),
        (("kernel", (3, 6, 3)), ("bias", (3, 3))),
        {"implementation": (2, 3), **_LOCAL_OPTIONS},
    ),
    Row(
        {"type": "LocallyConnected1D", "filters": 2, "kernel_size": 2, "padding": "same", "implementation": 2},
        (5, 3),
        (5, 2),
        (("kernel", (5, 3, 5, 2)), ("bias", (5, 2))),
        {"padding": ("valid",), "implementation": (3,), "strides": (2, 3)},
    ),
    Row(
        {"type": "LocallyConnected2D", "filters": 2, "kernel_size": [2, 3], "strides": [2, 1]},
        (5, 4, 3),
        (2, 2, 2),
        (("kernel", (4, 18, 2)), ("bias", (2, 2, 2))),
        {"implementation": (2, 3), **_LOCAL_OPTIONS},
    ),
    Row(
        {"type": "LocallyConnected2D", "filters": 2, "kernel_size": 3, "padding": "same", "implementation": 3},
        (3, 4, 2),
        (3, 4, 2),
        (("kernel", (280,)), ("bias", (3, 4, 2))),
        {"padding": ("valid",), "implementation": (2,), "strides": (2, [1, 3])},
    ),
)

_WINDOWS = {"padding": ("same",), "strides": (1, 3)}

_POOLING = (
    Row({"type": "MaxPooling1D"}, (7, 2), (3, 2), (), {"pool_size": (3,), **_WINDOWS}),
    Row({"type": "MaxPooling2D", "pool_size": [2, 3], "strides": [2, 1]}, (6, 7, 3), (3, 5, 3), (), _WINDOWS),
    Row({"type": "MaxPooling3D"}, (4, 5, 2, 3), (2, 2, 1, 3), (), {"pool_size": ([1, 3, 2],), **_WINDOWS}),
    Row({"type": "AveragePooling1D", "pool_size": 3, "padding": "same"}, (7, 2), (3, 2), (), {"strides": (1, 2)}),
    Row({"type": "AveragePooling2D", "pool_size": 2}, (5, 4, 3), (2, 2, 3), (), _WINDOWS),
    Row({"type": "AveragePooling3D", "pool_size": [2, 1, 2], "strides": 1}, (3, 4, 5, 2), (2, 4, 4, 2), (), _WINDOWS),
    Row({"type": "GlobalMaxPooling1D"}, (5, 3), (3,), (), {"keepdims": (True,)}),
    Row({"type": "GlobalMaxPooling2D", "keepdims": True}, (4, 5, 3), (1, 1, 3), (), {"keepdims": (False,)}),
    Row({"type": "GlobalMaxPooling3D"}, (2, 3, 4, 5), (5,), (), {"keepdims": (True,)}),
    Row({"type": "GlobalAveragePooling1D", "keepdims": True}, (5, 3), (1, 3), (), {"keepdims": (False,)}),
    Row({"type": "GlobalAveragePooling2D"}, (4, 5, 3), (3,), (), {"keepdims": (True,)}),
    Row({"type": "GlobalAveragePooling3D"}, (2, 3, 4, 5), (5,), (), {"keepdims": (True,)}),
)

_RESIZING = (
    Row({"type": "ZeroPadding1D", "padding": [1, 2]}, (4, 2), (7, 2), (), {"padding": (0, 3)}),
    Row({"type": "ZeroPadding2D", "padding": [[1, 2], [3, 0]]}, (3, 4, 2), (6, 7, 2), (), {"padding": (0, 1, [1, 2])}),
    Row({"type": "ZeroPadding2D", "correct_pad": [3, 5]}, (4, 5, 2), (5, 9, 2), (), {"correct_pad": (3, [5, 3])}),
    Row({"type": "ZeroPadding3D"}, (2, 3, 4, 2), (4, 5, 6, 2), (), {"padding": ([1, 0, 2], [[1, 0], [0, 2], [3, 3]])}),
    Row({"type": "Cropping1D"}, (5, 2), (3, 2), (), {"cropping": (0, 2, [1, 3])}),
    Row({"type": "Cropping2D", "cropping": [[1, 2], [0, 3]]}, (6, 7, 2), (3, 4, 2), (), {"cropping": (0, 1, [2, 1])}),
    Row({"type": "Cropping3D"}, (4, 5, 6, 2), (2, 3, 4, 2), (), {"cropping": (0, [1, 2, 0], [[0, 1], [2, 0], [1, 1]])}),
    Row({"type": "UpSampling1D"}, (3, 2), (6, 2), (), {"size": (1, 3)}),
    Row(
        {"type": "UpSampling2D", "size": [2, 3]},
        (3, 4, 2),
        (6, 12, 2),
        (),
        {"size": (1,), "interpolation": ("bilinear", "bicubic", "lanczos3", "lanczos5", "area", "gaussian")},
    ),
    Row({"type": "UpSampling3D", "size": [1, 2, 3]}, (2, 3, 4, 2), (2, 6, 12, 2), (), {"size": (2,)}),
)

ROWS = (*_CONVOLUTIONS, *_LOCALLY_CONNECTED, *_POOLING, *_RESIZING)
