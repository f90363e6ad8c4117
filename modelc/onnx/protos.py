"""The messages of an ONNX file, as the package `onnx` makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from modelc import __version__
from modelc.onnx.package import require_onnx, require_opset

Proto = Any
"""A message of the package `onnx`, which has no types of its own."""

FLOAT, INT32, INT64, BOOL, FLOAT16, FLOAT64 = 1, 6, 7, 9, 10, 11
"""ONNX's numbers of the dtypes that are computed with."""

DTYPES = {
    "float32": FLOAT, "uint8": 2, "int8": 3, "uint16": 4, "int16": 5, "int32": INT32, "int64": INT64, "bool": BOOL,
    "float16": FLOAT16, "float64": FLOAT64, "uint32": 12, "uint64": 13,
}  # fmt: skip
"""ONNX's numbers of dtypes by NumPy's names."""


def node_proto(
    op: str, inputs: Sequence[str], outputs: Sequence[str], name: str, attributes: Mapping[str, Any]
) -> Proto:
    """A node; attributes that are None are left out."""
    given = {key: value for key, value in attributes.items() if value is not None}
    return require_onnx().helper.make_node(op, list(inputs), list(outputs), name, **given)


def tensor_info(name: str, type: int, shape: Sequence[int | str | None]) -> Proto:
    """The declaration of a tensor; a size is a number, or the name of one that is free, or open."""
    return require_onnx().helper.make_tensor_value_info(name, type, list(shape))


def graph_proto(name: str, nodes: Sequence[Proto], inputs: Sequence[Proto], outputs: Sequence[Proto]) -> Proto:
    """A graph without numbers."""
    return require_onnx().helper.make_graph(list(nodes), name, list(inputs), list(outputs))


def model_proto(graph: Proto, opset: int, about: Mapping[str, str]) -> Proto:
    """A model; `about` becomes its metadata."""
    helper = require_onnx().helper
    model = helper.make_model(
        graph, ir_version=require_opset(opset), opset_imports=[helper.make_opsetid("", opset)],
        producer_name="modelc", producer_version=__version__,
    )  # fmt: skip
    for key, value in sorted(about.items()):
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    return model
