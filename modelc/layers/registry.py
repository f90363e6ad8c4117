"""The closed vocabulary: every layer type that a spec can name, and the module that defines it."""

from __future__ import annotations

from modelc.config import Registry
from modelc.layers.base import Layer

_BY_MODULE: dict[str, str] = {
    "activations": "Activation ReLU LeakyReLU PReLU ELU Softmax",
    "core": "InputLayer Dense Embedding Identity",
    "reversible_embedding": "ReversibleEmbedding",
    "convolution": "Conv1D Conv2D Conv3D",
    "locally_connected": "LocallyConnected1D LocallyConnected2D",
    "depthwise": "DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D",
    "convolution_transpose": "Conv1DTranspose Conv2DTranspose Conv3DTranspose",
    "pooling": ("MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D"),
    "global_pooling": (
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D "
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D"
    ),
    "adaptive_pooling": (
        "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D "
        "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D"
    ),
    "batch_normalization": "BatchNormalization",
    "normalization": "LayerNormalization GroupNormalization RMSNormalization UnitNormalization",
    "regularization": (
        "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout GaussianNoise GaussianDropout"
    ),
    "activity": "ActivityRegularization",
    "reshaping": "Flatten Reshape Permute RepeatVector",
    "padding": "ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D",
    "upsampling": "UpSampling1D UpSampling2D UpSampling3D",
    "preprocessing": "Rescaling Normalization",
    "category": "CategoryEncoding",
    "discretization": "Discretization",
    "resizing": "Resizing CenterCrop",
    "contrast": "AutoContrast",
    "spectrogram": "STFTSpectrogram MelSpectrogram",
    "augmentation_geometry": (
        "RandomFlip RandomCrop RandomRotation RandomTranslation RandomZoom RandomShear RandomPerspective "
        "RandomElasticTransform"
    ),
    "augmentation_colour": (
        "RandomBrightness RandomContrast RandomInvert Solarization RandomPosterization RandomGrayscale "
        "RandomColorDegeneration RandomSaturation RandomHue RandomColorJitter"
    ),
    "augmentation_filters": "RandomSharpness RandomGaussianBlur RandomErasing Equalization",
    "augmentation_mixing": "CutMix MixUp RandAugment AugMix",
    "attention": "Attention AdditiveAttention",
    "multi_head_attention": "MultiHeadAttention",
    "group_query_attention": "GroupQueryAttention",
    "dot": "Dot",
    "einsum_dense": "EinsumDense",
    "merging": "Add Subtract Multiply Average Maximum Minimum Concatenate",
    "operation": "Operation",
    "pipeline": "Pipeline",
    "scaling": "LayerScale StochasticDepth CustomScaleLayer",
    "spectral_normalization": "SpectralNormalization",
    "masking": "Masking",
    "recurrent": "SimpleRNN LSTM GRU",
    "rnn_cells": "SimpleRNNCell LSTMCell GRUCell",
    "stacked_rnn_cells": "StackedRNNCells",
    "rnn": "RNN",
    "bidirectional": "Bidirectional",
    "time_distributed": "TimeDistributed",
    "conv_lstm": "ConvLSTM1D ConvLSTM2D ConvLSTM3D",
}

_MODULES = {name: f"modelc.layers.{module}" for module, names in _BY_MODULE.items() for name in names.split()}

LAYERS: Registry[Layer] = Registry("layer", _MODULES)

WRAPPED: Registry[Layer] = Registry("layer", {**_MODULES, "Model": "modelc.spec.nested"})
"""What TimeDistributed applies to each step: a layer, or a model as one."""

_CELLS = "SimpleRNNCell LSTMCell GRUCell StackedRNNCells"

CELLS: Registry[Layer] = Registry("cell", {name: _MODULES[name] for name in _CELLS.split()})
"""The layers that do one step of a sequence, for RNN and StackedRNNCells."""

_ACTIVATIONS = "LeakyReLU ReLU ELU PReLU Softmax"

ACTIVATION_LAYERS: Registry[Layer] = Registry("activation", {name: _MODULES[name] for name in _ACTIVATIONS.split()})
"""The layers that may be the activation of another one: `activation: {type: LeakyReLU, negative_slope: 0.1}`."""

CONTAINERS: frozenset[str] = frozenset(
    {
        "Bidirectional", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D", "Functional", "GRU", "GroupQueryAttention", "LSTM",
        "Model", "MultiHeadAttention", "Pipeline", "RNN", "Sequential", "SimpleRNN", "SpectralNormalization",
        "StackedRNNCells", "TimeDistributed",
    }
)  # fmt: skip
"""The layers, and Keras's models, whose weights are in layers inside of them: `lstm/lstm_cell/kernel`."""
