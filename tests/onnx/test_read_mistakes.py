"""ONNX files that are damaged, of another kind, hostile, or beyond what modelc has: each one message, no traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
from onnx import TensorProto, helper, numpy_helper

from modelc.errors import FileFormatError, InputError, ModelcError, UnsupportedError
from modelc.onnx.read.model import read_onnx


def _model(nodes: list[Any], weights: dict[str, Any] | None = None, shape: Any = ("batch", 4), **more: Any) -> Any:
    tensors = [
        one if isinstance(one, TensorProto) else numpy_helper.from_array(np.asarray(one), name)
        for name, one in (weights or {}).items()
    ]
    inputs = [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)]
    outputs = [helper.make_tensor_value_info("y", TensorProto.FLOAT, (None,) * len(shape))]
    graph = helper.make_graph(nodes, "g", inputs, outputs, tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", more.pop("opset", 17))], **more)


def _saved(folder: Path, model: Any) -> Path:
    path = folder / "m.onnx"
    path.write_bytes(model if isinstance(model, bytes) else model.SerializeToString())
    return path


def _refused(folder: Path, model: Any, kind: type[ModelcError] = FileFormatError) -> str:
    with pytest.raises(kind) as caught:
        read_onnx(_saved(folder, model))
    return str(caught.value)


_RELU = helper.make_node("Relu", ["x"], ["y"], "relu")


@pytest.mark.parametrize("data", [b"", b"junk", b"\x08\x08", b"PK\3\4", b"\x7fELF", b"\xff" * 100])
def test_other_files_are_no_onnx_files(tmp_path: Path, data: bytes) -> None:
    assert "is not an ONNX file, or is damaged" in _refused(tmp_path, data)


def test_a_file_that_ends_early(tmp_path: Path) -> None:
    whole = _model([helper.make_node("MatMul", ["x", "w"], ["y"])], {"w": np.ones((4, 3), np.float32)})
    data = whole.SerializeToString()
    for length in range(0, len(data), 7):
        try:
            read_onnx(_saved(tmp_path, data[:length]))
        except ModelcError as error:
            assert error.message


def test_what_does_not_exist_and_folders(tmp_path: Path) -> None:
    with pytest.raises(FileFormatError, match="cannot be read"):
        read_onnx(tmp_path / "none.onnx")
    with pytest.raises(FileFormatError, match="cannot be read"):
        read_onnx(tmp_path)
    os.mkfifo(tmp_path / "pipe.onnx")
    with pytest.raises(FileFormatError, match="pipe"):
        read_onnx(tmp_path / "pipe.onnx")


@pytest.mark.parametrize("opset", [29, 99])
def test_operators_of_other_versions(tmp_path: Path, opset: int) -> None:
    assert f"version {opset}" in _refused(tmp_path, _model([_RELU], opset=opset))


def test_the_graph_holds_together(tmp_path: Path) -> None:
    missing = _model([helper.make_node("Add", ["x", "nothing"], ["y"], "sum")])
    assert "the ONNX node `sum` (Add) takes `nothing`, which nothing before it gives" in _refused(tmp_path, missing)
    twice = _model([_RELU, helper.make_node("Relu", ["x"], ["y"])])
    assert "gives `y` twice" in _refused(tmp_path, twice)
    later = _model([helper.make_node("Relu", ["z"], ["y"]), helper.make_node("Relu", ["x"], ["z"])])
    assert "takes `z`" in _refused(tmp_path, later)
    assert "nothing gives its output `y`" in _refused(tmp_path, _model([helper.make_node("Relu", ["x"], ["z"])]))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"dims": [-4, 3]}, "negative size"),
        ({"dims": [1 << 40, 1 << 20]}, "elements"),
        ({"dims": [4, 4]}, "takes 64 bytes, found 48"),
        ({"data_type": TensorProto.COMPLEX64}, "complex64"),
        ({"data_type": TensorProto.STRING}, "has 0 texts, and 12 elements"),
        ({"data_type": 77}, "dtype 77"),
    ],
)
def test_weights_fit_their_shapes(tmp_path: Path, change: dict[str, Any], told: str) -> None:
    tensor = numpy_helper.from_array(np.ones((4, 3), np.float32), "w")
    for key, value in change.items():
        if key == "dims":
            del tensor.dims[:]
            tensor.dims.extend(value)
        else:
            setattr(tensor, key, value)
    assert told in _refused(tmp_path, _model([helper.make_node("MatMul", ["x", "w"], ["y"])], {"w": tensor}))


@pytest.mark.parametrize(
    ("operator", "attributes", "told"),
    [
        ("NonZero", {}, "how many elements it gives depends on the values"),
        ("Det", {}, "modelc has no decompositions of matrices"),
        ("Nonsense", {}, "modelc has no layer or operation for it"),
        ("Relu", {"domain": "com.example"}, "operators of the domain `com.example` are not ONNX's own"),
        ("Transpose", {"perm": [0, 5]}, "is not a permutation"),
        ("Softmax", {"axis": 7}, "it has the axis 7, and its tensor 2 axes"),
        ("LSTM", {"hidden_size": 3}, "(LSTM)"),
        ("Concat", {}, "malformed"),
    ],
)
def test_a_node_that_is_not_read_is_named(tmp_path: Path, operator: str, attributes: dict[str, Any], told: str) -> None:
    if operator == "Concat":  # two inputs, no axis
        node = helper.make_node(operator, ["x", "x"], ["y"], "a/node", **attributes)
    else:
        node = helper.make_node(operator, ["x"], ["y"], "a/node", **attributes)
    message = _refused(tmp_path, _model([node]), UnsupportedError)
    assert "the ONNX node `a/node`" in message
    assert told in message


def test_shapes_that_do_not_fit(tmp_path: Path) -> None:
    node = helper.make_node("MatMul", ["x", "w"], ["y"], "product")
    message = _refused(tmp_path, _model([node], {"w": np.ones((5, 3), np.float32)}), UnsupportedError)
    assert "product" in message
    assert "does not fit a last axis of 4" in message


def test_constants_alone_are_no_model(tmp_path: Path) -> None:
    node = helper.make_node("ConstantOfShape", ["s"], ["y"])
    assert "gives constants only" in _refused(tmp_path, _model([node], {"s": np.array([2])}), UnsupportedError)


@pytest.mark.parametrize(
    ("node", "weights"),
    [
        (("ConstantOfShape", ["s"]), {"s": np.array([1 << 20, 1 << 20])}),
        (("Range", ["a", "b", "c"]), {"a": np.array(0), "b": np.array(1 << 60), "c": np.array(1)}),
        (("Expand", ["a", "s"]), {"a": np.ones(1, np.float32), "s": np.array([1 << 30, 1 << 30])}),
        (("Tile", ["a", "s"]), {"a": np.ones(8, np.float32), "s": np.array([1 << 50])}),
        (("Add", ["a", "b"]), {"a": np.ones((1 << 17, 1), np.float32), "b": np.ones((1, 1 << 17), np.float32)}),
        (("MatMul", ["a", "b"]), {"a": np.ones((1 << 17, 1), np.float32), "b": np.ones((1, 1 << 17), np.float32)}),
        (("Pad", ["a", "p"]), {"a": np.ones(4, np.float32), "p": np.array([1 << 50, 0])}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_no_constant_grows_without_bounds(tmp_path: Path, node: tuple[str, list[str]], weights: dict[str, Any]) -> None:
    operator, inputs = node
    nodes = [helper.make_node(operator, inputs, ["made"], "grows"), helper.make_node("Add", ["x", "made"], ["y"])]
    message = _refused(tmp_path, _model(nodes, weights), UnsupportedError)
    assert "grows" in message
    assert "it makes a constant of" in message


# --- numbers in other files


def _external(folder: Path, location: str, **more: Any) -> Any:
    tensor = TensorProto(name="w", data_type=TensorProto.FLOAT, dims=[4, 3], data_location=TensorProto.EXTERNAL)
    for key, value in {"location": location, **more}.items():
        tensor.external_data.add(key=key, value=str(value))
    return _model([helper.make_node("MatMul", ["x", "w"], ["y"])], {"w": tensor})


def test_numbers_beside_the_file(tmp_path: Path) -> None:
    w = np.arange(12, dtype=np.float32)
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "w.bin").write_bytes(b"head" + w.tobytes())
    made = read_onnx(_saved(tmp_path, _external(tmp_path, "sub/w.bin", offset=4, length=48)))
    np.testing.assert_array_equal(made.arrays["dense/kernel"], w.reshape(4, 3))


@pytest.mark.parametrize("location", ["../w.bin", "/etc/passwd", "a/../../w.bin", "", "C:\\w.bin", "..\\w.bin"])
def test_no_numbers_from_outside_of_the_folder(tmp_path: Path, location: str) -> None:
    (tmp_path / "inner").mkdir()
    (tmp_path / "w.bin").write_bytes(b"\0" * 48)
    assert "outside of its folder" in _refused(tmp_path / "inner", _external(tmp_path, location))


def test_no_symbolic_links(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\0" * 48)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "w.bin").symlink_to(tmp_path / "secret")
    assert "symbolic link" in _refused(tmp_path / "inner", _external(tmp_path, "w.bin"))
    (tmp_path / "inner" / "d").symlink_to(tmp_path)
    assert "symbolic link" in _refused(tmp_path / "inner", _external(tmp_path, "d/secret"))


def test_files_of_numbers_are_long_enough(tmp_path: Path) -> None:
    (tmp_path / "w.bin").write_bytes(b"\0" * 40)
    assert "which is shorter" in _refused(tmp_path, _external(tmp_path, "w.bin"))
    assert "found 12" in _refused(tmp_path, _external(tmp_path, "w.bin", length=12))
    assert "no number" in _refused(tmp_path, _external(tmp_path, "w.bin", offset="x"))
    assert "cannot be read" in _refused(tmp_path, _external(tmp_path, "none.bin"))
    os.mkfifo(tmp_path / "pipe")
    assert "pipe" in _refused(tmp_path, _external(tmp_path, "pipe"))


# --- depth


def test_functions_that_call_themselves(tmp_path: Path) -> None:
    inner = helper.make_node("F", ["a"], ["b"], domain="own")
    function = helper.make_function("own", "F", ["a"], ["b"], [inner], [helper.make_opsetid("own", 1)])
    model = _model([helper.make_node("F", ["x"], ["y"], domain="own")])
    model.functions.append(function)
    model.opset_import.append(helper.make_opsetid("own", 1))
    assert "calls itself" in _refused(tmp_path, model)


def test_functions_that_call_each_other_many_times(tmp_path: Path) -> None:
    model = _model([helper.make_node("F0", ["x"], ["y"], domain="own")])
    for i in range(30):
        calls = [helper.make_node(f"F{i + 1}", [f"t{k}"], [f"t{k + 1}"], domain="own") for k in range(4)]
        own = [helper.make_opsetid("own", 1), helper.make_opsetid("", 17)]
        body = calls if i < 29 else [helper.make_node("Relu", ["t0"], ["t4"])]
        model.functions.append(helper.make_function("own", f"F{i}", ["t0"], ["t4"], body, own))
    model.opset_import.append(helper.make_opsetid("own", 1))
    assert "call each other more than" in _refused(tmp_path, model)


def test_functions_are_written_out(tmp_path: Path) -> None:
    body = [helper.make_node("Relu", ["a"], ["r"]), helper.make_node("Neg", ["r"], ["b"])]
    function = helper.make_function("own", "F", ["a"], ["b"], body, [helper.make_opsetid("", 17)])
    model = _model([helper.make_node("F", ["x"], ["y"], domain="own")])
    model.functions.append(function)
    model.opset_import.append(helper.make_opsetid("own", 1))
    kinds = [layer.type_name() for layer in read_onnx(_saved(tmp_path, model)).spec.layers]
    assert kinds == ["InputLayer", "ReLU", "Operation"]


def test_graphs_nested_deeply(tmp_path: Path) -> None:
    inner = helper.make_graph([_RELU], "inner", [], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    for _ in range(12):
        node = helper.make_node("If", ["c"], ["y"], then_branch=inner, else_branch=inner)
        inner = helper.make_graph([node], "inner", [], [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)])
    model = _model(list(inner.node), {"c": np.array(True)})
    assert "nested too deeply" in _refused(tmp_path, model)


def test_without_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("modelc.onnx.package.find_spec", lambda name: None)
    with pytest.raises(InputError, match=r"pip install 'modelc\[onnx\]'"):
        read_onnx(_saved(tmp_path, _model([_RELU])))


def test_sums_over_all_axes_make_whole_arrays_samples(tmp_path: Path) -> None:
    made = read_onnx(_saved(tmp_path, _model([helper.make_node("ReduceSum", ["x"], ["y"])], shape=(3, 4))))
    assert made.spec.entries[0].shape == (3, 4)  # pyright: ignore
    assert any("every array is one sample" in note for note in made.notes)


# --- commands


def _run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "modelc", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_import_writes_a_spec_and_weights(tmp_path: Path) -> None:
    model = _model(
        [
            helper.make_node("Conv", ["x", "conv.weight"], ["c"], pads=[1, 1, 1, 1]),
            helper.make_node("Relu", ["c"], ["y"]),
        ],
        {"conv.weight": np.random.default_rng(0).normal(size=(2, 3, 3, 3)).astype(np.float32)},
        shape=("batch", 3, 8, 8),
        producer_name="a program",
    )
    path = _saved(tmp_path, model)
    done = _run("import", path, "-o", tmp_path / "m.yaml", "--weights-out", tmp_path / "m.safetensors")
    assert done.returncode == 0, done.stderr
    assert "note: `x` takes arrays with the channels last" in done.stdout
    assert (tmp_path / "m.yaml").read_text() == (
        "modelc: 1\nname: m\ninputs: {x: {shape: [8, 8, 3]}}\nlayers:\n"
        "  - {type: Conv2D, name: conv, filters: 2, kernel_size: 3, padding: same, activation: relu, use_bias: false}\n"
        "weights: m.safetensors\n"
    )
    kept = _run("import", path, "--keep-layout")
    assert "Permute" in kept.stdout
    assert "shape: [3, 8, 8]" in kept.stdout
    assert _run("check", tmp_path / "m.yaml").returncode == _run("summary", path).returncode == 0


def test_commands_tell_mistakes_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "m.onnx"
    path.write_bytes(b"junk")
    for command in (("summary", path), ("import", path), ("check", path), ("import", path, "--weights", path)):
        done = _run(*command)
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
    assert "--keep-layout is for ONNX files" in _run("import", __file__, "--keep-layout").stderr


def test_the_package_reads_what_is_tested() -> None:
    """The files of this module are valid for the package where they are meant to be."""
    onnx.checker.check_model(_model([_RELU]))


def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    """Protocol buffers give such a name as bytes."""
    data = _model([helper.make_node("Relu", ["x"], ["y"], "name")]).SerializeToString()
    assert data.count(b"name") == 1
    made = read_onnx(_saved(tmp_path, data.replace(b"name", b"n\xff\xfee")))
    assert [layer.type_name() for layer in made.spec.layers] == ["InputLayer", "ReLU"]


def test_attributes_of_other_kinds(tmp_path: Path) -> None:
    inner = helper.make_graph([], "inner", [], [])
    for attribute in (3, [1.5], "text", inner, np.ones(2, np.float32).tolist()):
        node = helper.make_node("Transpose", ["x"], ["y"], "turned", perm=attribute)
        message = _refused(tmp_path, _model([node]), UnsupportedError)
        assert "turned" in message


@pytest.mark.parametrize(
    ("operator", "attributes"),
    [
        ("AveragePool", {"kernel_shape": [2, 2], "pads": [0, 0, 0, 1 << 40]}),
        ("LRN", {"size": 1 << 40}),
        ("Split", {"num_outputs": 1 << 40}),
        ("MaxPool", {"kernel_shape": [1 << 20, 1 << 20], "dilations": [2, 2]}),
    ],
)
def test_no_attribute_makes_a_node_grow_without_bounds(
    tmp_path: Path, operator: str, attributes: dict[str, Any]
) -> None:
    node = helper.make_node(operator, ["x"], ["y"], "grows", **attributes)
    assert "grows" in _refused(tmp_path, _model([node], shape=("batch", 4, 6, 6), opset=18), UnsupportedError)
