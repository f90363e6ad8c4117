"""The cache of plans: beside the compiled objects, with a limit of its own, since packed weights are large.

They are at most 256, those last used. A plan is named by a digest of all that it follows from. A note says which plan
the file of a model led to, and what the operating system said of both files then: where it still says the same, neither
is read to see that it is whole.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from modelc.graph.graph import Graph
from modelc.native.compiler.object_cache import DigestedCache, asked_limit, default_limit
from modelc.native.compiler.private_cache import PrivateCache
from modelc.native.engine.kept_plan import parts_of, read_plan
from modelc.native.engine.plan import Plan
from modelc.system.file_access import free_bytes
from modelc.system.stamps import stamp, stamp_of

if TYPE_CHECKING:
    from modelc.native.engine.open_plan import OpenPlan

DEFAULT_PLANS_LIMIT = 2 * 2**30
"""The bytes that plans may take where MODELC_PLANS_SIZE does not say: some large models with their packed weights."""

_NOTES_LIMIT = 2**20
_MOST_OF_DISK = 4
"""A plan takes no more than this part of the disk that is left."""

Identity = tuple[int, ...]
"""What the operating system says of a file that tells it from others and from itself before a change."""


def plans_limit() -> int:
    """MODELC_PLANS_SIZE in bytes; 0 where MODELC_CACHE_SIZE is. Raises `InputError` where one is no amount."""
    limit = asked_limit("MODELC_PLANS_SIZE", DEFAULT_PLANS_LIMIT)
    return limit if default_limit() else 0


class FoundPlan(NamedTuple):
    """A plan that was read from the cache."""

    face: Graph
    """The inputs and outputs of its graph."""
    plan: Plan | OpenPlan
    identity: Identity
    """That of its file."""


@dataclass(frozen=True)
class PlanCache(PrivateCache):
    """Plans by file name. A file's time of change is that of its writing, its time of access that of its last use."""

    SUFFIX = ".plan"
    MAGIC = b"modelc plan "
    MOST = 256

    limit: int = DEFAULT_PLANS_LIMIT

    def has(self, name: str) -> bool:
        """Whether there is a file of that name."""
        return self.identity(name) is not None

    def identity(self, name: str) -> Identity | None:
        """What tells that the file of that name is the one that it was; None where there is none."""
        return stamp_of(self.path(name))

    def read(self, name: str, whole: Identity | None = None) -> FoundPlan | None:
        """The plan of that name; None where there is none that is whole.

        The packed constants need not be held against their digest where the file is `whole` still.
        """
        file = self.opened(name)
        if file is None:
            return None
        with file:
            status = os.fstat(file.fileno())
            identity = stamp(status)
            found = read_plan(file, identity == whole)
        if found is None:
            return None
        with suppress(OSError):
            os.utime(self.path(name), ns=(time.time_ns(), status.st_mtime_ns))
        return FoundPlan(*found, identity)

    def write(self, name: str, plan: Plan | OpenPlan, traced: Graph) -> bool:
        """Keep a plan; False where it is too large for the cache or the disk, or the directory does not allow it."""
        return self.has_room(plan.constants[1].current().size) and self.put(name, parts_of(plan, traced))

    def has_room(self, constants: int) -> bool:
        """Whether a plan with so many bytes of constants may be kept."""
        return constants <= min(self.limit, free_bytes(os.fspath(self.directory)) // _MOST_OF_DISK)

    def _used(self, status: os.stat_result) -> float:
        return max(status.st_atime, status.st_mtime)


class Note(NamedTuple):
    """What the file of a model led to."""

    model: Identity
    """That of the file of the model."""
    plan: str
    """The name of its plan."""
    written: Identity
    """That of the file of the plan."""


@dataclass(frozen=True)
class NoteCache(DigestedCache):
    """Notes by file name."""

    SUFFIX = ".note"
    MAGIC = b"modelc note "
    MOST = 256
    VERSION = b"modelc note 1\n"

    limit: int = _NOTES_LIMIT

    def find(self, name: str) -> Note | None:
        """The note of that name, where there is one that is whole."""
        data = self.read(name)
        if data is None:
            return None
        model, plan, written = json.loads(data)
        return Note(tuple(model), plan, tuple(written))

    def keep(self, name: str, note: Note) -> None:
        """Keep a note, where the directory allows it."""
        self.write(name, json.dumps(note).encode())
