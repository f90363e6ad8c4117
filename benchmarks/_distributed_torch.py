"""One side of `bench_distributed.py`: PyTorch's DistributedDataParallel on gloo, one process of two."""

from __future__ import annotations

import hashlib
import json
import sys
import time
from typing import Any

import torch
import torch.distributed as dist
from _distributed_models import BATCH, batch_of
from torch import nn
from torch.nn.parallel import DistributedDataParallel

MODELS: dict[str, Any] = {
    "lenet5": lambda: nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
        nn.Conv2d(16, 120, 5), nn.Tanh(), nn.Flatten(), nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10),
    ),
    "guide_cnn": lambda: nn.Sequential(
        nn.Conv2d(3, 32, 5, 2), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.MaxPool2d(3),
        nn.Conv2d(32, 32, 3), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.MaxPool2d(3),
        nn.Conv2d(32, 32, 3), nn.ReLU(), nn.Conv2d(32, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.AdaptiveMaxPool2d(1), nn.Flatten(), nn.Linear(32, 10),
    ),
}  # fmt: skip


def stepped(model: Any, optimizer: Any, x: Any, y: Any, count: int) -> None:
    """Some steps of training."""
    for _ in range(count):
        optimizer.zero_grad()
        nn.functional.cross_entropy(model(x), y).backward()
        optimizer.step()


def main() -> None:
    """Do the turns that the process of rank 0 reads from standard input."""
    torch.set_num_threads(1)
    dist.init_process_group("gloo")
    rank, size = dist.get_rank(), dist.get_world_size()
    made: dict[str, Any] = {}
    while True:
        told: list[Any] = [json.loads(sys.stdin.readline() or "null") if rank == 0 else None]
        dist.broadcast_object_list(told, 0)
        if told[0] in (None, ["end"]):
            break
        name, steps = told[0]
        x, y = batch_of(name)
        each = BATCH[name] // size
        x = torch.from_numpy(x[rank * each : (rank + 1) * each]).permute(0, 3, 1, 2)
        y = torch.from_numpy(y[rank * each : (rank + 1) * each]).long()
        if name not in made:
            torch.manual_seed(1)
            model = DistributedDataParallel(MODELS[name]().to(memory_format=torch.channels_last))
            made[name] = model, torch.optim.SGD(model.parameters(), 0.01, 0.9)
        model, optimizer = made[name]

        stepped(model, optimizer, x, y, 2)
        wall, cpu = time.perf_counter(), time.process_time()
        stepped(model, optimizer, x, y, steps)
        times = time.perf_counter() - wall, time.process_time() - cpu
        digest = hashlib.sha256(b"".join(p.detach().numpy().tobytes() for p in model.parameters())).hexdigest()
        every: list[Any] = [None] * size
        dist.all_gather_object(every, (*times, digest))
        if rank == 0:
            same = len({digest for _, _, digest in every}) == 1
            print(json.dumps([max(t[0] for t in every), max(t[1] for t in every), same]), flush=True)
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
