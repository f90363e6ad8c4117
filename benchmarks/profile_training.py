"""Where the time of a training step goes: every step of the plan of forward, loss, backward and update, by itself.

    python benchmarks/profile_training.py [MODEL or SPEC] [--batch N] [--seconds S] [--threads N] [--least PERCENT]

MODEL is one of `bench_training`. Steps are timed as `modelc bench --profile` times those of a prediction: in whole
calls. Then the times by kernel, by op, and of the Python around it all.
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

from modelc.bench.steps import Profile, profile
from modelc.native.engine.program import NativeProgram
from modelc.native.engine.threads import team_of

Array = np.ndarray[Any, Any]


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


def print_shares(title: str, times: Mapping[str, float], whole: float, least: float) -> None:
    print(f"\nby {title}")
    for name, taken in sorted(times.items(), key=lambda item: -item[1]):
        if taken >= whole * least / 100:
            print(f"{name:40.40} {taken * 1e3:9.3f} ms {taken / whole:6.1%}")


def print_steps(found: Profile, least: float) -> None:
    whole = found.steps_seconds
    kernels: defaultdict[str, float] = defaultdict(float)
    ops: defaultdict[str, float] = defaultdict(float)
    for step in found.steps:
        kernels[step.kernel] += step.seconds
        ops[step.op] += step.seconds
        if step.seconds < whole * least / 100:
            continue
        rate = f"{2 * step.work.macs / step.op_seconds / 1e9:8.1f} GFLOP/s" if step.work and step.work.macs else ""
        shape = "×".join("n" if d is None else str(d) for d in step.shape)
        print(f"{step.layer:24.24} {step.op:26.26} {shape:18.18} {step.kernel:22} {step.seconds * 1e3:9.3f} ms {rate}")
    print_shares("kernel", kernels, whole, least)
    print_shares("op", ops, whole, least)
    rate = 2 * sum(step.work.macs for step in found.steps if step.work) / whole
    print(f"\n{len(found.steps)} steps, {whole * 1e3:.3f} ms, {rate / 1e9:.1f} GFLOP/s of contractions in all,")
    print(f"{rate / found.fma_peak:.1%} of the peak of {found.fma_peak / 1e9:.1f} GFLOP/s")
    print(f"fastest call {found.seconds * 1e3:.3f} ms, {found.untimed_seconds * 1e3:.3f} ms without timing its steps")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("model", nargs="?", default="guide_cnn", help=f"{', '.join(CASES)}, or a spec")
    parser.add_argument("--batch", type=int)
    parser.add_argument("--seconds", type=float, default=2.0)
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
    with team_of(options.threads):
        program, arrays = compiled_step(model, x, y)
        print_steps(profile(program.plan_for(arrays), arrays, batch, options.seconds), options.least)

        wholes: list[float] = []
        natives: list[float] = []
        for _ in range(5):
            start = time.perf_counter()
            model.train_on_batch(x, y)
            middle = time.perf_counter()
            program.run(arrays)
            wholes.append(middle - start)
            natives.append(time.perf_counter() - middle)
    whole, native = np.median(wholes) * 1e3, np.median(natives) * 1e3
    print(f"train_on_batch {whole:.3f} ms, of which the native call is {native:.3f} ms")
    memory = program.plan.memory
    print(f"arena {memory.arena_size(batch) / 2**20:.1f} MB, {memory.fixed_bytes / 2**20:.1f} MB of it without a batch")


if __name__ == "__main__":
    main()
