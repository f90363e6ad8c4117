"""`SharedSteps`: steps of training whose batches are split into parts, which several processes may share.

The parts, what is drawn in each and the order of additions depend on the batch and the number of parts alone, so that
the new weights have the same bytes in any number of processes.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.data.parts import Split, shared_out
from modelc.errors import NotFiniteError
from modelc.native.engine.plan import Stages
from modelc.native.engine.program import NativeProgram
from modelc.training.batch import StepResult, TrainingBatch
from modelc.training.bucket_sums import Bucket, BucketSum, Compression, Summing, buckets_of
from modelc.training.cut_part import CutPart, run_to_the_last_section
from modelc.training.engine import Engine, PartPrograms
from modelc.training.exchange import Exchange, broadcast, gathered
from modelc.training.micro_step import GRADIENT, ONE, MicroStep
from modelc.training.sending import Sending
from modelc.training.step_graph import ONCE, SAMPLES, STEP

Array = NDArray[Any]
Parts = Sequence[tuple[int, TrainingBatch]]
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
        self._couriers = ThreadPoolExecutor(1, "modelc-sums") if exchange.size > 1 else None

    def train(
        self, samples: int, parts: Parts, told: Callable[[TrainingBatch, StepResult], Array], width: int
    ) -> Array:
        """One step on a batch of so many samples. The weights of the model are new ones afterwards.

        Gives for each part of the batch a row: what it adds to the loss in all and to each loss, and `width` numbers
        that are `told` of it. Raises `NotFiniteError`, and changes nothing, where the loss is not finite.
        """
        sizes = self.split.sizes(samples)
        leaves = [part for part, size in enumerate(sizes) if size]
        own = [range(bisect_left(leaves, of.start), bisect_left(leaves, of.stop)) for of in self._owners]
        largest, updating = max(sizes), self._engine.optimizer.updates_at(self._engine.batches)
        made = {part: self._programs(batch, largest, updating) for part, batch in parts}
        programs = made[parts[0][0]] if parts else self._programs(self._example, largest, updating)
        given = self._shares(sizes, own, parts, made, programs)
        buckets = self._bucketed(programs.step)
        sums = [BucketSum(self._exchange, len(leaves), own, self._compress) for _ in buckets]
        sending = Sending(buckets, sums, self._couriers)
        for part in given:
            given[part] |= self._draws(part)
            given[part] |= {SAMPLES: _number(sizes[part] / samples), ONCE: _number(part == leaves[0])}
        begun = self._begun(parts, made, given)
        self._sum_what_is_needed(programs.step, begun, len(leaves), own)
        rows: list[Array] = []
        for (part, batch), cut_part in zip(parts, begun or [None] * len(parts), strict=True):
            sending.begin(bisect_left(leaves, part), last=part == parts[-1][0])
            if cut_part is None:
                result = self._run(made[part], batch, given[part], sending)
            else:
                cut_part.go_on()
                result = self._taken(made[part], cut_part.results(), sending)
            rows.append(np.concatenate([[result.loss], result.losses, told(batch, result)]))
        whole = sending.finish()
        known = self._all_rows(rows, own, width + 1 + len(programs.step.shares))
        self._require_finite(known[:, 0], own, parts)
        self._update(programs, [whole[i] for i in range(len(whole))])
        return known

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

    def _sum_what_is_needed(self, step: MicroStep, begun: Sequence[CutPart], leaves: int, own: Sequence[range]) -> None:
        """Compute cut parts as far as sums over all parts are needed, together with the other processes."""
        mine = own[self._exchange.rank]

        def added(partials: Sequence[Array], size: int) -> Array:
            sum = BucketSum(self._exchange, leaves, own, None)
            for leaf, partial in zip(mine, partials, strict=True):
                sum.put(leaf, partial)
            return sum.finish(size)

        if step.cut is not None:
            run_to_the_last_section(step.cut.sums, begun, added)

    def _run(
        self, programs: PartPrograms, batch: TrainingBatch, given: Mapping[str, Array], sending: Sending
    ) -> StepResult:
        """Compute a part: its losses and outputs. What is to be summed over all parts is put into the sums."""
        step, (program,) = programs.step, programs.sections
        inputs = self._engine.inputs(step.part, batch, given)
        if not (sending.in_stages and isinstance(program, NativeProgram)):
            return self._taken(programs, program.run(inputs), sending)
        count = step.told

        def ready(results: list[Array]) -> None:
            sending.put(results[count:])

        stages = [[count + i for i in bucket.arrays] for bucket in sending.buckets]
        results = program.run_in_stages(inputs, Stages(stages, ready))
        self._engine.note_memory(program)
        return self._engine.result(results[:count])

    def _taken(self, programs: PartPrograms, results: Sequence[Array], sending: Sending) -> StepResult:
        """The losses and outputs of a part that was computed, when what is to be summed was put into the sums."""
        count = programs.step.told
        for _ in sending.buckets:
            sending.put(results[count:])
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

    def _shares(
        self,
        sizes: Sequence[int],
        own: Sequence[range],
        parts: Parts,
        made: Mapping[int, PartPrograms],
        like: PartPrograms,
    ) -> dict[int, dict[str, Array]]:
        """For each own part what its losses count in those of the batch, by the names of inputs."""
        step, samples = like.step, float(np.sum(sizes))
        shares = {
            part: {name: 1.0 if name in step.adds_up else sizes[part] / samples for name in step.shares}
            for part, _ in parts
        }
        if step.counted:
            amounts = [self._amounts(made[part], part, batch) for part, batch in parts]
            known = self._all_rows(amounts, own, len(step.counted))
            totals, mine = known.sum(axis=0), own[self._exchange.rank]
            for (part, _), row in zip(parts, known[mine.start : mine.stop], strict=True):
                ratios = np.divide(row, totals, out=np.zeros_like(row), where=totals != 0)
                shares[part] |= dict(zip(step.counted, map(float, ratios), strict=True))
        return {part: {name: _number(share) for name, share in of.items()} for part, of in shares.items()}

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

    def _all_rows(self, rows: Sequence[Array], own: Sequence[range], width: int) -> Array:
        """The rows of all parts, in order, of those that each process has."""
        mine = np.stack(rows) if rows else np.empty((0, width))
        return np.concatenate(gathered(self._exchange, mine, [len(of) for of in own]))

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
