"""Damaged HDF5 files of ever new numbers: each is refused by a `FileFormatError`, or all of it is read.

Reading takes time and memory in proportion to the file, whatever it says.
"""

from __future__ import annotations

import io
import time
import tracemalloc
from pathlib import Path
from random import Random
from typing import Any

from damage_hdf5 import hdf5_damaged
from fuzz_specs import require_message
from hdf5_seeds import files
from watch import peak_bytes, reset_peak

from modelc.errors import FileFormatError
from modelc.files.hdf5.keras import keras_hdf5
from modelc.files.hdf5.reader import open_hdf5

SPARE, TIMES = 8 * 2**20, 64
"""The bytes that reading may take: so many, and so many for each byte of the file. Python's objects for the names and
places in tables are larger than those, and a small array may be compressed a thousandfold."""
SECONDS = 2.0
"""Of processor time, for the largest of the files, which a traced process reads in a tenth of that."""
_TRACED = 32
"""In one of so many cases what is allocated is counted, which takes five times as long."""

_ATTRIBUTES = ("layer_names", "model_config", "keras_version", "backend", "names", "text", "name", "weight_names")
_ASKED, _ASKED_OF_OTHERS = 6, 2
"""Groups that are asked for all attributes, and for how many of the last the others are: most have none of them."""


def damaged(number: int) -> bytes:
    """The file of this number."""
    random = Random(number)
    data = random.choice(random.choice(files()))
    return data if random.random() < 0.1 else hdf5_damaged(random, data)


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
            reads += [
                lambda g=group, n=name: file.strings(g, n)
                for number, group in enumerate(file.groups)
                for name in (_ATTRIBUTES if number < _ASKED else _ATTRIBUTES[-_ASKED_OF_OTHERS:])
            ]
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
