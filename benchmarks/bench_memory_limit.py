"""What memory costs in time: a step of training under a memory limit, against one without, turn by turn.

    python benchmarks/bench_memory_limit.py [MODEL] [--shares 0.75 0.5 0.4] [--seconds 15]

Both begin with the same weights, on the same batch; after three steps the weights must be the same bits. A share is
that of what a step takes without a limit: weights, optimizer, samples and all that is computed.
"""

from __future__ import annotations

import argparse

import numpy as np
from _timing import seconds, timed_in_turns
from bench_training import CASES, Case

import modelc
from modelc.errors import ResourceError

STEPS = 3


def compiled(case: Case, limit: int | None) -> modelc.Model:
    model = case.model()
    loss = modelc.losses.SparseCategoricalCrossentropy(from_logits=case.logits)
    model.compile(modelc.optimizers.SGD(case.learning_rate, momentum=0.9), loss, memory_limit=limit)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("model", nargs="?", default="resnet50", choices=list(CASES))
    parser.add_argument("--shares", type=float, nargs="+", default=[0.75, 0.5, 0.4])
    parser.add_argument("--seconds", type=float, default=15.0, help="for each comparison; three turns at least")
    options = parser.parse_args()
    case = CASES[options.model]
    free = compiled(case, None)
    rng = np.random.default_rng(0)
    x = rng.random((case.batch, *free.input_shape[1:]), np.float32)
    y = rng.integers(0, free.output_shape[-1], case.batch).astype(np.int32)
    for _ in range(STEPS):
        free.train_on_batch(x, y)
    weights = {path: array.copy() for path, array in free.arrays.items()}
    memory = free.trainer.engine.memory
    assert memory is not None
    print(f"{options.model}, batch {case.batch}: {memory.bytes / 2**20:.0f} MB without a limit")
    for share in options.shares:
        limited = compiled(case, int(memory.bytes * share))
        try:
            for _ in range(STEPS):
                limited.train_on_batch(x, y)
        except ResourceError as error:
            print(f"  {share:4.0%}: {error}")
            continue
        assert all(np.array_equal(array, weights[path]) for path, array in limited.arrays.items()), "the same bits"
        pairs = timed_in_turns(
            lambda: seconds(lambda: limited.train_on_batch(x, y)),  # noqa: B023 - called before the next one
            lambda: seconds(lambda: free.train_on_batch(x, y)),
            count=100, warm_up=0, within=options.seconds,
        )  # fmt: skip
        taken = limited.trainer.engine.memory
        assert taken is not None
        print(
            f"  {share:4.0%}: {taken.bytes / 2**20:7.0f} MB   {taken.extra_work:6.1%} of the work again   "
            f"{pairs.ratio:5.2f}x the time ({pairs.theirs * 1e3:.1f} ms, {pairs.ours * 1e3:.1f} without; "
            f"{pairs.count} turns)",
            flush=True,
        )


if __name__ == "__main__":
    main()
