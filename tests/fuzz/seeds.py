"""Valid files of every kind that modelc reads, by their names, and how each is read: the ways in of a user."""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hdf5_seeds import variants

import modelc
from modelc.cli.main import _run as run_command  # pyright: ignore[reportPrivateUsage]
from modelc.data.columns import Signature
from modelc.data.sources import ArraysSource, FilesSource, TableSource
from modelc.files.arrays import read_input
from modelc.files.kinds import described, kind_of
from modelc.files.pictures import check_picture, read_picture
from modelc.graph.types import TensorType
from modelc.keras.read import read_keras_model

SPEC = """\
modelc: 1
input: {shape: [6, 5, 3], name: x}
layers:
  - {type: Conv2D, filters: 4, kernel_size: 3, name: conv}
  - {type: BatchNormalization, name: norm}
  - {type: Flatten}
  - {type: Dense, units: 2, name: out}
"""
WIDTH, HEIGHT = 37, 29
"""The size of the pictures: numbers that are found in their headers."""
_VARIANTS = 3
"""HDF5 files that are made of each by changing its attributes, arrays and groups."""
_RECORDED = Path(__file__).parents[1] / "keras"

Read = Callable[[Path], object]


@dataclass(frozen=True)
class Seed:
    """A valid file."""

    name: str
    data: bytes
    beside: tuple[tuple[str, bytes], ...] = ()
    """The files that it names, which lie beside it."""


@cache
def seeds() -> dict[str, tuple[Seed, ...]]:
    """The files by their kind."""
    made: dict[str, list[Seed]] = {}

    def add(kind: str, name: str, data: bytes, *beside: tuple[str, bytes]) -> None:
        made.setdefault(kind, []).append(Seed(name, data, beside))

    with TemporaryDirectory() as folder:
        for path in _written(Path(folder)):
            add("".join(path.suffixes), path.name, path.read_bytes())
    for path in sorted([*_RECORDED.glob("keras1_files/*.h5"), *_RECORDED.glob("older_layers/*.h5")]):
        data = path.read_bytes()
        for whole in (data, *variants(data, _VARIANTS)):
            add(".h5", path.name, whole)
    for path in sorted(_RECORDED.glob("tfjs_files/*/model.json")):
        shards = [(shard.name, shard.read_bytes()) for shard in sorted(path.parent.glob("*.bin"))]
        add("tfjs", "model.json", path.read_bytes(), *shards)
    return {kind: tuple(found) for kind, found in made.items()}


