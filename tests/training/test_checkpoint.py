"""Checkpoints: what goes in comes out, and whatever happens while one is written, a whole one is there."""

from __future__ import annotations

import errno
import io
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import safetensors.numpy

from modelc.callbacks import checkpoint
from modelc.callbacks.checkpoint import Checkpoint
from modelc.errors import FileFormatError, StorageError
from modelc.files import atomic
from modelc.files.tensors import exact_bytes, write_exact

ARRAYS = {
    "model/dense/kernel": np.arange(12, dtype=np.float32).reshape(3, 4),
    "model/optimizer/velocity/dense/kernel": np.full((3, 4), np.nan, np.float32),
    "callbacks/EarlyStopping_0/00000": np.zeros((0, 3), np.float32),
    "counts": np.array([2**53 + 1, -1]),
    "state": np.array([2**64 - 1], np.uint64),
    "flags": np.array([True, False, True]),
    "scalar": np.array(0.1),
    "words": np.arange(4, dtype=np.int32)[::-1],
}
NUMBERS: dict[str, Any] = {
    "epoch": 3, "rate": 0.1 + 0.2, "best": None, "nan": float("nan"), "inf": [float("inf"), -float("inf")],
    "nested": {"name": "é", "list": [1, 2.5, True]}, "scalar": np.float32(0.5),
}  # fmt: skip


