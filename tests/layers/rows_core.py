"""Rows for the layers that are not windows. Output shapes and weights are Keras's."""

from __future__ import annotations

from row import Row

from modelc.functions.table import ACTIVATION_NAMES

# A name cannot give `threshold` its two numbers: `test_activations` has it.
_ACTIVATIONS = tuple(name for name in ACTIVATION_NAMES if name != "threshold")
_INITIALIZERS = ("he_normal", {"type": "Constant", "value": 0.5})
_PENALTIES = ("l2", {"type": "L1L2", "l1": 0.1}, None)
_CONSTRAINTS = ("non_neg", {"type": "MaxNorm", "max_value": 3.0}, None)
_AFFINE = {
    "epsilon": (0.1, 0),
    "center": (False,),
    "scale": (False,),
    "beta_initializer": _INITIALIZERS,
    "gamma_initializer": _INITIALIZERS,
    "beta_regularizer": _PENALTIES,
    "gamma_regularizer": _PENALTIES,
    "beta_constraint": _CONSTRAINTS,
    "gamma_constraint": _CONSTRAINTS,
}

_ACTIVATION_LAYERS = (
    Row({"type": "Activation", "activation": "relu"}, (3, 4), (3, 4), (), {"activation": (*_ACTIVATIONS, None)}),
    Row({"type": "Activation", "activation": "glu"}, (3, 6), (3, 3)),
    Row(
        {"type": "ReLU"},
        (5,),
        (5,),
        (),
        {"max_value": (6, 0.5), "negative_slope": (0.1,), "threshold": (1.0,)},
    ),
    Row({"type": "ReLU", "max_value": 2.0, "negative_slope": 0.5, "threshold": 0.25}, (5,), (5,)),
    Row({"type": "LeakyReLU"}, (2, 5), (2, 5), (), {"negative_slope": (0.0, 1)}),
    Row(
        {"type": "PReLU"},
        (3, 4, 2),
        (3, 4, 2),
        (("alpha", (3, 4, 2)),),
        {
            "alpha_initializer": _INITIALIZERS,
            "alpha_regularizer": _PENALTIES,
            "alpha_constraint": _CONSTRAINTS,
            "shared_axes": (2, [1, 3], [-1]),
        },
    ),
    Row({"type": "PReLU", "shared_axes": [1, 2]}, (3, 4, 2), (3, 4, 2), (("alpha", (1, 1, 2)),)),
    Row(
        {"type": "SReLU"},
        (3, 2),
        (3, 2),
        tuple((name, (3, 2)) for name in ("t_left", "a_left", "t_right", "a_right")),
        {
            "t_left_initializer": _INITIALIZERS,
            "a_left_initializer": _INITIALIZERS,
            "t_right_initializer": _INITIALIZERS,
            "a_right_initializer": _INITIALIZERS,
            "shared_axes": (1, [2]),
        },
    ),
    Row(
        {"type": "ParametricSoftplus"},
        (3, 2),
        (3, 2),
        (("alpha", (3, 2)), ("beta", (3, 2))),
        {"alpha_initializer": _INITIALIZERS, "beta_initializer": _INITIALIZERS, "shared_axes": (1, [2])},
    ),
    Row({"type": "ELU"}, (4,), (4,), (), {"alpha": (0.5,)}),
    Row({"type": "Softmax"}, (3, 4), (3, 4), (), {"axis": (1, [1, 2], [2])}),
)

