"""Memory-mapped files: read as arrays are, and a file that becomes shorter is an error, and no crash."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.errors import InputError
from modelc.graph.mapped import is_mapped, read_mapped
from modelc.system import guarded_copy

SAMPLES = 4096
DATA = np.random.default_rng(0).standard_normal((SAMPLES, 2, 16)).astype(np.float32)


@pytest.fixture(params=["from its own memory", "through a file"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways to copy memory that may have gone."""
    if request.param == "through a file":
        monkeypatch.setattr(guarded_copy, "_process_vm_readv", lambda: None)
    elif guarded_copy._process_vm_readv() is None:
        pytest.skip("the system has no process_vm_readv")


def mapped(path: Path, array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    np.save(path, array)
    return np.load(path, mmap_mode="r")


@pytest.mark.usefixtures("way")
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


ARRANGED: dict[str, Callable[[Any], Any]] = {
    "fortran": lambda x: x.transpose(2, 1, 0),
    "rotated": lambda x: x.transpose(1, 2, 0),
    "backwards": lambda x: x[::-1, :, ::-1],
    "samples inside": lambda x: x.transpose(1, 0, 2),
    "every ninth": lambda x: x[::9, :, ::9],
    "one column": lambda x: x[..., 5],
    "repeated": lambda x: np.broadcast_to(x[:, :1], (SAMPLES, 3, 16)),
    "one sample repeated": lambda x: np.broadcast_to(x[7], (50, 2, 16)),
    "windows": lambda x: np.lib.stride_tricks.sliding_window_view(x, 5, 0),
    "windows backwards": lambda x: np.lib.stride_tricks.sliding_window_view(x[::-2, 1], 5, 0)[:, ::-1],
    "a buffer": lambda x: np.frombuffer(memoryview(x.reshape(-1)), x.dtype).reshape(-1, 8),
    "one number": lambda x: x[3, 1, 5:6].reshape(()),
}


@pytest.mark.usefixtures("way")
@pytest.mark.sampled(3)
@pytest.mark.parametrize("arrangement", ARRANGED)
@pytest.mark.parametrize("dtype", ["<f4", ">f8", "i1"])
def test_arrays_that_lie_in_another_order(tmp_path: Path, dtype: str, arrangement: str) -> None:
    arrange = ARRANGED[arrangement]
    array = (DATA * 10).astype(dtype)
    found, expected = arrange(mapped(tmp_path / "x.npy", array)), arrange(array)
    np.testing.assert_array_equal(read_mapped(found), expected, strict=True)
    if not expected.ndim:
        return
    assert is_mapped(found)
    indices = np.random.default_rng(1).integers(-len(expected), len(expected), 300)
    for which in (slice(1, 37), slice(0, 0), slice(0, 40, 3), slice(None, None, -7), indices, indices[:0]):
        copy = read_mapped(found, which)
        assert not is_mapped(copy)
        np.testing.assert_array_equal(copy, expected[which], strict=True)
    with pytest.raises(IndexError):
        read_mapped(found, np.array([len(expected)]))


@pytest.mark.usefixtures("way")
def test_pieces_larger_than_what_is_copied_at_once(tmp_path: Path) -> None:
    array = np.random.default_rng(2).integers(0, 256, (3, (1 << 22) + 12345)).astype(np.uint8)
    found = mapped(tmp_path / "x.npy", array)
    np.testing.assert_array_equal(read_mapped(found), array)
    np.testing.assert_array_equal(read_mapped(found, np.array([2, 0])), array[[2, 0]])
    np.testing.assert_array_equal(read_mapped(found.T, slice(5, 4_000_000)), array.T[5:4_000_000])


@pytest.mark.usefixtures("way")
@pytest.mark.skipif(os.name != "posix", reason="a mapped file cannot become shorter on Windows")
@pytest.mark.parametrize("columns", [slice(None), slice(0, 16, 9)], ids=["whole", "pieces"])
def test_a_file_that_became_shorter_is_told(tmp_path: Path, columns: slice) -> None:
    found = mapped(tmp_path / "x.npy", DATA)[..., columns]
    os.truncate(tmp_path / "x.npy", 3 * 4096)
    np.testing.assert_array_equal(read_mapped(found, slice(0, 80)), DATA[:80, :, columns])
    with pytest.raises(InputError, match="has become shorter while it was in use"):
        read_mapped(found)


def test_mappings_are_recognized(tmp_path: Path) -> None:
    found = mapped(tmp_path / "x.npy", DATA)
    assert all(map(is_mapped, (found, found[3:], np.asarray(found), np.asarray(found)[:, 0], found.reshape(-1))))
    assert not any(map(is_mapped, (DATA, DATA[3:], np.array(found), found + 1)))


_SHRUNK = """
import os, sys
import numpy as np, modelc
how = sys.argv[1]
model = modelc.load_spec('''
modelc: 1
input: {shape: [2, 16]}
layers: [{type: Flatten}, {type: Dense, units: 1}]
''').build(backend="reference")
model.compile("sgd", "mse")
for kind, file in (argument.split(":") for argument in sys.argv[2:]):
    x, y = np.load(f"{kind}/x.npy", mmap_mode="r"), np.load(f"{kind}/y.npy", mmap_mode="r")
    if kind == "fortran":
        np.save(f"{kind}/f.npy", np.asfortranarray(x))
        x = np.load(f"{kind}/f.npy", mmap_mode="r")
        assert x.flags.f_contiguous
    elif kind == "strided":
        np.save(f"{kind}/f.npy", np.repeat(np.repeat(x, 2, 0), 9, 2))
        x = np.load(f"{kind}/f.npy", mmap_mode="r")[::-2, :, ::9]
    elif kind == "transposed":
        np.save(f"{kind}/f.npy", x.transpose(1, 2, 0).copy())
        x = np.load(f"{kind}/f.npy", mmap_mode="r").transpose(2, 0, 1)
    elif kind == "view":
        x = np.asarray(x)
    class Shrink(modelc.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            os.truncate(f"{kind}/{file}", 4096)
    try:
        if how == "fit":
            model.fit(x, y, 64, verbose=0, callbacks=[Shrink()])
        elif how == "in order":
            model.fit(x, y, 64, verbose=0, callbacks=[Shrink()], shuffle=False)
        else:
            os.truncate(f"{kind}/{file}", 4096)
            calls = {"predict": model.predict, "call": model, "train_on_batch": lambda x: model.train_on_batch(x, y)}
            calls[how](x)
    except modelc.InputError as error:
        print(str(error).splitlines()[0])
    else:
        print("nothing was told")
"""


def shrunk(folder: Path, how: str, files: dict[str, str]) -> list[str]:
    """What is told where each of the files becomes shorter, one for each kind of array."""
    for kind in files:
        (folder / kind).mkdir()
        np.save(folder / kind / "x.npy", DATA)
        np.save(folder / kind / "y.npy", DATA[:, 0, :1])
    command = [sys.executable, "-c", _SHRUNK, how, *(f"{kind}:{file}" for kind, file in files.items())]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done
    return done.stdout.splitlines()


@pytest.mark.sampled(2)
@pytest.mark.skipif(os.name != "posix", reason="a mapped file cannot become shorter on Windows")
@pytest.mark.parametrize("how", ["fit", "in order", "predict", "call", "train_on_batch"])
def test_a_file_that_becomes_shorter_is_told(tmp_path: Path, how: str) -> None:
    files = {"memmap": "x.npy", "view": "x.npy", "fortran": "f.npy", "strided": "f.npy", "transposed": "f.npy"}
    told = shrunk(tmp_path, how, files)
    assert len(told) == len(files)
    for line, (kind, file) in zip(told, files.items(), strict=True):
        name = "the file of an array" if kind == "view" else file
        assert line.endswith(f"{name} has become shorter while it was in use"), (kind, line)


@pytest.mark.skipif(os.name != "posix", reason="a mapped file cannot become shorter on Windows")
def test_labels_are_read_with_care(tmp_path: Path) -> None:
    (told,) = shrunk(tmp_path, "fit", {"memmap": "y.npy"})
    assert "y.npy has become shorter" in told
