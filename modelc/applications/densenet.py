"""DenseNet, as in `keras.applications.densenet`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("torch")
DenseNet121 = function_of("DenseNet121")
DenseNet169 = function_of("DenseNet169")
DenseNet201 = function_of("DenseNet201")

__all__ = ["DenseNet121", "DenseNet169", "DenseNet201", "decode_predictions", "preprocess_input"]
