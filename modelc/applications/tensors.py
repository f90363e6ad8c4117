"""`input_tensor`: the input that a model of an architecture is made on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from modelc.config.arguments import kind_of
from modelc.errors import Diagnostic, SpecError
from modelc.layers.core.input_layer import InputLayer
from modelc.model.spec import Spec
from modelc.model.symbol import Symbol


def input_of(tensor: Any, shape: Sequence[int | None] | None, architecture: str) -> InputLayer | None:
    """The `Input` that was given as `input_tensor`. Raises `SpecError` for anything else, or another `input_shape`."""
    if tensor is None:
        return None
    if not isinstance(tensor, InputLayer):
        found = "the symbolic tensor of a model" if isinstance(tensor, Symbol) else kind_of(tensor)
        message = f"`input_tensor` must be an `Input`, found {found}"
        help = (
            "to apply an architecture to what another model returns, put both into one: `Sequential([first, second])`"
        )
        raise SpecError(Diagnostic("E203", message, help, architecture))
    if shape is not None and tuple(shape) != tuple(tensor.shape):
        message = f"`input_shape` is {tuple(shape)}, and `input_tensor` has the shape {tuple(tensor.shape)}"
        raise SpecError(Diagnostic("E207", message, "leave one of them out", architecture))
    return tensor


def with_input(spec: Spec, input: InputLayer) -> Spec:
    """The spec with this input in place of its own: its name, data type and batch size. Their shapes are equal."""
    entries: list[Any] = list(spec.entries)
    at = next(i for i, entry in enumerate(entries) if isinstance(entry, InputLayer))
    before = entries[at]
    changes = {"dtype": input.dtype, "batch_size": input.batch_size, "name": input.name or before.name}
    entries[at] = before.model_copy(update=changes)
    if entries[at].name != before.name:
        entries = [_renamed(entry, before.name, entries[at].name) for entry in entries]
    return spec.replaced(entries=tuple(entries))


def _renamed(entry: Any, before: str, after: str) -> Any:
    """An entry that refers to the input by its new name."""
    return entry.model_copy(update={"inputs": after}) if getattr(entry, "inputs", None) == before else entry
