"""What goes into the architectures and what comes out of them, as in `keras.applications.imagenet_utils`."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.config.arguments import require_choice, require_count
from modelc.errors import InputError
from modelc.files.preprocessing import Mode, preprocess
from modelc.graph.inputs import holds_numbers
from modelc.model.labelled import best_first
from modelc.zoo.imagenet import CLASSES, synsets

Array = NDArray[Any]
DataFormat = Literal["channels_last", "channels_first"]


class Prediction(NamedTuple):
    """A class of ImageNet and the number that a model returned for it."""

    class_name: str
    """The number of the synset in WordNet, such as `n02123045`."""
    class_description: str
    """The name of the class, such as `tabby`."""
    score: float
    """The number that the model returned."""


def preprocess_input(x: Any, data_format: DataFormat | None = None, mode: Mode = "caffe") -> Array:
    """The values that a model takes of pictures with values from 0 to 255: see `modelc.files.preprocessing.preprocess`.

    x: one picture or a batch → an array of float32, or of the floating-point type that x has. Unlike in Keras x itself
    is never changed. `data_format` says where the channels are, by default last. Raises `InputError` where there are
    not three, `SpecError` for another mode or format.
    """
    require_choice(
        "data_format", data_format or "channels_last", ("channels_last", "channels_first"), "preprocess_input"
    )
    return preprocess(x, mode, "first" if data_format == "channels_first" else "last")


def preprocessing_in(mode: Mode) -> Callable[..., Array]:
    """`preprocess_input` of an architecture whose mode it is."""

    def preprocess_input_(x: Any, data_format: DataFormat | None = None) -> Array:
        return preprocess_input(x, data_format, mode)

    preprocess_input_.__name__ = preprocess_input_.__qualname__ = "preprocess_input"
    preprocess_input_.__doc__ = preprocess_input.__doc__
    return preprocess_input_


def decode_predictions(preds: Any, top: int = 5) -> list[list[Prediction]]:
    """The likeliest classes of ImageNet for each sample, the likeliest first.

    preds: (samples, 1000). Raises `InputError` for another shape.
    """
    require_count("top", top)
    scores = np.asarray(preds)
    if scores.ndim != 2 or scores.shape[1] != CLASSES or not holds_numbers(scores):
        message = f"expected an array of shape (samples, {CLASSES}), found {scores.dtype} of shape {scores.shape}"
        raise InputError(message, "for other classes give the model `labels`, and use `model.decode`")
    order = best_first(scores)[:, :top]
    return [
        [Prediction(*synsets()[int(i)], float(row[i])) for i in places]
        for places, row in zip(order.tolist(), scores, strict=True)
    ]
