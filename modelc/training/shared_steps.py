"""`SharedSteps`: steps of training whose batches are split into parts, which several processes may share.

The parts, what is drawn in each and the order of additions depend on the batch and the number of parts alone, so that
the new weights have the same bytes in any number of processes.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.data.parts import Split, shared_out
from modelc.errors import NotFiniteError
from modelc.native.engine.plan import Stages
from modelc.native.engine.program import NativeProgram
from modelc.training.batch import StepResult, TrainingBatch
from modelc.training.bucket_sums import Bucket, BucketSum, Compression, Leaves, Summing, buckets_of
from modelc.training.cut_part import CutPart, run_to_the_last_section
from modelc.training.engine import Engine, PartPrograms
from modelc.training.exchange import Exchange, broadcast, gathered
from modelc.training.micro_step import GRADIENT, ONE, MicroStep
from modelc.training.sending import Sending
from modelc.training.step_graph import ONCE, SAMPLES, STEP

Array = NDArray[Any]
Parts = Sequence[tuple[int, TrainingBatch]]


class _SplitStep(NamedTuple):
    """What steps on batches of as many samples have in common, where the own parts are of the same types."""

    leaves: Leaves
    leaf_of: Mapping[int, int]
    """The leaf of each part that has samples."""
    programs: Mapping[int, PartPrograms]
    """Those of the own parts."""
    like: PartPrograms
    """Those of any part."""
    given: Mapping[int, Mapping[str, Array]]
    """The numbers that do not change from step to step, for each own part."""


_STEPS = 1 << 31
"""How many numbers of steps there are, for which layers draw."""


class SharedSteps:
    """Runs steps on the parts of batches that this process has."""

    def __init__(
        self,
        engine: Engine,
        exchange: Exchange,
        summing: Summing,
        example: TrainingBatch,
        *,
        varying: bool,
    ) -> None:
        """`varying` says that samples may have different sizes; `example` has the types of the batches."""
        parts = summing.micro_batches
        shares = shared_out(parts, len(exchange.computing))
        own = dict(zip(exchange.computing, shares, strict=True))
        self._owners = [own.get(rank, range(0)) for rank in range(exchange.size)]
        self.split = Split(parts, self._owners[exchange.rank])
        """What this process computes of every batch."""
        self._engine = engine
        self._exchange = exchange
        self._example = example
        self._varying = varying
        self._compress: Compression = summing.compress
        self._buckets: tuple[Any, list[Bucket]] | None = None  # and the paths of what they hold
        self._last: tuple[Any, _SplitStep] | None = None  # what the last step depended on, and was
        self._couriers = ThreadPoolExecutor(1, "modelc-sums") if exchange.size > 1 else None

    def train(
        self, samples: int, parts: Parts, told: Callable[[TrainingBatch, StepResult], Array], width: int
    ) -> Array:
        """One step on a batch of so many samples. The weights of the model are new ones afterwards.

        Gives for each part of the batch a row: what it adds to the loss in all and to each loss, and `width` numbers
        that are `told` of it. Raises `NotFiniteError`, and changes nothing, where the loss is not finite.
        """
        split = self._split_step(samples, parts)
        programs, leaves = split.like, split.leaves
        buckets = self._bucketed(programs.step)
        sums = [BucketSum(self._exchange, leaves, self._compress) for _ in buckets]
        sending = Sending(buckets, sums, self._couriers)
        given = self._given(split, parts)
        begun = self._begun(parts, split.programs, given)
        self._sum_what_is_needed(programs.step, begun, leaves)
        rows: list[Array] = []
        for (part, batch), cut_part in zip(parts, begun or [None] * len(parts), strict=True):
            room = sending.begin(split.leaf_of[part], last=part == parts[-1][0])
            if cut_part is None:
                result = self._run(split.programs[part], batch, given[part], sending, room)
            else:
                cut_part.go_on()
                result = self._taken(split.programs[part], cut_part.results(), sending, room)
            rows.append(np.concatenate(((result.loss, *result.losses), told(batch, result))))
        width += 1 + len(programs.step.shares)
        own = np.stack(rows) if rows else np.empty((0, width))
        summed, known = sending.finish(own) if buckets else ([], self._all_rows(own, leaves))
        self._require_finite(known[:, 0], leaves.own, parts)
        self._update(programs, summed)
        return known

    def _split_step(self, samples: int, parts: Parts) -> _SplitStep:
        """What a step on so many samples, and on own parts like these, has in common with others."""
        engine = self._engine
        updating = engine.optimizer.updates_at(engine.batches)
        kinds = samples, engine.depends(True, updating), [(part, batch.kinds()) for part, batch in parts]
        if self._last is None or self._last[0] != kinds:
            self._last = kinds, self._new_split_step(samples, parts, updating)
        return self._last[1]

    def _new_split_step(self, samples: int, parts: Parts, updating: bool) -> _SplitStep:
        sizes = self.split.sizes(samples)
        there = [part for part, size in enumerate(sizes) if size]
        own = [range(bisect_left(there, of.start), bisect_left(there, of.stop)) for of in self._owners]
        largest = max(sizes)
        made = {part: self._programs(batch, largest, updating) for part, batch in parts}
        like = made[parts[0][0]] if parts else self._programs(self._example, largest, updating)
        given: dict[int, dict[str, Array]] = {}
        for part, _ in parts:
            share = sizes[part] / samples
            shares = {name: 1.0 if name in like.step.adds_up else share for name in like.step.shares}
            numbers = {**shares, SAMPLES: share, ONCE: float(part == there[0])}
            given[part] = {name: _number(number) for name, number in numbers.items()}
        leaf_of = {part: leaf for leaf, part in enumerate(there)}
        return _SplitStep(Leaves.of(len(there), own), leaf_of, made, like, given)

    def _programs(self, batch: TrainingBatch, largest: int, updating: bool) -> PartPrograms:
        return self._engine.parts(batch, largest, updating=updating, varying=self._varying)

    def _begun(
        self, parts: Parts, made: Mapping[int, PartPrograms], given: Mapping[int, Mapping[str, Array]]
    ) -> list[CutPart]:
        """The own parts where their steps are cut, else none."""
        begun: list[CutPart] = []
        for part, batch in parts:
            programs = made[part]
            if programs.step.cut is not None:
                inputs = self._engine.inputs(programs.step.part, batch, {**given[part], **_unknown(programs.step)})
                begun.append(CutPart(programs.step.cut, programs.sections, inputs))
        return begun

    def _sum_what_is_needed(self, step: MicroStep, begun: Sequence[CutPart], leaves: Leaves) -> None:
        """Compute cut parts as far as sums over all parts are needed, together with the other processes."""
        mine = leaves.own[self._exchange.rank]

        def added(partials: Sequence[Array], size: int) -> Array:
            sum = BucketSum(self._exchange, leaves, None)
            for leaf, partial in zip(mine, partials, strict=True):
                sum.put(leaf, partial)
            return sum.finish(size)

        if step.cut is not None:
            run_to_the_last_section(step.cut.sums, begun, added)

    def _run(
        self,
        programs: PartPrograms,
        batch: TrainingBatch,
        given: Mapping[str, Array],
        sending: Sending,
        room: Sequence[Array],
    ) -> StepResult:
        """Compute a part: its losses and outputs. What is to be summed over all parts is put into the sums."""
        step, (program,) = programs.step, programs.sections
        inputs = self._engine.inputs(step.part, batch, given)
        if not isinstance(program, NativeProgram):
            return self._taken(programs, program.run(inputs), sending, room)
        count, stages = step.told, None
        if sending.in_stages:

            def ready(_: list[Array]) -> None:
                sending.put()

            stages = Stages([[count + i for i in bucket.arrays] for bucket in sending.buckets], ready)
        results = program.run_into(inputs, room, stages)
        sending.put_rest()
        self._engine.note_memory(program)
        return self._engine.result(results[:count])

    def _taken(
        self, programs: PartPrograms, results: Sequence[Array], sending: Sending, room: Sequence[Array]
    ) -> StepResult:
        """The losses and outputs of a part that was computed, when what is to be summed was put into the sums."""
        count = programs.step.told
        for place, array in zip(room, results[count:], strict=True):
            np.copyto(place, array)
        sending.put_rest()
        for program in programs.sections:
            self._engine.note_memory(program)
        return self._engine.result(results[:count])

    def _update(self, programs: PartPrograms, summed: Sequence[Array]) -> None:
        """Let the model have its new weights."""
        engine, step = self._engine, programs.step
        count = len(step.gradients)
        assigned = dict(zip(step.assigned, summed[count:], strict=True))
        given = engine.numbers | {ONE: np.zeros(1, np.float32)} | assigned
        given |= {f"{GRADIENT}:{path}": array for path, array in zip(step.gradients, summed, strict=False)}
        results = programs.update.run(engine.inputs(step.update, None, given))
        engine.adopt(assigned | dict(zip(step.update.updated, results, strict=True)))
        engine.batches += 1

    def _given(self, split: _SplitStep, parts: Parts) -> dict[int, dict[str, Array]]:
        """For each own part the numbers that it takes: those of its draws, and what its losses count in the batch."""
        given = {part: {**numbers, **self._draws(part)} for part, numbers in split.given.items()}
        counted = split.like.step.counted
        if counted:
            amounts = [self._amounts(split.programs[part], part, batch) for part, batch in parts]
            own = np.stack(amounts) if amounts else np.empty((0, len(counted)))
            known = self._all_rows(own, split.leaves)
            totals, mine = known.sum(axis=0), split.leaves.own[self._exchange.rank]
            for (part, _), row in zip(parts, known[mine.start : mine.stop], strict=True):
                ratios = np.divide(row, totals, out=np.zeros_like(row), where=totals != 0)
                given[part] |= {name: _number(ratio) for name, ratio in zip(counted, ratios, strict=True)}
        return given

    def _draws(self, part: int) -> dict[str, Array]:
        """The number by which layers draw in a part, whoever computes it."""
        return {STEP: np.asarray((self._engine.batches * self.split.parts + part) % _STEPS, np.int32)}

    def _amounts(self, programs: PartPrograms, part: int, batch: TrainingBatch) -> Array:
        """What the losses of a part count, which does not depend on their shares."""
        step = programs.step.amounts
        assert step is not None and programs.amounts is not None, "losses are counted in all parts or in none"
        given = self._draws(part) | dict.fromkeys((*programs.step.shares, SAMPLES, ONCE), _number(0))
        given |= _unknown(programs.step)
        return np.array(programs.amounts.run(self._engine.inputs(step, batch, given)), np.float64)

    def _all_rows(self, own: Array, leaves: Leaves) -> Array:
        """The rows of all parts, in order, of the own ones that each process has."""
        return np.concatenate(gathered(self._exchange, own, [len(of) for of in leaves.own]))

    def _bucketed(self, step: MicroStep) -> list[Bucket]:
        """What is summed, in the order in which a backward pass makes it: that of the last layers comes first."""
        paths = (*step.gradients, *step.assigned)
        if self._buckets is None or self._buckets[0] != paths:
            shapes = self._engine.shapes(paths)
            order = [*reversed(range(len(step.gradients))), *range(len(step.gradients), len(paths))]
            self._buckets = paths, buckets_of(order, shapes, self._exchange.bucket_bytes)
        return self._buckets[1]

    def _require_finite(self, losses: Array, own: Sequence[range], parts: Parts) -> None:
        """Raise `NotFiniteError` where the loss of a batch, of which these are what its parts add, is not finite.

        It is explained by the process that has the first part which is not.
        """
        if not self._engine.stop_where_not_finite or np.isfinite(losses.sum()):
            return
        first = int(np.argmin(np.isfinite(losses)))
        root = next(rank for rank, of in enumerate(own) if first in of)
        told = None
        if root == self._exchange.rank:
            _, batch = parts[first - own[root].start]
            error = self._engine.explained(batch.x, float(losses.sum()))
            told = json.dumps([error.message, error.help]).encode()
        raise NotFiniteError(*json.loads(broadcast(self._exchange, told, root)))


def _unknown(step: MicroStep) -> dict[str, Array]:
    """What stands for the sums over all parts until they are known."""
    sums = step.cut.sums if step.cut is not None else ()
    return {step.part.feeds[sum.total - step.part.samples]: np.zeros(sum.shape, np.float32) for sum in sums}


def _number(value: float) -> Array:
    return np.asarray(value, np.float32)
