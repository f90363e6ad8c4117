"""What each process of a test of failures runs: the one of rank 1 fails, or does not go on, in its third batch."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from typing import Any

from modelc.distributed import MPI
from modelc.errors import LostWorkerError
from tests.training.test_micro_batches import CASES


def batches(rank: int, how: str) -> Iterator[Any]:
    """Batches, of which rank 1 does not get the third one."""
    case = CASES["regularized"]
    for number in range(100):
        if rank == 1 and number == 2:
            if how == "sleeps":
                time.sleep(60)
            raise ValueError("no third batch here")
        yield case.x[:16], case.y[:16]


def main() -> None:
    """Print what the process of rank 0 is told, and end with 3."""
    together = MPI(timeout=2)
    model = CASES["regularized"].model()
    try:
        model.fit(batches(together.rank, sys.argv[1]), steps_per_epoch=100, distribute=together, verbose=0)
    except LostWorkerError as error:
        print(f"rank {together.rank}: {error}", flush=True)
        os._exit(3)


if __name__ == "__main__":
    main()
