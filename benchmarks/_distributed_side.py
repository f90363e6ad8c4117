"""One side of `bench_distributed.py`: modelc, alone or as one of the processes of `mpirun`; a turn for each line."""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import numpy as np
from _distributed_models import BATCH, CASES, batch_of

import modelc
from modelc.distributed import MPI
from modelc.system.mpi_start import started_rank
from modelc.training.bucket_sums import BucketSum, Leaves
from modelc.training.exchange import Alone, broadcast, gathered


def built(name: str) -> Any:
    """A compiled model of a case."""
    spec, logits = CASES[name]
    model = modelc.load_spec(spec).build(seed=1)
    loss = {"type": "SparseCategoricalCrossentropy", "from_logits": logits}
    model.compile({"type": "SGD", "learning_rate": 0.01, "momentum": 0.9}, loss, seed=1)
    return model


def trained(model: Any, name: str, steps: int, parts: int, processes: MPI | None) -> tuple[float, float]:
    """The wall time and the CPU time of this process for some steps."""
    x, y = batch_of(name)
    x, y = np.tile(x, (steps, 1, 1, 1)), np.tile(y, steps)
    wall, cpu = time.perf_counter(), time.process_time()
    model.fit(x, y, BATCH[name], verbose=0, shuffle=False, micro_batches=parts, distribute=processes)
    return time.perf_counter() - wall, time.process_time() - cpu


def reduced(exchange: Any, size: int, compress: Any, count: int) -> tuple[float, float]:
    """The wall time and the CPU time of one sum of so many float32 over two processes."""
    leaves = Leaves.of(2, [range(1), range(1, 2)])
    array = np.ones(size, np.float32)
    wall, cpu = time.perf_counter(), time.process_time()
    for _ in range(count):
        sum = BucketSum(exchange, leaves, compress)
        sum.put(exchange.rank, array)
        sum.finish(size)
    return (time.perf_counter() - wall) / count, (time.process_time() - cpu) / count


def main() -> None:
    """Do what rank 0 reads from standard input, and print the times of all."""
    processes = None if started_rank() is None else MPI()
    exchange: Any = processes or Alone()
    models: dict[str, Any] = {}
    while True:
        line = broadcast(exchange, sys.stdin.readline().encode() if exchange.rank == 0 else None)
        kind, *given = json.loads(line or b'["end"]')
        if kind == "end":
            break
        if kind == "train":
            name, steps, parts = given
            if name not in models:
                models[name] = built(name)
                trained(models[name], name, 2, parts, processes)
            times = trained(models[name], name, steps, parts, processes)
        else:
            times = reduced(exchange, *given)
        every = [row[0].tolist() for row in gathered(exchange, np.array([times]), [1] * exchange.size)]
        if exchange.rank == 0:
            print(json.dumps([max(wall for wall, _ in every), max(cpu for _, cpu in every)]), flush=True)
    if processes is not None:
        processes.finish()


if __name__ == "__main__":
    main()
