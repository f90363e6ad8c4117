"""Rows for adaptive pooling, resizing, encodings, augmentation and the layers of Keras's application models.

Output shapes and weights are Keras's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from row import Row

_ADAPTIVE = (
    Row({"type": "AdaptiveAveragePooling1D", "output_size": 3}, (7, 2), (3, 2), (), {"output_size": (7, [2], 9)}),
    Row({"type": "AdaptiveAveragePooling2D", "output_size": [2, 3]}, (7, 8, 2), (2, 3, 2), (), {"output_size": (2,)}),
    Row({"type": "AdaptiveAveragePooling2D", "output_size": [2, 4]}, (4, 8, 2), (2, 4, 2)),
    Row({"type": "AdaptiveAveragePooling3D", "output_size": [2, 3, 1]}, (3, 4, 5, 2), (2, 3, 1, 2)),
    Row({"type": "AdaptiveMaxPooling1D", "output_size": 3}, (7, 2), (3, 2), (), {"output_size": (1, 8)}),
    Row({"type": "AdaptiveMaxPooling2D", "output_size": 3}, (7, 8, 2), (3, 3, 2)),
    Row({"type": "AdaptiveMaxPooling3D", "output_size": 2}, (3, 4, 5, 2), (2, 2, 2, 2)),
)

_RESIZING = (
    Row(
        {"type": "Resizing", "height": 4, "width": 9},
        (6, 7, 2),
        (4, 9, 2),
        (),
        {
            "interpolation": ("nearest", "bicubic", "lanczos3", "area", "gaussian", "mitchellcubic"),
            "crop_to_aspect_ratio": (True,),
            "pad_to_aspect_ratio": (True,),
            "fill_mode": ("constant",),
            "fill_value": (2,),
            "antialias": (True,),
        },
    ),
    Row({"type": "Resizing", "height": 2, "width": 2, "antialias": True}, (6, 7, 2), (2, 2, 2)),
    Row({"type": "CenterCrop", "height": 3, "width": 4}, (6, 7, 2), (3, 4, 2), (), {"height": (6, 9), "width": (8,)}),
)

_BOUNDARIES = {"bin_boundaries": [-0.5, 0.0, 1.0]}

_ENCODING = (
    Row(
        {"type": "CategoryEncoding", "num_tokens": 7},
        (5,),
        (7,),
        (),
        {"output_mode": ("one_hot", "count", "binary"), "sparse": (False,)},
        dtype="int32",
    ),
    Row({"type": "CategoryEncoding", "num_tokens": 4, "output_mode": "one_hot"}, (3, 1), (3, 4), dtype="int32"),
    Row({"type": "CategoryEncoding", "num_tokens": 4, "output_mode": "count"}, (3, 2), (2, 4), dtype="int32"),
    Row(
        {"type": "Discretization", "output_mode": "one_hot", **_BOUNDARIES},
        (5, 3),
        (5, 3, 4),
        (),
        {
            "output_mode": ("multi_hot", "count"),
            "num_bins": (4,),
            "epsilon": (0.1,),
            "sparse": (False,),
            "bin_boundaries": ([], [0.5]),
        },
    ),
    Row({"type": "Discretization", **_BOUNDARIES}, (5, 3), (5, 3), dtype="int32"),
    Row(
        {"type": "IntegerLookup", "vocabulary": [1, 3], "max_tokens": 8},
        (5, 3),
        (5, 3),
        (),
        {
            "vocabulary": ([4, 5, 6],),
            "num_oov_indices": (0, 2),
            "mask_token": (0,),
            "oov_token": (7,),
            "vocabulary_dtype": ("int64",),
            "invert": (True,),
            "output_mode": ("one_hot", "multi_hot", "count", "binary"),
            "sparse": (False,),
            "pad_to_max_tokens": (True,),
            "oov_method": ("floormod",),
            "max_tokens": (9,),
        },
        dtype="int32",
    ),
    Row(
        {"type": "IntegerLookup", "vocabulary": [1, 3], "output_mode": "tf_idf", "idf_weights": [0.5, 2.0]},
        (5,),
        (3,),
        (),
        {"idf_weights": ([1.0, 3.0],)},
        dtype="int32",
    ),
)

_TABLE_OPTIONS = {
    "embeddings_initializer": ("he_normal",),
    "embeddings_regularizer": ("l2", None),
    "embeddings_constraint": ("non_neg", None),
    "activity_regularizer": ("l2", None),
}

_TABLES = (
    Row(
        {"type": "ReversibleEmbedding", "input_dim": 7, "output_dim": 3},
        (5,),
        (5, 3),
        (("embeddings", (7, 3)),),
        {"mask_zero": (True,), "tie_weights": (False,), **_TABLE_OPTIONS},
        dtype="int32",
    ),
    Row(
        {"type": "ReversibleEmbedding", "input_dim": 7, "output_dim": 3, "reverse": True, "tie_weights": False},
        (5, 3),
        (5, 7),
        (("embeddings", (7, 3)), ("reverse_embeddings", (3, 7))),
        {"logit_soft_cap": (5.0,), "reverse_dtype": ("float32", None)},
    ),
)

_SCALING = (
    Row({"type": "ActivityRegularization"}, (3, 4), (3, 4), (), {"l1": (0.1,), "l2": (0.2,)}),
    Row({"type": "LayerScale", "init_values": 1e-6, "projection_dim": 4}, (3, 4), (3, 4), (("gamma", (4,)),)),
    Row({"type": "StochasticDepth", "drop_path_rate": 0.1}, (3, 4), (3, 4)),
    Row({"type": "CustomScaleLayer", "scale": 0.1}, (3, 4), (3, 4)),
)

_SOUND = (
    Row(
        {"type": "STFTSpectrogram", "frame_length": 8, "frame_step": 3},
        (20, 2),
        (5, 10),
        (("real_kernel", (8, 1, 5)), ("imag_kernel", (8, 1, 5))),
        {
            "mode": ("magnitude", "psd", "stft"),
            "frame_step": (None,),
            "fft_length": (16,),
            "window": ("hamming", None, [1, 2, 3, 4, 4, 3, 2, 1]),
            "periodic": (True,),
            "scaling": ("spectrum", None),
            "padding": ("same",),
            "expand_dims": (True,),
        },
    ),
    Row(
        {"type": "STFTSpectrogram", "mode": "imag", "frame_length": 8},
        (20, 2),
        (4, 10),
        (("imag_kernel", (8, 1, 5)),),
    ),
    Row(
        {"type": "MelSpectrogram", "fft_length": 32, "sequence_stride": 10, "num_mel_bins": 5, "power_to_db": False},
        (100,),
        (5, 11),
        (),
        {
            "sequence_length": (20,),
            "window": ("hamming", None),
            "sampling_rate": (8000,),
            "min_freq": (0,),
            "max_freq": (3000,),
            "mag_exp": (1.0,),
            "top_db": (20,),
            "min_power": (1e-5,),
            "ref_power": (2,),
        },
    ),
)

_WRAPPED = (
    Row(
        {"type": "Pipeline", "layers": [{"type": "Rescaling", "scale": 0.5}, {"type": "Dense", "units": 3}]},
        (4,),
        (3,),
        (("kernel", (4, 3)), ("bias", (3,))),
        {"layers": (["ReLU", "ReLU"],)},
    ),
    Row(
        {"type": "SpectralNormalization", "layer": {"type": "Dense", "units": 3}},
        (4,),
        (3,),
        (("kernel", (4, 3)), ("vector_u", (1, 3)), ("bias", (3,))),
        {"power_iterations": (2,)},
    ),
)

_FACTOR: Mapping[str, Any] = {"factor": ([0.1, 0.4], 0.25)}
_RANGE: Mapping[str, Any] = {"value_range": ([0, 1],)}
_SEED: Mapping[str, Any] = {"seed": (7,)}
_FILL: Mapping[str, Any] = {"fill_mode": ("constant", "wrap"), "fill_value": (1,), "interpolation": ("nearest",)}

_AUGMENTATIONS: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any]]] = {
    "AugMix": (
        {},
        {
            "num_chains": (2,),
            "chain_depth": (2,),
            "alpha": (0.5,),
            "all_ops": (False,),
            "interpolation": ("nearest",),
            **_FACTOR,
            **_RANGE,
            **_SEED,
        },
    ),
    "CutMix": ({}, {**_FACTOR, **_SEED}),
    "Equalization": ({}, {"bins": (64,), **_RANGE}),
    "MixUp": ({}, {"alpha": (0.4,), **_SEED}),
    "RandAugment": ({}, {"num_ops": (3,), "interpolation": ("nearest",), **_FACTOR, **_RANGE, **_SEED}),
    "RandomBrightness": ({"factor": 0.2}, {**_FACTOR, **_RANGE, **_SEED}),
    "RandomColorDegeneration": ({"factor": 0.2}, {**_FACTOR, **_RANGE, **_SEED}),
    "RandomColorJitter": (
        {},
        {
            "brightness_factor": (0.1, None),
            "contrast_factor": ([0.1, 0.2], 0.5),
            "saturation_factor": (0.1,),
            "hue_factor": (0.1,),
            **_RANGE,
            **_SEED,
        },
    ),
    "RandomContrast": ({"factor": 0.2}, {**_FACTOR, **_RANGE, **_SEED}),
    "RandomCrop": ({"height": 2, "width": 3}, _SEED),
    "RandomElasticTransform": ({}, {"scale": (0.5,), **_FILL, **_FACTOR, **_RANGE, **_SEED}),
    "RandomErasing": ({}, {"scale": (0.5,), "fill_value": (1, [1, 2, 3]), **_FACTOR, **_RANGE, **_SEED}),
    "RandomFlip": ({}, {"mode": ("horizontal", "vertical"), **_SEED}),
    "RandomGaussianBlur": ({}, {"kernel_size": (5, [3, 5]), "sigma": (0.5,), **_FACTOR, **_RANGE, **_SEED}),
    "RandomGrayscale": ({}, {"factor": (0.25,), **_SEED}),
    "RandomHue": ({"factor": 0.2}, {**_FACTOR, **_RANGE, **_SEED}),
    "RandomInvert": ({}, {**_FACTOR, **_RANGE, **_SEED}),
    "RandomPerspective": (
        {},
        {"scale": (0.5,), "interpolation": ("nearest",), "fill_value": (1,), **_FACTOR, **_SEED},
    ),
    "RandomPosterization": ({"factor": 4}, {"factor": ([2, 5], 3), **_RANGE, **_SEED}),
    "RandomRotation": ({"factor": 0.2}, {**_FILL, **_FACTOR, **_SEED}),
    "RandomSaturation": ({"factor": 0.2}, {**_FACTOR, **_RANGE, **_SEED}),
    "RandomSharpness": ({"factor": 0.2}, {**_FACTOR, **_RANGE, **_SEED}),
    "RandomShear": ({}, {"x_factor": (0.1,), "y_factor": ([0.0, 0.2],), **_FILL, **_SEED}),
    "RandomTranslation": ({"height_factor": 0.2, "width_factor": [-0.1, 0.1]}, {**_FILL, **_SEED}),
    "RandomZoom": ({"height_factor": 0.2}, {"width_factor": (0.1, None), **_FILL, **_SEED}),
    "Solarization": ({}, {"addition_factor": (0.1,), "threshold_factor": (0.1,), **_RANGE, **_SEED}),
}

_CONTRAST = (Row({"type": "AutoContrast"}, (4, 5, 3), (4, 5, 3), (), _RANGE),)

_RANDOM = tuple(
    Row({"type": name, **options}, (4, 5, 3), (4, 5, 3), (), vary) for name, (options, vary) in _AUGMENTATIONS.items()
)

_OPERATIONS = (
    Row(
        {"type": "Operation", "operation": "sum", "arguments": {"axis": -1, "keepdims": True}},
        (3, 4),
        (3, 1),
        (),
        {"operation": ("mean", "max")},
    ),
    Row({"type": "Operation", "operation": "subtract", "operands": [1, None]}, (3, 4), (3, 4)),
)

ROWS = (*_ADAPTIVE, *_RESIZING, *_ENCODING, *_TABLES, *_SCALING, *_SOUND, *_WRAPPED, *_CONTRAST, *_RANDOM, *_OPERATIONS)
