"""Where the time of a training step goes: every step of the plan of forward, loss, backward and update, by itself.

    python benchmarks/profile_training.py [MODEL or SPEC] [--batch N] [--repeat N] [--threads N] [--least PERCENT]

MODEL is one of `bench_training`. Every walk runs the plan step by step, so that each step finds the caches as it does
in a whole call; its time is the median over the walks, and about a microsecond of it is the call. On one thread its
own time counts, so that other processes do not. Then the times by kernel, by op, and of the Python around it all.
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import numpy as np
from _training_side import MOMENTUM
from bench_training import CASES, Case

from modelc.native.engine.buffers import address_of
from modelc.native.engine.executor import Executor
from modelc.native.engine.program import NativeProgram
from modelc.native.engine.threads import Team

Array = np.ndarray[Any, Any]

_CONTRACTIONS = ("conv", "depthwise")
"""What the names of kernels begin with that do multiply-adds; the other steps of a layer only move or finish."""


def compiled_step(model: Any, x: Array, y: Array) -> tuple[NativeProgram, list[Array]]:
    """The program of a step on this batch, and its inputs."""
    trainer = model.trainer
    recorded: list[tuple[NativeProgram, list[Array]]] = []
    run = NativeProgram.run

    def recording(program: NativeProgram, inputs: list[Array], *rest: Any, **named: Any) -> Any:
        recorded.append((program, list(inputs)))
        return run(program, inputs, *rest, **named)

    NativeProgram.run = recording
    try:
        trainer.on_batch(x, y, None, None, False, training=True)
    finally:
        NativeProgram.run = run
    return recorded[-1]


def step_seconds(program: NativeProgram, arrays: list[Array], batch: int, threads: int, repeat: int) -> Array:
    """The time of every step of the plan: its median."""
    clock = time.perf_counter if threads > 1 else time.thread_time
    workers = Team(threads)
    results = program.run(arrays)
    plan = program.plan
    blocks = [plan._take_arena(batch, plan.memory.arena_size(batch)), *plan._constants()]
    addresses = [*(block.address for block in blocks), *map(address_of, [*arrays, *results])]
    steps = [Executor([step], workers=workers) for step in plan.lowered.steps]

    def walk() -> list[float]:
        times: list[float] = []
        for step in steps:
            start = clock()
            step.run(batch, addresses, parallel=threads > 1)
            times.append(clock() - start)
        return times

    walk()
    return np.median([walk() for _ in range(repeat)], axis=0)


def print_shares(title: str, times: Mapping[str, float], whole: float, least: float) -> None:
    print(f"\nby {title}")
    for name, taken in sorted(times.items(), key=lambda item: -item[1]):
        if taken >= whole * least / 100:
            print(f"{name:40.40} {taken * 1e3:9.3f} ms {taken / whole:6.1%}")


def print_steps(program: NativeProgram, times: Array, batch: int, least: float) -> None:
    whole = times.sum()
    kernels: defaultdict[str, float] = defaultdict(float)
    ops: defaultdict[str, float] = defaultdict(float)
    lowered, work, counted = program.plan.lowered, 0, None
    for node, step, taken in zip(lowered.nodes, lowered.steps, times, strict=True):
        macs = node.macs * batch
        contracts = bool(macs) and step.kernel.startswith(_CONTRACTIONS)
        work += macs if contracts and counted is not node else 0
        counted = node if contracts else counted
        kernels[step.kernel] += taken
        ops[node.op.name] += taken
        if taken < whole * least / 100:
            continue
        alone = sum(other is node for other in lowered.nodes) == 1
        rate = f"{2 * macs / taken / 1e9:8.1f} GFLOP/s" if contracts and alone else ""
        shape = "×".join("n" if d is None else str(d) for d in node.output.type.shape)
        print(f"{node.layer:24.24} {node.op.name:26.26} {shape:18.18} {step.kernel:22} {taken * 1e3:9.3f} ms {rate}")
    print_shares("kernel", kernels, whole, least)
    print_shares("op", ops, whole, least)
    print(f"\n{len(times)} steps, {whole * 1e3:.3f} ms, {2 * work / whole / 1e9:.1f} GFLOP/s of contractions in all")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("model", nargs="?", default="guide_cnn", help=f"{', '.join(CASES)}, or a spec")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--least", type=float, default=1.0, help="the least share of a step that is listed, in percent")
    options = parser.parse_args()
    case = CASES.get(options.model) or Case(options.model, 32, logits=False)
    batch = options.batch or case.batch

    model = case.model()
    rng = np.random.default_rng(0)
    x = rng.random((batch, *model.input_shape[1:]), np.float32)
    y = rng.integers(0, model.output_shape[-1], (batch, *model.output_shape[1:-1])).astype(np.int32)
    model.compile(
        {"type": "SGD", "learning_rate": case.learning_rate, "momentum": MOMENTUM},
        {"type": "SparseCategoricalCrossentropy", "from_logits": case.logits},
    )
    program, arrays = compiled_step(model, x, y)
    print_steps(program, step_seconds(program, arrays, batch, options.threads, options.repeat), batch, options.least)

    wholes: list[float] = []
    natives: list[float] = []
    for _ in range(max(3, options.repeat)):
        start = time.perf_counter()
        model.train_on_batch(x, y)
        middle = time.perf_counter()
        program.run(arrays)
        wholes.append(middle - start)
        natives.append(time.perf_counter() - middle)
    whole, native = np.median(wholes) * 1e3, np.median(natives) * 1e3
    print(f"train_on_batch {whole:.3f} ms on the process's threads, of which the native call is {native:.3f} ms")
    memory = program.plan.memory
    print(f"arena {memory.arena_size(batch) / 2**20:.1f} MB, {memory.fixed_bytes / 2**20:.1f} MB of it without a batch")


if __name__ == "__main__":
    main()
