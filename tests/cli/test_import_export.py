"""`modelc import` and `modelc export`: what is written and told, and that nothing is written where anything fails."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc

h5py: Any = pytest.importorskip("h5py")

SPEC = """\
modelc: 1
name: net
input: {shape: [8, 8, 3]}
layers:
  - {type: Conv2D, filters: 4, kernel_size: 3, strides: 2, activation: relu}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, name: head, units: 2}
"""


def tensors_in(path: Path) -> dict[str, Any]:
    """The tensors that a safetensors file describes."""
    data = path.read_bytes()
    header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
    return {name: entry for name, entry in header.items() if name != "__metadata__"}


@pytest.fixture
def exported(tmp_path: Path, run: Any) -> Path:
    """A `.keras` file of the spec, written by `modelc export`."""
    (tmp_path / "spec.yaml").write_text(SPEC)
    result = run("export", "--format", "keras", tmp_path / "spec.yaml", "-o", tmp_path / "net.keras", "--seed", "3")
    assert result.code == 0, result.err
    return tmp_path / "net.keras"


def test_there_and_back(exported: Path, tmp_path: Path, run: Any) -> None:
    out, weights = tmp_path / "back.yaml", tmp_path / "back.safetensors"
    result = run("import", exported, "-o", out, "--weights-out", weights)
    assert result.code == 0, result.err
    assert out.read_text() == SPEC + "weights: back.safetensors\n"
    original = modelc.load_spec(SPEC).build(seed=3, backend="reference")
    back = modelc.load_spec(out).build(backend="reference")
    assert back.arrays.keys() == original.arrays.keys() == tensors_in(weights).keys()
    assert all(np.array_equal(back.arrays[path], array) for path, array in original.arrays.items())
    assert "loaded  conv2d/kernel  (3, 3, 3, 4)  layers/conv2d/vars/0" in result.out
    assert "tensors: 4 loaded, 0 missing, 0 wrong shape, 0 unexpected" in result.out


@pytest.mark.parametrize(("shape", "told"), [("[null, null, 3]", True), ("[9, 8, 3]", False)])
def test_an_export_says_where_keras_cannot_follow_a_free_size(shape: str, told: bool, tmp_path: Path, run: Any) -> None:
    layers = (
        "layers: [{type: ZeroPadding2D, correct_pad: 3, name: pad}, {type: MaxPooling2D, pool_size: 3, strides: 2}]"
    )
    (tmp_path / "spec.yaml").write_text(f"modelc: 1\ninput: {{shape: {shape}}}\n{layers}\n")
    result = run("export", tmp_path / "spec.yaml", "-o", tmp_path / "net.keras")
    assert result.code == 0, result.err
    assert ("note: `pad`: padded as for even sizes" in result.err) == told


def test_to_standard_output_with_shapes(exported: Path, run: Any) -> None:
    result = run("import", exported, "--annotate")
    assert result.code == 0
    assert "units: 2}  # (None, 2)\n" in result.out
    assert modelc.load_spec(result.out) == modelc.load_spec(SPEC)
    assert "tensors: 4 loaded" in result.err


def test_commands_take_what_keras_saved(exported: Path, run: Any) -> None:
    result = run("summary", exported)
    assert result.code == 0, result.err
    assert "head (Dense)" in result.out


def test_weights_that_do_not_fit(exported: Path, tmp_path: Path, run: Any) -> None:
    with h5py.File(tmp_path / "other.weights.h5", "w") as file:
        file["layers/conv2d/vars/0"] = np.zeros((3, 3, 3, 4), "f4")
        file["layers/conv2d/vars/1"] = np.zeros(5, "f4")
        file["layers/surprise/vars/0"] = np.zeros(2, "f4")
    arguments = ["import", exported, "--weights", tmp_path / "other.weights.h5"]
    out, weights = tmp_path / "o.yaml", tmp_path / "o.safetensors"
    result = run(*arguments, "-o", out, "--weights-out", weights)
    assert result.code == 2
    assert "mis-shaped: `conv2d/bias` is (5,)" in result.err
    assert "unexpected: `layers/surprise/vars/0`" in result.err
    assert "Traceback" not in result.err
    assert not out.exists()
    assert not weights.exists()

    result = run(*arguments, "-o", out, "--weights-out", weights, "--partial")
    assert result.code == 0, result.err
    assert list(tensors_in(weights)) == ["conv2d/kernel"]
    assert "tensors: 1 loaded, 2 missing, 1 wrong shape, 1 unexpected" in result.out
    assert "weights:" not in out.read_text()


def test_nothing_is_written_where_one_file_cannot_be(exported: Path, tmp_path: Path, run: Any) -> None:
    (tmp_path / "taken").mkdir()
    result = run("import", exported, "-o", tmp_path / "o.yaml", "--weights-out", tmp_path / "taken")
    assert result.code == 1
    assert not (tmp_path / "o.yaml").exists()
    assert sorted(os.listdir(tmp_path)) == ["net.keras", "spec.yaml", "taken"]


@pytest.mark.parametrize(
    ("content", "arguments", "message"),
    [
        ("not json", [], "is not the JSON of a Keras model"),
        ("{}", [], "class_name"),
        (json.dumps({"class_name": "Sequential", "config": {"name": "s", "layers": [
            {"class_name": "Lambda", "config": {"name": "l", "function": ["code", None, None]}}]}}), [],
         "`Lambda` (`l`) is not supported: it contains code"),
        (json.dumps({"class_name": "Mine", "module": "os", "config": {"layers": []}}), [], "`Mine`"),
        (None, [], "cannot be read"),
    ],
)  # fmt: skip
def test_errors(tmp_path: Path, run: Any, content: str | None, arguments: list[str], message: str) -> None:
    path = tmp_path / "model.json"
    if content is not None:
        path.write_text(content)
    result = run("import", path, *arguments, "-o", tmp_path / "o.yaml")
    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err
    assert not (tmp_path / "o.yaml").exists()


def test_text_holds_no_weights(tmp_path: Path, run: Any) -> None:
    from modelc.keras.export.export import model_config

    (tmp_path / "m.json").write_text(json.dumps(model_config(modelc.load_spec(SPEC))))
    result = run("import", tmp_path / "m.json", "--weights-out", tmp_path / "w.safetensors")
    assert result.code == 2
    assert "holds no weights" in result.err
    result = run("import", tmp_path / "m.json")
    assert result.code == 0
    assert result.out == SPEC


def test_export_of_an_artifact_and_its_view(tmp_path: Path, run: Any) -> None:
    model = modelc.load_spec(SPEC).build(seed=1, backend="reference")
    model.save(tmp_path / "net.modelc")
    result = run("export", tmp_path / "net.modelc", "-o", tmp_path / "cut.keras", "--truncate", "conv2d")
    assert result.code == 0, result.err
    back = modelc.load_spec(tmp_path / "cut.keras").build(backend="reference")
    assert [layer.name for layer in back.layers] == ["conv2d"]
    assert np.array_equal(back.get_weights()[0], model.get_weights()[0])


def test_export_goes_by_the_ending(tmp_path: Path, run: Any) -> None:
    (tmp_path / "spec.yaml").write_text(SPEC)
    result = run("export", tmp_path / "spec.yaml", "-o", tmp_path / "net.zip")
    assert result.code == 2
    assert "must end in .keras" in result.err
    result = run("export", tmp_path / "spec.yaml", "--format", "keras-weights", "-o", tmp_path / "w.weights.h5")
    assert result.code == 0
    assert set(h5py.File(tmp_path / "w.weights.h5")["layers"]) >= {"conv2d", "dense"}


def test_onnx_of_a_spec_and_of_a_keras_file(exported: Path, tmp_path: Path, run: Any) -> None:
    weights = tmp_path / "net.onnx"
    options = ("export", "--format", "onnx")
    assert run(*options, tmp_path / "spec.yaml", "-o", weights, "--seed", "3").code == 0
    result = run(*options, exported, "-o", tmp_path / "again.onnx", "--opset", "18")
    assert result.code == 0, result.err
    assert weights.read_bytes() == (tmp_path / "again.onnx").read_bytes()
    assert run(*options, exported, "-o", weights, "--half").code == 0  # an older file of its kind is replaced
    (tmp_path / "notes.onnx").write_text("mine")
    result = run(*options, exported, "-o", tmp_path / "notes.onnx")
    assert result.code == 2
    assert "--force" in result.err
    assert (tmp_path / "notes.onnx").read_text() == "mine"
    assert run(*options, exported, "-o", tmp_path / "notes.onnx", "--force").code == 0


@pytest.mark.parametrize("option", [("--opset", "18"), ("--half",), ("--weights-beside",)])
def test_options_of_onnx_are_for_onnx(option: tuple[str, ...], exported: Path, tmp_path: Path, run: Any) -> None:
    result = run("export", exported, *option, "-o", tmp_path / "out.keras")
    assert result.code == 2
    assert f"{option[0]} is for --format onnx" in result.err
    result = run("export", "--format", "onnx", "--opset", "3", exported, "-o", tmp_path / "out.onnx")
    assert result.code == 2
    assert "the opset must be a number from" in result.err
