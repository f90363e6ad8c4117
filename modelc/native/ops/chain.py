"""Several elementwise ops and sums, done in one walk over memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from modelc.functions.kinds import BinaryKind
from modelc.graph.graph import Node
from modelc.graph.types import TensorType
from modelc.native.ops.base import NativeOp
from modelc.ops.base import Array, Op
from modelc.ops.elementwise import Binary
from modelc.ops.reduce import Reduce

PAIRED: tuple[BinaryKind, ...] = ("add", "subtract", "multiply", "gate")
"""The functions that kernels do two of at once."""


@dataclass(frozen=True)
class Link:
    """One op of a chain, and the numbers of the values that it reads."""

    op: Op
    operands: tuple[int, ...]


@dataclass(frozen=True)
class Pair(NativeOp):
    """``second(first(a, b), c)``, or where it is `turned` ``second(c, first(a, b))``."""

    elementwise: ClassVar[bool] = True

    first: Binary
    second: Binary
    turned: bool

    @property
    def name(self) -> str:
        """Both names."""
        return f"{self.first.name}+{self.second.name}"

    def infer(self, *operands: TensorType) -> TensorType:
        """Three shapes that broadcast → their common shape."""
        a, b, c = operands
        return self.second.infer(self.first.infer(a, b), c)

    def compute(self, *operands: Array) -> Array:
        """One definition after the other."""
        a, b, c = operands
        made = self.first.compute(a, b)
        return self.second.compute(c, made) if self.turned else self.second.compute(made, c)


@dataclass(frozen=True)
class ProductSum(NativeOp):
    """``Σ a·b``, or the mean, over the axes of a reduction."""

    reduce: Reduce

    @property
    def name(self) -> str:
        """That of the product, then that of the sum."""
        return f"multiply+{self.reduce.name}"

    def infer(self, *operands: TensorType) -> TensorType:
        """Two shapes that broadcast → their common shape without the axes."""
        return self.reduce.infer(Binary("multiply").infer(*operands))

    def compute(self, *operands: Array) -> Array:
        """A product, then a sum."""
        a, b = operands
        return self.reduce.compute(a * b)


def node_of_output(node: Node, number: int) -> Node:
    """A node that makes one of the outputs of a node only."""
    if not node.others:
        return node
    assert isinstance(node.op, Chain), "only chains have several outputs"
    op, reads = node.op.alone(number)
    return Node(op, tuple(node.inputs[i] for i in reads), node.outputs[number])


def sum_of(op: Op) -> Reduce | None:
    """The reduction that a link of a chain is or ends in."""
    if isinstance(op, ProductSum):
        return op.reduce
    return op if isinstance(op, Reduce) else None


@dataclass(frozen=True)
class Chain(NativeOp):
    """Elementwise ops over tensors of one shape, and sums of what they give, one after the other.

    Values are numbered: first the operands, then what each link gives. `results` are the numbers of the outputs.
    Kernels do all links to one piece of the tensors, then to the next: what lies between links never leaves the cache.
    """

    arity: int
    links: tuple[Link, ...]
    results: tuple[int, ...]

    @property
    def name(self) -> str:
        """`chain[multiply, add, reduce_sum]`."""
        return f"chain[{', '.join(link.op.name for link in self.links)}]"

    def infer(self, *operands: TensorType) -> TensorType:
        """The type of the first output."""
        return self.infer_all(*operands)[0]

    def compute(self, *operands: Array) -> Array:
        """The first output."""
        return self.compute_all(*operands)[0]

    def types(self, *operands: TensorType) -> tuple[TensorType, ...]:
        """The types of all values, operands included."""
        known = list(operands)
        for link in self.links:
            known.append(link.op.infer(*(known[i] for i in link.operands)))
        return tuple(known)

    def infer_all(self, *operands: TensorType) -> tuple[TensorType, ...]:
        """What the links give."""
        known = self.types(*operands)
        return tuple(known[i] for i in self.results)

    def compute_all(self, *operands: Array) -> tuple[Array, ...]:
        """The definitions of the links, one after the other."""
        known = list(operands)
        for link in self.links:
            known.append(link.op.compute(*(known[i] for i in link.operands)))
        return tuple(known[i] for i in self.results)

    def alone(self, output: int) -> tuple[Chain, tuple[int, ...]]:
        """The chain of the links that make one output, and which operands it reads."""
        result = self.results[output]
        needed = {result}
        for number in range(result, self.arity - 1, -1):
            if number in needed:
                needed.update(self.links[number - self.arity].operands)
        kept = sorted(needed)
        reads = tuple(number for number in kept if number < self.arity)
        renamed = {number: i for i, number in enumerate(kept)}
        links = (self.links[number - self.arity] for number in kept[len(reads) :])
        parts = tuple(Link(link.op, tuple(renamed[i] for i in link.operands)) for link in links)
        return Chain(len(reads), parts, (renamed[result],)), reads

    def overwrites(self, output: int) -> tuple[int, ...]:
        """The operands that no link reads after the one that makes the output."""
        result = self.results[output]
        if not self.links[result - self.arity].op.elementwise:
            return ()
        later = {i for link in self.links[result - self.arity + 1 :] for i in link.operands}
        return tuple(i for i in range(self.arity) if i not in later)
