"""VGG16, as in `keras.applications.vgg16`."""

from __future__ import annotations

from modelc.applications.functions import function_of
from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("caffe")
VGG16 = function_of("VGG16")

__all__ = ["VGG16", "decode_predictions", "preprocess_input"]
