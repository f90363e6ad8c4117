"""What takes results: the protocol of all writers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol, Self

from modelc.bulk.chunk import Rows


class ResultWriter(Protocol):
    """Takes the results of chunks, in order.

    A context manager. A file appears, whole, when the block ends well, and not at all where it raises.
    """

    def __enter__(self) -> Self: ...

    def write(self, names: Sequence[str], results: Sequence[Rows]) -> None:
        """Take the values of some samples for every output."""
        ...

    def __exit__(self, kind: Any, error: Any, trace: Any) -> bool | None: ...