def _same(found: Checkpoint) -> None:
    assert set(found.arrays) == set(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(found.arrays[name], array)
        assert found.arrays[name].dtype == array.dtype
        assert found.arrays[name].flags.writeable
    np.testing.assert_equal(dict(found.numbers), NUMBERS)


def test_round_trip(tmp_path: Path) -> None:
    checkpoint.write(tmp_path / "c.zip", Checkpoint(ARRAYS, NUMBERS))
    _same(checkpoint.read(tmp_path / "c.zip"))
    first = (tmp_path / "c.zip").read_bytes()
    time.sleep(0.01)
    checkpoint.write(tmp_path / "c.zip", Checkpoint(ARRAYS, NUMBERS))
    assert (tmp_path / "c.zip").read_bytes() == first


def test_arrays_are_safetensors(tmp_path: Path) -> None:
    """The library reads what is written here, and writes the same bytes for arrays of one type."""
    with (tmp_path / "a").open("wb") as file:
        write_exact(file, ARRAYS)
    assert (tmp_path / "a").stat().st_size == exact_bytes(ARRAYS)
    for name, array in safetensors.numpy.load_file(tmp_path / "a").items():
        np.testing.assert_array_equal(array, ARRAYS[name])
    floats = {name: a for name, a in ARRAYS.items() if a.dtype == np.float32} | {'é"\\\n\x01': np.ones(1, np.float32)}
    with (tmp_path / "b").open("wb") as file:
        write_exact(file, floats)
    assert (tmp_path / "b").read_bytes() == safetensors.numpy.save(floats, {"format": "np"})
    with pytest.raises(TypeError, match="complex128"):
        write_exact(io.BytesIO(), {"a": np.zeros(1, complex)})


def test_the_last_and_the_one_before_are_kept(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "run"
    assert checkpoint.latest(folder) is None
    (tmp_path / "new").mkdir()
    for number in range(4):
        checkpoint.save(folder, Checkpoint({}, {"number": number}))
    assert sorted(path.name for path in folder.iterdir()) == ["checkpoint-000003.zip", "checkpoint-000004.zip"]
    found = checkpoint.latest(folder)
    assert found is not None
    assert found.numbers == {"number": 3}
    (folder / "notes.txt").write_text("mine")
    checkpoint.remove(folder)
    assert [path.name for path in folder.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("damage", ["cut", "flip a bit of an array", "flip a bit of a number", "empty", "text", "json"])
def test_a_damaged_one_makes_way_for_the_one_before(tmp_path: Path, damage: str) -> None:
    for number in range(2):
        path = checkpoint.save(tmp_path, Checkpoint(ARRAYS, {"number": number, "word": "abc"}))
    data = bytearray(path.read_bytes())
    match damage:
        case "cut":
            data = data[: len(data) // 2]
        case "empty":
            data = bytearray()
        case "text":
            data = bytearray(b"not a checkpoint at all, but long enough to be looked at twice")
        case "json":
            data = bytearray(data.replace(b'"word"', b'"word\\'))
        case _:
            data[data.index(b"abc") if "number" in damage else data.index(np.float32(11).tobytes())] ^= 1
    path.write_bytes(data)
    with pytest.raises(FileFormatError, match=r"checkpoint-000002.zip` is not a checkpoint, or is damaged"):
        checkpoint.read(path)
    with pytest.warns(UserWarning, match=r"damaged: .*; going on from checkpoint-000001.zip, the one before"):
        found = checkpoint.latest(tmp_path)
    assert found is not None
    assert found.numbers["number"] == 0
    assert found.path is not None
    checkpoint.set_aside(tmp_path, found.path)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["checkpoint-000001.zip", "checkpoint-000002.zip.damaged"]
    (tmp_path / "checkpoint-000001.zip").write_bytes(data)
    with pytest.raises(FileFormatError, match=r"checkpoint-000001.zip` is not a checkpoint"):
        checkpoint.latest(tmp_path)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EACCES])
@pytest.mark.parametrize("when", ["fsync", "replace"])
def test_an_error_while_writing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, when: str) -> None:
    checkpoint.save(tmp_path, Checkpoint(ARRAYS, NUMBERS), keep=1)

    def fail(*arguments: Any) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(atomic.os, when, fail)
    expected = "cannot be written: Permission" if code == errno.EACCES else "there is no room left on the disk"
    with pytest.raises(StorageError, match=expected):
        checkpoint.save(tmp_path, Checkpoint({}, {}), keep=1)
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-000001.zip"]
    found = checkpoint.latest(tmp_path)
    assert found is not None
    _same(found)


_FULL_DISK = """
import sys
import numpy as np
from pathlib import Path
from modelc.errors import StorageError
from modelc.callbacks import checkpoint
from modelc.callbacks.save import ModelCheckpoint
import modelc

folder = Path(sys.argv[1])
small = checkpoint.Checkpoint({"a": np.arange(20_000, dtype=np.float32)}, {"which": "small"})
large = checkpoint.Checkpoint({"a": np.zeros(300_000, np.float32)}, {"which": "large"})
checkpoint.save(folder, small)
for _ in range(3):
    try:
        checkpoint.save(folder, large)
        raise SystemExit("it fits")
    except StorageError as error:
        assert "no room left on the disk; earlier checkpoints were left as they are" in str(error), error
assert [p.name for p in folder.iterdir()] == ["checkpoint-000001.zip"], list(folder.iterdir())
assert checkpoint.latest(folder).numbers["which"] == "small"

spec = {"modelc": 1, "input": {"shape": [1000]}, "layers": [{"type": "Dense", "units": 500}]}
model = modelc.load_spec(spec).build(backend="reference")
small = modelc.load_spec({"modelc": 1, "input": {"shape": [1]}, "layers": [{"type": "Flatten"}]}).build()
for name, weights in (("m.modelc", False), ("w.safetensors", True)):
    saver = ModelCheckpoint(folder / name, save_weights_only=weights)
    saver.set_model(model)
    small.save_weights(folder / name) if weights else small.save(folder / name)
    before = (folder / name).read_bytes()
    try:
        saver.on_epoch_end(0, {"val_loss": 1.0})
        raise SystemExit("it fits")
    except StorageError as error:
        assert "no room left on the disk; the existing file is unchanged" in str(error), error
    assert (folder / name).read_bytes() == before
assert sorted(p.name for p in folder.iterdir()) == ["checkpoint-000001.zip", "m.modelc", "w.safetensors"]
print("done")
"""


def test_a_full_disk(tmp_path: Path) -> None:
    """On a file system of 1 MB, in a name space of its own, where the machine lets one make it."""
    unshare = shutil.which("unshare")
    mount = f'mount -t tmpfs -o size=1m none "{tmp_path}"'
    if unshare is None or subprocess.run([unshare, "-rm", "sh", "-c", mount], capture_output=True).returncode:
        pytest.skip("no file system can be mounted here")
    script = f'{mount} && exec "{sys.executable}" -c "$1" "{tmp_path}"'
    done = subprocess.run(
        [unshare, "-rm", "sh", "-c", script, "sh", _FULL_DISK], capture_output=True, text=True, timeout=120
    )
    assert done.stdout == "done\n", done.stderr


_WRITER = """
import sys
import numpy as np
from modelc.callbacks import checkpoint

number = int(sys.argv[2])
print("ready", flush=True)
while True:
    number += 1
    arrays = {f"w{i}": np.full(200_000, number + i, np.float32) for i in range(3)}
    checkpoint.save(sys.argv[1], checkpoint.Checkpoint(arrays, {"number": number}))
    print(number, flush=True)
"""


@pytest.mark.parametrize("moments", [2, pytest.param(30, marks=pytest.mark.slow)])
def test_killed_at_random_moments(tmp_path: Path, moments: int) -> None:
    """After each kill the newest checkpoint is whole, and is the last that was finished or the one in the making."""
    rng = np.random.default_rng()
    number = 0
    for moment in range(moments):
        process = subprocess.Popen(
            [sys.executable, "-c", _WRITER, str(tmp_path), str(number)], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        # However slow the machine is, the first process comes to a checkpoint.
        begun = "" if moment else process.stdout.readline()
        time.sleep(rng.uniform(0.001, 0.06))
        process.send_signal(signal.SIGKILL)
        finished = [int(line) for line in (begun + process.stdout.read()).splitlines() if line]
        process.wait()
        process.stdout.close()
        last = max(finished, default=number)
        found = checkpoint.latest(tmp_path)
        if found is None:
            assert last == 0
            continue
        number = found.numbers["number"]
        assert number in (last, last + 1)
        for i in range(3):
            np.testing.assert_array_equal(found.arrays[f"w{i}"], np.full(200_000, number + i, np.float32))
        for path in checkpoint.newest_first(tmp_path):
            checkpoint.read(path)
    assert number > 0
    checkpoint.save(tmp_path, Checkpoint({}, {}))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert len(names) == 2, "what the killed processes had begun is not removed"
