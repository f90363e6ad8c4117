"""`Program`: a graph that is ready to run, natively or by the interpreter of `graph/reference.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

Array = NDArray[Any]

OnCompile = Callable[[str, float | None], None]
"""Told the family of kernels and None when its compilation begins, and the seconds that it took when it ends."""


class Program(Protocol):
    """Runs a graph on arrays that were checked and converted; safe to call from several threads."""

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The graph's results for one batch."""
        ...
