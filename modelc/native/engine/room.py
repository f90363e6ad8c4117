"""`Room`: the memory that a call may take, and the graph that fits into it."""

from __future__ import annotations

from dataclasses import dataclass

from modelc.errors import ResourceError
from modelc.graph.graph import Graph
from modelc.native.engine.amounts import amount_at, call_bytes
from modelc.native.passes.recompute import least_arena, recompute, work
from modelc.text.amounts import format_bytes


@dataclass(frozen=True, slots=True)
class Room:
    """The memory that a call on a batch may have for all arrays: its inputs, what it computes and its results."""

    batch_size: int
    bytes: int

    def fitted(self, graph: Graph) -> tuple[Graph, float]:
        """The graph that computes some values again where they would need too much memory, and the share of that work.

        Raises `ResourceError` where it won't do.
        """
        around = amount_at(call_bytes(graph), self.batch_size)
        fitted = recompute(graph, self.batch_size, self.bytes - around)
        if fitted is None:
            least = around + least_arena(graph, self.batch_size, max(0, self.bytes - around))
            raise ResourceError(
                f"a step on a batch of {self.batch_size} needs at least {format_bytes(least)} of memory, "
                f"{format_bytes(around)} of it for weights and samples, and the limit is {format_bytes(self.bytes)}",
                "make batches smaller; `gradient_accumulation_steps` of the optimizer adds up several",
            )
        whole = work(graph, self.batch_size)
        return fitted, work(fitted, self.batch_size) / whole - 1 if whole else 0.0
