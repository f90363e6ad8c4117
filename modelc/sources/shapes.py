"""The shapes of tensors while a model is read, for what depends on them: `tf.shape`, and axes from the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from modelc.errors import ShapeError, UnsupportedError
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph
from modelc.graph.sizes import Size
from modelc.graph.tensor import Tensor
from modelc.graph.types import TensorType, format_shape
from modelc.language.sizes import declare_sizes
from modelc.language.trace import Tracer, input_type
from modelc.layers.base import Layer
from modelc.layers.core.input_layer import InputLayer
from modelc.sources.refs import Array, Ref

_Tensors = Mapping[str, tuple[Ref, ...]]


class Shapes:
    """Traces the entries of a model, each once, and only where a shape is asked for."""

    def __init__(self) -> None:
        self._waiting: list[tuple[str, Layer, Sequence[Ref], _Tensors]] = []
        self._builder: Builder | None = None
        self._tracer: Tracer | None = None
        self._values: dict[str, tuple[Tensor, ...]] = {}
        self._places: dict[str, tuple[Ref, int]] = {}
        """Of each free size the input that has it, and along which axis."""

    def add(self, key: str, layer: Layer, inputs: Sequence[Ref] = (), tensors: _Tensors | None = None) -> None:
        """An entry, after those that it is applied to."""
        self._waiting.append((key, layer, inputs, tensors or {}))

    def noted(self) -> Any:
        """What was taken to be known of free sizes so far, to be compared with what it is later."""
        free = None if self._builder is None else self._builder.free_sizes
        return None if free is None else (dict(free.facts), dict(free.differing))

    def type_of(self, tensor: Ref) -> TensorType:
        """The type of a tensor. Raises `SpecError` for a misfit."""
        for key, layer, inputs, tensors in self._waiting:
            self._trace(key, layer, inputs, tensors)
        self._waiting.clear()
        values = self._values[tensor.key]
        if tensor.index >= len(values):
            raise UnsupportedError(f"`{tensor.key}` of the model gives {len(values)} tensors, not more")
        return values[tensor.index].type

    def place_of(self, name: str) -> tuple[Ref, int]:
        """The input that has a free size, and along which axis."""
        return self._places[name]

    def graph(self, outputs: Sequence[Ref]) -> Graph:
        """The graph of all entries, which gives these tensors."""
        values = [self._found(tensor) for tensor in outputs]
        assert self._builder is not None
        return self._builder.graph("", values, tuple(map(str, range(len(values)))))

    def weights_of(self, key: str, arrays: Sequence[Array]) -> Iterator[tuple[str, Array]]:
        """The paths of the weights of an entry, each with the array at its place among them.

        Raises `ShapeError` where their shapes or their numbers differ.
        """
        assert self._builder is not None
        weights = next((layer.weights for layer in reversed(self._builder.traces.layers) if layer.name == key), ())
        if [weight.shape for weight in weights] != [array.shape for array in arrays]:
            needed = ", ".join(f"{weight.name} {format_shape(weight.shape)}" for weight in weights)
            found = ", ".join(format_shape(array.shape) for array in arrays)
            raise ShapeError(f"it needs the weights {needed or 'none'}, found {found or 'none'}")
        yield from zip((weight.path for weight in weights), arrays, strict=True)

    def _found(self, tensor: Ref) -> Tensor:
        self.type_of(tensor)
        return self._find(tensor)

    def _trace(self, key: str, layer: Layer, inputs: Sequence[Ref], tensors: _Tensors) -> None:
        if self._builder is None or self._tracer is None:
            fixed = (one.batch_size for _, one, _, _ in self._waiting if isinstance(one, InputLayer))
            self._builder = Builder(batch_size=next((size for size in fixed if size is not None), None))
            self._tracer = Tracer(self._builder)
        if isinstance(layer, InputLayer):
            shape = declare_sizes(self._builder.free_sizes, {key: layer.shape, "": ()}, {}, {})[key]
            made = self._builder.input(input_type(shape, layer.dtype), layer.dtype, key)
            self._values[key] = (made,)
            for axis, size in enumerate(made.shape):
                if isinstance(size, Size) and size.plain_symbol is not None:
                    self._places.setdefault(size.plain_symbol.name, (Ref(key), axis))
            return
        named: dict[str, Tensor | tuple[Tensor, ...]] = {}
        for argument, references in tensors.items():
            values = tuple(map(self._find, references))
            named[argument] = values[0] if len(values) == 1 else values
        self._values[key] = self._tracer.apply(layer, list(map(self._find, inputs)), named)

    def _find(self, tensor: Ref) -> Tensor:
        values = self._values[tensor.key]
        if tensor.index >= len(values):
            raise UnsupportedError(f"`{tensor.key}` of the model gives {len(values)} tensors, not more")
        return values[tensor.index]
