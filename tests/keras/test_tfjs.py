"""Models of TensorFlow.js: those that it saved itself, and the forms of weights that its converter writes."""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest

from modelc import ModelcError, load_spec
from modelc.cli.main import _run as run_command  # pyright: ignore[reportPrivateUsage]

Array = np.ndarray[Any, Any]

FILES = Path(__file__).parent / "tfjs_files"
NAMES = sorted(path.parent.name for path in FILES.glob("*/model.json"))


def array(given: Mapping[str, Any]) -> Array:
    return np.array(given["values"], np.float32).reshape(given["shape"])


def run(model: Any, inputs: Sequence[Array]) -> list[Array]:
    made: Any = model(list(inputs) if len(inputs) > 1 else inputs[0])
    return cast("list[Array]", made if isinstance(made, list) else [made])


@pytest.mark.parametrize("name", NAMES)
def test_computes_what_tensorflow_js_did(name: str) -> None:
    recorded = json.loads((FILES / name / "io.json").read_text())
    spec = load_spec(FILES / name / "model.json")
    assert spec.summary().params == recorded["params"]
    outputs = run(spec.build(backend="reference"), [array(x) for x in recorded["inputs"]])
    for found, wanted in zip(outputs, map(array, recorded["outputs"]), strict=True):
        np.testing.assert_allclose(found, wanted, rtol=1e-5, atol=1e-6)


def test_there_are_three() -> None:
    assert NAMES == ["images", "nested", "words"]


# --- files by another writer: the bytes of the format as it is documented

KERNEL = np.array([[1.5, -2.0], [0.25, 3.0], [0.0, -1.0]], np.float32)
BIAS = np.array([0.5, -0.25], np.float32)
DENSE = {"class_name": "Dense", "config": {"name": "d", "units": 2, "batch_input_shape": [None, 3]}}
TOPOLOGY = {"keras_version": "2.15.0", "backend": "tensorflow", "model_config": {
    "class_name": "Sequential", "config": {"name": "s", "layers": [DENSE]}}}  # fmt: skip
X = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 0.5]], np.float32)


def entry(name: str, x: Array, **more: Any) -> dict[str, Any]:
    return {"name": name, "shape": list(x.shape), "dtype": "float32", **more}


def write(folder: Path, weights: Sequence[dict[str, Any]], data: bytes, size: int = 10, **changes: Any) -> Path:
    """A model of one Dense, its bytes in shards of `size`."""
    shards = [data[i : i + size] for i in range(0, len(data), size)]
    paths = [f"group1-shard{i + 1}of{len(shards)}.bin" for i in range(len(shards))]
    for path, shard in zip(paths, shards, strict=True):
        (folder / path).write_bytes(shard)
    manifest = [{"paths": paths, "weights": list(weights)}]
    document = {"format": "layers-model", "modelTopology": TOPOLOGY, "weightsManifest": manifest, **changes}
    (folder / "model.json").write_text(json.dumps(document))
    return folder / "model.json"


def plain(folder: Path, **changes: Any) -> Path:
    weights = [entry("d/kernel", KERNEL), entry("d/bias", BIAS)]
    return write(folder, weights, KERNEL.tobytes() + BIAS.tobytes(), **changes)


def test_shards_are_one_run_of_bytes(tmp_path: Path) -> None:
    (y,) = run(load_spec(plain(tmp_path)).build(backend="reference"), [X])
    np.testing.assert_allclose(y, X @ KERNEL + BIAS, rtol=1e-6)


@pytest.mark.parametrize("bits", [8, 16])
def test_quantized_to_integers(bits: int, tmp_path: Path) -> None:
    dtype = f"uint{bits}"
    least, scale = -2.0, 5.0 / (2**bits - 1)
    stored: Array = np.round((KERNEL - least) / scale).astype(dtype)
    weights = [
        entry(
            "d/kernel", KERNEL, quantization={"dtype": dtype, "min": least, "scale": scale, "original_dtype": "float32"}
        ),
        entry("d/bias", BIAS),
    ]
    spec = load_spec(write(tmp_path, weights, stored.astype(f"<u{bits // 8}").tobytes() + BIAS.tobytes()))
    kernel, bias = (w.value for w in spec.build(backend="reference").weights)
    np.testing.assert_allclose(kernel, stored * np.float64(scale) + least, rtol=1e-6)
    np.testing.assert_array_equal(bias, BIAS)


