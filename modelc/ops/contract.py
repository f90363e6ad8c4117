"""Sums of products over named axes: matrix products of two tensors that both may have the batch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField, Seen, joined
from modelc.graph.types import Shape, TensorType
from modelc.ops.base import Array, Emitter, Gradients, Op

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor


@dataclass(frozen=True)
class Contract(Op):
    """``y[out] = Σ a[a]·b[b]`` over the letters that `out` leaves out: `Contract("btnh", "bsnh", "bnts")`.

    Each letter names an axis, at most once in each of the three. The letters of `out` come from a or b, the other ones
    are in both. The batch, where there is one, is the first letter of a, and of `out` unless it is summed over (the
    gradient of weights). The letters that only b has stand together at the end of `out`.
    """

    a: str
    b: str
    out: str

    @property
    def groups(self) -> str:
        """The letters of a, b and y: one matrix product for each of their values."""
        return "".join(c for c in self.out if c in self.a and c in self.b)

    @property
    def rows(self) -> str:
        """The letters of a and y."""
        return "".join(c for c in self.out if c not in self.b)

    @property
    def columns(self) -> str:
        """The letters of b and y."""
        return "".join(c for c in self.out if c not in self.a)

    @property
    def sums(self) -> str:
        """The letters of a and b, which are summed over."""
        return "".join(c for c in self.a if c not in self.out)

    @property
    def name(self) -> str:
        """`contract[btnh,bsnh->bnts]`."""
        return f"contract[{self.a},{self.b}->{self.out}]"

    def infer(self, *operands: TensorType) -> TensorType:
        """The extents of the letters, which are the same in both operands."""
        a, b = operands
        if (a.rank, b.rank) != (len(self.a), len(self.b)):
            raise ShapeError(f"`{self.name}` takes {len(self.a)}-D and {len(self.b)}-D input, found {a} and {b}")
        sizes = dict(zip(self.a, a.shape, strict=True))
        for letter, size in zip(self.b, b.shape, strict=True):
            if sizes.setdefault(letter, size) != size:
                raise ShapeError(f"`{letter}` is {sizes[letter]} in {a} and {size} in {b}")
        return TensorType(tuple(sizes[letter] for letter in self.out))

    def compute(self, *operands: Array) -> Array:
        """A stack of matrix products, `np.matmul`."""
        a, b = operands
        sizes = dict(zip(self.a, a.shape, strict=True)) | dict(zip(self.b, b.shape, strict=True))
        groups, rows, columns, sums = self.groups, self.rows, self.columns, self.sums
        left = matrices(a, self.a, (groups, rows, sums), sizes)
        right = matrices(b, self.b, (groups, sums, columns), sizes)
        made = groups + rows + columns
        y = np.matmul(left, right).reshape([sizes[c] for c in made])
        return y.transpose([made.index(c) for c in self.out])

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """Output elements × elements summed for each."""
        a, b = operands
        depth = math.prod(d for c, d in zip(self.a, a.shape, strict=True) if c in self.sums and d is not None)
        return output.size * depth if a.batched or b.batched else 0

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """Each operand's is the contraction of dy with the other one."""
        a, b = inputs
        if b.batched and not dy.batched:  # the batch is summed over: it comes first, and so does b
            shared = "".join(c for c in self.a if c in self.b)
            first = shared + self.rows
            da = b.emit(Contract(self.b, self.out, first), dy)
        else:
            first = "".join(c for c in self.a if c not in self.sums) + self.sums
            da = dy.emit(Contract(self.out, self.b, first), b)
        made = self.groups + self.sums + self.columns
        db = a.emit(Contract(self.a, self.out, made), dy)
        return _permuted(da, first, self.a), _permuted(db, made, self.b)

    def receptive_field(self, operands: Sequence[Seen], output: TensorType) -> ReceptiveField | None:
        """All along the letters that are summed, side by side along the others."""
        fields: list[ReceptiveField] = []
        shapes: list[Shape] = []
        for letters, operand in zip((self.a, self.b), operands, strict=True):
            if operand.field is None:
                continue
            field = operand.field.over_axes(map(letters.index, self.sums))
            fields.append(field.with_axes([field.axes[letters.index(c)] if c in letters else None for c in self.out]))
            sizes = dict(zip(letters, operand.type.shape, strict=True))
            shapes.append(tuple(sizes.get(c, 1) for c in self.out))
        return joined(fields, shapes, output.shape) if fields else None


def _permuted(x: Tensor, letters: str, wanted: str) -> Tensor:
    """x with its axes in the order that is wanted."""
    return x if letters == wanted else x.transpose(tuple(letters.index(c) for c in wanted))


def matrices(x: Array, letters: str, parts: Sequence[str], sizes: dict[str, int]) -> Array:
    """x with its axes in the order of the three parts, each of which becomes one axis."""
    moved = x.transpose([letters.index(c) for c in "".join(parts)])
    return moved.reshape([math.prod(sizes[c] for c in part) for part in parts])
