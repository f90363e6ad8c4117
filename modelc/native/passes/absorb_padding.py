"""Leave zeros around an image to the convolution that reads them: many a kernel does not need them in memory.

conv(pad(x, p), K; padding=q)  →  conv(x, K; padding=p + q)
"""

from __future__ import annotations

from dataclasses import replace

from modelc.graph.graph import Graph, Node, Value
from modelc.graph.sizes import no_pads
from modelc.ops.conv import Conv
from modelc.ops.shape import Pad
from modelc.passes.rewrite import Rewriter, rewrite


def absorb_padding(graph: Graph) -> Graph:
    """The graph in which a convolution pads what nothing else reads padded."""
    return rewrite(graph, _rule)


def _rule(rewriter: Rewriter, node: Node) -> Value | None:
    if not isinstance(node.op, Conv) or not rewriter.sole_use(node.inputs[0]):
        return None
    x, kernel = rewriter.operands(node)
    before = rewriter.producer(x)
    if before is None or not isinstance(before.op, Pad) or before.op.value != 0.0:
        return None
    first, *pads, last = before.op.pads
    if not no_pads((first, last)):
        return None
    padding = tuple((a + c, b + d) for (a, b), (c, d) in zip(pads, node.op.padding, strict=True))
    return rewriter.emit(replace(node.op, padding=padding), *before.inputs, kernel, layer=node.layer)
