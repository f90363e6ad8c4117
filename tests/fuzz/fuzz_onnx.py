"""Damaged ONNX files of ever new numbers: other bytes, or graphs whose nodes, sizes and attributes are others."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import onnx
from damage_bytes import raw
from fuzz_specs import require_message
from onnx import helper, numpy_helper

from modelc.errors import ModelcError
from modelc.onnx.read.model import read_onnx
from modelc.onnx.read.table import READINGS

_DATA = Path(onnx.__file__).parent / "backend" / "test" / "data"
_LARGEST_SEED = 200_000
_SLOWEST = 60.0
"""Seconds that reading a file of a few nodes never takes."""
_NUMBERS = (0, 1, -1, 2, 3, 7, 255, -(2**31), 2**31 - 1, 2**40, 2**62, -(2**63), 1_000_000)
_FLOATS = (0.0, -1.0, 1.0, float("nan"), float("inf"), 1e38, 1e-45)


@cache
def _seeds() -> tuple[bytes, ...]:
    """Models of the package's own tests, small ones."""
    paths = sorted([*_DATA.glob("simple/*/model.onnx"), *_DATA.glob("pytorch-*/*/model.onnx")])
    files = [path.read_bytes() for path in paths if path.stat().st_size < _LARGEST_SEED]
    return (*files, *map(_growing, range(12)))


def _growing(number: int) -> bytes:
    """A model that computes with constants, which nodes can make large."""
    nodes, shape = [], numpy_helper.from_array(np.array([4, 4], np.int64), "shape")
    many = {
        0: ("Expand", ["w", "shape"], {}), 1: ("Tile", ["w", "shape"], {}), 2: ("ConstantOfShape", ["shape"], {}),
        3: ("Range", ["one", "four", "one"], {}), 4: ("Pad", ["w", "pads"], {}), 5: ("MatMul", ["w", "w"], {}),
        6: ("OneHot", ["shape", "four", "shape"], {}), 7: ("EyeLike", ["w"], {}), 8: ("Add", ["w", "column"], {}),
        9: ("Resize", ["w", "", "scales"], {}), 10: ("ScatterND", ["w", "at", "row"], {}),
        11: ("GatherND", ["w", "at"], {}),
    }  # fmt: skip
    operator, inputs, attributes = many[number]
    nodes = [
        helper.make_node(operator, inputs, ["c"], **attributes),
        helper.make_node("Cast", ["c"], ["f"], to=1),
        helper.make_node("Add", ["x", "f"], ["y"]),
    ]
    arrays = {
        "w": np.ones((4, 4), np.float32), "one": np.array(1), "four": np.array(4),
        "column": np.ones((4, 1), np.float32),
        "pads": np.array([1, 1, 1, 1]), "scales": np.array([2, 2], np.float32), "at": np.array([[0], [3]]),
        "row": np.ones((2, 4), np.float32),
    }  # fmt: skip
    tensors = [shape, *(numpy_helper.from_array(array, name) for name, array in arrays.items())]
    value = helper.make_tensor_value_info
    graph = helper.make_graph(nodes, "g", [value("x", 1, ["batch", 4])], [value("y", 1, ["batch", 4])], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)]).SerializeToString()


def run(number: int, folder: Path) -> str:
    """Read the damaged model of this number; what became of it. No error but a `ModelcError`, and it comes soon."""
    random = Random(number)
    data = random.choice(_seeds())
    for _ in range(random.choice((1, 1, 2, 3))):
        data = _changed(random, data)
    path = folder / "m.onnx"
    path.write_bytes(data)
    began = time.process_time()
    try:
        read_onnx(path, keep_layout=random.random() < 0.5)
        became = "read"
    except ModelcError as error:
        require_message(error)
        became = "refused"
    finally:
        path.unlink()
    assert time.process_time() - began < _SLOWEST, "reading takes too long"
    return became


def _changed(random: Random, data: bytes) -> bytes:
    if random.random() < 0.3:
        return raw(random, data)
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except Exception:
        return raw(random, data)
    if model.graph.node:
        random.choice(_CHANGES)(random, model.graph)
    return model.SerializeToString()


# --- changes of a graph


def _other_operator(random: Random, graph: Any) -> None:
    random.choice(graph.node).op_type = random.choice(sorted(READINGS))


def _other_attribute(random: Random, graph: Any) -> None:
    node = random.choice(graph.node)
    if not node.attribute or random.random() < 0.2:
        name = random.choice(("axis", "axes", "pads", "strides", "kernel_shape", "group", "perm", "to", "blocksize"))
        value = random.choice((random.choice(_NUMBERS), [random.choice(_NUMBERS) for _ in range(random.randrange(4))]))
        if isinstance(value, int) or value:
            node.attribute.append(helper.make_attribute(name, value))
        return
    one = random.choice(node.attribute)
    match random.randrange(5):
        case 0:
            one.i = random.choice(_NUMBERS)
        case 1:
            one.ints.append(random.choice(_NUMBERS))
        case 2 if one.ints:
            one.ints[random.randrange(len(one.ints))] = random.choice(_NUMBERS)
        case 3:
            one.f = random.choice(_FLOATS)
        case _:
            one.type = random.randrange(15)


def _other_sizes(random: Random, graph: Any) -> None:
    declared = random.choice([*graph.input, *graph.output, *graph.input])
    dims = declared.type.tensor_type.shape.dim
    if not dims or random.random() < 0.2:
        dims.add().dim_value = random.choice(_NUMBERS)
    else:
        dims[random.randrange(len(dims))].dim_value = random.choice(_NUMBERS)


def _other_tensor(random: Random, graph: Any) -> None:
    if not graph.initializer:
        return
    tensor = random.choice(graph.initializer)
    try:
        array = numpy_helper.to_array(tensor).copy()
    except Exception:
        return
    name = tensor.name
    match random.randrange(4):
        case 0 if array.size:
            numbers = _NUMBERS if array.dtype.kind in "iu" else _FLOATS
            with np.errstate(all="ignore"):
                array.flat[random.randrange(array.size)] = np.array(random.choice(numbers)).astype(array.dtype)
        case 1:
            array = array.reshape(-1)
        case 2:
            array = array[:0] if array.ndim else array
        case _:
            tensor.dims.append(random.choice(_NUMBERS))
            return
    tensor.CopyFrom(numpy_helper.from_array(array, name))


def _other_wires(random: Random, graph: Any) -> None:
    node, names = random.choice(graph.node), [name for node in graph.node for name in (*node.input, *node.output)]
    if not names:
        return
    match random.randrange(3):
        case 0 if node.input:
            node.input[random.randrange(len(node.input))] = random.choice(names)
        case 1:
            node.input.append(random.choice((*names, "")))
        case _:
            del node.input[-1:]


def _nodes_gone_or_twice(random: Random, graph: Any) -> None:
    at = random.randrange(len(graph.node))
    if random.random() < 0.5:
        del graph.node[at]
    else:
        graph.node.insert(at, graph.node[at])


_CHANGES: tuple[Callable[[Random, Any], None], ...] = (
    _other_operator, _other_attribute, _other_attribute, _other_sizes, _other_tensor, _other_tensor, _other_wires,
    _nodes_gone_or_twice,
)  # fmt: skip
