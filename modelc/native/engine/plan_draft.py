"""`PlanDraft`: the file of a plan that is being made. Packed constants are written in it, where kernels then read them,
so that no second copy of large ones is held and what was written need not stay in memory.
"""

from __future__ import annotations

import os
from contextlib import suppress

import numpy as np

from modelc.graph.graph import Graph
from modelc.native.engine.buffers import Block, BlockFile, address_of
from modelc.native.engine.constants import Constants
from modelc.native.engine.kept_plan import CONSTANTS, body_of, head_of, mapped_constants
from modelc.native.engine.open_plan import OpenPlan
from modelc.native.engine.plan import Plan
from modelc.native.engine.plan_cache import PlanCache
from modelc.system.file_access import reserve, write_at
from modelc.system.file_maps import map_to_write

_LEAST = 1 << 24
"""The bytes of constants from which on they are written in the file."""


class PlanDraft:
    """A file of the cache that has its name only when it is kept."""

    def __init__(self, cache: PlanCache, name: str) -> None:
        self._cache, self._name = cache, name
        self._handle, self._path = -1, ""
        self._block: Block | None = None

    def block(self, size: int) -> Block:
        """A block for constants: in the file, where they are many and there is room for them."""
        if size < _LEAST or not self._cache.has_room(size):
            return Block.of(size)
        made = self._cache.temporary(self._name)
        if made is None:
            return Block.of(size)
        self._handle, self._path = made
        try:
            if not reserve(self._handle, CONSTANTS + size):
                self.close()
                return Block.of(size)
            whole = map_to_write(self._handle, CONSTANTS + size)
        except (OSError, ValueError):
            self.close()
            return Block.of(size)
        memory = np.frombuffer(whole, np.uint8, size, CONSTANTS)
        self._block = Block(memory, address_of(memory), size, BlockFile(whole, self._handle, CONSTANTS))
        return self._block

    def keep(self, plan: Plan | OpenPlan, traced: Graph) -> bool:
        """Give the file its name, once the rest of the plan was written; False where the directory forbids it."""
        constants = plan.constants[1]
        block = self._block
        if block is None or constants.current() is not block or not isinstance(constants, Constants):
            return self._cache.write(self._name, plan, traced)
        body = body_of(plan, traced)
        try:
            at = CONSTANTS + block.size
            for part in (memoryview(part).cast("B") for part in body):
                write_at(self._handle, part, at)
                at += len(part)
            write_at(self._handle, memoryview(head_of(body, block.size)), 0)
            os.fsync(self._handle)
            constants.replace(block, mapped_constants(self._handle, block.size))
        except OSError:
            return False
        kept = self._cache.adopt(self._path, self._name)
        self._path = self._path if not kept else ""
        return kept

    def close(self) -> None:
        """Remove the file unless it was kept. A block that lies in it stays."""
        if self._handle >= 0:
            os.close(self._handle)
            self._handle = -1
        if self._path:
            with suppress(OSError):
                os.unlink(self._path)
            self._path = ""
