"""The closed vocabulary: every layer type that a spec can name, and the module that defines it."""

from __future__ import annotations

from modelc.config.config import Registry
from modelc.layers.base import Layer

_BY_MODULE: dict[str, str] = {
    "activation.activations": "Activation ReLU LeakyReLU PReLU ELU Softmax",
    "core.core": "InputLayer Dense Embedding Identity",
    "core.reversible_embedding": "ReversibleEmbedding",
    "convolution.convolution": "Conv1D Conv2D Conv3D",
    "convolution.locally_connected": "LocallyConnected1D LocallyConnected2D",
    "convolution.depthwise": "DepthwiseConv1D DepthwiseConv2D SeparableConv1D SeparableConv2D",
    "convolution.transpose": "Conv1DTranspose Conv2DTranspose Conv3DTranspose",
    "pooling.pooling": ("MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D"),
    "pooling.global_": (
        "GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D "
        "GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D"
    ),
    "pooling.adaptive": (
        "AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D "
        "AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D"
    ),
    "normalization.batch_normalization": "BatchNormalization",
    "normalization.normalization": "LayerNormalization GroupNormalization RMSNormalization UnitNormalization",
    "regularization.regularization": (
        "Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D AlphaDropout GaussianNoise GaussianDropout"
    ),
    "regularization.activity": "ActivityRegularization",
    "reshaping.reshaping": "Flatten Reshape Permute RepeatVector",
    "reshaping.padding": "ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D Cropping3D",
    "reshaping.upsampling": "UpSampling1D UpSampling2D UpSampling3D",
    "preprocessing.preprocessing": "Rescaling Normalization",
    "preprocessing.category": "CategoryEncoding",
    "preprocessing.discretization": "Discretization",
    "image.resizing": "Resizing CenterCrop",
    "image.contrast": "AutoContrast",
    "preprocessing.spectrogram": "STFTSpectrogram MelSpectrogram",
    "augmentation.geometry": (
        "RandomFlip RandomCrop RandomRotation RandomTranslation RandomZoom RandomShear RandomPerspective "
        "RandomElasticTransform"
    ),
    "augmentation.colour": (
        "RandomBrightness RandomContrast RandomInvert Solarization RandomPosterization RandomGrayscale "
        "RandomColorDegeneration RandomSaturation RandomHue RandomColorJitter"
    ),
    "augmentation.filters": "RandomSharpness RandomGaussianBlur RandomErasing Equalization",
    "augmentation.mixing": "CutMix MixUp RandAugment AugMix",
    "attention.attention": "Attention AdditiveAttention",
    "attention.multi_head": "MultiHeadAttention",
    "attention.group_query": "GroupQueryAttention",
    "merging.dot": "Dot",
    "core.einsum_dense": "EinsumDense",
    "merging.merging": "Add Subtract Multiply Average Maximum Minimum Concatenate",
    "operations.operation": "Operation",
    "wrappers.pipeline": "Pipeline",
    "core.scaling": "LayerScale StochasticDepth CustomScaleLayer",
    "wrappers.spectral_normalization": "SpectralNormalization",
    "core.masking": "Masking",
    "recurrent.recurrent": "SimpleRNN LSTM GRU",
    "recurrent.rnn_cells": "SimpleRNNCell LSTMCell GRUCell",
    "recurrent.stacked_rnn_cells": "StackedRNNCells",
    "recurrent.rnn": "RNN",
    "wrappers.bidirectional": "Bidirectional",
    "wrappers.time_distributed": "TimeDistributed",
    "recurrent.conv_lstm": "ConvLSTM1D ConvLSTM2D ConvLSTM3D",
}

_MODULES = {name: f"modelc.layers.{module}" for module, names in _BY_MODULE.items() for name in names.split()}

LAYERS: Registry[Layer] = Registry("layer", _MODULES)

WRAPPED: Registry[Layer] = Registry("layer", {**_MODULES, "Model": "modelc.language.nested"})
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
