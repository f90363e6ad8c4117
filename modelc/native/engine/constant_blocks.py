"""Blocks of what kernels read that no call changes: those that follow weights are in `constants.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from modelc.native.engine.buffers import Block


class ConstantBlock(Protocol):
    """Constants, as a plan reads them."""

    @property
    def follows_weights(self) -> bool:
        """Whether any of them depends on weights."""
        ...

    def current(self) -> Block:
        """The block for the weights as they are now."""
        ...


@dataclass(slots=True)
class FixedConstants:
    """Constants that no weight changes, in a block of their own."""

    block: Block
    follows_weights = False

    def current(self) -> Block:
        """The block."""
        return self.block
