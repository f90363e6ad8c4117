"""The calls of layers in a Functional model of Keras, in the two forms in which they are written.

Keras 3 writes a call as `{"args": […], "kwargs": {…}}`, in which a tensor is
`{"class_name": "__keras_tensor__", "config": {"keras_history": ["dense", 0, 0]}}`: the layer, which of its calls, and
which of the tensors that the call gave. Keras 2 writes the first argument alone, as lists `["dense", 0, 0, {…}]` of
which the last item holds the other arguments of the call, and tensors among those as `["dense", 0, 0]`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from modelc.errors import UnsupportedError

_CONSTANT = "_CONSTANT_VALUE"
_MAX_DEPTH = 16


@dataclass(frozen=True, slots=True)
class KerasTensor:
    """A tensor of a model, by what gives it."""

    layer: str
    node: int
    """Which of the layer's calls, from 0."""
    index: int
    """Which of the tensors that the call gives."""


@dataclass(frozen=True, slots=True)
class Call:
    """A call of a layer: in its arguments, every tensor is a `KerasTensor`."""

    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]

    @property
    def tensors(self) -> Iterator[KerasTensor]:
        """All tensors among the arguments, in order."""
        yield from tensors_in(self.args)
        yield from tensors_in(self.kwargs)


Shift = Callable[[str], int]
"""The number of the first call of a layer, by its name, where calls are counted from other than 0."""


def tensors_in(value: Any) -> Iterator[KerasTensor]:
    """The tensors in a nested value, in order."""
    if isinstance(value, KerasTensor):
        yield value
    elif isinstance(value, Mapping):
        for item in cast("Mapping[str, Any]", value).values():
            yield from tensors_in(item)
    elif isinstance(value, list | tuple):
        for item in cast("Sequence[Any]", value):
            yield from tensors_in(item)


def calls_of(entry: Mapping[str, Any], name: str, first: Shift) -> list[Call]:
    """The calls of a serialized layer of a Functional model."""
    nodes = entry.get("inbound_nodes", [])
    if not isinstance(nodes, list):
        raise _malformed(name)
    return [_call(node, name, first) for node in cast("list[Any]", nodes)]


