"""`Program`: a graph that is ready to run, natively or by the interpreter of `graph/reference.py`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Protocol

from numpy.typing import NDArray

Array = NDArray[Any]

OnCompile = Callable[[str, float | None], None]
"""Told the family of kernels and None when its compilation begins, and the seconds that it took when it ends."""


ShortCall = Callable[[Any], Array | None]
"""Gives the one result for arrays like one that a program was given before, and None for all others."""


class Program(Protocol):
    """Runs a graph on arrays that were checked and converted; safe to call from several threads."""

    def run(self, inputs: Sequence[Array]) -> list[Array]:
        """The graph's results for one batch."""
        ...

    def short_call(self, x: Array) -> ShortCall | None:
        """The shortest way to run a graph of one input and one result on arrays like this one, where there is one."""
        ...
