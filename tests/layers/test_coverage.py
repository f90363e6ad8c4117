"""Every class of `keras.layers` is in the vocabulary or refused with a reason."""

from __future__ import annotations

import pytest

from modelc.layers import LAYERS
from modelc.layers.names.refused import REFUSED
from tests.live_keras import live_keras

_NAMES = """
Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D
AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AdditiveAttention AlphaDropout Attention AugMix
AutoContrast Average AveragePooling1D AveragePooling2D AveragePooling3D BatchNormalization Bidirectional
CategoryEncoding CenterCrop Concatenate ContrastLimitedAdaptiveHistogramEqualization Conv1D Conv1DTranspose Conv2D
Conv2DTranspose Conv3D Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D Cropping2D Cropping3D CutMix
Dense DepthwiseConv1D DepthwiseConv2D Discretization Dot Dropout ELU EinsumDense Embedding Equalization Flatten
FlaxLayer GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D
GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalMaxPooling3D GroupNormalization
GroupQueryAttention HashedCrossing Hashing Identity InputLayer InputSpec IntegerLookup JaxLayer LSTM LSTMCell
Lambda Layer LayerNormalization LeakyReLU Masking MaxNumBoundingBoxes MaxPooling1D MaxPooling2D MaxPooling3D
Maximum MelSpectrogram Minimum MixUp MultiHeadAttention Multiply Normalization PReLU Permute Pipeline
RMSNormalization RNN RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomCrop
RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue RandomInvert
RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear
RandomTranslation RandomZoom ReLU RepeatVector Rescaling Reshape Resizing ReversibleEmbedding STFTSpectrogram
SeparableConv1D SeparableConv2D SimpleRNN SimpleRNNCell Softmax Solarization SpatialDropout1D SpatialDropout2D
SpatialDropout3D SpectralNormalization StackedRNNCells StringLookup Subtract TFSMLayer TextVectorization
TimeDistributed TorchModuleWrapper UnitNormalization UpSampling1D UpSampling2D UpSampling3D Wrapper ZeroPadding1D
ZeroPadding2D ZeroPadding3D
"""

KERAS_LAYERS = tuple(_NAMES.split())
"""The classes of `keras.layers` of Keras 3.15, aliases left out."""

OTHERS = {
    "keras.applications": {"LayerScale", "StochasticDepth", "CustomScaleLayer"},
    "Keras 2": {"LocallyConnected1D", "LocallyConnected2D"},
    "Keras 1": {"SReLU", "ParametricSoftplus", "SampleNormalization"},
}
"""The layers that come from elsewhere. Those of no list are modelc's own."""


def test_each_class_once() -> None:
    assert len(set(KERAS_LAYERS)) == len(KERAS_LAYERS) == 144


@pytest.mark.parametrize("name", KERAS_LAYERS)
def test_supported_or_refused(name: str) -> None:
    assert (name in LAYERS.names) != (name in REFUSED)


def test_nothing_else_is_refused() -> None:
    assert set(REFUSED) <= set(KERAS_LAYERS)


@pytest.mark.parametrize("name", LAYERS.names)
def test_each_layer_says_where_it_comes_from(name: str) -> None:
    other = next((origin for origin, names in OTHERS.items() if name in names), "modelc")
    assert LAYERS[name].origin == ("keras.layers" if name in KERAS_LAYERS else other)


def test_the_list_is_that_of_keras() -> None:
    """Where Keras is at hand: all that it exports, one name for each class."""
    keras = live_keras()
    classes = {name: value for name, value in vars(keras.layers).items() if isinstance(value, type)}
    # A class is told by its own name among its aliases, if Keras exports it under that one.
    exported = {value.__name__ if value.__name__ in classes else name for name, value in classes.items()}
    assert exported == set(KERAS_LAYERS)
