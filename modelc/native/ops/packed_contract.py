"""Contractions whose operand b is computed in the call and brought into the order that their kernel reads."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from modelc.graph.types import TensorType
from modelc.native.ops.base import NativeOp
from modelc.native.target import padded_columns
from modelc.ops.base import Array
from modelc.ops.contract import Contract, matrices


@dataclass(frozen=True)
class Pack(NativeOp):
    """Operand b of a `Contract` as its kernel reads it: (*groups, K, columns), the columns filled up with zeros.

    It is an op for the memory that it takes. Compiled, the columns lie in blocks; nothing but the `PackedContract`
    after it reads them.
    """

    contract: Contract

    @property
    def name(self) -> str:
        """`Pack`."""
        return "Pack"

    def infer(self, *operands: TensorType) -> TensorType:
        """b → (*groups, K, columns)."""
        (b,) = operands
        sizes = dict(zip(self.contract.b, b.shape, strict=True))
        groups = tuple(sizes[c] for c in self.contract.groups)
        depth, columns = (
            math.prod(sizes[c] or 1 for c in part) for part in (self.contract.sums, self.contract.columns)
        )
        return TensorType((*groups, depth, padded_columns(columns)))

    def compute(self, *operands: Array) -> Array:
        """Transposed, reshaped and padded."""
        (b,) = operands
        op = self.contract
        sizes = dict(zip(op.b, b.shape, strict=True))
        flat = matrices(b, op.b, (op.groups, op.sums, op.columns), sizes)
        width = flat.shape[-1]
        packed = np.pad(flat, ((0, 0), (0, 0), (0, padded_columns(width) - width)))
        return packed.reshape(*(sizes[c] for c in op.groups), *packed.shape[1:])


@dataclass(frozen=True)
class PackedContract(NativeOp):
    """A `Contract` whose operand b is packed; `extents` are those of its columns.

    With `bias`, the third operand is added, one for each of the columns, of which there is one axis then; it is packed.
    """

    takes_activation: ClassVar[bool] = True

    contract: Contract
    extents: tuple[int, ...]
    bias: bool = False

    @property
    def name(self) -> str:
        """The same as for the contraction."""
        return f"{self.contract.name}+bias" if self.bias else self.contract.name

    def infer(self, *operands: TensorType) -> TensorType:
        """a, packed b → y."""
        a = operands[0]
        sizes = dict(zip(self.contract.a, a.shape, strict=True)) | dict(
            zip(self.contract.columns, self.extents, strict=True)
        )
        return TensorType(tuple(sizes[c] for c in self.contract.out))

    def compute(self, *operands: Array) -> Array:
        """The contraction of what was packed."""
        a, packed = operands[:2]
        op = self.contract
        sizes = dict(zip(op.a, a.shape, strict=True))
        flat = packed[..., : math.prod(self.extents)]
        b = flat.reshape(*(sizes[c] for c in op.groups + op.sums), *self.extents)
        y = Contract(op.a, op.groups + op.sums + op.columns, op.out).compute(a, b)
        return y + operands[2][: self.extents[-1]] if self.bias else y

    def macs(self, output: TensorType, *operands: TensorType) -> int:
        """The same as for the contraction."""
        a, packed = operands[:2]
        return output.size * packed.dims[-2] if a.batched or packed.batched else 0
