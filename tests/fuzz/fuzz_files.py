"""Files of each kind with bytes that were changed, cut out or put in: told as damaged, or read."""

from __future__ import annotations

import io
import json
import struct
import tempfile
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

import modelc
from modelc.errors import ModelcError
from modelc.files.arrays import read_input
from modelc.graph.types import TensorType

_TEXT = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3}\n"
_ODD = [b"\xff" * 8, b"\x00" * 8, b"9" * 30, b"(((((", b"-1", b"True", b"\x1b]0;x\x07", struct.pack("<Q", 2**62)]


@cache
def _seeds() -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        spec = modelc.load_spec(_TEXT)
        model = spec.build(backend="reference")
        place = Path(folder)
        model.save(place / "m.modelc")
        model.save_weights(place / "m.safetensors")
        array = np.ones((2, 4), np.float32)
        np.save(place / "x.npy", array)
        np.savez_compressed(place / "x.npz", x=array)
        found = {path.name: path.read_bytes() for path in place.iterdir()}
    keras: Any = {"class_name": "Sequential", "keras_version": "2.9.0", "config": {"name": "s", "layers": [
        {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "name": "i"}},
        {"class_name": "Dense", "config": {"name": "d", "units": 3, "activation": "relu"}},
    ]}}  # fmt: skip
    return {
        **found,
        "k.json": json.dumps(keras).encode(),
        "s.yaml": _TEXT.encode(),
        "s.json": spec.to_json().encode(),
    }


def _changed(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice([1, 1, 2, 4])):
        at = random.randrange(len(changed) + 1)
        match random.randrange(5):
            case 0 if changed:
                changed[min(at, len(changed) - 1)] = random.randrange(256)
            case 1:
                del changed[at : at + random.choice([1, 4, 50])]
            case 2:
                changed[at:at] = random.choice(_ODD)
            case 3:
                changed[at : at + 8] = random.choice(_ODD)
            case _:
                del changed[at:]
    return bytes(changed)


def run(number: int, folder: Path) -> str:
    """Read the damaged file of this number; what became of it. No error but a `ModelcError`."""
    random = Random(number)
    name = random.choice(sorted(_seeds()))
    path = folder / name
    path.write_bytes(_changed(random, _seeds()[name]))
    try:
        _read(path)
    except ModelcError as error:
        assert len(str(error)) < 100_000
        return f"{name}: refused"
    finally:
        path.unlink()
    return f"{name}: read"


def _read(path: Path) -> None:
    match path.suffix:
        case ".modelc":
            modelc.load(path, backend="reference")
        case ".safetensors":
            modelc.load_spec(io.StringIO(_TEXT)).build(weights=path, backend="reference")
        case ".npy" | ".npz":
            np.asarray(read_input(path, TensorType((None, 4)))).sum()
        case _:
            _ = modelc.load_spec(path).graph