def is_older(entries: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the calls are written as Keras 2 does."""
    nodes = (entry.get("inbound_nodes") for entry in entries)
    return any(
        isinstance(node, list) for found in nodes if isinstance(found, list) for node in cast("list[Any]", found)
    )


@dataclass(frozen=True, slots=True)
class Structure:
    """What a model takes or returns: tensors, and how Keras has them."""

    tensors: tuple[KerasTensor, ...]
    """All of them, in the order in which Keras takes them: of a mapping by sorted keys."""
    keys: tuple[str, ...] = ()
    """Their keys, where they are a mapping of one tensor for each."""
    nested: bool = False
    """Whether they are a list or a mapping in another one."""


def structure_of(value: Any, what: str, first: Shift) -> Structure:
    """The tensors of `input_layers` or `output_layers`."""
    try:
        given = _sorted(_older(value, first, 0))
        tensors = tuple(tensors_in(given))
    except UnsupportedError:
        raise UnsupportedError(f"`{what}` of the Keras model is malformed") from None
    parts = list(cast("dict[str, Any]", given).values()) if isinstance(given, dict) else given
    if isinstance(parts, list) and not all(isinstance(one, KerasTensor) for one in cast("list[Any]", parts)):
        return Structure(tensors, nested=True)
    return Structure(tensors, tuple(cast("dict[str, Any]", given)) if isinstance(given, dict) else ())


def _call(node: Any, name: str, first: Shift) -> Call:
    if isinstance(node, Mapping):
        call = cast("Mapping[str, Any]", node)
        if "args" in call or "kwargs" in call:
            args, kwargs = _newer(call.get("args") or [], name, 0), _newer(call.get("kwargs") or {}, name, 0)
            if not isinstance(args, list) or not isinstance(kwargs, dict):
                raise _malformed(name)
            return Call(tuple(cast("list[Any]", args)), cast("dict[str, Any]", kwargs))
    return _older_call(node, name, first)


# --- Keras 3


def _newer(value: Any, name: str, depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise _malformed(name)
    if isinstance(value, list):
        return [_newer(item, name, depth + 1) for item in cast("list[Any]", value)]
    if not isinstance(value, Mapping):
        return value
    fields = cast("Mapping[str, Any]", value)
    match dict(fields):
        case {"class_name": "__keras_tensor__", "config": {"keras_history": [str(layer), int(node), int(index)]}}:
            return KerasTensor(layer, node, index)
        case {"class_name": "__keras_tensor__"}:
            raise _malformed(name)
        case {"class_name": "__tuple__", "items": items}:
            return _newer(items, name, depth + 1)
        case {"class_name": _}:
            return fields  # a constant or a dtype: the reader of the argument decodes it
        case _:
            return {key: _newer(item, name, depth + 1) for key, item in fields.items()}


# --- Keras 2


def _older_call(node: Any, name: str, first: Shift) -> Call:
    found: list[Any] = []
    argument = _first_argument(node, name, first, found, 0)
    kwargs: Any = found[0] if found else {}
    if any(other != kwargs for other in found) or not isinstance(kwargs, Mapping):
        raise _malformed(name)
    if not found:
        raise _malformed(name)
    options = {key: _older(item, first, 0) for key, item in cast("Mapping[str, Any]", kwargs).items()}
    items = cast("list[Any]", argument) if isinstance(argument, list) else []
    return Call((items[0] if len(items) == 1 else argument,), options)  # pyright: ignore[reportUnknownArgumentType]


def _first_argument(node: Any, name: str, first: Shift, found: list[Any], depth: int) -> Any:
    if depth > _MAX_DEPTH:
        raise _malformed(name)
    match node:
        case [str(layer), int(at), index, *rest] if len(rest) <= 1:
            found.append(rest[0] if rest else {})
            return index if layer == _CONSTANT else _tensor(layer, at, index, first)
        case list():
            items = cast("list[Any]", node)
            return [_first_argument(item, name, first, found, depth + 1) for item in items]
        case dict():
            named = cast("dict[str, Any]", node)
            return {key: _first_argument(item, name, first, found, depth + 1) for key, item in named.items()}
        case _:
            raise _malformed(name)


def _older(value: Any, first: Shift, depth: int) -> Any:
    """A value in which `["dense", 0, 0]` is a tensor."""
    if depth > _MAX_DEPTH:
        raise _malformed("")
    match value:
        case [str(layer), -1, constant] if layer == _CONSTANT:
            return constant  # pyright: ignore[reportUnknownVariableType]
        case [str(layer), int(node), int(index)] if not isinstance(node, bool) and not isinstance(index, bool):
            return _tensor(layer, node, index, first)
        case list():
            return [_older(item, first, depth + 1) for item in cast("list[Any]", value)]
        case dict():
            return {key: _older(item, first, depth + 1) for key, item in cast("dict[str, Any]", value).items()}
        case _:
            return value


def _sorted(value: Any) -> Any:
    if isinstance(value, list):
        return [_sorted(item) for item in cast("list[Any]", value)]
    if isinstance(value, dict):
        named = cast("dict[str, Any]", value)
        return {key: _sorted(named[key]) for key in sorted(named)}
    return value


def _tensor(layer: str, node: int, index: Any, first: Shift) -> KerasTensor:
    if not isinstance(index, int):
        raise _malformed(layer)
    # Where calls should count from 1, some versions of Keras write 0 for the first call: both mean that one.
    return KerasTensor(layer, max(0, node - first(layer)), index)


def _malformed(name: str) -> UnsupportedError:
    return UnsupportedError(f"`inbound_nodes` of the Keras layer `{name}` is malformed")
