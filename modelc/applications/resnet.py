"""ResNet, as in `keras.applications.resnet`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("caffe")
ResNet50 = function_of("ResNet50")
ResNet101 = function_of("ResNet101")
ResNet152 = function_of("ResNet152")

__all__ = ["ResNet50", "ResNet101", "ResNet152", "decode_predictions", "preprocess_input"]
