"""`TreeSum`: a sum whose additions are those of a tree that the number of its leaves alone fixes.

The result of floating-point additions depends on their order. Here that of the leaves a to b is
``s(a, b) = s(a, m) + s(m, b)`` with ``m = (a + b) // 2``: whichever processes have computed the leaves, and in however
many of them, the result has the same bytes. Every leaf and every sum may be rounded, which then belongs to the tree.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Node = tuple[int, int]
"""The first leaf below a node, and the one after its last."""
Rounding = Callable[[Array], None]
"""Rounds an array in its place."""


class TreeSum:
    """The sums of the leaves so far, which are put in order; the leaves' arrays are added up in their place."""

    def __init__(self, leaves: int, rounding: Rounding | None = None) -> None:
        self._leaves = leaves
        self._rounding = rounding
        self.nodes: dict[Node, Array] = {}
        """The largest nodes whose leaves are all there, in order."""

    def put_leaf(self, leaf: int, array: Array) -> None:
        """Take a leaf, the one after those so far."""
        if self._rounding is not None:
            self._rounding(array)
        self.put((leaf, leaf + 1), array)

    def put(self, node: Node, array: Array) -> None:
        """Take the sum of the leaves below a node, the ones after those so far."""
        while (above := parent(node, self._leaves)) is not None and above[1] == node[1]:
            left = self.nodes.pop((above[0], node[0]), None)
            if left is None:
                break
            np.add(left, array, out=left)
            if self._rounding is not None:
                self._rounding(left)
            node, array = above, left
        self.nodes[node] = array

    @property
    def root(self) -> Array:
        """The sum of all leaves, once they are there."""
        return self.nodes[0, self._leaves]


def parent(node: Node, leaves: int) -> Node | None:
    """The node above in the tree of so many leaves; None above the root."""
    above: Node = (0, leaves)
    if node == above:
        return None
    while True:
        middle = (above[0] + above[1]) // 2
        half = (above[0], middle) if node[1] <= middle else (middle, above[1])
        if half == node:
            return above
        above = half


def covering(own: range, leaves: int) -> list[Node]:
    """The largest nodes of the tree that have only these leaves below them, in order."""
    found: list[Node] = []

    def descend(node: Node) -> None:
        if node[1] <= own.start or own.stop <= node[0]:
            return
        if own.start <= node[0] and node[1] <= own.stop:
            found.append(node)
            return
        middle = (node[0] + node[1]) // 2
        descend((node[0], middle))
        descend((middle, node[1]))

    if leaves:
        descend((0, leaves))
    return found
