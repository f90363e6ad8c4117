"""Xception, as in `keras.applications.xception`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("tf")
Xception = function_of("Xception")

__all__ = ["Xception", "decode_predictions", "preprocess_input"]
