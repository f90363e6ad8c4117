"""Models in several files: what an index names is read, and nothing else."""

from __future__ import annotations

import io
import json
import os
import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.cli.main import _run as main  # pyright: ignore[reportPrivateUsage]
from modelc.errors import FileFormatError
from modelc.files.tensors import write_exact

RANDOM = np.random.default_rng(5)
INDEX = "model.safetensors.index.json"
FIRST, SECOND = "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"
SPEC: dict[str, Any] = {
    "modelc": 1,
    "input": {"shape": [5]},
    "layers": [{"type": "Dense", "units": 4, "name": "a"}, {"type": "Dense", "units": 3, "name": "b"}],
}
ARRAYS = {
    name: RANDOM.normal(size=shape).astype(np.float32)
    for name, shape in (("a.weight", (4, 5)), ("a.bias", (4,)), ("b.weight", (3, 4)), ("b.bias", (3,)))
}


def written(folder: Path, **parts: str) -> Path:
    """The files by the names of their tensors, with an index; the names of files for tensors, with `__` for dots."""
    index = {tensor.replace("__", "."): part for tensor, part in parts.items()}
    for part in set(index.values()):
        with (folder / part).open("wb") as out:
            write_exact(out, {tensor: ARRAYS[tensor] for tensor, where in index.items() if where == part})
    return said(folder, index)


def said(folder: Path, index: Any) -> Path:
    path = folder / INDEX
    path.write_text(json.dumps({"metadata": {"total_size": 1}, "weight_map": index}), encoding="utf-8")
    return path


def two(folder: Path) -> Path:
    # A layer's weights lie in both files, as where a file is full.
    return written(folder, a__weight=FIRST, a__bias=SECOND, b__weight=SECOND, b__bias=SECOND)


def refused(path: Path) -> FileFormatError:
    with pytest.raises(FileFormatError) as raised:
        modelc.import_weights(path, onto=SPEC)
    return raised.value


def test_the_tensors_of_all_files_are_read(tmp_path: Path) -> None:
    imported = modelc.import_weights(two(tmp_path), onto=SPEC)
    for layer in "ab":
        np.testing.assert_array_equal(imported.arrays[f"{layer}/kernel"], ARRAYS[f"{layer}.weight"].T)
        np.testing.assert_array_equal(imported.arrays[f"{layer}/bias"], ARRAYS[f"{layer}.bias"])
    assert imported.tensors == ARRAYS.keys()


def test_by_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, spec, out = two(tmp_path), tmp_path / "s.json", tmp_path / "w.safetensors"
    spec.write_text(json.dumps(SPEC), encoding="utf-8")
    assert main(["import", str(path), "--onto", str(spec), "--weights-out", str(out)]) == 0
    model = modelc.load_spec(SPEC).build(weights=out, backend="reference")
    np.testing.assert_array_equal(model.arrays["a/kernel"], ARRAYS["a.weight"].T)
    assert main(["import", str(path)]) == 2
    assert "name the spec that takes them by --onto SPEC" in capsys.readouterr().err


def test_files_that_safetensors_itself_writes(tmp_path: Path) -> None:
    numpy = pytest.importorskip("safetensors.numpy")
    numpy.save_file({name: ARRAYS[name] for name in ("a.weight", "a.bias")}, tmp_path / FIRST)
    numpy.save_file({name: ARRAYS[name] for name in ("b.weight", "b.bias")}, tmp_path / SECOND)
    path = said(tmp_path, {name: FIRST if name[0] == "a" else SECOND for name in ARRAYS})
    np.testing.assert_array_equal(modelc.import_weights(path, onto=SPEC).arrays["b/bias"], ARRAYS["b.bias"])


@pytest.mark.parametrize(
    ("part", "reason"),
    [
        ("../other.safetensors", "it contains a slash"),
        ("/etc/passwd", "it contains a slash"),
        ("sub/part.safetensors", "it contains a slash"),
        ("sub\\part.safetensors", "it contains a slash"),
        ("..", "it means a folder"),
        ("", "it is empty"),
        ("a\nb.safetensors", "control characters"),
        ("x" * 300, "longer than 255 bytes"),
    ],
)
def test_a_file_elsewhere_is_not_opened(part: str, reason: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    two(folder)
    (tmp_path / "other.safetensors").write_bytes((folder / FIRST).read_bytes())
    assert reason in refused(said(folder, {"a.weight": part})).message


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    folder, elsewhere = tmp_path / "model", tmp_path / "elsewhere"
    folder.mkdir()
    path = two(folder)
    (folder / FIRST).rename(elsewhere)
    (folder / FIRST).symlink_to(elsewhere)
    error = refused(path)
    assert f"names the file `{FIRST}`, which is a symbolic link" in error.message
    assert "cp -rL" in (error.help or "")


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = two(tmp_path)
    (tmp_path / FIRST).unlink()
    os.mkfifo(tmp_path / FIRST)
    assert "it is a pipe" in refused(path).message


@pytest.mark.parametrize(
    ("index", "reason"),
    [
        ({"a.weight": FIRST, "a.bias": FIRST, "b.weight": SECOND, "b.bias": SECOND}, "`a.bias` is in"),
        ({"a.weight": FIRST, "a.bias": SECOND, "b.weight": SECOND}, f"`{SECOND}` holds `b.bias`"),
        ({"a.weight": FIRST, "c": "model-3.safetensors"}, "cannot be read"),
        ({"a.weight": 3}, "is in 3, which is no file"),
        ({}, "it has no `weight_map`"),
        ([FIRST], "it has no `weight_map`"),
        ({f"t{i}": f"{i}.safetensors" for i in range(600)}, "names 600 files"),
    ],
)
def test_an_index_that_is_not_that_of_its_files(index: Any, reason: str, tmp_path: Path) -> None:
    two(tmp_path)
    assert reason in refused(said(tmp_path, index)).message


def test_a_tensor_in_two_files(tmp_path: Path) -> None:
    path = two(tmp_path)
    with (tmp_path / FIRST).open("wb") as out:
        write_exact(out, {"a.weight": ARRAYS["a.weight"], "b.bias": ARRAYS["b.bias"]})
    assert "two of its files hold `b.bias`" in refused(path).message


@pytest.mark.parametrize("text", ["", "[", "3", "{" * 100_000, "\xff"])
def test_an_index_that_is_no_index(text: str, tmp_path: Path) -> None:
    path = tmp_path / INDEX
    path.write_text(text, encoding="latin1")
    assert "is not the index of a model in several files" in refused(path).message


def test_a_damaged_file(tmp_path: Path) -> None:
    path = two(tmp_path)
    (tmp_path / SECOND).write_bytes((tmp_path / SECOND).read_bytes()[:-1])
    assert f"{SECOND}` is not a safetensors file, or is damaged" in refused(path).message


class Harmful:
    def __reduce__(self) -> Any:
        return (Path.touch, (Path("harm"),))


@pytest.mark.parametrize("count", [2, 5])
def test_pickles_are_refused_unopened(count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = [f"pytorch_model-{i}-of-{count}.bin" for i in range(count)]
    for name in names:
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("archive/data.pkl", pickle.dumps(Harmful()))
        (tmp_path / name).write_bytes(stream.getvalue())
    path = tmp_path / "pytorch_model.bin.index.json"
    path.write_text(json.dumps({"weight_map": {f"t{i}": name for i, name in enumerate(names)}}), encoding="utf-8")
    error = refused(path)
    assert f"names the file `{names[0]}`, which is a pickle" in error.message
    assert "weights_only=True" in (error.help or "")
    assert not (tmp_path / "harm").exists()
