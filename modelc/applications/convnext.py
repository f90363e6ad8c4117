"""ConvNeXt, as in `keras.applications.convnext`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("none")
ConvNeXtTiny = function_of("ConvNeXtTiny")
ConvNeXtSmall = function_of("ConvNeXtSmall")
ConvNeXtBase = function_of("ConvNeXtBase")
ConvNeXtLarge = function_of("ConvNeXtLarge")
ConvNeXtXLarge = function_of("ConvNeXtXLarge")

__all__ = [
    "ConvNeXtBase",
    "ConvNeXtLarge",
    "ConvNeXtSmall",
    "ConvNeXtTiny",
    "ConvNeXtXLarge",
    "decode_predictions",
    "preprocess_input",
]
