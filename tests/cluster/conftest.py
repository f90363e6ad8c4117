"""A real cluster of two worker processes, and a model that NumPy computes as well."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from tests.cli.conftest import run

pytest.importorskip("distributed")

__all__ = ["artifact", "client", "cluster", "run"]

RANDOM = np.random.default_rng(0)
WEIGHTS = [RANDOM.standard_normal(shape).astype(np.float32) for shape in ((4, 8), (8,), (8, 3), (3,))]


def expected(x: Any) -> Any:
    """What the model computes, by NumPy in double precision."""
    kernel, bias, kernel_1, bias_1 = (weight.astype(np.float64) for weight in WEIGHTS)
    return np.maximum(np.asarray(x, np.float64) @ kernel + bias, 0) @ kernel_1 + bias_1


@pytest.fixture(scope="session")
def cluster() -> Iterator[Any]:
    from distributed import LocalCluster

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL, env={"MODELC_NUM_THREADS": "1"},
    ) as cluster:  # fmt: skip
        yield cluster


@pytest.fixture(scope="session")
def client(cluster: Any) -> Iterator[Any]:
    from distributed import Client

    with Client(cluster, set_as_default=False) as client:
        yield client


@pytest.fixture
def artifact(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A model in the current folder, which is an empty one."""
    monkeypatch.chdir(tmp_path)
    model = modelc.Sequential([
        modelc.Input(shape=(4,)), modelc.layers.Dense(8, activation="relu"), modelc.layers.Dense(3, name="out"),
    ])  # fmt: skip
    model.set_weights(WEIGHTS)
    model.save("net.modelc")
    return Path("net.modelc")
