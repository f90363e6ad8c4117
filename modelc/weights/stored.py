"""Arrays that are read when they are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from numpy.typing import NDArray


class StoredArray(Protocol):
    """An array of float32 that lies somewhere."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Its dimensions."""
        ...

    def read(self) -> NDArray[Any]:
        """The array. It takes memory as long as somebody holds it."""
        ...


class HeldArray(NamedTuple):
    """An array in memory."""

    array: NDArray[Any]

    @property
    def shape(self) -> tuple[int, ...]:
        """Its dimensions."""
        return self.array.shape

    def read(self) -> NDArray[Any]:
        """The array itself."""
        return self.array


class StoredArrays(dict[str, StoredArray]):
    """Arrays by path that lie in a file, each as the model that they are of has it."""

    def read(self) -> Mapping[str, NDArray[Any]]:
        """All of them in memory."""
        return {path: stored.read() for path, stored in self.items()}
