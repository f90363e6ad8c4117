"""From nodes to the op `Chain` that does them all, if one can."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from modelc.graph.graph import Node, Value
from modelc.graph.sizes import is_free, same_shape, surely_equal
from modelc.graph.types import TensorType
from modelc.native.families.chain.params import LINKS, PLACES, SUMS, TENSORS
from modelc.native.ops.base import chains
from modelc.native.ops.chain import PAIRED, Chain, Link, Pair, ProductSum, sum_of
from modelc.native.ops.fused import Fused
from modelc.native.passes.loops import Loops, loops_over
from modelc.ops.base import Op, normalize_axes
from modelc.ops.elementwise import Binary, Unary
from modelc.ops.reduce import Reduce


@dataclass(frozen=True)
class Places:
    """For each link of a chain the place of the cache that its value goes to; None for an output."""

    of: tuple[int | None, ...]
    count: int


def space_of(node: Node) -> TensorType | None:
    """The type of the tensors over which a node could be a part of a chain."""
    if not chains(node.op) or any(value.type.dtype != "float32" for value in (node.output, *node.inputs)):
        return None
    space = node.inputs[0].type if isinstance(node.op, Reduce) else node.output.type
    return space if loops_of([node.op], [[v.type for v in node.inputs]], space) else None


def chain_of(nodes: Sequence[Node], wanted: Iterable[Value]) -> tuple[Chain, tuple[Value, ...], tuple[Value, ...]]:
    """The chain of some nodes in order, the values that it reads, and those of `wanted` that it makes."""
    made = {value for node in nodes for value in node.outputs}
    reads = tuple(dict.fromkeys(value for node in nodes for value in node.inputs if value not in made))
    numbers = {value: i for i, value in enumerate(reads)}
    links: list[Link] = []
    for node in nodes:
        operands = tuple(numbers[value] for value in node.inputs)
        for op in _parts(node.op):
            links.append(Link(op, operands))
            operands = (len(reads) + len(links) - 1,)
        numbers[node.output] = operands[0]
    wanted = set(wanted)
    outputs = tuple(node.output for node in nodes if node.output in wanted)
    chain = Chain(len(reads), tuple(links), tuple(numbers[value] for value in outputs))
    return paired(chain, [value.type for value in reads]), reads, outputs


def paired(chain: Chain, reads: Sequence[TensorType]) -> Chain:
    """The chain in which two links are one, where a kernel can do both at once and nothing else reads the first."""
    types = chain.types(*reads)
    space = space_of_chain(chain, reads)
    uses = [i for link in chain.links for i in link.operands] + list(chain.results)
    links: dict[int, Link] = {}
    for number, link in enumerate(chain.links, chain.arity):
        links[number] = link
        for at, i in enumerate(link.operands):
            first = links.get(i)
            if first is None or uses.count(i) != 1:
                continue
            both = _both(first, link, at)
            if both is not None and all(_varies(types[j], space) for j in both.operands):
                links[number] = both
                del links[i]
                break
    renamed = {old: new for new, old in enumerate((*range(chain.arity), *links))}
    made = (Link(link.op, tuple(renamed[i] for i in link.operands)) for link in links.values())
    return Chain(chain.arity, tuple(made), tuple(renamed[i] for i in chain.results))


def _both(first: Link, second: Link, at: int) -> Link | None:
    """One link for two, of which the second reads the first as its operand `at`."""
    if isinstance(second.op, Reduce):
        if isinstance(first.op, Binary) and first.op.kind == "multiply":
            return Link(ProductSum(second.op), first.operands)
        if isinstance(first.op, Unary) and first.op.kind == "square":
            return Link(ProductSum(second.op), first.operands * 2)
        return None
    if not isinstance(first.op, Binary) or not isinstance(second.op, Binary):
        return None
    if first.op.kind not in PAIRED or second.op.kind not in PAIRED:
        return None
    return Link(Pair(first.op, second.op, at == 1), (*first.operands, second.operands[1 - at]))


def _varies(type: TensorType, space: TensorType) -> bool:
    """Whether a tensor that broadcasts to the space is not repeated along its innermost loop."""
    if same_shape(type.shape, space.shape):
        return True
    last = space.shape[-1]
    return type.rank > 0 and not is_free(last) and surely_equal(type.shape[-1], last) and last != 1


def _parts(op: Op) -> tuple[Op, ...]:
    if not isinstance(op, Fused):
        return (op,)
    return (op.base,) if op.activation is None else (op.base, op.activation)


def fits(chain: Chain, reads: Sequence[Value], space: TensorType) -> bool:
    """Whether the kernel has room for a chain, and three loops can walk over its tensors."""
    sums = sum(sum_of(link.op) is not None for link in chain.links)
    tensors = len(reads) + len(chain.results)
    if len(chain.links) > LINKS or tensors > TENSORS or sums > SUMS:
        return False
    return places_of(chain).count <= PLACES and chain_loops(chain, [v.type for v in reads], space) is not None


def chain_loops(chain: Chain, reads: Sequence[TensorType], space: TensorType) -> Loops | None:
    """The loops over all that a chain reads, in order, then over its sums, in order."""
    return loops_of([link.op for link in chain.links], [reads], space)


def chain_loops_of_any_size(chain: Chain, reads: Sequence[TensorType], space: TensorType) -> Loops:
    """`chain_loops` of a chain for which there are loops at other sizes.

    Where an axis that is summed happens to be 1, it is a loop all the same, as it is for those; and so is the last one
    where a sample happens to be one number.
    """
    found = chain_loops(chain, reads, space) or _loops_of([k.op for k in chain.links], [reads], space, kept=True)
    assert found is not None, "the pass that makes chains sees to it"
    return found


def loops_of(ops: Iterable[Op], reads: Sequence[Sequence[TensorType]], space: TensorType) -> Loops | None:
    """The loops of some ops over tensors of one shape."""
    return _loops_of(ops, reads, space, kept=False)


def _loops_of(
    ops: Iterable[Op], reads: Sequence[Sequence[TensorType]], space: TensorType, *, kept: bool
) -> Loops | None:
    axes = [normalize_axes(op.axes, space.rank) for op in map(sum_of, ops) if op is not None]
    loops = {space.rank - 1, *(axis for some in axes for axis in some)} if kept else set[int]()
    return loops_over(space, [type for types in reads for type in types], axes, loops)


def space_of_chain(chain: Chain, reads: Sequence[TensorType]) -> TensorType:
    """The type of the tensors that a chain walks over."""
    types = chain.types(*reads)
    for number, link in enumerate(chain.links, chain.arity):
        if sum_of(link.op) is None:
            return types[number]
    first = chain.links[0]
    read = [types[i] for i in first.operands]
    return Binary("multiply").infer(*read) if isinstance(first.op, ProductSum) else read[0]


def places_of(chain: Chain) -> Places:
    """Where each link's value is kept until the last link that reads it."""
    last: Mapping[int, int] = {i: at for at, link in enumerate(chain.links) for i in link.operands}
    free: list[int] = []
    count = 0
    found: list[int | None] = []
    for at, link in enumerate(chain.links):
        number = chain.arity + at
        if number in chain.results or sum_of(link.op) is not None:
            found.append(None)
        elif free:
            found.append(free.pop())
        else:
            found.append(count)
            count += 1
        # After the link's own place was taken: it reads a row of an operand before it writes that of its value, but
        # what is repeated in a row is read in every one.
        for i in dict.fromkeys(link.operands):
            place = found[i - chain.arity] if i >= chain.arity else None
            if place is not None and last[i] == at:
                free.append(place)
    return Places(tuple(found), count)
