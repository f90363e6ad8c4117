"""Whether a model fits into this machine: asked before anything is allocated."""

from __future__ import annotations

import os
from functools import cache

from modelc.errors import ResourceError
from modelc.graph.graph import Graph
from modelc.graph.types import ITEM_BYTES
from modelc.spec.amounts import format_bytes


@cache
def physical_memory() -> int | None:
    """The bytes of memory of this machine; None where the system does not tell."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return None


def require_memory(needed: int, what: str, help: str) -> None:
    """Raise `ResourceError` where `needed` bytes are more than the machine has; `what` is "a batch of 8 needs"."""
    available = physical_memory()
    if available is not None and needed > available:
        raise ResourceError(
            f"{what} {format_bytes(needed)} of memory, this machine has {format_bytes(available)}\n  help: {help}"
        )


def require_memory_for_weights(graph: Graph) -> None:
    """Raise `ResourceError` where a model's weights are more than the whole machine can hold."""
    needed = sum(weight.size for weight in graph.weights) * ITEM_BYTES
    require_memory(needed, f"the weights of `{graph.name}` need", "make the largest layers smaller: see modelc summary")
