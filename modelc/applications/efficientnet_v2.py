"""EfficientNetV2, as in `keras.applications.efficientnet_v2`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("none")
EfficientNetV2B0 = function_of("EfficientNetV2B0")
EfficientNetV2B1 = function_of("EfficientNetV2B1")
EfficientNetV2B2 = function_of("EfficientNetV2B2")
EfficientNetV2B3 = function_of("EfficientNetV2B3")
EfficientNetV2S = function_of("EfficientNetV2S")
EfficientNetV2M = function_of("EfficientNetV2M")
EfficientNetV2L = function_of("EfficientNetV2L")

__all__ = [
    "EfficientNetV2B0",
    "EfficientNetV2B1",
    "EfficientNetV2B2",
    "EfficientNetV2B3",
    "EfficientNetV2L",
    "EfficientNetV2M",
    "EfficientNetV2S",
    "decode_predictions",
    "preprocess_input",
]
