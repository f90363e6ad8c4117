"""MobileNet, as in `keras.applications.mobilenet`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("tf")
MobileNet = function_of("MobileNet")

__all__ = ["MobileNet", "decode_predictions", "preprocess_input"]
