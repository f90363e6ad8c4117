"""Bulk prediction: two workers of one thread each against one process of one thread, in samples per second.

    python benchmarks/bench_dask.py [--samples 20000] [--rounds 3]

Pairs of runs alternate, so that what else the machine does meets both. The time is that of the prediction alone: the
cluster is there, and the model is loaded and has run once, in both. On a machine that has other work, CPU seconds tell
more than rates: all of the workers, the scheduler and the client are counted, and two cores that are free would gain
2 × (CPU seconds of one process) / (CPU seconds of all of them).
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

SPECS = {"guide CNN": "guide_cnn.yaml", "LeNet-5": "digits_lenet.yaml"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--samples", type=int, default=20_000, help="28×28 images; the guide's 250×250 ones are fewer")
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    os.environ["MODELC_NUM_THREADS"] = "1"
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL,
            env={"MODELC_NUM_THREADS": "1"},
        ) as cluster,
        Client(cluster, set_as_default=False) as client,
        tempfile.TemporaryDirectory() as folder,
    ):  # fmt: skip
        for name, file in SPECS.items():
            _compare(name, Path(__file__).parents[1] / "specs" / file, client, Path(folder) / name, given)


def _compare(name: str, spec: Path, client: Any, folder: Path, given: argparse.Namespace) -> None:
    import modelc
    from modelc.bulk.reading.arrays import ArraySource, MappedArray
    from modelc.bulk.run import DEFAULT_BATCH, chunk_size, run
    from modelc.bulk.writing.opening import open_results
    from modelc.bulk.writing.outputs import outputs_of
    from modelc.cluster.artifacts import Artifact
    from modelc.cluster.folder import PredictionFolder
    from modelc.cluster.prediction import ClusterRun

    folder.mkdir()
    modelc.load_spec(spec).build(seed=0).save(folder / "model.modelc")
    model = modelc.load(folder / "model.modelc")
    shape = [int(size) for size in model.face.inputs[0].type.shape[1:]]
    count = max(256, given.samples * 28 * 28 // int(np.prod(shape[:2])))
    x = np.lib.format.open_memmap(folder / "x.npy", mode="w+", dtype=np.float32, shape=(count, *shape))
    x[:] = np.random.default_rng(0).random((1, *shape), np.float32)
    x.flush()
    source = ArraySource([MappedArray(str(folder / "x.npy"))], "x.npy")
    outputs = outputs_of(model.face, source.arrays)
    artifact = Artifact.at(folder / "model.modelc")

    def alone(number: int) -> tuple[float, float]:
        start, busy = time.perf_counter(), time.process_time()
        run(model, source, [open_results(str(folder / f"one{number}.npy"), outputs)])
        return count / (time.perf_counter() - start), time.process_time() - busy

    def shared(number: int) -> tuple[float, float]:
        cluster_run = ClusterRun(
            model, artifact, source, outputs, lambda path: open_results(path, outputs), {}, DEFAULT_BATCH
        )
        start, busy = time.perf_counter(), _busy(client)
        cluster_run(client, PredictionFolder(folder / f"two{number}", ".npy"))
        return count / (time.perf_counter() - start), _busy(client) - busy

    alone(-1)
    shared(-1)
    rates = [(alone(n), shared(n)) for n in range(given.rounds)]
    one, two = (statistics.median(rate for rate, _ in column) for column in zip(*rates, strict=True))
    ratios = ", ".join(f"{b[0] / a[0]:.2f}" for a, b in rates)
    gain = statistics.median(2 * a[1] / b[1] for a, b in rates)
    chunk = chunk_size(model, DEFAULT_BATCH)
    print(f"{name}: {count:,} samples in chunks of {chunk:,}: one {one:,.0f}/s, two {two:,.0f}/s; ratios {ratios}")
    print(f"  by CPU seconds, two free cores gain {gain:.2f}", flush=True)


def _busy(client: Any) -> float:
    """The CPU seconds so far of the workers and of this process, in which the scheduler runs."""
    return time.process_time() + sum(client.run(time.process_time).values())


if __name__ == "__main__":
    main()
