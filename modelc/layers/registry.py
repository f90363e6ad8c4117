"""The closed vocabulary: every layer type that a spec can name, and the module that defines it."""

from __future__ import annotations

from modelc.config import Registry
from modelc.layers.base import Layer

_BY_MODULE: dict[str, str] = {
    "activations": "Activation ReLU LeakyReLU PReLU ELU Softmax",
    "core": "InputLayer Dense Embedding Identity",
    "convolution": "Conv1D Conv2D Conv3D",
    "depthwise": "DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D",
    "convolution_transpose": "Conv1DTranspose Conv2DTranspose Conv3DTranspose",
    "pooling": ("MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D"),
    "global_pooling": (
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D "
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D"
    ),
    "batch_normalization": "BatchNormalization",
    "normalization": "LayerNormalization GroupNormalization RMSNormalization UnitNormalization",
    "regularization": (
        "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout GaussianNoise GaussianDropout"
    ),
    "reshaping": "Flatten Reshape Permute RepeatVector",
    "padding": "ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D",
    "upsampling": "UpSampling1D UpSampling2D UpSampling3D",
    "preprocessing": "Rescaling Normalization",
}

_MODULES = {name: f"modelc.layers.{module}" for module, names in _BY_MODULE.items() for name in names.split()}

LAYERS: Registry[Layer] = Registry("layer", _MODULES)
