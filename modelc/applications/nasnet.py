"""NASNet, as in `keras.applications.nasnet`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("tf")
NASNetMobile = function_of("NASNetMobile")
NASNetLarge = function_of("NASNetLarge")

__all__ = ["NASNetLarge", "NASNetMobile", "decode_predictions", "preprocess_input"]
