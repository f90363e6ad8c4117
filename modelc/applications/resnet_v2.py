"""ResNet V2, as in `keras.applications.resnet_v2`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("tf")
ResNet50V2 = function_of("ResNet50V2")
ResNet101V2 = function_of("ResNet101V2")
ResNet152V2 = function_of("ResNet152V2")

__all__ = ["ResNet50V2", "ResNet101V2", "ResNet152V2", "decode_predictions", "preprocess_input"]
