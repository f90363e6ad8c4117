"""What the header promises: results of wrong calls, threads, weights that are exchanged."""

from __future__ import annotations

import ctypes
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from modelc.c.export import CLibrary
from modelc.c.results import Result
from modelc.c.weights_file import HEAD
from modelc.model.c_export import library_of
from tests.c.models import MLP, RECURRENT, STATEFUL, built, samples

Array = NDArray[Any]


class Loaded:
    """A shared library in this process."""

    def __init__(self, made: CLibrary, folder: Path) -> None:
        made.write(folder)
        prefix = made.library.prefix
        self.made = made
        self._library = ctypes.CDLL(str(folder / f"lib{prefix}.so"))
        self.start, self.stop = (self._function(f"{prefix}_{name}") for name in ("start", "stop"))
        self._init, self._run = self._library[f"{prefix}_init"], self._library[f"{prefix}_run"]
        self.weights = bytes(made.files.get(f"{prefix}.weights", b""))
        self._kept: list[Any] = []

    def _function(self, name: str) -> Any:
        return getattr(self._library, name, None)

    def init(self, data: bytes, size: int | None = None, shift: int = 0) -> int:
        """What `NAME_init` returns for these bytes, which lie so far from a cache line."""
        memory = np.empty(len(data) + 128, np.uint8)
        start = -memory.ctypes.data % 64 + shift
        memory[start : start + len(data)] = np.frombuffer(data, np.uint8)
        self._kept.append(memory)
        return self._init(
            ctypes.c_void_p(memory.ctypes.data + start), ctypes.c_size_t(len(data) if size is None else size)
        )

    def run(self, x: Array, batch: int | None = None) -> tuple[int, Array]:
        """What `NAME_run` returns and writes."""
        function = self.made.library.functions[0]
        y = np.full((len(x), *function.plan.results[0].type.dims), np.nan, np.float32)
        count = len(x) if batch is None else batch
        room = (function.arena_fixed + function.arena_per_sample * len(x)) * self.made.library.threads
        arena = np.empty(room + 64, np.uint8)
        given = [ctypes.c_void_p(array.ctypes.data) for array in (x, y)]
        code = self._run(*given, ctypes.c_size_t(count), ctypes.c_void_p(arena.ctypes.data + 1))  # wherever it begins
        return code, y


@pytest.fixture
def mlp(tmp_path: Path) -> Loaded:
    """A library without weights yet."""
    return Loaded(library_of(built(MLP), name="net"), tmp_path)


def test_it_is_not_ready_without_weights(mlp: Loaded) -> None:
    code, y = mlp.run(samples(built(MLP), 2)[0])
    assert code == Result.NOT_READY
    assert np.isnan(y).all()


def test_wrong_weights_are_refused_and_those_before_stay(mlp: Loaded) -> None:
    good = mlp.weights
    assert mlp.init(good) == Result.OK
    other = bytes(library_of(built(RECURRENT), name="net").files["net.weights"])
    assert mlp.init(good[:-1]) == Result.WRONG_SIZE
    assert mlp.init(good + b"\0") == Result.WRONG_SIZE
    assert mlp.init(other) == Result.WRONG_SIZE
    assert mlp.init(other[:HEAD] + good[HEAD:]) == Result.WRONG_WEIGHTS
    assert mlp.init(good, shift=8) == Result.WRONG_ALIGNMENT
    for place in (HEAD, HEAD + 1001, len(good) - 1, 40):
        damaged = bytearray(good)
        damaged[place] ^= 4
        assert mlp.init(bytes(damaged)) == Result.DAMAGED_WEIGHTS
    model = built(MLP)
    x = samples(model, 3)
    assert np.array_equal(mlp.run(x[0])[1], model.run_batch(x)[0])


def test_the_checksum_is_that_of_zlib(mlp: Loaded) -> None:
    size, crc = struct.unpack_from("<QQ", mlp.weights, 32)
    assert (size, crc) == (len(mlp.weights) - HEAD, zlib.crc32(mlp.weights[HEAD:]))


def test_weights_of_another_training_take_their_place(mlp: Loaded) -> None:
    other = built(MLP, seed=2)
    x = samples(other, 3)
    assert mlp.init(bytes(library_of(other, name="another").files["another.weights"])) == Result.OK
    assert np.array_equal(mlp.run(x[0])[1], other.run_batch(x)[0])


def test_weights_inside_can_be_exchanged(tmp_path: Path) -> None:
    model, other = built(MLP), built(MLP, seed=2)
    loaded = Loaded(library_of(model, name="net", embed=True), tmp_path)
    x = samples(model, 3)
    assert np.array_equal(loaded.run(x[0])[1], model.run_batch(x)[0])
    assert loaded.init(bytes(library_of(other, name="net").files["net.weights"])) == Result.OK
    assert np.array_equal(loaded.run(x[0])[1], other.run_batch(x)[0])


def test_batches_that_cannot_be(mlp: Loaded, tmp_path: Path) -> None:
    mlp.init(mlp.weights)
    x = samples(built(MLP), 2)[0]
    assert mlp.run(x, 0)[0] == Result.OK
    assert np.isnan(mlp.run(x, 0)[1]).all()
    assert mlp.run(x, 2**31)[0] == Result.WRONG_BATCH
    assert mlp.run(x, 2**63)[0] == Result.WRONG_BATCH


def test_an_index_outside_of_its_table(tmp_path: Path) -> None:
    model = built(RECURRENT)
    loaded = Loaded(library_of(model, name="net"), tmp_path)
    loaded.init(loaded.weights)
    x = samples(model, 2)[0]
    assert loaded.run(x)[0] == Result.OK
    x[1, 3] = 50
    assert loaded.run(x)[0] == Result.WRONG_INDEX


def test_threads_with_arenas_of_their_own(mlp: Loaded) -> None:
    mlp.init(mlp.weights)
    model = built(MLP)
    given = [samples(model, 50, seed)[0] for seed in range(8)]
    expected = [model.run_batch([x])[0] for x in given]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(20):
            found = [y for _, y in pool.map(mlp.run, given)]
            assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))


def test_the_only_batch_of_a_model_that_fixes_it(tmp_path: Path) -> None:
    made = library_of(built(STATEFUL), name="net")
    text = bytes(made.files["net.h"]).decode()
    assert "#define NET_BATCH 3" in text
    assert "#define NET_STATE_LSTM_RNN_STATE 0 " in text
    assert "int net_run(const float *x, float *y, size_t batch, void *state, void *arena);" in text