def _written(folder: Path) -> list[Path]:
    """What modelc writes, and what NumPy, Pillow and Keras's users do."""
    from PIL import Image

    spec = modelc.load_spec(SPEC)
    model = spec.build(backend="reference")
    model.save(folder / "m.modelc")
    model.save(folder / "m.keras")
    model.save_weights(folder / "m.safetensors")
    model.save_weights(folder / "m.weights.h5")
    (folder / "s.yaml").write_text(SPEC, encoding="utf-8")
    (folder / "s.json").write_text(spec.to_json(), encoding="utf-8")
    (folder / "k.keras.json").write_text(json.dumps(_KERAS), encoding="utf-8")
    random = np.random.default_rng(0)
    x = random.uniform(0, 1, (4, 6, 5, 3)).astype(np.float32)
    np.save(folder / "x.npy", x)
    np.save(folder / "f.npy", np.asfortranarray(x.astype(">f8")))
    np.savez_compressed(folder / "x.npz", x=x, y=np.arange(4))
    np.savez(folder / "y.npz", x=x, y=np.eye(4, 2), sample_weight=np.ones(4, np.float32))
    rows = [f"{i / 7},{i},{i % 2}" for i in range(9)]
    (folder / "t.csv").write_text("\n".join(["a,b,label", *rows]) + "\n", encoding="utf-8")
    pixels = random.integers(0, 256, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    image = Image.fromarray(pixels)
    for suffix in ("png", "jpg", "gif", "bmp", "tiff", "webp"):
        image.save(folder / f"p.{suffix}")
    image.convert("L").save(folder / "grey.png")
    image.convert("RGBA").save(folder / "alpha.png")
    image.quantize(16).save(folder / "palette.png")
    image.save(folder / "lzw.tiff", compression="tiff_lzw")
    image.save(folder / "progressive.jpg", progressive=True)
    image.convert("CMYK").save(folder / "cmyk.jpg")
    return sorted(folder.iterdir())


_KERAS: Any = {"class_name": "Sequential", "keras_version": "2.9.0", "config": {"name": "s", "layers": [
    {"class_name": "InputLayer", "config": {"batch_input_shape": [None, 4], "name": "i"}},
    {"class_name": "Dense", "config": {"name": "d", "units": 3, "activation": "relu"}},
    {"class_name": "Bidirectional", "config": {"name": "b", "merge_mode": "concat", "layer": {
        "class_name": "LSTM", "config": {"name": "l", "units": 2}}}},
]}}  # fmt: skip


# --- readers


def _model(path: Path) -> None:
    model = modelc.load(path, backend="reference")
    sum(float(np.nansum(array)) for array in model.arrays.values())


def _spec(path: Path) -> None:
    str(modelc.load_spec(path).summary())


def _imported(path: Path) -> None:
    model = read_keras_model(path)
    model.read_weights(partial=True) if model.path is not None else model.spec.to_yaml()


@cache
def _built() -> modelc.Model:
    return modelc.load_spec(SPEC).build(backend="reference")


def _weights(path: Path) -> None:
    modelc.load_spec(SPEC).build(weights=path, backend="reference")


def _loaded(path: Path) -> None:
    _built().load_weights(path)


_INPUT = TensorType((None, 6, 5, 3))
_PICTURE = TensorType((None, HEIGHT, WIDTH, 3))


def _input(path: Path) -> None:
    _built()(read_input(path, _INPUT))


def _arrays(path: Path) -> None:
    ArraysSource(path=path.name).open(Signature.of(_built().graph), path.parent)


def _files(path: Path) -> None:
    FilesSource(x=path.name).open(Signature.of(_built().graph), path.parent, labels=False)


def _table(path: Path) -> None:
    signature = Signature((TensorType((None, 2)),), ("x",), ("out",))
    TableSource(path=path.name, target="label").open(signature, path.parent)


def _picture(path: Path) -> None:
    read_picture(path, _PICTURE)


def _resized(path: Path) -> None:
    read_picture(path, TensorType((None, 8, 8, 1)), resize=True)


def _checked(path: Path) -> None:
    check_picture(path, _PICTURE)


def _described(path: Path) -> None:
    kind_of(path)
    described(path)


def _command(*arguments: str) -> Read:
    def read(path: Path) -> None:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run_command([one.replace("FILE", str(path)) for one in arguments])
        told = err.getvalue()
        assert code in (0, 2) or (code == 1 and told), f"exit code {code}: {told}"
        assert "Traceback" not in told, told
        assert len(told) < 100_000 and "\x1b" not in told

    return read


_SUMMARY, _CHECK, _IMPORT = _command("summary", "FILE"), _command("check", "FILE"), _command("import", "FILE")
_PICTURES: tuple[Read, ...] = (_picture, _resized, _checked)
READERS: dict[str, tuple[Read, ...]] = {
    ".modelc": (_model, _model, _loaded, _SUMMARY),
    ".keras": (_model, _spec, _imported, _weights, _IMPORT),
    ".safetensors": (_weights, _loaded),
    ".weights.h5": (_weights, _loaded, _loaded),
    ".h5": (_imported, _imported, _spec, _model),
    ".yaml": (_spec, _CHECK),
    ".json": (_spec, _CHECK),
    ".keras.json": (_spec, _imported),
    "tfjs": (_spec, _imported, _model),
    ".npy": (_input, _files),
    ".npz": (_input, _arrays),
    ".csv": (_table,),
    **dict.fromkeys((".png", ".jpg", ".gif", ".bmp", ".tiff", ".webp"), _PICTURES),
}
"""How a file of each kind is read."""
ANY: tuple[Read, ...] = (_described, _model, _spec, _imported, _weights, _input, _arrays, _files, _table, *_PICTURES)
"""How a file of a wrong kind may be read."""
