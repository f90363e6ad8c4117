"""The version of Keras that wrote a model, and whether what the model computes depends on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

from modelc.semantics import KERAS_3, SamePadding, Semantics, SemanticsName, semantics_of

_MASK_ARGUMENTS = ("mask", "query_mask", "value_mask", "key_mask", "attention_mask")
_PADDING = ("padding", "border_mode")
_KERAS_2_MODULES = "tf_keras"


def written_semantics(config: Mapping[str, Any], version: str | None = None, backend: str | None = None) -> Semantics:
    """The semantics of a serialized model: by the version and backend that its file notes, or that it notes itself.

    Where neither does, by the way in which it is written: Keras 3 names a module for every object, and calls the shape
    of an input `batch_shape`; the last versions of Keras 2 did only the first.
    """
    version = version if version is not None else _text(config.get("keras_version"))
    backend = backend if backend is not None else _text(config.get("backend"))
    return semantics_of(version, backend, modern=version is None and _is_modern(config))


def _is_modern(config: Mapping[str, Any]) -> bool:
    parts = tuple(mappings_in(config))
    modules = (part.get("module") for part in parts)
    named = any(isinstance(module, str) and not module.startswith(_KERAS_2_MODULES) for module in modules)
    return named and not any("batch_input_shape" in part for part in parts)


def spoken(semantics: Semantics, config: Mapping[str, Any]) -> SemanticsName:
    """What the spec of a serialized model says of its semantics.

    Once activations and weights are read, Keras 2 and 3 differ by masks, RandomCrop, cubic interpolation and resized
    integers only, and Keras on Theano by `same` padding: where a model has none of these, nothing.
    """
    parts = tuple(mappings_in(config))
    differs = any(map(_differs, parts)) or (any(map(_resizes, parts)) and any(map(_is_of_integers, parts)))
    differs |= semantics.same_padding is SamePadding.HALF and any(map(_pads, parts))
    return semantics.name if differs else KERAS_3.name


def _pads(part: Mapping[str, Any]) -> bool:
    """Whether something is padded to its own size: what an option says, and the states of recurrent convolutions."""
    return "same" in map(part.get, _PADDING) or str(part.get("class_name")).startswith("ConvLSTM")


def _differs(part: Mapping[str, Any]) -> bool:
    """Whether a part of a serialized model is RandomCrop, a layer that makes a mask, a call that is given one, or what
    interpolates by cubics.
    """
    if part.get("class_name") in ("Masking", "RandomCrop") or part.get("mask_zero") not in (None, False):
        return True
    if any(isinstance(text, str) and "bicubic" in text for text in _texts(part)):
        return True
    return any(part.get(argument) is not None for argument in _MASK_ARGUMENTS)


def _texts(part: Mapping[str, Any]) -> Iterator[Any]:
    """The options of a part, and what stands in lists among them, such as the arguments of a call."""
    for value in part.values():
        yield from cast("list[Any]", value) if isinstance(value, list) else (value,)


def _resizes(part: Mapping[str, Any]) -> bool:
    return part.get("class_name") == "Resizing"


def _is_of_integers(part: Mapping[str, Any]) -> bool:
    dtype = part.get("dtype")
    return isinstance(dtype, str) and dtype.startswith(("int", "uint"))


def mappings_in(value: Any) -> Iterator[Mapping[str, Any]]:
    """All objects in parsed JSON."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            mapping = cast("Mapping[str, Any]", part)
            yield mapping
            waiting += mapping.values()
        elif isinstance(part, list):
            waiting += cast("list[Any]", part)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
