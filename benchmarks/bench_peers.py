"""Predictions of modelc, ONNX Runtime and OpenVINO, each in a process of its own, turn by turn.

    pip install '.[peers]' && python benchmarks/bench_peers.py [MODEL…] [--threads 1 2] [--batch 1 32] [--rounds 15]

The models are built in Keras, with weights drawn from a seed; the peers' files are made from them, for inputs with the
channels first and last. A peer takes part with the form that it is faster with; one that is not installed is skipped.
Outputs are compared with Keras's first. In each round every engine has a turn of `--seconds`, and its median call
counts. Ratios are medians over the rounds, of the peer that is best by them; those of the least times say more where
the machine is busy. The peak is that of a loop of multiply-adds that has a turn in each round too. One thread stays on
one CPU. With --own-time, one thread is timed by the CPU time of its process, which leaves out that of other programs.

With --starts, processes are started instead, and the time to their first result and their memory are measured. With
--beside, another process keeps a CPU busy, one that a single thread is not on.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from _peers import rounds, starts, table
from _peers.engines import ENGINES, PEERS
from _peers.files import files
from _peers.models import CASES
from _peers.sides import Side
from _side_process import SideError


def compare(options: Any, engines: list[str]) -> None:
    """Print a table of the milliseconds of a call."""
    best: dict[tuple[int, int], list[float]] = {}
    with tempfile.TemporaryDirectory() as temporary:
        peak = Side.start("peak", Path(temporary) / "none", 0, 1, options.own_time)
        print(table.head(["model", "batch", "threads", *engines, *table.AFTER_ENGINES]), flush=True)
        for name in options.models:
            try:
                with files(name, options.batch, options.files) as (folder, macs):
                    for batch in options.batch:
                        rows = rounds.measure(
                            folder, engines, batch=batch, threads=options.threads, macs=macs, peak=peak,
                            rounds=options.rounds, seconds=options.seconds, own_time=options.own_time,
                            beside=options.beside,
                        )  # fmt: skip
                        for threads, row in zip(options.threads, rows, strict=True):
                            print(table.of_turns([name, str(batch), str(threads)], row, engines), flush=True)
                            if row.peers:
                                best.setdefault((batch, threads), []).append(min(row.ratios.values()))
            except SideError as error:
                print(f"{name}: {error}", flush=True)
        for (batch, threads), ratios in best.items():
            empty, mean = [""] * len(engines), f"{statistics.geometric_mean(ratios):.2f}"
            print(table.row(["geometric mean", str(batch), str(threads), *empty, mean]))
        print(f"\npeak of one core {peak.told / statistics.median(peak.times) / 1e9:.1f} GFLOP/s")
        peak.end()


def compare_starts(options: Any, engines: list[str]) -> None:
    """Print a table of times to the first result, and of memory."""
    batch, threads = options.batch[0], options.threads[-1]
    print(f"Milliseconds to the first result and the most memory; batch {batch}, threads: {threads}\n")
    print(table.head(["model", "import numpy", *engines]), flush=True)
    for name in options.models:
        try:
            with files(name, options.batch, options.files) as (folder, _):
                measured = starts.measure(folder, engines, batch, threads, options.rounds)
        except SideError as error:
            print(f"{name}: {error}", flush=True)
            continue
        print(table.of_starts(name, measured, engines), flush=True)


def main() -> None:
    assert __doc__ is not None
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("models", nargs="*", default=list(CASES), metavar="MODEL", help=", ".join(CASES))
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 32])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--seconds", type=float, default=0.1, help="of a turn; a call takes longer all the same")
    parser.add_argument("--own-time", action="store_true", help="time one thread by its CPU time, on a busy machine")
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS)
    parser.add_argument("--beside", choices=("busy", "nice"), help="a process that keeps a CPU busy, or a niced one")
    parser.add_argument("--starts", action="store_true", help="measure the time to the first result, and memory")
    parser.add_argument("--files", type=Path, metavar="FOLDER", help="keep the files here, and use them again")
    options = parser.parse_args()
    unknown = [name for name in options.models if name not in CASES]
    if unknown:
        parser.error(f"no such model: {', '.join(unknown)}; there are {', '.join(CASES)}")
    engines = ["modelc"]
    for peer in options.peers:
        if find_spec(ENGINES[peer].package):
            engines.append(peer)
        else:
            print(f"{peer} is skipped: {ENGINES[peer].package} is not installed")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # ends the processes and removes the files
    (compare_starts if options.starts else compare)(options, engines)


if __name__ == "__main__":
    main()