_CORE = (
    Row(
        {"type": "InputLayer", "shape": [3, 4]},
        (3, 4),
        (3, 4),
        (),
        {"batch_size": (2,), "sparse": (False,), "ragged": (False,), "optional": (False,)},
    ),
    Row(
        {"type": "Dense", "units": 5},
        (4,),
        (5,),
        (("kernel", (4, 5)), ("bias", (5,))),
        {
            "activation": ("softmax", "relu", None),
            "use_bias": (False,),
            "kernel_initializer": _INITIALIZERS,
            "bias_initializer": ("ones",),
            "kernel_regularizer": _PENALTIES,
            "bias_regularizer": _PENALTIES,
            "activity_regularizer": _PENALTIES,
            "kernel_constraint": _CONSTRAINTS,
            "bias_constraint": _CONSTRAINTS,
            "lora_rank": (2,),
        },
    ),
    Row(
        {"type": "Dense", "units": 6, "lora_rank": 2, "lora_alpha": 8},
        (3, 4),
        (3, 6),
        (("kernel", (4, 6)), ("bias", (6,)), ("lora_kernel_a", (4, 2)), ("lora_kernel_b", (2, 6))),
    ),
    Row({"type": "Dense", "units": 3, "use_bias": False}, (2, 3, 4), (2, 3, 3), (("kernel", (4, 3)),)),
    Row({"type": "Dense", "units": 3}, (4,), (3,), (("kernel", (4, 3)), ("bias", (3,))), dtype="int32"),
    Row(
        {"type": "Embedding", "input_dim": 7, "output_dim": 3},
        (5,),
        (5, 3),
        (("embeddings", (7, 3)),),
        {
            "embeddings_initializer": _INITIALIZERS,
            "embeddings_regularizer": _PENALTIES,
            "activity_regularizer": _PENALTIES,
            "embeddings_constraint": _CONSTRAINTS,
            "mask_zero": (True,),
        },
        dtype="int32",
    ),
    Row(
        {"type": "Embedding", "input_dim": 7, "output_dim": 3, "lora_rank": 2, "lora_alpha": 1},
        (),
        (3,),
        (("embeddings", (7, 3)), ("lora_embeddings_a", (7, 2)), ("lora_embeddings_b", (2, 3))),
        dtype="int32",
    ),
    Row({"type": "Identity"}, (3, 2), (3, 2)),
)

_MOVING = (("gamma", (3,)), ("beta", (3,)), ("moving_mean", (3,)), ("moving_variance", (3,)))

_NORMALIZATIONS = (
    Row(
        {"type": "BatchNormalization"},
        (4, 5, 3),
        (4, 5, 3),
        _MOVING,
        {
            "axis": (1, -2),
            "momentum": (0.5,),
            "moving_mean_initializer": _INITIALIZERS,
            "moving_variance_initializer": _INITIALIZERS,
            "synchronized": (True,),
            **_AFFINE,
        },
    ),
    Row(
        {"type": "BatchNormalization", "renorm": True, "renorm_momentum": 0.8},
        (3,),
        (3,),
        (*_MOVING, ("moving_stddev", (3,)), ("renorm_mean", (3,)), ("renorm_stddev", (3,))),
        {"renorm_clipping": ({}, {"rmin": 0.5, "rmax": 2, "dmax": None}, {"dmax": 0.1})},
    ),
    Row(
        {"type": "LayerNormalization"},
        (4, 3),
        (4, 3),
        (("gamma", (3,)), ("beta", (3,))),
        {"axis": (1, [1, 2], [-1]), "rms_scaling": (True,), **_AFFINE},
    ),
    Row({"type": "LayerNormalization", "axis": [2, 1]}, (4, 5, 3), (4, 5, 3), (("gamma", (4, 5)), ("beta", (4, 5)))),
    Row({"type": "LayerNormalization", "rms_scaling": True}, (4, 3), (4, 3), (("gamma", (3,)),)),
    Row(
        {"type": "GroupNormalization", "groups": 2},
        (4, 5, 6),
        (4, 5, 6),
        (("gamma", (6,)), ("beta", (6,))),
        {"groups": (1, 3, 6, -1), "axis": (1, -3), **_AFFINE},
    ),
    Row({"type": "RMSNormalization"}, (4, 3), (4, 3), (("scale", (3,)),), {"axis": (1, [1, 2]), "epsilon": (0.1,)}),
    Row(
        {"type": "SampleNormalization"},
        (4, 3),
        (4, 3),
        (("gamma", (3,)), ("beta", (3,))),
        {
            "epsilon": (0.1,),
            "gamma_initializer": _INITIALIZERS,
            "beta_initializer": _INITIALIZERS,
            "gamma_regularizer": _PENALTIES,
            "beta_regularizer": _PENALTIES,
        },
    ),
    Row({"type": "UnitNormalization"}, (4, 3), (4, 3), (), {"axis": (1, [1, 2])}),
)

