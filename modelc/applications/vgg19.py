"""VGG19, as in `keras.applications.vgg19`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("caffe")
VGG19 = function_of("VGG19")

__all__ = ["VGG19", "decode_predictions", "preprocess_input"]
