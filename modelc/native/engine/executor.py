"""A plan made ready to run: kernels loaded, parameters and steps in memory, one native call per prediction."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from typing import NamedTuple

from modelc.graph.program import OnCompile
from modelc.native.code.layout import CTX_BUFFERS, CTX_ERROR
from modelc.native.compiler.catalog import family_of
from modelc.native.compiler.load import load_all
from modelc.native.engine.buffers import Block
from modelc.native.engine.schedule import JOB, ROW, Step
from modelc.native.engine.threads import Team, team

_WORD = 8


class StepWords(NamedTuple):
    """The words of a plan's steps: all parameters, then a row for each step. They are expressions where sizes are."""

    words: list[int]
    rows: int
    """The number of words before the rows."""
    count: int
    """The number of rows."""

    @classmethod
    def of(cls, steps: Sequence[Step], on_compile: OnCompile | None = None) -> StepWords:
        """Load the kernels and write the words; a row says where its parameters begin from the first word on.

        Raises:
            KeyError: a step names a kernel that does not exist.
            ValueError: a step's tile or times is less than one, or its grain is 0.
        """
        for step in steps:
            if step.tile < 1 or step.times < 1 or step.grain == 0:
                raise ValueError(f"expected a tile and times of at least 1 and a grain other than 0, found {step}")
        families = load_all([*(family_of(step.kernel) for step in steps), "walker"], on_compile)
        addresses = {kernel: address for family in families.values() for kernel, address in family.items()}
        words: list[int] = []
        starts: list[int] = []
        for step in steps:
            starts.append(len(words))
            words += step.params
        rows = len(words)
        for step, start in zip(steps, starts, strict=True):
            words += ROW.pack(
                kernel=addresses[step.kernel], params=_WORD * start, extent=step.extent, tile=step.tile,
                times=step.times, grain=step.grain,
            )  # fmt: skip
        return cls(words, rows, len(steps))


class Executor:
    """Runs steps in order. It holds no state between calls, so that threads may share it."""

    def __init__(
        self, steps: Sequence[Step], *, on_compile: OnCompile | None = None, workers: Team | None = None
    ) -> None:
        """Raises what `StepWords.of` raises."""
        made = StepWords.of(steps, on_compile)
        memory = Block.of(_WORD * len(made.words))
        memory.words[:] = made.words
        self._start(memory, 0, made.rows, made.count, workers)

    @classmethod
    def over(cls, memory: Block, first: int, rows: int, count: int) -> Executor:
        """That of the words that lie in `memory` from the word `first` on: parameters, then `count` rows."""
        made = cls.__new__(cls)
        made._start(memory, first, rows, count, None)
        return made

    def _start(self, memory: Block, first: int, rows: int, count: int, workers: Team | None) -> None:
        self._memory = memory
        table = first + rows
        params = memory.words[table + _PARAMS : table + ROW.size * count : ROW.size]
        params += memory.address + _WORD * first
        self._job = JOB.pack(table=memory.address + _WORD * table, steps=count, slot=0, threads=1)
        self._team = workers

    def run(self, batch: int, buffers: Sequence[int], *, parallel: bool = True, waking: bool = True) -> int:
        """Walk the plan for `batch` samples over the buffers at these addresses; give the context's error code.

        `parallel` says whether the work is worth sharing with the worker threads, `waking` whether they are to be woken
        for it if they sleep. The bits of the result depend on neither. The caller sees to it that the buffers are large
        enough and are not used meanwhile.
        """
        job = array("q", (*self._job, batch, *_RESERVED, *buffers))
        workers = self._team if self._team is not None else team()
        workers.walk(job, parallel, waking)
        return job[_ERROR]


_PARAMS = ROW.start("params")
_RESERVED = (0,) * (CTX_BUFFERS - 1)
_ERROR = JOB.size + CTX_ERROR
