"""Where the time of a model goes: each step of its plan, timed apart from the others in one walk after the other.

    python benchmarks/profile_steps.py [SPEC] [--batch 1] [--repeat 50]

Every walk runs the steps in order, each by a call of its own, so that each finds the caches as it does in a whole call.
A step's time is the median over the walks; about a microsecond of it is the call. Rates count two operations
for each multiply-add.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from _timing import seconds

import modelc
from modelc.native.engine.buffers import address_of
from modelc.native.engine.executor import Executor
from modelc.native.engine.plan import PARALLEL_WORK
from modelc.native.engine.program import NativeProgram

Array = np.ndarray[Any, Any]

SPEC = Path(__file__).parents[1] / "specs" / "guide_cnn.yaml"

_CONTRACTIONS = ("conv", "depthwise")
"""What the names of kernels begin with that do multiply-adds; a layer's other steps only move or finish."""


def step_seconds(program: NativeProgram, x: Array, repeat: int) -> Array:
    """The time of every step, in seconds, in each of `repeat` walks: [walk, step]."""
    batch = len(x)
    results = program.run([x])
    plan = program.plan
    blocks = [plan._take_arena(batch, plan.memory.arena_size(batch)), *plan._constants()]
    addresses = [*(block.address for block in blocks), *map(address_of, [x, *results])]
    parallel = plan.work.at(batch) >= PARALLEL_WORK
    steps = [Executor([step]) for step in plan.lowered.steps]

    def walk() -> list[float]:
        return [seconds(lambda step=step: step.run(batch, addresses, parallel=parallel)) for step in steps]

    walk()
    return np.array([walk() for _ in range(repeat)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("spec", nargs="?", default=str(SPEC))
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=50)
    options = parser.parse_args()

    model = modelc.load_spec(options.spec).build()
    program = model.program
    x = np.random.default_rng(0).random((options.batch, *model.input_shape[1:]), np.float32)
    whole = np.median([seconds(lambda: model(x)) for _ in range(options.repeat)])
    times = np.median(step_seconds(program, x, options.repeat), axis=0)
    lowered = program.plan.lowered
    for node, step, time in zip(lowered.nodes, lowered.steps, times, strict=True):
        macs = node.macs * options.batch
        rate = f"{2 * macs / time / 1e9:8.1f} GFLOP/s" if macs and step.kernel.startswith(_CONTRACTIONS) else ""
        print(f"{node.layer:28} {step.kernel:16} {time * 1e6:10.1f} µs {time / times.sum():6.1%} {rate}")
    print(f"sum of the steps {times.sum() * 1e3:.3f} ms, whole call {whole * 1e3:.3f} ms")


if __name__ == "__main__":
    main()
