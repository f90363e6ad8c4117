"""The classes of `keras.layers` (Keras 3.15), and why some of them are refused."""

from __future__ import annotations

from types import MappingProxyType

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

KERAS_LAYERS: tuple[str, ...] = tuple(_NAMES.split())
"""Their names, aliases left out."""

_CODE = "it contains code, which files must not: express it by layers such as Rescaling, Activation or Operation"
_FOREIGN = "it runs a module of another framework: express it by layers"
_STRINGS = (
    "it takes strings, and modelc's tensors are numeric: convert words to integers beforehand and begin with Embedding"
)
_BASE = "it is a base class: use one of its subclasses"

REFUSED: MappingProxyType[str, str] = MappingProxyType(
    {
        "ContrastLimitedAdaptiveHistogramEqualization": "histograms of tiles are not among the ops",
        "FlaxLayer": _FOREIGN,
        "HashedCrossing": _STRINGS,
        "Hashing": _STRINGS,
        "InputSpec": "it describes the inputs of a layer, and is none",
        "IntegerLookup": (
            "its vocabulary may be a file that it opens: turn the values into 0, 1, 2, … beforehand, and begin with "
            "Embedding"
        ),
        "JaxLayer": _FOREIGN,
        "Lambda": _CODE,
        "Layer": _BASE,
        "MaxNumBoundingBoxes": "it works on dictionaries of bounding boxes",
        "StringLookup": _STRINGS,
        "TFSMLayer": "it loads a TensorFlow SavedModel, which holds code: save the model as .keras, and import that",
        "TextVectorization": _STRINGS,
        "TorchModuleWrapper": _FOREIGN,
        "Wrapper": _BASE,
    }
)
"""The classes that modelc does not have, and the reasons with the ways out, for files and for specs alike."""

APPLICATION_LAYERS: tuple[str, ...] = ("LayerScale", "StochasticDepth", "CustomScaleLayer")
"""Layers that the models of `keras.applications` bring along; Keras does not export them."""

OLDER_LAYERS: tuple[str, ...] = ("LocallyConnected1D", "LocallyConnected2D")
"""Layers of Keras 2 that Keras 3 left out."""

OWN: frozenset[str] = frozenset({"Operation"})
"""The layer types that Keras does not have."""
