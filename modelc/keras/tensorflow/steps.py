"""`Steps`: the operations that a function of TensorFlow is written as, one after the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np

from modelc.errors import UnsupportedError
from modelc.graph.builder import Builder
from modelc.graph.interpret import interpret
from modelc.graph.sizes import is_free
from modelc.graph.types import Shape, TensorType
from modelc.keras.tensorflow.values import as_array, plain
from modelc.layers.operations.layer import Operation
from modelc.sources.formulas import Formulas
from modelc.sources.known import OF_SIZES
from modelc.sources.refs import Array, Ref, SampleCount, has_open, is_open, settled, whole
from modelc.sources.shapes import Shapes


@dataclass(frozen=True, slots=True)
class TensorStep:
    """An operation on tensors of the model."""

    key: str
    """What references call it, before it has a name."""
    layer: Operation
    inputs: tuple[Ref, ...]


_DEPENDS = "what it computes depends on the size of the batch, or on a size that the model leaves free"

MOST = 1 << 20
"""The most elements of a constant that a function makes."""


class Steps:
    """Writes the operations of one function. What is applied to known data alone is computed at once."""

    def __init__(self, function: str, name: str, shapes: Shapes) -> None:
        self.function = function
        self.made: list[TensorStep] = []
        self._name, self._shapes = name, shapes

    def __call__(self, operation: str, *operands: Any, **arguments: Any) -> Any:
        """Apply an operation to tensors and data: the tensor that it gives, or the data.

        Arguments that are None are left out. Of several tensors it is the first; `part` gives the others.
        """
        what = f"an argument of the TensorFlow function `{self.function}`"
        given = {key: plain(value, what) for key, value in arguments.items() if value is not None}
        tensors = tuple(x for x in operands if isinstance(x, Ref))
        if not tensors:
            if any(_contains_open(value) for value in given.values()):
                raise self.refuse(_DEPENDS)
            return self._evaluated(operation, [as_array(operand, what) for operand in operands], given)
        formulas = Formulas(tensors, self._shapes.place_of)
        given = {key: formulas.written(value) for key, value in given.items()}
        if any(_contains_open(value) for value in given.values()):
            raise self.refuse(_DEPENDS)
        constants = [None if isinstance(x, Ref) else self._constant(as_array(x, what), formulas) for x in operands]
        inputs = tuple(formulas.inputs)
        options: dict[str, Any] = {
            "operation": operation,
            "operands": None if len(tensors) == len(operands) == len(inputs) else constants,
            "arguments": given,
        }
        key = f"{self._name}#{len(self.made)}"
        step = TensorStep(key, Operation(**options, name=key), inputs)
        self.made.append(step)
        self._shapes.add(key, step.layer, inputs)
        return Ref(key)

    def part(self, value: Any, index: int) -> Any:
        """One of the tensors, or of the data, that an operation gave."""
        return Ref(value.key, index) if isinstance(value, Ref) else value[index]

    def type_of(self, x: Any) -> TensorType:
        """The type of a tensor, or of data."""
        if isinstance(x, Ref):
            return self._shapes.type_of(x)
        array = as_array(x, f"an argument of the TensorFlow function `{self.function}`")
        return TensorType(array.shape, "int32" if array.dtype.kind in "iu" or has_open(array) else "float32")

    def shape(self, x: Any) -> Shape:
        """The shape of a tensor, or of data, in which free sizes are none that may be compared."""
        return self.type_of(x).shape

    def rank(self, x: Any) -> int:
        """The number of axes."""
        return self.type_of(x).rank

    def axis(self, x: Any, axis: Any) -> int:
        """An axis of x, counted from 0."""
        rank = self.rank(x)
        at = self.integer(axis, "axis")
        if not -rank <= at < rank:
            raise self.refuse(f"it has the axis {at}, and its tensor {rank} axes")
        return at % rank

    def size(self, x: Any, axis: int) -> int:
        """The extent of an axis that is not the batch."""
        size = self.shape(x)[axis]
        if size is None or is_free(size):
            raise self.refuse(_DEPENDS)
        return size

    def data(self, value: Any, argument: str) -> Any:
        """An argument as plain data, which no tensor is in."""
        return plain(value, f"the argument `{argument}` of the TensorFlow function `{self.function}`")

    def integer(self, value: Any, argument: str) -> int:
        """An argument that is one integer."""
        number = whole(self.data(value, argument))
        if number is None:
            raise self.refuse(f"its argument `{argument}` is not an integer")
        return number

    def integers(self, value: Any, argument: str) -> list[int]:
        """An argument that is a list of integers, or one of them."""
        sizes = self.sizes(value, argument)
        if any(size is None for size in sizes):
            raise self.refuse(_DEPENDS)
        return cast("list[int]", sizes)

    def free_integers(self, value: Any, argument: str) -> list[int]:
        """`integers`, among which sizes that the model leaves free may be."""
        sizes = self.sizes(value, argument, free=True)
        if any(size is None for size in sizes):
            raise self.refuse(_DEPENDS)
        return cast("list[int]", sizes)

    def sizes(self, value: Any, argument: str, *, free: bool = False) -> list[int | None]:
        """An argument that is a shape; None for the batch. Sizes that the model leaves free only where they may be."""
        data = self.data(value, argument)
        items = cast("list[Any]", data) if isinstance(data, list) else [data]
        if not free and any(map(is_free, items)):
            raise self.refuse(_DEPENDS)
        sizes = [item if is_free(item) else None if item == SampleCount() else whole(item) for item in items]
        if any(size is None and item != SampleCount() for size, item in zip(sizes, items, strict=True)):
            raise self.refuse(f"its argument `{argument}` is not made of integers")
        return sizes

    def refuse(self, reason: str) -> UnsupportedError:
        """The error that says why a call of the function is not supported."""
        return UnsupportedError(f"the TensorFlow function `{self.function}` ({self._name}): {reason}")

    def _constant(self, array: Array, formulas: Formulas) -> Any:
        array = settled(array)
        if array.dtype == object and array.ndim == 0 and is_free(array.item()):
            return formulas.written(array.item())
        if array.dtype == object:
            raise self.refuse(_DEPENDS)
        return array.astype(np.float64).tolist()

    # --- known data

    def _evaluated(self, operation: str, operands: Sequence[Array], arguments: Mapping[str, Any]) -> Any:
        compute = OF_SIZES.get(operation)
        if compute is not None:
            noted = self._shapes.noted()
            try:
                with np.errstate(all="ignore"):
                    made = compute(*operands, **arguments)
            except (TypeError, ValueError, IndexError, ZeroDivisionError) as error:
                raise self.refuse(f"what it computes is not known: {error}") from None
            if self._shapes.noted() != noted:  # it holds for the size alone that a free one was taken to be
                raise self.refuse(_DEPENDS)
            kind = object if any(map(has_open, operands)) else None
            if isinstance(made, list):
                return [settled(np.asarray(part, kind)) for part in cast("list[Any]", made)]
            return settled(np.asarray(made, kind))
        if any(map(has_open, operands)):
            raise self.refuse(_DEPENDS)
        constants = [array.astype(np.float64).tolist() for array in operands]
        g = Builder()
        options: dict[str, Any] = {"operation": operation, "operands": constants, "arguments": dict(arguments)}
        made = Operation(**options).call(g)
        outputs = made if isinstance(made, tuple) else (made,)
        graph = g.graph(operation, outputs, tuple(map(str, range(len(outputs)))))
        if any(node.output.type.size > MOST for node in graph.nodes):
            raise self.refuse(f"it makes a constant of more than {MOST} elements")
        results = interpret(graph, [], {})
        results = [_as_integers(result) for result in results]
        return results[0] if not isinstance(made, tuple) else results


def _contains_open(value: Any) -> bool:
    if isinstance(value, list):
        return any(map(_contains_open, cast("list[Any]", value)))
    return is_open(value)


def _as_integers(array: Array) -> Array:
    """Integers where all elements are: sizes stay sizes, whatever was computed with them."""
    finite = np.all(np.isfinite(array)) and np.all(np.abs(array) < 2**53)
    return array.astype(np.int64) if finite and np.all(array == np.floor(array)) else array
