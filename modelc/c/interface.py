"""`Library`: what a library takes, gives and keeps, as its header declares it and its code defines it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.c.pieces import Pieces
from modelc.c.plan import CPlan
from modelc.graph.graph import Value
from modelc.native.engine.memory_sizes import ALIGNMENT, aligned

MOST_BATCH = 2**31 - 1
_MOST_BYTES = 2**62
_C_TYPES = {"float32": "float", "int32": "int32_t"}
COUNTER_BYTES = ALIGNMENT
"""What a training state has in front of all else: the number of steps, as an integer of 64 bits."""

Number = Literal["step", "learning_rate", "iteration"]
"""What a step of training takes beside arrays: two of them follow from the state's counter."""


@dataclass(frozen=True)
class Argument:
    """An array that a caller gives: an input, or where an output is written to."""

    name: str
    """That of the parameter."""
    kind: str
    """What it is: `x`, `y`, `labels`, `loss` or `data_loss`."""
    label: str
    """What the header calls it."""
    value: Value
    written: bool

    @property
    def element(self) -> str:
        """The type of an element in C."""
        return _C_TYPES[self.value.type.dtype]

    @property
    def sample_bytes(self) -> int:
        """The bytes of a sample; 0 where it has no batch."""
        return self.value.type.bytes if self.value.type.batched else 0


class Origin(NamedTuple):
    """Where an array of a plan lies: an argument of that number, or so far into the state; or a number by name."""

    argument: int | None = None
    kept: int | None = None
    number: Number | None = None


@dataclass(frozen=True)
class KeptArray:
    """An array that is kept from call to call."""

    path: str
    offset: int
    array: NDArray[np.float32]
    """What it is at first."""


@dataclass(frozen=True)
class KeptState:
    """What is kept from call to call, in memory that the caller gives."""

    fields: tuple[KeptArray, ...] = ()
    steps: int | None = None
    """How many steps of training there were at first; None where it is not for training."""

    @classmethod
    def of(cls, arrays: Iterable[tuple[str, NDArray[np.float32]]], steps: int | None = None) -> KeptState:
        """That of some arrays by path, each on a cache line of its own."""
        fields: list[KeptArray] = []
        offset = 0 if steps is None else COUNTER_BYTES
        for path, array in arrays:
            fields.append(KeptArray(path, offset, array))
            offset += aligned(array.nbytes)
        return cls(tuple(fields), steps)

    @cached_property
    def bytes(self) -> int:
        """Its size; 0 where nothing is kept."""
        front = 0 if self.steps is None else COUNTER_BYTES
        return front + sum(aligned(field.array.nbytes) for field in self.fields)

    @cached_property
    def offsets(self) -> dict[str, int]:
        """Where each array begins, by path."""
        return {field.path: field.offset for field in self.fields}

    def initial(self) -> bytes:
        """The bytes of a state at first."""
        image = bytearray(self.bytes)
        if self.steps is not None:
            image[:8] = self.steps.to_bytes(8, "little")
        for field in self.fields:
            image[field.offset : field.offset + field.array.nbytes] = field.array.tobytes()
        return bytes(image)


@dataclass(frozen=True)
class CFunction:
    """A function of a library that runs a plan."""

    name: str
    """Behind the prefix of the library."""
    plan: CPlan
    arguments: tuple[Argument, ...]
    sources: tuple[Origin, ...]
    """Of the plan's inputs, then of its results."""
    state: KeptState
    weights_at: int = 0
    """Where the constants of its plan begin among the weights of the library."""

    @property
    def is_step(self) -> bool:
        """Whether it is a step of training."""
        return any(source.number == "step" for source in self.sources)

    @property
    def takes_rate(self) -> bool:
        """Whether it takes a learning rate."""
        return any(source.number == "learning_rate" for source in self.sources)

    @cached_property
    def updated(self) -> tuple[tuple[int, int], ...]:
        """The parts of the state that a call has new values for, as offsets and bytes; they lie in the arena first."""
        sizes = {field.offset: field.array.nbytes for field in self.state.fields}
        results = self.sources[len(self.plan.inputs) :]
        return tuple((source.kept, sizes[source.kept]) for source in results if source.kept is not None)

    @property
    def arena_front(self) -> int:
        """The bytes of the arena before the plan's own: those of a new state."""
        return self.state.bytes if self.updated else 0

    @property
    def arena_plan(self) -> int:
        """The bytes of the plan's own part of the arena whatever the batch is."""
        return self.plan.memory.fixed_bytes

    @property
    def arena_fixed(self) -> int:
        """The bytes of the arena whatever the batch is, with what it may take to begin on a cache line."""
        return self.arena_front + aligned(self.plan.memory.fixed_bytes) + ALIGNMENT

    @property
    def arena_per_sample(self) -> int:
        """The bytes of the arena for each sample of those that go through the model at once."""
        return self.plan.memory.arena_bytes

    @property
    def at_once(self) -> int:
        """The most samples that go through the model at once; 0 for all of a batch."""
        return self.plan.memory.slice

    @property
    def most_batch(self) -> int:
        """The largest batch for which no number of bytes is too large."""
        sample = max([self.arena_per_sample, *(a.sample_bytes for a in self.arguments)])
        return min(MOST_BATCH, (_MOST_BYTES - self.arena_fixed) // max(1, sample))


@dataclass(frozen=True)
class Library:
    """The functions of a library, and what they have in common."""

    prefix: str
    """What its names begin with."""
    model: str
    """The name of the model."""
    functions: tuple[CFunction, ...]
    state: KeptState
    batch_size: int | None
    """The only batch that it takes, where the model fixes one."""
    embedded: bool
    """Whether the weights are in the library."""
    learning_rate: float | None = None
    """That of the first step of training."""
    threads: int = 1
    """The threads that may share a call, with the one that makes it."""

    @property
    def macro(self) -> str:
        """What the names of its constants begin with."""
        return self.prefix.upper()

    @property
    def most_batch(self) -> int:
        """The largest batch that all its functions take."""
        return min(function.most_batch for function in self.functions)

    @cached_property
    def weights(self) -> Pieces:
        """The weights as its functions read them, each on a cache line, then a state at first."""
        packed = [piece for f in self.functions for piece in (f.plan.weights, bytes(-len(f.plan.weights) % ALIGNMENT))]
        return Pieces([*packed, self.state.initial()])

    @property
    def state_at(self) -> int:
        """Where the first state lies among the weights."""
        return len(self.weights) - self.state.bytes


def placed(functions: Sequence[CFunction]) -> tuple[CFunction, ...]:
    """The functions, each with the place of its constants among the weights of a library."""
    made: list[CFunction] = []
    offset = 0
    for function in functions:
        made.append(replace(function, weights_at=offset))
        offset += aligned(len(function.plan.weights))
    return tuple(made)
