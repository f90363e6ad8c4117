"""The summary of graphs: connections, nested models, shared layers, several inputs and outputs; their limits."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from modelc.errors import SpecError
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from modelc.report.check import check
from modelc.report.diff.find import compare
from modelc.report.summary import Summary, summarize

BASE = """\
modelc: 1
name: base
input: {shape: [32, 32, 3]}
layers:
  - {type: Conv2D, filters: 8, kernel_size: 3, padding: same}
  - {type: BatchNormalization}
  - {type: MaxPooling2D, name: pool}
  - {type: Conv2D, filters: 16, kernel_size: 3}
"""
TWINS = """\
modelc: 1
name: twins
inputs:
  left: {shape: [32, 32, 3]}
  right: {shape: [32, 32, 3]}
layers:
  - {type: Model, spec: base.yaml, name: encoder, inputs: left, truncate: pool, freeze: conv2d}
  - {use: encoder, inputs: right}
  - {type: Add, inputs: [encoder, encoder@1], name: sum}
  - {type: GlobalAveragePooling2D, name: mean}
  - {type: Dense, units: 10, name: a}
  - {type: Dense, units: 3, name: b, inputs: mean}
outputs: [a, b]
"""


@pytest.fixture
def twins(tmp_path: Path) -> Path:
    """Two pictures through one encoder, half of it frozen, and two heads."""
    (tmp_path / "base.yaml").write_text(BASE)
    path = tmp_path / "twins.yaml"
    path.write_text(TWINS)
    return path


def spec_of(*layers: dict[str, Any], shape: list[int], **keys: Any) -> Spec:
    return load_spec({"modelc": 1, "input": {"shape": shape}, "layers": list(layers), **keys})


def names(summary: Summary) -> list[str]:
    return [row.name for row in summary.rows]


def test_table_of_a_graph(twins: Path) -> None:
    # The layout is that of Keras's table, the connections are written as a spec writes them.
    assert [line.split() for line in str(load_spec(twins).summary()).splitlines()[2:11] if "===" not in line] == [
        ["Layer", "(type)", "Output", "Shape", "Param", "#", "Connected", "to"],
        ["left", "(InputLayer)", "(None,", "32,", "32,", "3)", "0", "-"],
        ["right", "(InputLayer)", "(None,", "32,", "32,", "3)", "0", "-"],
        ["encoder", "(Sequential)", "(None,", "16,", "16,", "8)", "256", "left,", "right"],
        ["sum", "(Add)", "(None,", "16,", "16,", "8)", "0", "encoder,", "encoder@1"],
        ["mean", "(GlobalAveragePooling2D)", "(None,", "8)", "0", "sum"],
        ["a", "(Dense)", "(None,", "10)", "90", "mean"],
        ["b", "(Dense)", "(None,", "3)", "27", "mean"],
    ]


def test_shared_and_frozen_layers_are_counted_once(twins: Path) -> None:
    summary = load_spec(twins).summary()
    conv, norm, heads = 3 * 3 * 3 * 8 + 8, 4 * 8, 8 * 10 + 10 + 8 * 3 + 3
    assert summary.params == conv + norm + heads
    assert summary.trainable_params == 2 * 8 + heads  # gamma and beta; the convolution is frozen
    assert summary.macs == 2 * 32 * 32 * 8 * 27 + 8 * 10 + 8 * 3  # both uses compute
    assert sum(row.percent for row in summary.rows) == pytest.approx(100)


def test_nested_layers_are_expanded(twins: Path) -> None:
    summary = load_spec(twins).summary(expand_nested=True)
    assert names(summary)[2:6] == ["encoder", "encoder/conv2d", "encoder/batch_normalization", "encoder/pool"]
    assert [(row.trainable, row.params, row.trainable_params) for row in summary.rows[2:6]] == [
        (True, 256, 16), (False, 224, 0), (True, 32, 16), (True, 0, 0),
    ]  # fmt: skip
    lines = str(summary).splitlines()
    assert lines[7].startswith("    └ conv2d (Conv2D) ")
    assert lines[7].split()[-1] == "input"  # once, although the encoder is used twice
    assert lines[8].split()[-1] == "conv2d"
    assert summary.params == load_spec(twins).summary().params


def test_rows_inside_are_selected_by_path(twins: Path) -> None:
    spec = load_spec(twins)
    inside = spec.summary(layers=["encoder/conv2d", "a"])
    assert names(inside) == ["encoder/conv2d", "a"]
    assert "encoder/conv2d (Conv2D)" in str(inside)
    assert names(spec.summary(layers=["encoder.*"])) == names(spec.summary(expand_nested=True))[3:6]
    assert names(spec.summary(layers=["encoder"], expand_nested=True)) == names(spec.summary(expand_nested=True))[2:6]
    assert "    └ pool" in str(spec.summary(layers=["encoder", "encoder/pool"]))
    with pytest.raises(SpecError, match="encoder/pol"):
        spec.summary(layers=["encoder/pol"])


def test_json_of_a_graph(twins: Path) -> None:
    data = json.loads(load_spec(twins).summary().to_json())
    assert [(port["name"], port["shape"]) for port in data["inputs"]] == [
        ("left", [None, 32, 32, 3]), ("right", [None, 32, 32, 3]),
    ]  # fmt: skip
    assert data["outputs"] == [
        {"name": "a", "shape": [None, 10], "dtype": "float32"},
        {"name": "b", "shape": [None, 3], "dtype": "float32"},
    ]
    encoder = data["layers"][2]
    assert encoder["connected_to"] == ["left", "right"]
    assert [layer["name"] for layer in encoder["layers"]] == [
        "encoder/conv2d", "encoder/batch_normalization", "encoder/pool",
    ]  # fmt: skip
    assert encoder["layers"][1]["connected_to"] == ["encoder/conv2d"]
    assert [layer["name"] for layer in data["layers"] if "layers" in layer] == ["encoder"]


def test_csv_and_markdown_of_a_graph(twins: Path) -> None:
    summary = load_spec(twins).summary(expand_nested=True)
    rows = list(csv.DictReader(StringIO(summary.to_csv())))
    assert [row["name"] for row in rows][3] == "encoder/conv2d"
    assert [row["connected_to"] for row in rows][6] == "encoder, encoder@1"
    assert summary.to_markdown().splitlines()[5] == (
        "| &nbsp;&nbsp;&nbsp;└ conv2d (Conv2D) | (None, 32, 32, 8) | 224 | input |"
    )
    assert '<td style="text-align: left; white-space: pre">   └ conv2d (Conv2D)</td>' in summary._repr_html_()


def test_models_in_models(tmp_path: Path) -> None:
    inner = {"name": "inner", "layers": [{"type": "Dense", "units": 4}, {"type": "Dense", "units": 5, "name": "last"}]}
    outer = {"name": "outer", "layers": [{"type": "Model", "spec": inner, "name": "deep"}, {"type": "ReLU"}]}
    spec = spec_of({"type": "Model", "spec": outer, "name": "m", "trainable": False}, {"type": "Dense", "units": 2},
                   shape=[3], modelc=1)  # fmt: skip
    summary = spec.summary(expand_nested=True)
    assert [(row.name, row.params, row.trainable_params) for row in summary.rows] == [
        ("m", 41, 0), ("m/deep", 41, 0), ("m/deep/dense", 16, 0), ("m/deep/last", 25, 0), ("m/re_lu", 0, 0),
        ("dense", 12, 12),
    ]  # fmt: skip
    assert "       └ last (Dense)" in str(summary)
    assert "Connected to" not in str(summary)  # a chain of a model and a layer
    assert "m/deep/last (Dense)" in str(spec.summary(layers=["m/deep/last"]))


def test_several_outputs_of_one_layer() -> None:
    layers = (
        {"type": "LSTM", "units": 4, "return_state": True, "return_sequences": True, "name": "lstm"},
        {"type": "Dense", "units": 2, "inputs": "lstm[1]"},
    )
    summary = spec_of(*layers, shape=[5, 3]).summary(columns=["output_shape", "activation_bytes", "connected_to"])
    row = summary.rows[0]
    assert row.output_shapes == ((None, 5, 4), (None, 4), (None, 4))
    assert row.activation_bytes == (5 * 4 + 4 + 4) * 4
    assert "[(None, 5, 4), (None, 4), (None, 4)]" in str(summary)
    assert summary.rows[1].connected_to == ("lstm[1]",)


def test_long_lists_of_connections_wrap() -> None:
    dense = [{"type": "Dense", "units": 2, "inputs": "input", "name": f"a_branch_{i:02}"} for i in range(12)]
    join = {"type": "Concatenate", "inputs": [layer["name"] for layer in dense], "name": "join"}
    lines = str(spec_of(*dense, join, shape=[3]).summary()).splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith(" join"))
    at = lines[2].index("Connected to")
    wrapped = lines[start : start + 4]
    assert [line[at:] for line in wrapped] == [
        f"a_branch_{i:02}, a_branch_{i + 1:02}, a_branch_{i + 2:02}{',' if i < 9 else ''}" for i in range(0, 12, 3)
    ]
    assert all(line[:at].strip() == "" for line in wrapped[1:])
    assert lines[start + 4].startswith("===")


def test_who_has_the_column() -> None:
    chain = ({"type": "Dense", "units": 3, "name": "a"}, {"type": "Dense", "units": 3, "name": "b"})
    assert "Connected to" not in str(spec_of(*chain, shape=[3]).summary())
    assert "Connected to" in str(spec_of(*chain, shape=[3]).summary(columns=["connected_to"]))
    assert "Connected to" in str(spec_of(*chain, {"type": "Add", "inputs": ["a", "b"]}, shape=[3]).summary())
    assert "Connected to" in str(spec_of(*chain, {"use": "a"}, shape=[3]).summary())
    named = {"modelc": 1, "inputs": {"x": {"shape": [3]}}, "layers": list(chain)}
    assert "Connected to" not in str(load_spec(named).summary())  # Functional, and a plain chain, as in Keras


def test_limits_are_located_inside_of_models(twins: Path) -> None:
    base = twins.with_name("base.yaml")

    def crossing(**limits: Any) -> list[tuple[str | None, int | None, str]]:
        settings = [f"limits.{key}={value}" for key, value in limits.items()]
        found = check(lambda: load_spec(twins, settings=settings))
        return [(d.file, d.line, d.message) for d in found]

    assert crossing(params=373) == []
    assert crossing(params=372) == [
        (str(twins), 12, "up to `b` the model has 373 parameters, the limit is 372"),
    ]
    assert crossing(params=250) == [
        (str(base), 6, "up to `encoder/batch_normalization` the model has 256 parameters, the limit is 250")
    ]
    assert crossing(macs=442_367) == [
        (str(base), 5, "up to `encoder/conv2d` the model has 442,368 multiply-adds per sample, the limit is 442,367")
    ]
    ((file, line, _),) = crossing(activation_memory="10KB")
    assert (file, line) == (str(base), 7)  # pooling reads 32 KB and writes 8 KB, the widest op


def test_activation_memory_is_what_a_graph_keeps(tmp_path: Path) -> None:
    def memory(joined: str) -> int | None:
        layers = (
            {"type": "Dense", "units": 256, "name": "a"},
            {"type": "Dense", "units": 256, "name": "b", "inputs": "input"},
            {"type": joined, "inputs": ["a", "b"]},
            {"type": "Dense", "units": 1},
        )
        return spec_of(*layers, shape=[4]).summary(batch_size=3).activation_memory

    # Both branches are alive when they are multiplied: it is done over the first, the result is one of its own.
    assert memory("Multiply") == 3 * (2 * 256 * 4 + 4)
    # The second branch is added to the first as it is computed; then the last product takes a line of the cache.
    assert memory("Add") == 3 * (256 * 4 + 64 + 4)


def test_a_built_graph_is_summarized_as_it_is_trained_now(twins: Path) -> None:
    model = load_spec(twins).build(backend="reference")

    def trainable() -> int:
        count = summarize(model).trainable_params
        assert count == sum(v.value.size for v in model.trainable_weights)
        return count

    heads = 8 * 10 + 10 + 8 * 3 + 3
    assert trainable() == 16 + heads
    encoder: Any = model.get_layer("encoder")
    encoder.layers[0].trainable = True
    assert trainable() == 224 + 16 + heads
    encoder.trainable = False
    assert trainable() == heads
    assert not compare(load_spec(twins).freeze("encoder"), model.to_spec())
