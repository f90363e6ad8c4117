"""ONNX files: what is in them beside the numbers, and what is refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

import modelc
from modelc.errors import InputError, OverwriteError, SpecError
from modelc.model.saving import save_onnx
from modelc.onnx.export.functions import UNARY_ROWS
from modelc.onnx.package import LARGEST_OPSET, LEAST_OPSET
from modelc.onnx.table import RULES
from modelc.ops.random import Random
from tests.onnx.runtime import assert_equal, called, exported, run, session

PICTURES = """\
modelc: 1
name: net
input: {shape: [12, 12, 3]}
layers:
  - {type: Conv2D, name: stem, filters: 8, kernel_size: 3, padding: same, use_bias: false}
  - {type: BatchNormalization, name: norm}
  - {type: ReLU, name: act}
  - {type: ZeroPadding2D, name: pad}
  - {type: DepthwiseConv2D, name: depth, kernel_size: 3, strides: 2}
  - {type: MaxPooling2D, name: pool}
  - {type: Flatten, name: flat}
  - {type: Dense, name: head, units: 5, activation: softmax}
"""
SEQUENCES = """\
modelc: 1
name: words
input: {shape: [time, 6]}
layers:
  - {type: LSTM, units: 5, return_sequences: true}
  - {type: Bidirectional, layer: {type: GRU, units: 4, return_sequences: true}}
  - {type: SimpleRNN, units: 3}