_SEED = {"seed": (7,)}

_REGULARIZATIONS = (
    Row(
        {"type": "Dropout", "rate": 0.5},
        (4, 3),
        (4, 3),
        (),
        {"rate": (0, 1.0), "noise_shape": ([None, 1, 3],), **_SEED},
    ),
    Row({"type": "AlphaDropout", "rate": 0.5}, (4, 3), (4, 3), (), {"noise_shape": ([None, 1, None],), **_SEED}),
    Row({"type": "SpatialDropout1D", "rate": 0.5}, (4, 3), (4, 3), (), _SEED),
    Row({"type": "SpatialDropout2D", "rate": 0.5}, (4, 5, 3), (4, 5, 3), (), _SEED),
    Row({"type": "SpatialDropout3D", "rate": 0.5}, (4, 5, 2, 3), (4, 5, 2, 3), (), _SEED),
    Row({"type": "GaussianNoise", "stddev": 0.5}, (3,), (3,), (), _SEED),
    Row({"type": "GaussianDropout", "rate": 0.5}, (3,), (3,), (), _SEED),
)

_RESHAPING = (
    Row({"type": "Flatten"}, (2, 3, 4), (24,)),
    Row({"type": "Flatten"}, (), (1,)),
    Row({"type": "Reshape", "target_shape": [4, 6]}, (2, 3, 4), (4, 6), (), {"target_shape": ([24], [-1], [2, -1, 3])}),
    Row({"type": "Reshape", "target_shape": [3, -1]}, (2, 6), (3, 4)),
    Row({"type": "Permute", "dims": [2, 3, 1]}, (2, 3, 4), (3, 4, 2), (), {"dims": ([1, 2, 3], [3, 2, 1])}),
    Row({"type": "RepeatVector", "n": 3}, (4,), (3, 4), (), {"n": (1,)}),
)

_STATISTICS = (("mean", (3,)), ("variance", (3,)), ("count", ()))

_PREPROCESSING = (
    Row({"type": "Rescaling", "scale": 0.5}, (4, 3), (4, 3), (), {"scale": ([1, 2, 3],), "offset": (-1, [0.5, 1, 2])}),
    Row({"type": "Rescaling", "scale": [1, 2, 3], "offset": 1}, (4, 3), (4, 3), dtype="int32"),
    Row({"type": "Normalization"}, (4, 3), (4, 3), _STATISTICS, {"axis": (None, [1, 2], 1), "invert": (True,)}),
    Row({"type": "Normalization", "axis": None}, (4, 3), (4, 3), (("mean", ()), ("variance", ()), ("count", ()))),
    Row(
        {"type": "Normalization", "axis": [1, 2]},
        (4, 3),
        (4, 3),
        (("mean", (4, 3)), ("variance", (4, 3)), ("count", ())),
    ),
    Row(
        {"type": "Normalization", "mean": [1, 2, 3], "variance": [1, 4, 9]},
        (4, 3),
        (4, 3),
        (),
        {"mean": ([0, 0, 0],), "variance": ([0, 1, 2],), "invert": (True,)},
    ),
    Row({"type": "Normalization", "axis": [1, 2], "mean": [1, 2, 3], "variance": [1, 4, 9]}, (4, 3), (4, 3)),
)

ROWS = (
    *_ACTIVATION_LAYERS,
    *_CORE,
    *_NORMALIZATIONS,
    *_REGULARIZATIONS,
    *_RESHAPING,
    *_PREPROCESSING,
)