def test_quantized_to_half_floats(tmp_path: Path) -> None:
    weights = [entry("d/kernel", KERNEL, quantization={"dtype": "float16"}), entry("d/bias", BIAS)]
    spec = load_spec(write(tmp_path, weights, KERNEL.astype("<f2").tobytes() + BIAS.tobytes()))
    np.testing.assert_array_equal(spec.build(backend="reference").weights[0].value, KERNEL)


def test_the_command_imports_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = plain(tmp_path)
    out = tmp_path / "net.yaml"
    assert run_command(["import", str(path), "-o", str(out), "--weights-out", str(tmp_path / "net.safetensors")]) == 0
    (y,) = run(load_spec(out).build(backend="reference"), [X])
    np.testing.assert_allclose(y, X @ KERNEL + BIAS, rtol=1e-6)


def manifest(path: str = "w.bin", **weight: Any) -> list[Any]:
    return [{"paths": [path], "weights": [{"name": "d/kernel", "shape": [3, 2], "dtype": "float32", **weight}]}]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weightsManifest": manifest("../w.bin")}, "outside of the folder"),
        ({"weightsManifest": manifest("/etc/passwd")}, "outside of the folder"),
        ({"weightsManifest": manifest("a\\b.bin")}, "not the path of a shard"),
        ({"weightsManifest": manifest("http://x/w.bin")}, "not the path of a shard"),
        ({"weightsManifest": manifest(name="../kernel")}, "not the name of a weight"),
        ({"weightsManifest": manifest(name="e/kernel")}, "belongs to no layer"),
        ({"weightsManifest": manifest(shape=[3, -2])}, "has the shape"),
        ({"weightsManifest": manifest(shape=[2**50, 2**50])}, "has the shape"),
        ({"weightsManifest": manifest(shape=[2**39, 2**39])}, "does not match|its shards hold|cannot be read|shard"),
        ({"weightsManifest": manifest(dtype="string")}, "has the dtype 'string'"),
        ({"weightsManifest": manifest(dtype="complex64")}, "has the dtype"),
        ({"weightsManifest": manifest(quantization={"dtype": "int4"})}, "is quantized as 'int4'"),
        ({"weightsManifest": manifest(quantization={"dtype": "uint8", "scale": math.inf})}, "is quantized by"),
        ({"weightsManifest": [*manifest(), *manifest()]}, "names a weight twice"),
        ({"weightsManifest": {}}, "not a list of groups"),
        ({"weightsManifest": [{}]}, "has no `paths` and `weights`"),
        ({"modelTopology": None}, "has no `modelTopology`"),
        ({"modelTopology": {"node": []}}, "does not describe a model"),
        ({"format": "graph-model"}, "is a graph-model of TensorFlow.js"),
    ],
    ids=str,
)
def test_damaged_and_hostile_files(changes: dict[str, Any], message: str, tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(KERNEL.tobytes())
    path = plain(tmp_path, **changes)
    with pytest.raises(ModelcError, match=message):
        load_spec(path).build(backend="reference")


def test_shards_of_another_size(tmp_path: Path) -> None:
    path = plain(tmp_path)
    last = max(tmp_path.glob("*.bin"))
    last.write_bytes(last.read_bytes() + b"\0")
    with pytest.raises(ModelcError, match="its shards hold 33 bytes, its weights need 32"):
        load_spec(path).build(backend="reference")
    last.unlink()
    with pytest.raises(ModelcError, match="No such file"):
        load_spec(path).build(backend="reference")


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "model").mkdir()
    path = plain(tmp_path / "model")
    shard = min((tmp_path / "model").glob("*.bin"))
    shutil.move(shard, tmp_path / "secret.bin")
    os.symlink(tmp_path / "secret.bin", shard)
    with pytest.raises(ModelcError, match="is outside of its folder"):
        load_spec(path).build(backend="reference")
