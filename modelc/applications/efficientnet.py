"""EfficientNet, as in `keras.applications.efficientnet`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("none")
EfficientNetB0 = function_of("EfficientNetB0")
EfficientNetB1 = function_of("EfficientNetB1")
EfficientNetB2 = function_of("EfficientNetB2")
EfficientNetB3 = function_of("EfficientNetB3")
EfficientNetB4 = function_of("EfficientNetB4")
EfficientNetB5 = function_of("EfficientNetB5")
EfficientNetB6 = function_of("EfficientNetB6")
EfficientNetB7 = function_of("EfficientNetB7")

__all__ = [
    "EfficientNetB0",
    "EfficientNetB1",
    "EfficientNetB2",
    "EfficientNetB3",
    "EfficientNetB4",
    "EfficientNetB5",
    "EfficientNetB6",
    "EfficientNetB7",
    "decode_predictions",
    "preprocess_input",
]
