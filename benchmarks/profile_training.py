"""Where the time of a training step goes: every step of the plan of forward, loss and backward, by itself.

    python benchmarks/profile_training.py [SPEC] [--batch N] [--repeat N] [--threads N] [--least PERCENT]

The loss is the mean squared error. On one thread its own time counts, so that other processes do not.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

from modelc.runtime.buffers import address_of
from modelc.runtime.executor import Executor
from modelc.runtime.threads import Team
from tests.runtime.training_graphs import TrainingGraph

SPEC = Path(__file__).parents[1] / "specs" / "guide_cnn.yaml"

_CONTRACTIONS = ("conv", "depthwise")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("spec", nargs="?", default=str(SPEC))
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--least", type=float, default=1.0, help="the least share of a step that is listed, in percent")
    options = parser.parse_args()
    workers = Team(options.threads)
    clock = time.perf_counter if options.threads > 1 else time.thread_time

    made = TrainingGraph.of(Path(options.spec).read_text())
    program, batch = made.program, options.batch
    arrays = made.arrays(batch)
    results = program.run(arrays)
    arena = program._take_arena(program.memory.arena_size(batch))
    addresses = [arena.address, program._current().block.address, *map(address_of, [*arrays, *results])]
    steps = [Executor([step], workers=workers) for step in program.lowered.steps]

    def walk() -> list[float]:
        times: list[float] = []
        for step in steps:
            start = clock()
            step.run(batch, addresses, parallel=options.threads > 1)
            times.append(clock() - start)
        return times

    walk()
    times = np.median([walk() for _ in range(options.repeat)], axis=0)
    kinds: defaultdict[str, float] = defaultdict(float)
    work = 0
    counted = None
    for node, step, taken in zip(program.lowered.nodes, program.lowered.steps, times, strict=True):
        macs = node.op.macs(node.output.type, *(v.type for v in node.inputs)) * batch
        contracts = bool(macs) and step.kernel.startswith(_CONTRACTIONS)
        several = sum(other is node for other in program.lowered.nodes) > 1
        work += macs if contracts and counted is not node else 0
        counted = node if contracts else counted
        kinds[step.kernel] += taken
        if taken < times.sum() * options.least / 100:
            continue
        rate = f"{2 * macs / taken / 1e9:8.1f} GFLOP/s" if contracts and not several else ""
        print(f"{node.layer:28.28} {node.op.name:30.30} {step.kernel:22} {taken * 1e3:9.3f} ms {rate}")
    print()
    for kernel, taken in sorted(kinds.items(), key=lambda item: -item[1]):
        print(f"{kernel:22} {taken * 1e3:9.3f} ms {taken / times.sum():6.1%}")
    rate = 2 * work / times.sum() / 1e9
    print(f"all {times.sum() * 1e3:.3f} ms, {rate:.1f} GFLOP/s of contractions in all")
    memory = program.memory
    print(f"arena {memory.arena_size(batch) / 2**20:.1f} MB, {memory.fixed_bytes / 2**20:.1f} MB of it without a batch")


if __name__ == "__main__":
    main()
