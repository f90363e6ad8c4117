"""ResNet-50, as in `keras.applications.resnet50`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("caffe")
ResNet50 = function_of("ResNet50")

__all__ = ["ResNet50", "decode_predictions", "preprocess_input"]
