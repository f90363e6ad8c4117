"""MobileNetV2, as in `keras.applications.mobilenet_v2`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("tf")
MobileNetV2 = function_of("MobileNetV2")

__all__ = ["MobileNetV2", "decode_predictions", "preprocess_input"]
