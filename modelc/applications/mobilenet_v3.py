"""MobileNetV3, as in `keras.applications.mobilenet_v3`."""

from __future__ import annotations

from modelc.applications.imagenet_utils import decode_predictions, preprocessing_in

preprocess_input = preprocessing_in("none")

__all__ = ["decode_predictions", "preprocess_input"]
