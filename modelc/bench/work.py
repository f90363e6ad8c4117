"""What an op does in a call: its multiply-adds, and the bytes that it must read and write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from modelc.graph.graph import Node, Value
from modelc.graph.sizes import expression_of, is_free
from modelc.graph.types import ITEM_BYTES
from modelc.native.ops.loop import BeginLoop, PutPart, SetState, TakePart, Turn
from modelc.ops.gather import Gather
from modelc.ops.shape import Broadcast, Slice
from modelc.ops.take import Take


class Work(NamedTuple):
    """Amounts of a call, for all samples and turns of a loop."""

    macs: int
    """The multiply-adds of the op's definition: ways to compute it with fewer count the same."""
    bytes: int
    """Operands that are read and results that are written, each once."""


def number_of(size: int, values: Mapping[str, int]) -> int:
    """A size where the symbols have these values."""
    return expression_of(size).value(values) if is_free(size) else size


def work_of(node: Node, values: Mapping[str, int], batch_size: int, turns: int) -> Work:
    """The work of a node that is run so many times."""

    def bytes_of(value: Value) -> int:
        size = ITEM_BYTES
        for n in value.type.shape:
            size *= batch_size if n is None else number_of(n, values)
        return size

    samples = batch_size if any(value.type.batched for value in (*node.inputs, *node.outputs)) else 1
    macs = samples * number_of(node.macs, values)
    return Work(macs * turns, turns * _moved(node, [*map(bytes_of, node.inputs)], [*map(bytes_of, node.outputs)]))


def _moved(node: Node, read: list[int], written: list[int]) -> int:
    match node.op:
        case BeginLoop() | Turn():
            return 0
        case TakePart() | Slice() | Take() | Broadcast():  # which read no more than they write
            return min(read[0], written[0]) + written[0]
        case PutPart() | SetState():
            return 2 * read[0]
        case Gather():
            return read[0] + 2 * written[0]
        case _:
            return sum(read) + sum(written)
