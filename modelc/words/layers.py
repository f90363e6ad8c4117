"""Layer names of other frameworks: other names in Keras, PyTorch, Caffe, ONNX, and colloquial names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import get_args

from modelc.functions.kinds import ActivationName

_MEANT_OTHERWISE = frozenset({"elu", "leaky_relu", "linear", "relu", "relu6", "softmax", "threshold"})
"""Activations that have a layer of their own, or whose name means another layer elsewhere."""


@dataclass(frozen=True, slots=True)
class Meant:
    """What a name of a layer stands for: the type in a spec, and options that go with it."""

    type: str
    given: Mapping[str, str | int] = field(default_factory=dict[str, str | int])
    note: str = ""
    """A sentence that follows the advice."""


def key_of(name: str) -> str:
    """A name without what spellings differ in: prefixes of modules, case, underscores: `nn.Conv2d` → `conv2d`."""
    return name.rpartition(".")[2].replace("_", "").replace("-", "").replace(" ", "").lower()


def _table() -> dict[str, Meant]:
    plain: dict[str, str] = {
        # Keras's own other names, of versions 1 to 3
        "Input": "InputLayer", "CuDNNLSTM": "LSTM", "CuDNNGRU": "GRU", "SyncBatchNormalization": "BatchNormalization",
        "Deconvolution2D": "Conv2DTranspose", "Deconvolution3D": "Conv3DTranspose", "Highway": "Dense",
        # PyTorch
        "Linear": "Dense", "LazyLinear": "Dense", "Embeddings": "Embedding", "LayerNorm": "LayerNormalization",
        "GroupNorm": "GroupNormalization", "RMSNorm": "RMSNormalization", "BatchNorm": "BatchNormalization",
        "BatchNorm1d": "BatchNormalization", "BatchNorm2d": "BatchNormalization", "BatchNorm3d": "BatchNormalization",
        "SyncBatchNorm": "BatchNormalization", "LocalResponseNorm": "",
        "RNNCell": "SimpleRNNCell", "Unflatten": "Reshape", "FeatureAlphaDropout": "AlphaDropout",
        # Caffe and ONNX
        "InnerProduct": "Dense", "Gemm": "Dense", "MatMul": "Dense", "Concat": "Concatenate", "Transpose": "Permute",
        "Scale": "BatchNormalization", "Crop": "Cropping2D",
        # in passing
        "FullyConnected": "Dense", "FC": "Dense", "Affine": "Dense", "Fully": "Dense", "View": "Reshape",
        "Cat": "Concatenate", "Merge": "Concatenate", "Residual": "Add", "Shortcut": "Add", "Skip": "Add",
        "Sum": "Add", "Mul": "Multiply", "BN": "BatchNormalization", "Norm": "LayerNormalization",
        "MHA": "MultiHeadAttention", "SelfAttention": "MultiHeadAttention", "Recurrent": "SimpleRNN",
        "ElmanRNN": "SimpleRNN", "BiLSTM": "Bidirectional", "BiGRU": "Bidirectional", "BiRNN": "Bidirectional",
    }  # fmt: skip
    table = {key_of(name): Meant(type) for name, type in plain.items() if type}
    for rank in "123":
        pairs = {
            f"Convolution{rank}D": f"Conv{rank}D", f"Convolution{rank}DTranspose": f"Conv{rank}DTranspose",
            f"Conv{rank}DTransposed": f"Conv{rank}DTranspose", f"ConvTranspose{rank}d": f"Conv{rank}DTranspose",
            f"Deconv{rank}D": f"Conv{rank}DTranspose", f"LazyConv{rank}d": f"Conv{rank}D",
            f"MaxPool{rank}D": f"MaxPooling{rank}D", f"AvgPool{rank}D": f"AveragePooling{rank}D",
            f"AveragePool{rank}D": f"AveragePooling{rank}D", f"GlobalMaxPool{rank}D": f"GlobalMaxPooling{rank}D",
            f"GlobalAvgPool{rank}D": f"GlobalAveragePooling{rank}D",
            f"GlobalAveragePool{rank}D": f"GlobalAveragePooling{rank}D",
            f"AdaptiveAvgPool{rank}d": f"AdaptiveAveragePooling{rank}D",
            f"AdaptiveMaxPool{rank}d": f"AdaptiveMaxPooling{rank}D", f"Dropout{rank}d": f"SpatialDropout{rank}D",
            f"ZeroPad{rank}d": f"ZeroPadding{rank}D", f"Padding{rank}D": f"ZeroPadding{rank}D",
            f"Upsample{rank}D": f"UpSampling{rank}D",
        }  # fmt: skip
        table |= {key_of(name): Meant(type) for name, type in pairs.items()}
        if rank != "3":
            table[f"separableconvolution{rank}d"] = Meant(f"SeparableConv{rank}D")
        table[f"instancenorm{rank}d"] = Meant("GroupNormalization", {"groups": -1})
    ranks = {
        "Conv": "Conv2D", "Convolution": "Conv2D", "Convolutional": "Conv2D", "MaxPool": "MaxPooling2D",
        "MaxPooling": "MaxPooling2D", "AvgPool": "AveragePooling2D", "AveragePool": "AveragePooling2D",
        "AveragePooling": "AveragePooling2D", "GlobalAveragePool": "GlobalAveragePooling2D",
        "GlobalAvgPool": "GlobalAveragePooling2D", "GlobalAveragePooling": "GlobalAveragePooling2D",
        "GAP": "GlobalAveragePooling2D", "GlobalMaxPool": "GlobalMaxPooling2D",
        "GlobalMaxPooling": "GlobalMaxPooling2D",
        "ConvTranspose": "Conv2DTranspose", "Deconvolution": "Conv2DTranspose", "Deconv": "Conv2DTranspose",
        "DepthwiseConv": "DepthwiseConv2D", "SeparableConv": "SeparableConv2D", "UpSampling": "UpSampling2D",
        "Upsample": "UpSampling2D", "ZeroPadding": "ZeroPadding2D", "Pad": "ZeroPadding2D", "Padding": "ZeroPadding2D",
        "Cropping": "Cropping2D", "SpatialDropout": "SpatialDropout2D", "ConvLSTM": "ConvLSTM2D",
    }  # fmt: skip
    by_rank = "1D is for sequences, 2D for images, 3D for volumes"
    table |= {key_of(name): Meant(type, note=by_rank) for name, type in ranks.items()}
    pooling = "for averages AveragePooling2D"
    table |= {key_of(name): Meant("MaxPooling2D", note=pooling) for name in ("Pool", "Pooling", "Pool2D", "Pooling2D")}
    table["eltwise"] = Meant("Add", note="for products Multiply, for the largest Maximum")
    table["instancenorm"] = table["instancenormalization"] = Meant("GroupNormalization", {"groups": -1})
    table["softmaxwithloss"] = Meant("Softmax", note="the loss is named under `training`")
    table["relu6"] = Meant("ReLU", {"max_value": 6})
    table["thresholdedrelu"] = Meant("ReLU", {"threshold": 1})
    alone = set(get_args(ActivationName)) - _MEANT_OTHERWISE
    table |= {key_of(name): Meant("Activation", {"activation": name}) for name in alone}
    table["bnll"] = table["softplus"]
    table["softmax2d"] = Meant("Softmax")
    table["lrelu"] = Meant("LeakyReLU")
    return table


LAYER_WORDS: Mapping[str, Meant] = _table()
"""By `key_of` of what was written."""

REASONS: Mapping[str, str] = {
    "transformer": (
        "it is not a single layer: compose it of MultiHeadAttention, Add, LayerNormalization and Dense"
    ),
    "sequential": "a spec is the sequence: list its layers under `layers`; another spec is `{type: Model, spec: …}`",
    "functional": "a spec is the graph: give entries `inputs`; another spec is `{type: Model, spec: …}`",
    "data": "what the model takes is `input: {shape: […]}` at the top",
    "output": "the last entry is the output; `outputs` at the top names others",
    "accuracy": "it is a metric: write `metrics: accuracy` under `training`",
    "lrn": "modelc has no local response normalization: use BatchNormalization",
    "localresponsenorm": "modelc has no local response normalization: use BatchNormalization",
}  # fmt: skip
"""Why something is no layer, and the way out; what Keras calls a layer is in `modelc.layers.names.refused`."""
_OF_ONE_REASON = {
    "transformerencoder": "transformer", "transformerencoderlayer": "transformer", "transformerdecoder": "transformer",
    "transformerdecoderlayer": "transformer", "modulelist": "sequential", "model": "functional",
    "outputlayer": "output", "imagedata": "data",
}  # fmt: skip


def reason_for(name: str) -> str | None:
    """Why there is no layer of this name, and what to do instead; None where nothing is known of it."""
    key = key_of(name)
    return REASONS.get(_OF_ONE_REASON.get(key, key))


def meant_layer(name: str) -> Meant | None:
    """The layer that a name from elsewhere stands for, or None."""
    return LAYER_WORDS.get(key_of(name))
