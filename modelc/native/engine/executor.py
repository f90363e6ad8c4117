"""A plan made ready to run: kernels loaded, parameters and steps in two arrays, one native call per prediction."""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from modelc.graph.program import OnCompile
from modelc.native.code.layout import CTX_BUFFERS, CTX_ERROR
from modelc.native.compiler.catalog import family_of
from modelc.native.compiler.load import load_all
from modelc.native.engine.schedule import JOB, ROW, Step
from modelc.native.engine.threads import Team, team

_WORD = 8


class Executor:
    """Runs `steps` in order. It holds no state between calls, so that threads may share it.

    Raises:
        KeyError: a step names a kernel that does not exist.
        ValueError: a step's tile or times is less than one, or its grain is 0.
    """

    def __init__(
        self, steps: Sequence[Step], *, on_compile: OnCompile | None = None, workers: Team | None = None
    ) -> None:
        for step in steps:
            if min(step.tile, step.times) < 1 or step.grain == 0:
                raise ValueError(f"expected a tile and times of at least 1 and a grain other than 0, found {step}")
        families = load_all([*(family_of(step.kernel) for step in steps), "walker"], on_compile)
        addresses = {kernel: address for family in families.values() for kernel, address in family.items()}
        starts = list(accumulate((len(step.params) for step in steps), initial=0))
        self._params = np.array([word for step in steps for word in step.params], np.int64)
        base = self._params.ctypes.data
        rows = [
            ROW.pack(
                kernel=addresses[step.kernel], params=base + _WORD * start, extent=step.extent, tile=step.tile,
                times=step.times, grain=step.grain,
            )
            for step, start in zip(steps, starts, strict=False)  # the last start is the end
        ]  # fmt: skip
        self._table = np.array(rows, np.int64)
        self._job = JOB.pack(table=self._table.ctypes.data, steps=len(steps), slot=0, threads=1)
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


_RESERVED = (0,) * (CTX_BUFFERS - 1)
_ERROR = JOB.size + CTX_ERROR
