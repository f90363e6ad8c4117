"""Checks whether a model fits into the memory available to this process before anything is allocated."""

from __future__ import annotations

from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager
from functools import wraps
from typing import ParamSpec, TypeVar

from modelc.errors import ResourceError
from modelc.graph.graph import Graph
from modelc.graph.types import ITEM_BYTES
from modelc.system import memory_limits
from modelc.system.memory_limits import memory_limit, used_memory
from modelc.text.amounts import format_bytes

P = ParamSpec("P")
R = TypeVar("R")

_SMALLER_BATCHES = "make batches smaller, by `batch_size`"
_SMALLER_LAYERS = "make the largest layers smaller: see modelc summary"


def require_memory(needed: int, what: str, help: str) -> None:
    """Raise `ResourceError` where `needed` bytes are more than there may be; `what` is "a batch of 8 needs"."""
    limit = memory_limit()
    if limit is not None and needed > limit.bytes:
        raise ResourceError(f"{what} {format_bytes(needed)} of memory, {limit.whose} {format_bytes(limit.bytes)}", help)


def require_free_memory(needed: int, what: str, help: str) -> None:
    """Raise `ResourceError` where `needed` bytes do not fit beside what the process has already.

    Nothing is asked of the system where they are few in comparison.
    """
    limit = memory_limit()
    if limit is None or needed < limit.bytes // 4:
        return
    require_memory(needed, what, help)
    used = used_memory()
    if needed + used > limit.bytes:
        raise ResourceError(
            f"{what} {format_bytes(needed)} of memory beside the {format_bytes(used)} that are in use, "
            f"{limit.whose} {format_bytes(limit.bytes)}",
            help,
        )


def require_memory_for_weights(graph: Graph) -> None:
    """Raise `ResourceError` where a model's weights are more than there may be of memory."""
    require_memory(_weight_bytes(graph), f"the weights of `{graph.name}` need", _SMALLER_LAYERS)


def weights_told(graph: Graph) -> AbstractContextManager[None]:
    """Inside, weights that cannot be allocated are a `ResourceError`."""
    return memory_told(f"the model `{graph.name}`", _weight_bytes(graph), _SMALLER_LAYERS)


def layout_told(graph: Graph, needed: int) -> AbstractContextManager[None]:
    """Inside, a second copy of the weights that cannot be allocated is a `ResourceError`; kernels read that one."""
    return memory_told(f"to lay out the weights of `{graph.name}`", needed, _SMALLER_LAYERS)


def _weight_bytes(graph: Graph) -> int:
    return sum(weight.size for weight in graph.weights) * ITEM_BYTES


@contextmanager
def memory_told(what: str = "a batch", needed: int | None = None, help: str = _SMALLER_BATCHES) -> Generator[None]:
    """Inside, what cannot be allocated is a `ResourceError`; `needed` is all that `what` needs, where it is known.

    A batch is converted before its plan is known.
    """
    try:
        yield
    except MemoryError as error:
        raise _no_memory(error, what, needed, help) from None


def telling_memory(function: Callable[P, R]) -> Callable[P, R]:
    """The function, which raises `ResourceError` where a batch does not fit into memory."""

    @wraps(function)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        with memory_told():
            return function(*args, **kwargs)

    return told


def _no_memory(error: MemoryError, what: str, needed: int | None, help: str) -> ResourceError:
    memory_limits.forget()  # a process may limit its address space at any time
    limit = memory_limit()
    most = "" if limit is None else f", {limit.whose} {format_bytes(limit.bytes)}"
    if needed is not None:
        return ResourceError(
            f"{what} needs {format_bytes(needed)} of memory, and there is not so much left{most}", help
        )
    reason = str(error) or "there is no memory left"
    return ResourceError(f"{what} does not fit into memory: {reason[:1].lower()}{reason[1:]}{most}", help)
