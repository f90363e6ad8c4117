"""How many processes share the machine with this one, as workers of one pool."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from typing import Any

_NUMBERS = re.compile(rb"[0-9]+")
_found: tuple[int, int] | None = None
"""This process, and what was counted in it."""


def pool_size() -> int:
    """The processes that `multiprocessing` has started from one parent, where it has started this one; else 1.

    They are counted once in each process, when it first asks, since what follows from the number is to stay. It is 1
    where the system does not say which children a process has.
    """
    global _found
    process = os.getpid()
    if _found is None or _found[0] != process:
        _found = process, _count() if _is_worker() else 1
    return _found[1]


def _is_worker() -> bool:
    """Whether `multiprocessing`, which every process that it starts has imported, has started this one."""
    module: Any = sys.modules.get("multiprocessing.process")
    return module is not None and module.parent_process() is not None


def _count() -> int:
    """The children of the parent, this process among them, that were started by the same command but for numbers,
    which are those of pipes: not helpers such as the tracker of resources."""
    try:
        own = _command(os.getpid())
        return max(1, sum(_command(child) == own for child in _children(os.getppid())))
    except (OSError, ValueError):
        return 1


def _children(process: int) -> Iterator[int]:
    for thread in os.listdir(f"/proc/{process}/task"):
        with open(f"/proc/{process}/task/{thread}/children", encoding="ascii") as file:
            yield from map(int, file.read().split())


def _command(process: int) -> bytes | None:
    """The command line of a process without its numbers; None for one that has ended."""
    try:
        with open(f"/proc/{process}/cmdline", "rb") as file:
            return _NUMBERS.sub(b"", file.read()) or None
    except OSError:
        return None
