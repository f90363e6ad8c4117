"""Inception-ResNet-v2, as in `keras.applications.inception_resnet_v2`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("tf")
InceptionResNetV2 = function_of("InceptionResNetV2")

__all__ = ["InceptionResNetV2", "decode_predictions", "preprocess_input"]
