"""Damaged HDF5 files of ever new numbers: each is refused by a `FileFormatError`, or all of it is read.

Reading takes time and memory in proportion to the file, whatever it says.
"""

from __future__ import annotations

import io
import time
import tracemalloc
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import h5py
import numpy as np
from damage_bytes import raw
from damage_hdf5 import hdf5_changed, tables_changed
from fuzz_specs import require_message
from watch import peak_bytes, reset_peak

from modelc.errors import FileFormatError
from modelc.files.hdf5.keras import keras_hdf5
from modelc.files.hdf5.reader import open_hdf5

SPARE, TIMES = 8 * 2**20, 64
"""The bytes that reading may take: so many, and so many for each byte of the file. Python's objects for the names and
places in tables are larger than those, and a small array may be compressed a thousandfold."""
SECONDS = 2.0
"""Of processor time, for the largest of the files, which a traced process reads in a tenth of that."""
_TRACED = 8
"""In one of so many cases what is allocated is counted, which takes five times as long."""

_RECORDED = Path(__file__).parents[1] / "keras"
_ATTRIBUTES = ("layer_names", "weight_names", "model_config", "keras_version", "backend", "name", "names", "text")


@cache
def files() -> tuple[bytes, ...]:
    """Valid files: recorded ones of several versions of Keras, and ones with every kind of table, by h5py."""
    recorded = sorted(path for path in _RECORDED.rglob("*.h5") if path.stat().st_size < 200_000)
    versions, contents = ("earliest", "v110", "latest"), (_layers, _names, _chunks)
    made = [_written(libver, write) for libver in versions for write in contents]
    return (*(path.read_bytes() for path in recorded), *made)


def _written(libver: Any, write: Any) -> bytes:
    stream = io.BytesIO()
    with h5py.File(stream, "w", libver=libver) as file:
        write(file, np.random.default_rng(0))
    return stream.getvalue()


def _layers(file: Any, random: Any) -> None:
    file.attrs["layer_names"] = ["conv", "dense"]
    file.attrs["model_config"] = '{"class_name": "Sequential"}' * 40
    for name in ("conv", "dense"):
        file[f"{name}/{name}/kernel:0"] = random.normal(size=(3, 3, 2, 4)).astype("<f4")
        file[f"{name}/{name}/bias:0"] = random.normal(size=4)
        file[name].attrs["weight_names"] = np.asarray([f"{name}/kernel:0".encode(), f"{name}/bias:0".encode()])


def _names(file: Any, random: Any) -> None:
    for i in range(40):
        file.create_group(f"layers/dense_{i}").attrs["name"] = f"dense_{i}"
        file.attrs[f"a{i}"] = np.bytes_(b"x" * 20 * i)
    file.attrs["names"] = [f"dense_{i}" for i in range(40)]
    file.attrs["text"] = np.bytes_(b"long" * 2**13)
    file["layers/dense_0/vars/0"] = random.normal(size=9).astype("<f2")


def _chunks(file: Any, random: Any) -> None:
    array = random.integers(0, 9, (40, 6)).astype("<f4")
    for i, most in enumerate(((40, 6), (None, 6), (None, None))):
        for j, options in enumerate(({}, {"compression": "gzip", "shuffle": True}, {"fletcher32": True})):
            file.create_dataset(f"layers/l{i}{j}/vars/0", data=array, chunks=(3, 4), maxshape=most, **options)
    file["layers/b/vars/0"] = array.view("V2").reshape(-1)


def damaged(number: int) -> bytes:
    """The file of this number."""
    random = Random(number)
    data = random.choice(files())
    if len(data) < 30_000 and random.random() < 0.3:
        data = hdf5_changed(random, data)  # first: h5py's library, which does it, must not meet a damaged file
        if random.random() < 0.3:
            return data
    for _ in range(random.choice((1, 1, 2, 3))):
        data = random.choice((tables_changed, tables_changed, raw))(random, data)
    return data


def run(number: int, folder: Path) -> str:
    """Read all of the file of this number; what became of it."""
    data = damaged(number)
    most, start = SPARE + TIMES * len(data), time.process_time()
    became, peak = _traced(data) if number % _TRACED == 0 else _measured(data)
    taken = time.process_time() - start
    assert peak <= most, f"{peak} bytes for a file of {len(data)}"
    assert taken <= SECONDS, f"{taken:.1f} s for a file of {len(data)} bytes"
    return became


def _traced(data: bytes) -> tuple[str, int]:
    """What became of the file, and the most bytes that were allocated, used or not."""
    tracemalloc.start()
    try:
        return _read(data), tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def _measured(data: bytes) -> tuple[str, int]:
    """What became of the file, and by how much the memory in use grew at most."""
    before = reset_peak()
    return _read(data), peak_bytes() - before


def _read(data: bytes) -> str:
    refused = ""
    try:
        with open_hdf5(io.BytesIO(data), len(data), "a file") as file:
            keras_hdf5(file)
            reads: list[Any] = [lambda path=path: file.read(path) for path in file.arrays]
            reads += [lambda g=group, n=name: file.strings(g, n) for group in file.groups for name in _ATTRIBUTES]
            for read in reads:
                try:
                    read()
                except FileFormatError as error:
                    require_message(error)
                    refused = "opened, and some of it refused"
    except FileFormatError as error:
        require_message(error)
        return "refused"
    return refused or "read"
