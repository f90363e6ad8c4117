"""What a Keras model takes: the forms in which its versions wrote the shape and the dtype of an input."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from modelc.errors import UnsupportedError
from modelc.keras.config.dtypes import input_dtype

_WITH_BATCH = ("batch_shape", "batch_input_shape")
_WITHOUT_BATCH = ("shape", "input_shape")
_SAYS_NOTHING = ("input_tensor", "type_spec", "input_dtype")


def as_shape(value: Any) -> list[Any] | None:
    """A shape as a list, out of the wrappers for tuples and TensorFlow's shapes; None where it is none."""
    if isinstance(value, Mapping):
        value = cast("Mapping[str, Any]", value).get("items")
    if not isinstance(value, list | tuple) or not value:
        return None
    sizes = list(cast("Sequence[Any]", value))
    return sizes if all(size is None or isinstance(size, int) for size in sizes) else None


def current_input(options: Mapping[str, Any]) -> dict[str, Any]:
    """The options of an InputLayer with `batch_shape` for its shape, and a dtype that is known here.

    Raises `UnsupportedError` where it says no shape, or takes text.
    """
    left_out = (*_WITH_BATCH, *_WITHOUT_BATCH, *_SAYS_NOTHING, "batch_size")
    made = {key: value for key, value in options.items() if key not in left_out or value in (True,)}
    name = options.get("name")
    given = (options.get(key) for key in _WITH_BATCH)
    shape = next((found for value in given if (found := as_shape(value)) is not None), None)
    if shape is None:
        given = (options.get(key) for key in _WITHOUT_BATCH)
        sizes = next((cast("Sequence[Any]", value) for value in given if isinstance(value, list | tuple)), None)
        if sizes is None:
            raise UnsupportedError(f"the InputLayer `{name}` of the Keras model has no shape")
        shape = [options.get("batch_size"), *sizes]
    dtype = input_dtype(options.get("dtype", options.get("input_dtype")))
    if dtype == "string":
        raise UnsupportedError(
            f"the input `{name}` of the Keras model takes text, and the tensors here are numbers: "
            "save the part of the model behind the layers that turn text into numbers"
        )
    for kind in ("sparse", "ragged"):
        if options.get(kind):
            raise UnsupportedError(f"the input `{name}` of the Keras model is {kind}, and the tensors here are dense")
    made.pop("dtype", None)
    return {**made, "batch_shape": shape, **({} if dtype is None else {"dtype": dtype})}


def declared_shape(
    model: Mapping[str, Any], options: Mapping[str, Any], entries: Sequence[Mapping[str, Any]]
) -> list[Any] | None:
    """The shape, batch first, that a Sequential model without an InputLayer takes; None where nothing says it."""
    first = _mapping(entries[0] if entries else None)
    place = _mapping(first.get("config"))
    candidates = (
        place.get("batch_input_shape"),
        place.get("batch_shape"),
        options.get("build_input_shape"),
        _mapping(model.get("build_config")).get("input_shape"),
        _mapping(first.get("build_config")).get("input_shape"),
    )
    known = next((shape for value in candidates if (shape := as_shape(value)) is not None), None)
    if known is None and (sizes := as_shape(place.get("input_shape"))) is not None:
        return [None, *sizes]
    return known


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
