"""Other runtimes beside a model: the same samples in their layout, the same outputs, and turns."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.bench.peers.layouts import difference, forms
from modelc.errors import InputError

TEXT = """
modelc: 1
name: compared
input: {shape: [12, 10, 3]}
layers:
  - {type: Conv2D, filters: 8, kernel_size: 3, name: conv}
  - {type: MaxPooling2D, pool_size: 2, name: pool}
"""
X = np.random.default_rng(0).random((2, 12, 10, 3), np.float32)


def _inputs(*shapes: list[int | None], dtype: str = "float32") -> list[dict[str, Any]]:
    return [{"name": f"in{i}", "shape": shape, "dtype": dtype} for i, shape in enumerate(shapes)]


@pytest.mark.parametrize(
    ("shape", "first"),
    [
        ([None, 12, 10, 3], False),
        ([2, None, None, 3], False),
        ([None, 3, 12, 10], True),
        ([2, 3, None, None], True),
    ],
)
def test_channels_are_where_the_file_has_them(shape: list[int | None], first: bool) -> None:
    ((x,),) = forms(_inputs(shape), ["image"], [X])
    assert x.flags.c_contiguous
    np.testing.assert_array_equal(x, X.transpose(0, 3, 1, 2) if first else X)


def test_both_layouts_are_tried_where_both_fit() -> None:
    found = [one for (one,) in forms(_inputs([None, None, None, None]), ["image"], [X])]
    assert [one.shape for one in found] == [(2, 12, 10, 3), (2, 3, 12, 10)]


def test_inputs_are_told_by_name_else_by_order() -> None:
    a, b = np.zeros((2, 5), np.int32), np.ones((2, 5), np.int32)
    named = [{"name": name, "shape": [None, 5], "dtype": "int64"} for name in ("b", "a")]
    ((first, second),) = forms(named, ["a", "b"], [a, b])
    assert (first[0, 0], second[0, 0], first.dtype) == (1, 0, np.int64)
    ((first, second),) = forms(named, ["x", "y"], [a, b])
    assert (first[0, 0], second[0, 0]) == (0, 1)


@pytest.mark.parametrize(
    ("inputs", "message"),
    [
        (_inputs([1, 12, 10, 3]), r"the file takes \(1, 12, 10, 3\), and the samples have \(2, 12, 10, 3\)"),
        (_inputs([None, 4, None, None]), r"the file takes \(None, 4, None, None\)"),
        (_inputs([None, 30]), "the file takes"),
        (_inputs([None, 12, 10, 3], [None]), "the file has 2 inputs, and the model has 1"),
        (_inputs([None, 12, 10, 3], dtype="tensor(string)"), "samples are numbers"),
    ],
)
def test_inputs_that_do_not_fit(inputs: list[dict[str, Any]], message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(forms(inputs, ["image"], [X]))


def test_how_far_outputs_are_apart() -> None:
    y = np.array([[1.0, -4.0]], np.float32)
    assert difference([y], [y + 0.02]) == pytest.approx(0.005, rel=1e-4)
    assert difference([X], [X.transpose(0, 3, 1, 2)]) == 0
    assert difference([y, X], [y, X * 1.25]) == pytest.approx(0.25 * X.max() / X.max())
    assert difference([y], [y * np.nan]) == float("inf")
    with pytest.raises(InputError, match=r"the file gives \(1, 3\), and the model gives \(1, 2\)"):
        difference([y], [np.zeros((1, 3))])
    with pytest.raises(InputError, match="the file has 2 outputs, and the model has 1"):
        difference([y], [y, y])


def _onnx(path: Path, model: modelc.Model, channels_first: bool) -> Path:
    """The model as ONNX says it: a convolution and a pooling with the channels first, inside and maybe outside."""
    onnx = pytest.importorskip("onnx")
    make, number = onnx.helper, onnx.TensorProto.FLOAT
    kernel, bias = model.get_weights()
    weights = {"kernel": np.ascontiguousarray(kernel.transpose(3, 2, 0, 1)), "bias": bias}
    nodes = [
        make.make_node("Conv", ["first", "kernel", "bias"], ["conv"]),
        make.make_node("MaxPool", ["conv"], ["last"], kernel_shape=[2, 2], strides=[2, 2]),
    ]
    name, result, shape = "first", "last", ["n", 3, 12, 10]
    if not channels_first:
        nodes.insert(0, make.make_node("Transpose", ["image"], ["first"], perm=[0, 3, 1, 2]))
        nodes.append(make.make_node("Transpose", ["last"], ["result"], perm=[0, 2, 3, 1]))
        name, result, shape = "image", "result", ["n", 12, 10, 3]
    graph = make.make_graph(
        nodes, "compared", [make.make_tensor_value_info(name, number, shape)],
        [make.make_tensor_value_info(result, number, [None] * 4)],
        [onnx.numpy_helper.from_array(array, name) for name, array in weights.items()],
    )  # fmt: skip
    made = make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(made.SerializeToString())
    return path


@pytest.mark.parametrize("channels_first", [False, True])
@pytest.mark.parametrize("name", ["onnxruntime", "openvino"])
def test_real_runtimes(tmp_path: Path, name: str, channels_first: bool) -> None:
    pytest.importorskip(name)
    model = modelc.load_spec(TEXT).build()
    file = _onnx(tmp_path / "a, b.onnx", model, channels_first)
    found = model.bench(seconds=0.1, batch_size=2, threads=2, compare={name: file})
    (peer,) = found.peers
    assert (peer.peer, peer.file) == (name, str(file))
    assert peer.version.split(".")[0].isdigit()
    assert 0 <= peer.difference < 1e-5
    assert len(peer.ratios) == 5
    assert min(peer.ratios) <= peer.ratio <= max(peer.ratios)
    assert peer.latency.calls >= 15 <= peer.ours.calls
    assert f"{name} {peer.version}" in found.to_text()
    # With other weights it is another model.
    other = modelc.load_spec(TEXT).build(seed=1)
    with pytest.raises(InputError, match="computes something else"):
        other.bench(seconds=0.01, compare={name: file})
    with pytest.raises(InputError, match=r"the file takes"):
        modelc.load_spec(TEXT.replace("[12, 10, 3]", "[12, 11, 3]")).build().bench(seconds=0.01, compare={name: file})


@pytest.mark.parametrize("name", ["onnxruntime", "openvino"])
def test_a_file_that_cannot_be_loaded(tmp_path: Path, name: str) -> None:
    pytest.importorskip(name)
    (tmp_path / "no.onnx").write_text("no model")
    with pytest.raises(InputError, match=f"{name} cannot load .*no.onnx: ") as error:
        modelc.load_spec(TEXT).build().bench(seconds=0.01, compare={name: tmp_path / "no.onnx"})
    assert "\n" not in error.value.message


FAKE = """
import os, sys
class SessionOptions:
    def add_session_config_entry(self, *entry): pass
