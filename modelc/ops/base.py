"""`Op`: one tensor operation: frozen attributes, a shape rule, a cost and a NumPy definition."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import numpy as np
from numpy.typing import NDArray

from modelc.graph.field import ReceptiveField, Seen, at_its_place, joined
from modelc.graph.types import TensorType

if TYPE_CHECKING:
    from modelc.graph.graph import Value
    from modelc.graph.tensor import Tensor

Array = NDArray[Any]


class Emitter(Protocol):
    """What formulas are written to: the `Builder` of a model, or the tape of its gradients."""

    def emit(self, op: Op, *operands: Tensor) -> Tensor:
        """Apply `op`. Raises `ShapeError` where it does not fit."""
        ...

    def emit_value(self, op: Op, *operands: Value) -> Value:
        """`emit` for the values of tensors."""
        ...


Gradients = Sequence["Tensor | None"]
"""One for each operand of an op: None where it has none, because it is an integer or the op is flat."""


@dataclass(frozen=True)
class Op(ABC):
    """Base of all ops. A subclass is a frozen dataclass of attributes with one output.

    The NumPy definition works in the dtype of its operands, so that the same code is the float32 reference
    and the float64 oracle.
    """

    elementwise: ClassVar[bool] = False
    """Whether element i of the output depends on element i of the (broadcast) operands only."""
    kernel_channel_axis: ClassVar[int | None] = None
    """For an op that is linear in operand 1: the axis of operand 1 that the output's last axis comes from."""
    takes_integers: ClassVar[bool] = False
    """Whether operands may be int32; for other ops the builder casts them."""
    portable: ClassVar[bool] = True
    """Whether any target may be given it; False for the ops that the passes of one target make for its kernels."""

    @property
    def name(self) -> str:
        """The op's name in printed graphs."""
        return type(self).__name__

    @abstractmethod
    def infer(self, *operands: TensorType) -> TensorType:
        """The type of the output. Raises `ShapeError` where the operands do not fit."""

    @abstractmethod
    def compute(self, *operands: Array) -> Array:
        """The definition, in NumPy."""

    def infer_all(self, *operands: TensorType) -> tuple[TensorType, ...]:
        """The types of all outputs: portable ops have one, those of a target may have more."""
        return (self.infer(*operands),)

    def compute_all(self, *operands: Array) -> tuple[Array, ...]:
        """All outputs."""
        return (self.compute(*operands),)

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """The gradients of the operands, in ops: ``dL/dx = Σ dL/dy·∂y/∂x``, each of its operand's type.

        `inputs` and `output` are the values of the forward node, `dy` is the gradient of the output. What is not
        used of these costs no memory. Raises `NotImplementedError` for some of the ops that are the gradient of another
        one.
        """
        raise NotImplementedError(f"{self.name} has no gradient")

    def receptive_field(self, operands: Sequence[Seen], output: TensorType) -> ReceptiveField | None:
        """What an element of the output sees of the model's input; None where it does not depend on it.

        Unless an op says otherwise: of an elementwise one, what the operands' elements at its place see; of any other
        one, what `field_through` says of the first operand, and all of the others.
        """
        if self.elementwise:
            return at_its_place(operands, output)
        types, out = [operand.type for operand in operands], output.shape
        first, rank = operands[0], len(out)
        fields = [
            self.field_through(operand.field, types, output) if operand is first else operand.field.mixed(rank)
            for operand in operands if operand.field is not None
        ]  # fmt: skip
        return joined(fields, [out] * len(fields), out) if fields else None

    def field_through(self, field: ReceptiveField, types: Sequence[TensorType], output: TensorType) -> ReceptiveField:
        """What an element of the output sees through the first operand, whose elements see `field`: all, unless said.

        `types` are those of all operands.
        """
        return field.mixed(output.rank)

    def window_extents(self, types: Sequence[TensorType]) -> tuple[int, ...]:
        """The extents of the window that it moves along the axes between batch and channels; none, unless said."""
        return ()

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Multiply-adds per sample, by the convention of docs/macs.md: contractions count, the rest is free."""
        return 0

    def __str__(self) -> str:
        attributes = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))
        return f"{self.name}({attributes})"


def normalize_axes(axes: tuple[int, ...], rank: int) -> tuple[int, ...]:
    """The axes from 0, in order: `(-1,)` of rank 4 is `(3,)`. The caller has checked their range."""
    return tuple(sorted({axis % rank for axis in axes}))


def as_float(x: Array) -> Array:
    """`x` itself if it is floating, else as float32."""
    return x if np.issubdtype(x.dtype, np.floating) else x.astype(np.float32)
