"""What to say where a layer refuses a shape because the model's input is written in another framework's order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from modelc.graph.graph import LayerTrace, Value
from modelc.graph.sizes import shown

_CHANNELS = (1, 3, 4)
_SMALLEST_PICTURE = 8
"""Sides that a picture has at least."""


def input_help(takes: int | None, value: Value, makers: Mapping[Value, LayerTrace], channels_first: bool) -> str | None:
    """The input's shape as it should be, where `value` is made from it without a change of its axes; else None.

    `takes` is the rank that the layer accepts, if the rank is what is wrong.
    """
    shape = value.type.dims
    if takes is not None and value not in makers and value.type.rank == takes + 1:
        return f"a shape is that of one sample, without the batch: write `input: {{shape: {_written(shape[1:])}}}`"
    given = _origin(value, makers).type.dims
    if not channels_first and len(given) == 3 and given[0] in _CHANNELS and min(given[1:]) >= _SMALLEST_PICTURE:
        return f"channels come last: write `input: {{shape: {_written(last(given))}}}`"
    return None


def _written(shape: Sequence[int]) -> str:
    """A shape as a spec says it."""
    return f"[{', '.join('null' if size is None else str(size) for size in shown(shape))}]"


def channels_come_first(shape: tuple[int, ...]) -> bool:
    """Whether this looks like the shape of a picture in the order of PyTorch: `(3, 224, 224)`."""
    return (
        len(shape) == 3
        and shape[0] in _CHANNELS
        and min(shape[1:]) >= _SMALLEST_PICTURE
        and (shape[1] == shape[2] or shape[0] == _CHANNELS[1])
    )


def last(shape: tuple[int, ...]) -> list[int]:
    """The same with the channels last."""
    return [*shape[1:], shape[0]]


def _origin(value: Value, makers: Mapping[Value, LayerTrace]) -> Value:
    """The first value of the chain that made this one."""
    while value in makers and makers[value].inputs and makers[value].inputs[0] is not value:
        value = makers[value].inputs[0]
    return value
