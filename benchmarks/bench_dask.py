"""Bulk prediction: two workers of one thread each against one process of one thread, in samples per second.

    python benchmarks/bench_dask.py [--samples 20000] [--rounds 3]

The workers are those of `--dask local:2`. What two processes of this machine can gain at most is measured beside it:
two that have nothing to do with Dask, and predict half of the chunks each. The three take turns, so that what else the
machine does meets all. The time is that of the prediction alone: the processes are there, and have run once. On a
machine that has other work, CPU seconds tell more than rates: all of the workers, the scheduler and the client are
counted, and two cores that are free would gain 2 × (CPU seconds of one process) / (CPU seconds of all of them).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

SPECS = {"guide CNN": "guide_cnn.yaml", "LeNet-5": "digits_lenet.yaml"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=20_000, help="28×28 images; the guide's 250×250 ones are fewer")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    os.environ["MODELC_NUM_THREADS"] = "2"  # one for each of two workers
    from modelc.cluster.connecting import connected

    with connected("local:2") as client, tempfile.TemporaryDirectory() as folder:
        os.environ["MODELC_NUM_THREADS"] = "1"
        for name, file in SPECS.items():
            _compare(name, Path(__file__).parents[1] / "specs" / file, client, Path(folder) / name, given)


def _compare(name: str, spec: Path, client: Any, folder: Path, given: argparse.Namespace) -> None:
    import modelc
    from modelc.bulk.reading.arrays import ArraySource, MappedArray
    from modelc.bulk.run import DEFAULT_BATCH, chunk_size
    from modelc.bulk.writing.opening import open_results
    from modelc.bulk.writing.outputs import outputs_of
    from modelc.cluster.artifacts import Artifact
    from modelc.cluster.folder import PredictionFolder
    from modelc.cluster.prediction import ClusterRun

    folder.mkdir()
    modelc.load_spec(spec).build(seed=0).save(folder / "model.modelc")
    model = modelc.load(folder / "model.modelc")
    shape = [int(size or 0) for size in model.face.inputs[0].type.shape[1:]]
    count = max(256, given.samples * 28 * 28 // int(np.prod(shape[:2])))
    x = np.lib.format.open_memmap(folder / "x.npy", mode="w+", dtype=np.float32, shape=(count, *shape))
    x[:] = np.random.default_rng(0).random((1, *shape), np.float32)
    x.flush()
    source = ArraySource([MappedArray(str(folder / "x.npy"))], "x.npy")
    outputs = outputs_of(model.face, source.arrays)
    artifact = Artifact.at(folder / "model.modelc")
    plain = [_Plain(folder) for _ in range(2)]

    def without_dask(shares: list[tuple[int, int]]) -> tuple[float, float]:
        start = time.perf_counter()
        for side, share in zip(plain, shares, strict=False):
            side.pipe.send(share)
        busy = [side.pipe.recv() for side, _ in zip(plain, shares, strict=False)]
        return count / (time.perf_counter() - start), sum(busy)

    def on_dask(number: int) -> tuple[float, float]:
        cluster_run = ClusterRun(
            model, artifact, source, outputs, lambda path: open_results(path, outputs), {}, DEFAULT_BATCH
        )
        start, busy = time.perf_counter(), _busy(client)
        cluster_run(client, PredictionFolder(folder / f"two{number}", ".npy"))
        return count / (time.perf_counter() - start), _busy(client) - busy

    for number in (-2, -1):  # of which the first may meet one worker only
        on_dask(number)
    found = [
        (without_dask([(0, 1)]), without_dask([(0, 2), (1, 2)]), on_dask(number)) for number in range(given.rounds)
    ]
    for side in plain:
        side.end()
    chunk = chunk_size(model, DEFAULT_BATCH)
    one, *twos = zip(*found, strict=True)
    print(f"{name}: {count:,} samples in chunks of {chunk:,}: one process {_median(one):,.0f}/s")
    for label, two in zip(("two processes without Dask", "two workers of Dask"), twos, strict=True):
        rates = ", ".join(f"{b[0] / a[0]:.2f}" for a, b in zip(one, two, strict=True))
        gain = statistics.median(2 * a[1] / b[1] for a, b in zip(one, two, strict=True))
        print(f"  {label}: {_median(two):,.0f}/s, {rates} to one; by CPU seconds two free cores gain {gain:.2f}")
    print(end="", flush=True)


def _median(column: Any) -> float:
    return statistics.median(rate for rate, _ in column)


class _Plain:
    """A process that predicts shares of the chunks, and tells the CPU seconds that it took."""

    def __init__(self, folder: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self._process = context.Process(target=_predict_shares, args=(theirs, folder))
        self._process.start()
        self.pipe.recv()

    def end(self) -> None:
        self.pipe.send(None)
        self._process.join()


def _predict_shares(pipe: Any, folder: Path) -> None:
    """In a process of its own: every `of`-th chunk from the `first` one, for each share that comes."""
    import modelc
    from modelc.bulk.reading.arrays import ArraySource, MappedArray
    from modelc.bulk.run import DEFAULT_BATCH, chunk_size, predict_chunk

    model = modelc.load(folder / "model.modelc")
    source = ArraySource([MappedArray(str(folder / "x.npy"))], "x.npy")
    parts = list(source.parts(chunk_size(model, DEFAULT_BATCH)))
    predict_chunk(model, parts[0].read(), DEFAULT_BATCH)
    pipe.send(0.0)
    while (share := pipe.recv()) is not None:
        first, of = share
        start = time.process_time()
        for part in parts[first::of]:
            predict_chunk(model, part.read(), DEFAULT_BATCH)
        pipe.send(time.process_time() - start)


def _busy(client: Any) -> float:
    """The CPU seconds so far of the workers and of this process, in which the scheduler runs."""
    return time.process_time() + sum(client.run(time.process_time).values())


if __name__ == "__main__":
    main()
