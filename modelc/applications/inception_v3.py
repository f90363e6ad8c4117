"""Inception-v3, as in `keras.applications.inception_v3`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("tf")
InceptionV3 = function_of("InceptionV3")

__all__ = ["InceptionV3", "decode_predictions", "preprocess_input"]