"""


def drawn(text: str) -> modelc.Model:
    """The model with weights that differ from their initial values."""
    model = modelc.load_spec(text).build(backend="reference")
    rng = np.random.default_rng(0)
    model.set_weights([rng.uniform(0.2, 0.8, w.shape).astype(np.float32) for w in model.weights])
    return model


def pictures(*shape: int) -> Any:
    return np.random.default_rng(1).standard_normal(shape).astype(np.float32)


def operators(model: Any) -> list[str]:
    return [node.op_type for node in model.graph.node]


def test_nodes_are_called_after_layers_and_nothing_is_left_beside_them() -> None:
    model = drawn(PICTURES)
    made = exported(model.graph, model.arrays)
    assert [node.name for node in made.graph.node] == [
        "stem/Transpose", "stem/Conv", "act/Relu", "depth/Conv", "pool/MaxPool", "flat/Reshape", "head/Gemm",
        "head/Softmax",
    ]  # fmt: skip
    x = pictures(2, 12, 12, 3)
    assert_equal(run(made, [x]), [model(x)])


def test_inputs_and_outputs_are_those_of_the_model() -> None:
    model = drawn(SEQUENCES)
    made = exported(model.graph, model.arrays)
    (given,), (result,) = made.graph.input, made.graph.output
    assert (given.name, result.name) == (model.input_names[0], model.output_names[0])
    sizes = [dim.dim_param or dim.dim_value for dim in given.type.tensor_type.shape.dim]
    assert sizes == ["batch", "time", 6]


def test_recurrent_layers_are_operators_and_take_any_length() -> None:
    model = drawn(SEQUENCES)
    made = exported(model.graph, model.arrays)
    assert {"LSTM", "GRU", "RNN"} <= set(operators(made))
    assert "Scan" not in operators(made)
    runtime = session(made)
    for batch, steps in ((1, 2), (3, 7), (2, 30)):
        x = pictures(batch, steps, 6)
        assert_equal(called(runtime, [x]), [model(x)])


@pytest.mark.parametrize("opset", range(LEAST_OPSET, LARGEST_OPSET + 1))
def test_every_opset(opset: int) -> None:
    model = drawn(PICTURES)
    made = exported(model.graph, model.arrays, opset=opset)
    assert [one.version for one in made.opset_import] == [opset]
    x = pictures(2, 12, 12, 3)
    assert_equal(run(made, [x]), [model(x)])


@pytest.mark.parametrize("opset", [LEAST_OPSET - 1, LARGEST_OPSET + 1, 0])
def test_other_opsets_are_refused(opset: int, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=f"from {LEAST_OPSET} to {LARGEST_OPSET}, found {opset}"):
        save_onnx(drawn(PICTURES), tmp_path / "m.onnx", opset=opset)
    assert not list(tmp_path.iterdir())


def test_without_the_package_onnx(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelc.onnx.package.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'modelc\[onnx\]'"):
        drawn(PICTURES).save(tmp_path / "m.onnx")
    assert not list(tmp_path.iterdir())


def test_a_note_says_for_which_sizes_the_file_holds(tmp_path: Path) -> None:
    text = "modelc: 1\nname: m\ninput: {shape: [time, 3]}\nlayers: [{type: Conv1D, filters: 2, kernel_size: 5}]\n"
    (note,) = save_onnx(modelc.load_spec(text).build(backend="reference"), tmp_path / "m.onnx")
    assert "5 ≤ time" in note


def test_both_directions_of_a_recurrent_layer_are_one_operator() -> None:
    model = drawn(SEQUENCES)
    made = exported(model.graph, model.arrays)
    (gru,) = (node for node in made.graph.node if node.op_type == "GRU")
    told = {attribute.name: attribute for attribute in gru.attribute}
    assert told["direction"].s == b"bidirectional"


def test_half(tmp_path: Path) -> None:
    model = drawn(PICTURES.replace("units: 5", "units: 64"))
    save_onnx(model, tmp_path / "half.onnx", half=True)
    save_onnx(model, tmp_path / "full.onnx")
    made = onnx.load(tmp_path / "half.onnx")
    assert {one.type.tensor_type.elem_type for one in (*made.graph.input, *made.graph.output)} == {
        onnx.TensorProto.FLOAT
    }
    floats = [t for t in made.graph.initializer if t.data_type != onnx.TensorProto.INT64]
    assert {t.data_type for t in floats} == {onnx.TensorProto.FLOAT16}
    assert (tmp_path / "half.onnx").stat().st_size < 0.6 * (tmp_path / "full.onnx").stat().st_size
    x = pictures(2, 12, 12, 3)
    (got,) = run(str(tmp_path / "half.onnx"), [x])
    assert got.dtype == np.float32
    assert_equal([got], [model(x)], 5e-3)


def test_the_same_model_gives_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.onnx", "b.onnx"):
        drawn(PICTURES).save(tmp_path / name)
    assert (tmp_path / "a.onnx").read_bytes() == (tmp_path / "b.onnx").read_bytes()


def test_the_bytes_do_not_depend_on_the_process(tmp_path: Path) -> None:
    """Sizes are computed in one order, whatever the hashes of their names are."""
    spec = tmp_path / "s.yaml"
    spec.write_text(
        "modelc: 1\nname: m\ninput: {shape: [h, w, 3]}\nlayers:\n"
        "  - {type: Conv2D, filters: 4, kernel_size: 3, padding: same, strides: 2}\n"
        "  - {type: UpSampling2D}\n  - {type: Reshape, target_shape: [-1, 4]}\n"
        "  - {type: LSTM, units: 3, return_sequences: true}\n  - {type: Flatten}\n"
    )
    for seed in ("1", "2"):
        code = f"import modelc; modelc.load_spec({str(spec)!r}).build(backend='reference').save('{seed}.onnx')"
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, check=True, timeout=120)
    assert (tmp_path / "1.onnx").read_bytes() == (tmp_path / "2.onnx").read_bytes()


def test_weights_beside_the_file(tmp_path: Path) -> None:
    model = drawn(PICTURES)
    for name in ("m.onnx", "n.onnx"):
        save_onnx(model, tmp_path / name, weights_beside=True)
    assert (tmp_path / "m.onnx.safetensors").read_bytes() == (tmp_path / "n.onnx.safetensors").read_bytes()
    x = pictures(2, 12, 12, 3)
    assert_equal(run(str(tmp_path / "m.onnx"), [x]), [model(x)])
    onnx.checker.check_model(str(tmp_path / "m.onnx"), full_check=True)
    (tmp_path / "n.onnx.safetensors").write_text("notes of mine")
    with pytest.raises(OverwriteError, match="text of another kind"):
        save_onnx(model, tmp_path / "n.onnx", weights_beside=True, force=False)
    assert (tmp_path / "n.onnx.safetensors").read_text() == "notes of mine"


def test_labels_are_metadata(tmp_path: Path) -> None:
    drawn(f"{PICTURES}labels: [a, b, c, d, e]\n").save(tmp_path / "m.onnx")
    told = {entry.key: entry.value for entry in onnx.load(tmp_path / "m.onnx").metadata_props}
    assert json.loads(told["labels"]) == ["a", "b", "c", "d", "e"]


def test_what_cannot_be_said_is_refused_with_the_layer_and_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(RULES, Random)
    path = tmp_path / "s.yaml"
    path.write_text(
        "modelc: 1\nname: noisy\ninputs: {x: {shape: [4]}}\nlayers:\n"
        "  - {type: GaussianNoise, name: noise, stddev: 0.5, inputs: x, training: true}\noutputs: noise\n"
    )
    model = modelc.load_spec(path).build(backend="reference")
    with pytest.raises(SpecError) as error:
        model.save(tmp_path / "m.onnx")
    (told,) = error.value.diagnostics
    assert (told.code, told.line) == ("E607", 5)
    assert "`noise` (GaussianNoise)" in told.message
    assert not (tmp_path / "m.onnx").exists()


def test_a_function_without_a_row_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(UNARY_ROWS, "celu")
    text = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 3, activation: celu}\n"
    with pytest.raises(SpecError, match="the function `celu` is not among those") as error:
        modelc.load_spec(text).build(backend="reference").save(tmp_path / "m.onnx")
    assert error.value.diagnostics[0].code == "E607"
    assert not (tmp_path / "m.onnx").exists()


def test_states_are_inputs_and_outputs() -> None:
    model = modelc.load_spec(
        "modelc: 1\nname: m\ninput: {shape: [3, 2], batch_size: 2}\n"
        "layers: [{type: LSTM, name: memory, units: 4, stateful: true}]\n"
    ).build(backend="reference")
    made = exported(model.graph, model.arrays)
    runtime = session(made)
    states = [np.zeros(tuple(one.shape), np.float32) for one in runtime.get_inputs()[1:]]
    assert len(states) == 2
    for x in np.split(pictures(4, 3, 2), 2):
        got, *states = called(runtime, [x, *states])
        assert_equal([got], [model(x)])


def test_the_choices_of_a_file_from_python(tmp_path: Path) -> None:
    model = drawn(PICTURES)
    assert model.export_onnx(tmp_path / "m.onnx", opset=20, half=True, weights_beside=True) == ()
    made = onnx.load(tmp_path / "m.onnx", load_external_data=False)
    assert [one.version for one in made.opset_import] == [20]
    assert (tmp_path / "m.onnx.safetensors").exists()
    x = pictures(2, 12, 12, 3)
    assert_equal(run(str(tmp_path / "m.onnx"), [x]), [model(x)], 5e-3)
    model.save(tmp_path / "saved.onnx")
    model.export_onnx(tmp_path / "exported.onnx")
    assert (tmp_path / "saved.onnx").read_bytes() == (tmp_path / "exported.onnx").read_bytes()
    with pytest.raises(InputError, match="found 3"):
        model.export_onnx(tmp_path / "m.onnx", opset=3)
