"""`Masks`: which steps of a sequence count, as 0 and 1 in a tensor that goes with the one of the sequence."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager

from modelc.graph.graph import Value
from modelc.graph.tensor import Tensor


class Masks:
    """The masks of the tensors of one trace."""

    def __init__(self) -> None:
        self._masks: dict[Value, Tensor] = {}
        self._given: frozenset[Value] = frozenset()

    def of(self, x: Tensor) -> Tensor | None:
        """The mask that goes with a tensor, or None where all of it counts."""
        return self._masks.get(x.value)

    def set(self, x: Tensor, mask: Tensor | None) -> None:
        """Let a mask go with a tensor; None takes it away."""
        if mask is None:
            self._masks.pop(x.value, None)
        else:
            self._masks[x.value] = mask

    def removed(self, x: Tensor) -> Tensor:
        """The tensor without a mask: itself where it has none, else the same elements beside it."""
        return x if self.of(x) is None else x.reshape(x.shape)

    @contextmanager
    def given(self, masks: Mapping[Tensor, Tensor | None]) -> Generator[None]:
        """Inside, these tensors have these masks, which a call is given, instead of their own."""
        own, given = {x: self.of(x) for x in masks}, self._given
        for x, mask in masks.items():
            self.set(x, mask)
        self._given = given | {x.value for x in masks}
        try:
            yield
        finally:
            self._given = given
            for x, mask in own.items():
                self.set(x, mask)

    def is_given(self, x: Tensor) -> bool:
        """Whether the mask of a tensor is one that the call is given, and not the one that goes with the tensor."""
        return x.value in self._given

    @contextmanager
    def none_given(self) -> Generator[None]:
        """Inside, no mask counts as one that the call is given."""
        given, self._given = self._given, frozenset()
        try:
            yield
        finally:
            self._given = given
