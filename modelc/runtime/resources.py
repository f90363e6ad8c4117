"""Whether a model fits into this machine: asked before anything is allocated."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from contextlib import contextmanager
from functools import cache, wraps
from typing import ParamSpec, TypeVar

from modelc.errors import ResourceError
from modelc.graph.graph import Graph
from modelc.graph.types import ITEM_BYTES
from modelc.spec.amounts import format_bytes

P = ParamSpec("P")
R = TypeVar("R")


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


@contextmanager
def memory_told() -> Generator[None]:
    """Inside, what NumPy cannot allocate is a `ResourceError`: a batch is converted before its plan is known."""
    try:
        yield
    except MemoryError as error:
        reason = str(error) or "there is no memory left"
        raise ResourceError(
            f"a batch does not fit into memory: {reason[:1].lower()}{reason[1:]}\n"
            "  help: make batches smaller, by `batch_size`"
        ) from None


def telling_memory(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which raises `ResourceError` where a batch does not fit into memory."""

    @wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        with memory_told():
            return function(*args, **kwargs)

    return told
