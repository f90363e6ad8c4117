"""Counter-based random numbers: functions of a key, a step and the position of the element only."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

import numpy as np

from modelc.errors import ShapeError
from modelc.graph.field import ReceptiveField, Seen
from modelc.graph.types import Shape, TensorType, format_shape
from modelc.ops.base import Array, Emitter, Gradients, Op, as_float

if TYPE_CHECKING:
    from modelc.graph.tensor import Tensor

RandomKind = Literal["uniform", "normal"]

_MULTIPLIERS = (0xD2511F53, 0xCD9E8D57)
_WEYL = (0x9E3779B9, 0xBB67AE85)
_ROUNDS = 10


def philox(counter: Array, key: tuple[int, int]) -> Array:
    """Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): (..., 4) uint32 → the same.

    A round multiplies two of the words to 64 bits each, and mixes the halves with the others and the key.
    """
    a, b, c, d = (counter[..., i].astype(np.uint64) for i in range(4))
    k, l = (np.uint64(word) for word in key)  # noqa: E741
    low, half = np.uint64(0xFFFFFFFF), np.uint64(32)
    m, n = (np.uint64(factor) for factor in _MULTIPLIERS)
    for _ in range(_ROUNDS):
        p, q = m * a, n * c
        a, b, c, d = (q >> half) ^ b ^ k, q & low, (p >> half) ^ d ^ l, p & low
        k, l = (k + np.uint64(_WEYL[0])) & low, (l + np.uint64(_WEYL[1])) & low  # noqa: E741
    return np.stack([a, b, c, d], axis=-1).astype(np.uint32)


def random_key(seed: int, stream: str) -> int:
    """The 64 bits of a key: a digest of the seed, and of what distinguishes the streams that have it."""
    return int.from_bytes(hashlib.sha256(f"{seed}/{stream}".encode()).digest()[:8], "little")


@dataclass(frozen=True)
class Random(Op):
    """``y[e] = `` a random number for each element e of the shape, in C order, of the batch and all.

    Word ``e mod 4`` of the block ``philox(counter, key)``, its counter being ``e div 4`` (64 bits) and the step (64
    bits). `uniform`: the upper 24 bits over 2²⁴, 0 ≤ y < 1. `normal`: mean 0, variance 1, by Box and Muller (1958)
    from the two words ``w, w'`` of a pair of elements: ``sqrt(-2·log((w + 1)/2²⁴))`` times the cosine, then the sine,
    of ``2π·w'/2²⁴``, of 24 bits each.

    Operands: the step, a scalar; `in_loop` the number of the step of a loop, a scalar, which takes the place of the
    upper 32 bits of the step; and where the shape has a batch, a tensor whose batch is as large.
    """

    takes_integers: ClassVar[bool] = True

    kind: RandomKind
    shape: Shape
    key: int
    in_loop: bool = False

    def infer(self, *operands: TensorType) -> TensorType:
        """(), (N, ...) → the shape, float32."""
        scalars, like = operands[: 1 + self.in_loop], operands[1 + self.in_loop :]
        if any(one.shape != () for one in scalars) or (None in self.shape and not (len(like) == 1 and like[0].batched)):
            raise ShapeError(f"a draw of {format_shape(self.shape)} takes the step, a scalar, and the batch")
        return TensorType(self.shape)

    def compute(self, *operands: Array) -> Array:
        """Exact for `uniform`; the functions of `normal` in the dtype of the batch."""
        rest = operands[1 + self.in_loop :]
        like = as_float(rest[0]) if rest else np.zeros((), np.float32)
        shape = tuple(len(like) if d is None else d for d in self.shape)
        size = int(np.prod(shape))
        step = int(operands[0]) & 0xFFFFFFFF | int(operands[1]) << 32 if self.in_loop else int(operands[0])
        words = self._words(-(-size // 4), step) >> np.uint32(8)
        if self.kind == "uniform":
            numbers = words.astype(like.dtype) * like.dtype.type(2.0**-24)
        else:
            pairs = words.astype(like.dtype).reshape(-1, 2)
            radius = np.sqrt(-2 * np.log((pairs[:, 0] + 1) * like.dtype.type(2.0**-24)))
            angle = pairs[:, 1] * like.dtype.type(2 * np.pi * 2.0**-24)
            numbers = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=-1)
        return numbers.reshape(-1)[:size].reshape(shape)

    def _words(self, blocks: int, step: int) -> Array:
        counter = np.zeros((blocks, 4), np.uint32)
        places = np.arange(blocks, dtype=np.uint64)
        counter[:, 0], counter[:, 1] = places & 0xFFFFFFFF, places >> np.uint64(32)
        counter[:, 2], counter[:, 3] = step & 0xFFFFFFFF, step >> 32
        return philox(counter, (self.key & 0xFFFFFFFF, self.key >> 32))

    def gradient(self, g: Emitter, inputs: Sequence[Tensor], output: Tensor, dy: Tensor) -> Gradients:
        """None: it does not depend on the elements of its operands."""
        return (None,) * len(inputs)

    def receptive_field(self, operands: Sequence[Seen], output: TensorType) -> ReceptiveField | None:
        """Nothing: only the shape is read."""
        return None
