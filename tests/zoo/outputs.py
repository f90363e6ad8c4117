"""The models whose outputs are compared with Keras's, and how both sides make them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from modelc.layers.pooling.all_positions import GlobalAveragePooling2D
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from modelc.model.symbol import Backend
from modelc.weights.assign import draw
from tests.zoo.rule import Array, pictures, weight

RECORD = Path(__file__).parent / "outputs.npz"

SMALL = 96
"""The size that all architectures are compared at: a multiple of 32, and one that every family takes in Keras."""

_OF_PIXELS = ("efficientnet", "mobilenet_v3", "convnext")
"""Those that scale pixels from 0 to 255 themselves, and need larger inputs so that the outputs depend on them."""

# Squeeze and excitation halve what passes, block by block, while it is small. Where it grows, their sigmoids become
# switches, and the last bit of a sum decides on the output: with a gain of 2, EfficientNetV2-S changes by half of its
# largest output where the input is moved by 1e-6. So the deeper ones get smaller kernels.
_GAINS = {
    "efficientnet_b4": 2.5,
    "efficientnet_b5": 2.5,
    "efficientnet_b6": 2.2,
    "efficientnet_b7": 2.2,
    "efficientnet_v2_b1": 1.6,
    "efficientnet_v2_b2": 1.6,
    "efficientnet_v2_b3": 1.6,
    "efficientnet_v2_s": 1.5,
    "efficientnet_v2_m": 1.3,
    "efficientnet_v2_l": 1.2,
}

_MOST_STORED = 4000


@dataclass(frozen=True)
class Case:
    """An architecture at a size, with the weights of the rule."""

    architecture: str
    size: int = SMALL
    settings: tuple[str, ...] = ()
    """Further assignments to the spec."""
    arguments: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The same for the function of `keras.applications`."""
    tolerance: float = 2e-4
    """How far outputs may differ, against the largest. Keras's own backends differ by up to a tenth of it."""

    @property
    def gain(self) -> float:
        """The variance of kernels, times fan_in."""
        return _GAINS.get(self.architecture, 3.0 if self.architecture.startswith("efficientnet_b") else 2.0)

    def pictures(self, seed: int = 0) -> Array:
        """What the model runs on."""
        scale = 64.0 if self.architecture.startswith(_OF_PIXELS) else 0.5
        return pictures((1, self.size, self.size, 3), scale, seed)

    def spec(self) -> Spec:
        """The spec of the zoo, its activation at the end left out."""
        chosen = [f"vars.shape=[{self.size}, {self.size}, 3]", "vars.classifier_activation=linear", *self.settings]
        return load_spec(f"zoo:{self.architecture}", settings=chosen)

    def run(self, *batches: Array, backend: Backend = "native") -> list[list[Array]]:
        """The feature maps before the head, and the logits, that modelc gives."""
        spec = self.spec()
        arrays: list[Array] = []
        for i, wanted in enumerate(spec.graph.weights):
            made = weight(i, wanted.name, wanted.shape, self.gain)
            arrays.append(draw(wanted, 0) if made is None else made)
        head = next(record for record in spec.graph.layers if record.name == head_of(spec))
        before = next(record.name for record in spec.graph.layers if head.input in record.outputs)
        model = spec.extract(before, str(spec.layers[-1].name)).build(weights=arrays, backend=backend)
        return [list(model(x)) for x in batches]


def head_of(spec: Spec) -> str:
    """The name of the layer that the classifier begins with: the last global pooling, or VGG's Flatten."""
    pooling = [layer for layer in spec.layers if isinstance(layer, GlobalAveragePooling2D)]
    return str(pooling[-1].name) if pooling else "flatten"


def stored(x: Any) -> Array:
    """The elements of an output that are compared: all, or some thousand at even distances."""
    flat = np.asarray(x, np.float32).ravel()
    return flat[:: max(1, flat.size // _MOST_STORED)]


MOBILENET_V2_035 = (
    "vars.classes=10", "vars.stem=16", "vars.out1=8", "vars.wide1=48", "vars.out2=8", "vars.wide2=48", "vars.out3=16",
    "vars.wide3=96", "vars.out4=24", "vars.wide4=144", "vars.out5=32", "vars.wide5=192", "vars.out6=56",
    "vars.wide6=336", "vars.out7=112",
)  # fmt: skip

TRANSFER = """\
modelc: 1
name: transfer
input: {shape: [128, 128, 3]}
layers:
  - {type: Model, spec: "zoo:xception", truncate: avg_pool, trainable: false}
  - {type: Dense, units: 1000}
"""
"""A classifier on frozen features: the last model of Keras's guide to Sequential."""

CASES = {
    "vgg16": Case("vgg16"),
    "xception": Case("xception"),
    "resnet50": Case("resnet50"),
    "resnet50_v2": Case("resnet50_v2"),
    "mobilenet": Case("mobilenet"),
    "mobilenet_v2": Case("mobilenet_v2", tolerance=1e-3),
    "mobilenet_v2_narrow": Case("mobilenet_v2", settings=MOBILENET_V2_035, arguments={"alpha": 0.35, "classes": 10}),
    "mobilenet_v3_small": Case("mobilenet_v3_small"),
    "densenet121": Case("densenet121"),
    "inception_v3": Case("inception_v3"),
    "inception_resnet_v2": Case("inception_resnet_v2"),
    "nasnet_mobile": Case("nasnet_mobile"),
    "efficientnet_b0": Case("efficientnet_b0"),
    "efficientnet_v2_b0": Case("efficientnet_v2_b0"),
    "convnext_tiny": Case("convnext_tiny"),
    # At the size that they are meant for.
    "vgg16_224": Case("vgg16", 224),
    "xception_299": Case("xception", 299),
    "resnet50_224": Case("resnet50", 224),
    "mobilenet_224": Case("mobilenet", 224),
    "mobilenet_v2_224": Case("mobilenet_v2", 224),
}
"""Those that are recorded: one of every family, and some at full size."""
