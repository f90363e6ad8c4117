"""The architectures of `keras.applications`, called as in Keras: `applications.Xception(include_top=False)`.

Each is built from a spec of the zoo, with random weights, those of a file, or those that Keras publishes
(`weights="imagenet"`). `applications.xception` and the other modules hold `preprocess_input` and `decode_predictions`,
as Keras's do.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from modelc.text.unknown import unknown

if TYPE_CHECKING:
    from modelc.applications.build import application as application
    from modelc.applications.build import application_spec as application_spec
    from modelc.model.model import Model

NAMES: dict[str, str] = {
    "Xception": "xception", "VGG16": "vgg16", "VGG19": "vgg19",
    "ResNet50": "resnet50", "ResNet101": "resnet101", "ResNet152": "resnet152",
    "ResNet50V2": "resnet50_v2", "ResNet101V2": "resnet101_v2", "ResNet152V2": "resnet152_v2",
    "InceptionV3": "inception_v3", "InceptionResNetV2": "inception_resnet_v2",
    "MobileNet": "mobilenet", "MobileNetV2": "mobilenet_v2",
    "MobileNetV3Small": "mobilenet_v3_small", "MobileNetV3Large": "mobilenet_v3_large",
    "DenseNet121": "densenet121", "DenseNet169": "densenet169", "DenseNet201": "densenet201",
    "NASNetMobile": "nasnet_mobile", "NASNetLarge": "nasnet_large",
    **{f"EfficientNetB{i}": f"efficientnet_b{i}" for i in range(8)},
    **{f"EfficientNetV2B{i}": f"efficientnet_v2_b{i}" for i in range(4)},
    **{f"EfficientNetV2{size}": f"efficientnet_v2_{size.lower()}" for size in "SML"},
    **{f"ConvNeXt{size}": f"convnext_{size.lower()}" for size in ("Tiny", "Small", "Base", "Large", "XLarge")},
}  # fmt: skip
"""Keras's names and the names in the zoo."""


MODULES: Final = (
    "convnext", "densenet", "efficientnet", "efficientnet_v2", "imagenet_utils", "inception_resnet_v2", "inception_v3",
    "mobilenet", "mobilenet_v2", "mobilenet_v3", "nasnet", "resnet", "resnet50", "resnet_v2", "vgg16", "vgg19",
    "xception",
)  # fmt: skip
"""Keras's modules: those of the architectures, and what they share."""


if not TYPE_CHECKING:

    def __getattr__(name: str) -> Any:
        if name in NAMES:
            return import_module("modelc.applications.functions").function_of(name)
        if name in MODULES:
            return import_module(f"modelc.applications.{name}")
        if name in ("application", "application_spec"):
            return getattr(import_module("modelc.applications.build"), name)
        raise AttributeError("; ".join(unknown("architecture", name, NAMES)))

else:

    def __getattr__(name: str) -> Callable[..., Model]: ...


def __dir__() -> list[str]:
    return sorted([*NAMES, *MODULES, "NAMES", "application", "application_spec"])
