"""`weights: imagenet`: the published weights of an architecture, which `modelc zoo fetch` puts into the cache.

Reading or building a spec never downloads anything. Where the file is absent, the error says how to fetch it.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BeforeValidator
from pydantic_core import PydanticCustomError

from modelc.errors import Diagnostic, FileFormatError, InputError, SpecError
from modelc.files.preprocessing import DEVIATION
from modelc.language.text.node import TextNode
from modelc.layers.preprocessing.ranges import Rescaling
from modelc.text.unknown import unknown
from modelc.zoo.pretrained import IMAGENET, fetched_path, find_fetched, pretrained_names, weight_file

if TYPE_CHECKING:
    from modelc.graph.graph import Weight
    from modelc.language.definition import Definition

Array = NDArray[Any]


def _known(value: Any) -> Any:
    if isinstance(value, str) and value not in pretrained_names():
        message, help = unknown("pretrained model", value, pretrained_names())
        raise PydanticCustomError("value", "{text}", {"text": message, "help": help})
    return value


PretrainedName = Annotated[str, BeforeValidator(_known)]
"""A model that has published weights."""

NO_NAME = (
    f"`weights: {IMAGENET}` is for architectures with published weights, and this spec does not say which it is",
    "name a weight file, take an architecture of the zoo (`extends: zoo:xception`), or say which one with `pretrained`",
)
"""The message and the help where a spec has no `pretrained`."""


def published_path(spec: Definition, place: Any = None) -> Path:
    """The file in the cache that has the weights of a spec's view.

    Raises `SpecError` at `place` where a spec is none of a published architecture, where no such file was fetched, or
    where it is damaged.
    """
    if spec.pretrained is None:
        raise SpecError(_at(place, "E204", *NO_NAME))
    try:
        return fetched_path(spec.pretrained, top=needs_top(spec))
    except InputError as error:
        raise SpecError(_at(place, "E606", error.message, error.help)) from None
    except FileFormatError as error:
        raise SpecError(_at(place, "E101", error.message, error.help)) from None


def not_fetched(spec: Definition, weights: Iterable[Weight] | None = None) -> tuple[str, str] | None:
    """The message and the help if the published weights of a spec's view are not in the cache.

    `weights` are those of the view, where they are known: it is traced for them otherwise.
    """
    if spec.pretrained is None:
        return None
    top = needs_top(spec, weights)
    if find_fetched(spec.pretrained, top=top) is not None:
        return None
    file = weight_file(spec.pretrained, top=top)
    return f"the published weights of `{spec.pretrained}` are not in the cache", file.how_to_get


def needs_top(spec: Definition, weights: Iterable[Weight] | None = None) -> bool:
    """Whether a view, which has these weights, has more parameters than the file without the classifier."""
    assert spec.pretrained is not None
    stored = spec.graph.stored if weights is None else weights
    return sum(weight.size for weight in stored) > weight_file(spec.pretrained, top=False).parameters


def with_second_scale(spec: Definition, path: str | os.PathLike[str], arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The arrays of a file for a spec: the published ones of EfficientNet with the scale that Keras adds for them.

    They were trained with ``(x - mean)/deviation/√deviation`` for each colour, and the file holds a normalization that
    divides by ``√variance`` with ``variance = deviation``. Keras adds a layer that divides once more where it builds
    the model for these weights (https://github.com/tensorflow/tensorflow/issues/49930). A spec without that layer gets
    the variance that does both: ``variance·deviation``.
    """
    name = spec.pretrained
    if name is None or not name.startswith("efficientnet_b"):
        return dict(arrays)
    files = (weight_file(name, top=top).cached for top in (True, False))
    scaled = any(isinstance(entry, Rescaling) and isinstance(entry.scale, list | tuple) for entry in spec.entries)
    if scaled or Path(path).absolute() not in files:
        return dict(arrays)
    deviation = np.array(DEVIATION, np.float32)
    return {key: array * deviation if key.rpartition("/")[2] == "variance" else array for key, array in arrays.items()}


def _at(place: Any, code: str, message: str, help: str | None) -> Diagnostic:
    if isinstance(place, TextNode):
        return place.diagnostic(code, message, help)
    return Diagnostic(code, message, help, "weights")
