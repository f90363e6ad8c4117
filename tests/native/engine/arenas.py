"""Arenas with a margin, which show what calls have written to."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from modelc.native.engine import plan
from modelc.native.engine.buffers import Block
from modelc.native.engine.plan import Plan

UNTOUCHED = 0xA5
"""What every byte is before a call."""
_MARGIN = 4096


class GuardedArena(NamedTuple):
    """An arena of so many bytes, in a block that is larger."""

    block: Block
    size: int

    @property
    def used(self) -> np.ndarray:
        """Its bytes."""
        return self.block.memory[self._start : self._start + self.size]

    @property
    def beyond(self) -> np.ndarray:
        """The bytes that follow it."""
        end = self._start + self.size
        return self.block.memory[end : end + _MARGIN]

    @property
    def _start(self) -> int:
        return self.block.address - self.block.memory.ctypes.data


def guarded_arenas(monkeypatch: pytest.MonkeyPatch) -> list[GuardedArena]:
    """Have every call take a new arena with a margin; they are added to the list. None was kept before."""
    seen: list[GuardedArena] = []

    def arena(self: Plan, samples: int, size: int) -> Block:
        block = Block.of(size + _MARGIN)
        block.memory[:] = UNTOUCHED
        seen.append(GuardedArena(block, size))
        return block

    monkeypatch.setattr(Plan, "_new_arena", arena)
    monkeypatch.setattr(plan, "KEPT_ARENAS", 0)
    return seen