class InferenceSession:
    def __init__(self, file, options, providers):
        print("noise")
        {load}
    def get_inputs(self):
        class Input: name, shape, type = "x", ["n", 12, 10, 3], "tensor(float)"
        return [Input]
    def run(self, names, inputs):
        {run}
__version__ = "0.1"
"""


@pytest.mark.parametrize(
    ("load", "run", "message"),
    [
        ("sys.stderr.write('broken'); sys.stderr.flush(); os._exit(7)", "pass", "cannot load .*ended with 7: broken"),
        ("pass", "os._exit(3)", "cannot run .*ended with 3"),
        ("raise RuntimeError('no such op\\n  at node 3')", "pass", "cannot load .*: no such op$"),
        ("pass", "raise ValueError('wrong shape')", "cannot run .*: wrong shape$"),
    ],
)  # fmt: skip
def test_a_runtime_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, load: str, run: str, message: str
) -> None:
    (tmp_path / "onnxruntime.py").write_text(FAKE.replace("{load}", load).replace("{run}", run))
    (tmp_path / "m.onnx").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(InputError, match=message):
        modelc.load_spec(TEXT).build().bench(seconds=0.01, compare={"onnxruntime": tmp_path / "m.onnx"})


@pytest.mark.parametrize("runtime", ["onnxruntime", "openvino"])
def test_a_file_is_made_where_none_is_given(runtime: str) -> None:
    pytest.importorskip(runtime)
    (found,) = modelc.load_spec(TEXT).build().bench(seconds=0.05, threads=1, compare={runtime: None}).peers
    assert (found.peer, Path(found.file).name) == (runtime, "model.onnx")
    assert found.difference < 1e-4
    assert not Path(found.file).exists()


def test_runtimes_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = modelc.load_spec(TEXT).build()
    for file in ("m.onnx", None):
        with pytest.raises(InputError, match="unknown runtime `onnxrutime`") as error:
            model.bench(compare={"onnxrutime": file})
        assert error.value.help is not None
    monkeypatch.setattr("modelc.bench.peers.names.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'modelc\[peers\]'"):
        model.bench(compare={"openvino": "m.onnx"})
    monkeypatch.setattr("modelc.bench.peers.names.find_spec", lambda name: object())
    with pytest.raises(InputError, match=r"there is no file none\.onnx"):
        model.bench(compare={"openvino": "none.onnx"})
