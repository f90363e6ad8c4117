"""`Batcher`: requests that wait together run together."""

from __future__ import annotations

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import InputError
from modelc.serve.mistakes import refused
from modelc.serve.options import ServeOptions
from modelc.serve.request import split_samples

Array = NDArray[Any]
Run = Callable[[list[Array]], list[Array]]

_INLINE_SECONDS = 0.0005
"""A batch that takes less runs on the thread of the server: handing it to another one takes as long."""
_USUAL_SECONDS = 0.01
"""What a request is taken to last before one was run."""


@dataclass(eq=False)
class _Job:
    inputs: list[Array]
    answer: asyncio.Future[list[Array]]

    @property
    def samples(self) -> int:
        return len(self.inputs[0])

    @property
    def shapes(self) -> tuple[tuple[int, ...], ...]:
        """The shapes of a sample: those of other ones do not run together."""
        return tuple(array.shape[1:] for array in self.inputs)


class Batcher:
    """Takes requests for one model and runs those together that wait, in the order in which they came.

    While a batch runs, others wait and make the next one: so batches grow with the load, and a lone request waits for
    nothing, unless `max_wait` says so. Requests of other sample sizes run by themselves. One that the model refuses
    fails alone.
    """

    def __init__(
        self,
        run: Run,
        options: ServeOptions,
        *,
        together: bool = True,
        on_batch: Callable[[int, float], None] = lambda samples, seconds: None,
        on_waiting: Callable[[int], None] = lambda change: None,
    ) -> None:
        """`run` computes a batch, on one thread at a time; `together` is whether requests may share one; `on_batch` is
        told the samples of each and the seconds that it took, `on_waiting` how many requests wait more than before."""
        self._run, self._options, self._on_batch, self._on_waiting = run, options, on_batch, on_waiting
        self._most = options.max_batch if together else 0
        self._jobs: deque[_Job] = deque()
        self._arrived = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, "modelc-batch")
        self._seconds: float | None = None
        """What a batch takes, averaged over the last ones."""
        self._task: asyncio.Task[None] | None = None
        self._closing = False

    async def submit(self, inputs: list[Array]) -> list[Array]:
        """The results for the samples of one request.

        Raises `RequestError` 429 where too many wait already, and what the model raises for these samples.
        """
        if len(self._jobs) >= self._options.max_queue:
            message = f"{len(self._jobs):,} requests wait already: this one is refused"
            raise refused(429, "E802", message, "try again later", retry_after=str(self._seconds_until_free()))
        # One that was closed takes requests still, of those who had asked for the model before another one came.
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        job = _Job(inputs, asyncio.get_running_loop().create_future())
        self._jobs.append(job)
        self._on_waiting(1)
        self._arrived.set()
        return await job.answer

    async def close(self) -> None:
        """Return when all that wait are answered."""
        self._closing = True
        self._arrived.set()
        if self._task is not None:
            await self._task

    def _seconds_until_free(self) -> int:
        """When the queue is about to be worked off."""
        batches = math.ceil(len(self._jobs) / max(1, self._most))
        return max(1, math.ceil(batches * (self._seconds or _USUAL_SECONDS)))

    async def _work(self) -> None:
        while True:
            await self._arrived.wait()
            if not self._jobs:
                if self._closing:
                    return
                self._arrived.clear()
                continue
            if self._options.max_wait and not self._closing:
                await self._wait_for_others()
            jobs = self._take()
            if jobs:
                await self._answer(jobs)
            # Answers go out, and requests that have arrived are read, before the next batch is made of these.
            await asyncio.sleep(0)

    async def _wait_for_others(self) -> None:
        until = time.monotonic() + self._options.max_wait
        while sum(job.samples for job in self._jobs) < self._most and (left := until - time.monotonic()) > 0:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), left)
            except TimeoutError:
                break
        self._arrived.set()

    def _take(self) -> list[_Job]:
        """The first that waits, and those that can run with it; those who have given up are left out."""
        taken: list[_Job] = []
        others: deque[_Job] = deque()
        before, samples = len(self._jobs), 0
        while self._jobs:
            job = self._jobs.popleft()
            if job.answer.done():
                continue
            if taken and (samples + job.samples > self._most or job.shapes != taken[0].shapes):
                others.append(job)
                if samples >= self._most:
                    break
                continue
            taken.append(job)
            samples += job.samples
        others.extend(self._jobs)
        self._jobs = others
        self._on_waiting(len(others) - before)
        return taken

    async def _answer(self, jobs: Sequence[_Job]) -> None:
        begin = time.perf_counter()
        if self._seconds is not None and self._seconds < _INLINE_SECONDS:
            answers = self._computed(jobs)
        else:
            answers = await asyncio.get_running_loop().run_in_executor(self._thread, self._computed, jobs)
        seconds = time.perf_counter() - begin
        self._seconds = seconds if self._seconds is None else 0.8 * self._seconds + 0.2 * seconds
        self._on_batch(sum(job.samples for job in jobs), seconds)
        for job, answer in zip(jobs, answers, strict=True):
            if job.answer.done():
                continue
            if isinstance(answer, Exception):
                job.answer.set_exception(answer)
            else:
                job.answer.set_result(answer)

    def _computed(self, jobs: Sequence[_Job]) -> list[list[Array] | Exception]:
        """For each job its results, or what was raised for it. It may run on another thread."""
        if len(jobs) > 1:
            columns = zip(*(job.inputs for job in jobs), strict=True)
            try:
                results = self._run([np.concatenate(column) for column in columns])
                return [*split_samples(results, [job.samples for job in jobs])]
            except InputError:
                pass  # of one of them, or of some: each is run by itself
            except Exception as error:
                return [error] * len(jobs)
        return [self._alone(job) for job in jobs]

    def _alone(self, job: _Job) -> list[Array] | Exception:
        try:
            return self._run(job.inputs)
        except Exception as error:
            return error
