"""Training on the workers of a real Dask cluster, which are processes."""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.callbacks import BackupAndRestore
from modelc.data.columns import ArrayColumn, Columns
from modelc.distributed import Dask
from modelc.distributed.data import sendable
from modelc.errors import InputError, LostWorkerError
from tests.training.test_micro_batches import CASES

distributed: Any = pytest.importorskip("distributed")


WORKERS = 3


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A client of workers in processes, which are started anew where they are killed."""
    with (
        distributed.LocalCluster(
            n_workers=WORKERS, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0"
        ) as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):  # fmt: skip
        yield client


@pytest.fixture
def client(cluster: Any) -> Any:
    """It, once all workers are there."""
    cluster.wait_for_workers(WORKERS, timeout=60)
    return cluster


def bytes_of(model: Any) -> bytes:
    return b"".join(array.tobytes() for array in model.get_weights())


def test_weights_and_history_are_those_of_one_process(client: Any, tmp_path: Path) -> None:
    case = CASES["masked, weighted"]
    np.save(tmp_path / "x.npy", case.x)
    mapped = case._replace(x=np.load(tmp_path / "x.npy", mmap_mode="r"))
    held_out = (case.x[:20], case.y[:20])
    alone = case.fit(8, validation_data=held_out)
    workers = list(client.scheduler_info(n_workers=-1)["workers"])
    assert len(workers) == WORKERS
    model = mapped.fit(8, distribute=Dask(client, workers, bucket_bytes=256), validation_data=held_out)
    assert bytes_of(model) == bytes_of(alone)
    assert model.history.history == alone.history.history


def test_what_workers_cannot_have(client: Any) -> None:
    case = CASES["regularized"]
    with pytest.raises(InputError, match="what yields batches cannot be sent to workers"):
        case.model().fit(iter([(case.x, case.y)]), steps_per_epoch=1, distribute=Dask(client), verbose=0)
    with pytest.raises(InputError, match=r"there is no worker tcp://127\.0\.0\.1:1"):
        Dask(client, ["tcp://127.0.0.1:1"])
    with pytest.raises(InputError, match="2 micro-batches cannot be shared out to 3 processes"):
        case.fit(2, distribute=Dask(client))


def test_of_mapped_files_the_paths_are_sent(tmp_path: Path) -> None:
    array = np.arange(4000, dtype=np.float32).reshape(1000, 4)
    np.save(tmp_path / "x.npy", array)
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    columns = Columns((ArrayColumn(mapped[100:900]),), (ArrayColumn(array),))
    sent = pickle.dumps(sendable(columns))
    assert len(sent) < array.nbytes + 2000
    received: Any = pickle.loads(sent)
    assert np.array_equal(received.x[0].take(slice(3, 5)), array[103:105])
    assert len(received.x[0]) == 800
    assert np.array_equal(received.y[0].take(np.array([7, 1])), array[[7, 1]])
    strided: Any = sendable(Columns((ArrayColumn(mapped[::2]),)))
    assert np.array_equal(strided.x[0].take(slice(0, 3)), array[:6:2])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_a_run_that_lost_a_worker_goes_on(client: Any, seed: int, tmp_path: Path) -> None:
    """kill -9 of a worker: the client is told soon, and goes on with those that are left, to the same bytes."""
    draw, case = np.random.default_rng(seed), CASES["adds up"]

    def fit(distribute: Any) -> Any:
        model = case.model()
        model.fit(
            case.x, case.y, 16, 60, micro_batches=8, verbose=0, distribute=distribute,
            callbacks=[BackupAndRestore(str(tmp_path / f"state{distribute is None}"))],
        )  # fmt: skip
        return model

    expected = bytes_of(fit(None))
    victim = int(draw.choice(list(client.run(os.getpid).values())))
    workers = dict(client.run(os.getpid))

    def kill() -> None:
        folder = tmp_path / "stateFalse"
        while not any(folder.glob("*")):
            time.sleep(0.01)
        time.sleep(float(draw.uniform(0, 0.5)))
        os.kill(victim, signal.SIGKILL)

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    begun = time.monotonic()
    with pytest.raises(LostWorkerError, match="is gone"):
        fit(Dask(client))
    assert time.monotonic() - begun < 60
    left = [address for address, pid in workers.items() if pid != victim]
    assert bytes_of(fit(Dask(client, left))) == expected


@pytest.mark.slow
def test_the_command_writes_the_file_of_one_process(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    x = rng.normal(size=(200, 8)).astype(np.float32)
    np.savez(tmp_path / "data.npz", x=x, y=(x[:, 0] > 0).astype(np.int32))
    (tmp_path / "spec.yaml").write_text("""
modelc: 1
input: {shape: [8]}
layers: [{type: Dense, units: 2, activation: softmax}]
training: {data: data.npz, loss: sparse_categorical_crossentropy, epochs: 2, micro_batches: 8}
""")
    for output, options in (("one", []), ("two", ["--dask", "local:2"])):
        command = [sys.executable, "-m", "modelc", "train", "spec.yaml", "-o", f"{output}.modelc", *options]
        subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert (tmp_path / "two.modelc").read_bytes() == (tmp_path / "one.modelc").read_bytes()
