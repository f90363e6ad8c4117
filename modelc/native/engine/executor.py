"""A plan made ready to run: kernels loaded, parameters and steps in memory, one native call per prediction."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

from modelc.graph.program import OnCompile
from modelc.native.code.layout import CTX_BATCH, CTX_BUFFERS, CTX_ERROR
from modelc.native.compiler.catalog import family_of
from modelc.native.compiler.load import load, load_all
from modelc.native.engine.buffers import DATA, Block
from modelc.native.engine.schedule import JOB, ROW, Step
from modelc.native.engine.threads import Team, team

_WORD = 8


@dataclass(frozen=True, slots=True)
class StepPlaces:
    """Where the steps of a plan lie among words."""

    table: int
    """The word at which the rows begin."""
    count: int
    """The number of rows."""
    addresses: list[tuple[int, int]]
    """The words of the rows that are to hold the addresses of parameters, and the bytes before the parameters of
    each."""

    def write_addresses(self, memory: Block) -> None:
        """Complete the words that lie in `memory`."""
        words = memory.words
        for word, start in self.addresses:
            words[word] = memory.address + start


@dataclass(frozen=True, slots=True)
class StepWords:
    """The words of a plan's steps: all parameters, then a row for each step. They are expressions where sizes are."""

    words: list[int]
    starts: list[int]
    """The word at which the parameters of each step begin."""

    @classmethod
    def of(cls, steps: Sequence[Step], on_compile: OnCompile | None = None, *others: str) -> StepWords:
        """Load the kernels, and those of `others`, and write the words, but for the addresses of parameters.

        Raises:
            KeyError: a step names a kernel that does not exist.
            ValueError: a step's tile or times is less than one, or its grain is 0.
        """
        for step in steps:
            if step.tile < 1 or step.times < 1 or step.grain == 0:
                raise ValueError(f"expected a tile and times of at least 1 and a grain other than 0, found {step}")
        families = load_all([*(family_of(step.kernel) for step in steps), "walker", *others], on_compile)
        addresses = {kernel: address for family in families.values() for kernel, address in family.items()}
        words: list[int] = []
        starts: list[int] = []
        for step in steps:
            starts.append(len(words))
            words += step.params
        for step in steps:
            words += ROW.pack(
                kernel=addresses[step.kernel], params=0, extent=step.extent, tile=step.tile, times=step.times,
                grain=step.grain, back=step.back,
            )  # fmt: skip
        return cls(words, starts)

    def behind(self, front: int) -> StepPlaces:
        """Where the steps lie behind so many other words."""
        count = len(self.starts)
        table = front + len(self.words) - ROW.size * count
        addresses = [(table + ROW.size * i + _PARAMS, _WORD * (front + start)) for i, start in enumerate(self.starts)]
        return StepPlaces(table, count, addresses)


class Slices(NamedTuple):
    """How a batch is cut into slices, for each of which the plan is walked."""

    samples: int
    """The most samples of a slice."""
    strides: tuple[int, ...]
    """The bytes from one sample to the next in each array."""
    areas: int = 1
    """The areas that the arena is cut into, in each of which a thread can walk the plan for a slice."""
    area: int = 0
    """The bytes of an area."""


class Job(NamedTuple):
    """The words of calls on so many samples, before and behind the addresses that each has."""

    head: array[int]
    tail: tuple[int, ...]


class Executor:
    """Runs steps in order. It holds no state between calls, so that threads may share it."""

    takes_slices: ClassVar[bool] = True
    """Whether threads may take a slice each, and so be at different steps at a time."""

    def __init__(self, memory: Block, places: StepPlaces, workers: Team | None = None) -> None:
        """That of steps whose words lie in `memory`; with these `workers`, or the team of the process."""
        self._memory = memory
        self._job = _START[:]
        """What every call begins with: its job, and its context up to the buffers."""
        self._job[_TABLE] = memory.address + _WORD * places.table
        self._job[_STEPS] = places.count
        self._team = workers

    @classmethod
    def of(cls, steps: Sequence[Step], *, on_compile: OnCompile | None = None, workers: Team | None = None) -> Executor:
        """That of steps, which are put into memory of its own. Raises what `StepWords.of` raises."""
        made = StepWords.of(steps, on_compile)
        places = made.behind(0)
        memory = Block.of(_WORD * len(made.words))
        memory.words[:] = made.words
        places.write_addresses(memory)
        return cls(memory, places, workers)

    @property
    def threads(self) -> int:
        """The threads that may share a call."""
        return (self._team or team()).size

    def job(self, batch: int, buffers: int, arrays: int = 0, slices: Slices | None = None) -> Job:
        """What calls on `batch` samples have in common, for so many buffers that are given by address, and behind them
        so many arrays.

        `slices` say how many samples the plan is walked for at once; None for all.
        """
        head = self._job[:]
        head[_BATCH] = batch
        head[_FIRST], head[_ARRAYS] = buffers, arrays
        if slices is None:
            return Job(head, ())
        areas = slices.areas if self.takes_slices else 1
        head[_SLICE], head[_AREAS], head[_AREA] = slices.samples, areas, slices.area
        head[_KERNEL] = load("walker")["walk_slices"]
        context = len(head) + buffers + arrays - JOB.size
        return Job(head, (*slices.strides, *(0,) * (areas * (1 + context))))

    def walk(
        self,
        job: Job,
        addresses: Iterable[int],
        *,
        parallel: bool = True,
        waking: bool = True,
        rows: range | None = None,
    ) -> int:
        """Walk the plan over the buffers at these addresses, those of arrays being of the array objects; give the
        context's error code.

        `parallel` says whether the work is worth sharing with the worker threads, `waking` whether they are to be woken
        for it if they sleep. The bits of the result depend on neither, nor on slices. All rows are walked, or some that
        follow each other, which leave no loop half done. The caller sees to it that the buffers are large enough and
        that nothing else uses them meanwhile.
        """
        words = job.head[:]
        words.extend(addresses)
        if job.tail:
            words.extend(job.tail)
        if rows is not None:
            words[_TABLE] += _WORD * ROW.size * rows.start
            words[_STEPS] = len(rows)
        self.share(words, parallel, waking)
        return words[ERROR]

    def share(self, words: array[int], parallel: bool = True, waking: bool = True) -> None:
        """Do the job of these words, which are afterwards as before but for what its steps find; see `walk`."""
        (self._team or team()).walk(words, parallel, waking)

    def run(self, batch: int, buffers: Sequence[int], *, parallel: bool = True, waking: bool = True) -> int:
        """Walk the plan for `batch` samples over the buffers at these addresses; see `walk`."""
        return self.walk(self.job(batch, len(buffers)), buffers, parallel=parallel, waking=waking)


_PARAMS = ROW.start("params")
_TABLE, _STEPS, _FIRST, _ARRAYS = map(JOB.start, ("table", "steps", "first", "arrays"))
_SLICE, _AREAS, _AREA, _KERNEL = map(JOB.start, ("slice", "areas", "area", "kernel"))
_CONTEXT = (0,) * CTX_BUFFERS
_ALONE = {"slot": 0, "threads": 1, "slice": 0, "areas": 0, "area": 0, "kernel": 0}
_START = array("q", (*JOB.pack(table=0, steps=0, first=0, arrays=0, data=DATA, **_ALONE), *_CONTEXT))
_BATCH = JOB.size + CTX_BATCH
ERROR = JOB.size + CTX_ERROR
"""The word of a call that has its error code."""
