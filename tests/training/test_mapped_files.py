"""Memory-mapped files: read as arrays are, and a file that becomes shorter is an error, and no crash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.graph.mapped import is_mapped, read_mapped

SAMPLES = 4096
DATA = np.random.default_rng(0).standard_normal((SAMPLES, 2, 16)).astype(np.float32)


def mapped(path: Path, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    np.save(path, array)
    return np.load(path, mmap_mode="r")


@pytest.mark.parametrize("dtype", ["<f4", ">f8", "i1", "?", "<i8", "u2"])
def test_what_is_read_is_what_is_there(tmp_path: Path, dtype: str) -> None:
    array = (DATA * 10).astype(dtype)
    found = mapped(tmp_path / "x.npy", array)
    indices = np.random.default_rng(1).integers(0, SAMPLES, 1500)
    for which in (None, slice(5, 37), slice(0, 0), slice(0, 40, 3), indices, indices[:0]):
        wanted = array if which is None else array[which]
        for view, expected in ((found, wanted), (found[..., 3], wanted[..., 3]), (found[:, 0], wanted[:, 0])):
            copy = read_mapped(view, which)
            assert not is_mapped(copy)
            np.testing.assert_array_equal(copy, expected, strict=True)


def test_mappings_are_recognized(tmp_path: Path) -> None:
    found = mapped(tmp_path / "x.npy", DATA)
    assert all(map(is_mapped, (found, found[3:], np.asarray(found), np.asarray(found)[:, 0], found.reshape(-1))))
    assert not any(map(is_mapped, (DATA, DATA[3:], np.array(found), found + 1)))


_SHRUNK = """
import os, sys
import numpy as np, modelc
model = modelc.load_spec('''
modelc: 1
input: {shape: [2, 16]}
layers: [{type: Flatten}, {type: Dense, units: 1}]
''').build(backend="reference")
model.compile("sgd", "mse")
x, y = np.load("x.npy", mmap_mode="r"), np.load("y.npy", mmap_mode="r")
x = x if sys.argv[2] == "memmap" else np.asarray(x)
class Shrink(modelc.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        os.truncate(sys.argv[3], 4096)
try:
    if sys.argv[1] == "fit":
        model.fit(x, y, 64, verbose=0, callbacks=[Shrink()])
    elif sys.argv[1] == "in order":
        model.fit(x, y, 64, verbose=0, callbacks=[Shrink()], shuffle=False)
    else:
        os.truncate(sys.argv[3], 4096)
        calls = {"predict": model.predict, "call": model, "train_on_batch": lambda x: model.train_on_batch(x, y)}
        calls[sys.argv[1]](x)
except modelc.InputError as error:
    print(error)
else:
    print("nothing was told")
"""


@pytest.mark.skipif(os.name != "posix", reason="a mapped file cannot become shorter on Windows")
@pytest.mark.parametrize("kind", ["memmap", "view"])
@pytest.mark.parametrize("how", ["fit", "in order", "predict", "call", "train_on_batch"])
def test_a_file_that_becomes_shorter_is_told(tmp_path: Path, how: str, kind: str) -> None:
    np.save(tmp_path / "x.npy", DATA)
    np.save(tmp_path / "y.npy", DATA[:, 0, :1])
    command = [sys.executable, "-c", _SHRUNK, how, kind, "x.npy"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    name = "x.npy" if kind == "memmap" else "the file of an array"
    assert done.stdout.splitlines()[0].endswith(f"{name} has become shorter while it was in use"), done


@pytest.mark.skipif(os.name != "posix", reason="a mapped file cannot become shorter on Windows")
def test_labels_are_read_with_care(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", DATA)
    np.save(tmp_path / "y.npy", DATA[:, 0, :1])
    command = [sys.executable, "-c", _SHRUNK, "fit", "memmap", "y.npy"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    assert "y.npy has become shorter" in done.stdout, done
