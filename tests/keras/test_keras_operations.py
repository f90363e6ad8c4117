"""Keras's bare operations as they stand in functional configs, and what is refused by name.

The serialized forms are those that Keras 3.15.1 writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from modelc.errors import UnsupportedError
from modelc.keras.config.operations import KERAS_OPERATIONS, is_operation, operation_from_keras
from modelc.layers.operations.table import OPERATIONS


def tensor(name: str) -> dict[str, Any]:
    return {"class_name": "__keras_tensor__", "config": {"shape": [None, 4], "keras_history": [name, 0, 0]}}


def is_tensor(value: Any) -> bool:
    return isinstance(value, Mapping) and value.get("class_name") == "__keras_tensor__"


def serialized(class_name: str, module: str = "keras.src.ops.numpy", **config: Any) -> dict[str, Any]:
    return {
        "module": module,
        "class_name": class_name,
        "config": {"name": "one", **config},
        "registered_name": class_name,
    }


def slice_of(start: int | None, stop: int | None, step: int | None) -> dict[str, Any]:
    return {"class_name": "__slice__", "config": {"start": start, "stop": stop, "step": step}}


A, B = tensor("a"), tensor("b")
ARRAY = {"class_name": "__numpy__", "config": {"value": [0.0, 1.0], "dtype": "float64"}}


@pytest.mark.parametrize(
    ("object", "args", "kwargs", "plain", "tensors"),
    [
        (serialized("Add"), [A, B], {}, {"operation": "add"}, (A, B)),
        (serialized("Add"), [], {"x1": A, "x2": B}, {"operation": "add"}, (A, B)),
        (serialized("Multiply"), [A, 2.0], {}, {"operation": "multiply", "operands": [None, 2.0]}, (A,)),
        (serialized("Subtract"), [2, A], {}, {"operation": "subtract", "operands": [2.0, None]}, (A,)),
        (serialized("Multiply"), [A, ARRAY], {}, {"operation": "multiply", "operands": [None, [0.0, 1.0]]}, (A,)),
        (
            serialized("Concatenate", axis=-1),
            [[A, B]],
            {},
            {"operation": "concatenate", "arguments": {"axis": -1}},
            (A, B),
        ),
        (
            serialized("GetItem"),
            [A, [slice_of(None, None, None), slice_of(1, 3, None), -1, {"class_name": "__ellipsis__", "config": {}}]],
            {},
            {"operation": "get_item", "arguments": {"key": [":", "1:3", -1, "..."]}},
            (A,),
        ),
        (
            serialized("GetItem"),
            [A, [slice_of(None, None, None), None, slice_of(None, None, -1)]],
            {},
            {"operation": "get_item", "arguments": {"key": [":", None, "::-1"]}},
            (A,),
        ),
        (
            serialized("Pad", pad_width=[[0, 0], [1, 1]], mode="constant"),
            [A],
            {"constant_values": None},
            {"operation": "pad", "arguments": {"pad_width": [[0, 0], [1, 1]], "mode": "constant"}},
            (A,),
        ),
        (
            serialized("Transpose", axes={"class_name": "__tuple__", "items": [0, 2, 1]}),
            [A],
            {},
            {"operation": "transpose", "arguments": {"axes": [0, 2, 1]}},
            (A,),
        ),
        (
            serialized("Cast", "keras.src.ops.core", dtype="float32"),
            [A],
            {},
            {"operation": "cast", "arguments": {"dtype": "float32"}},
            (A,),
        ),
        (
            serialized("ReLU", "keras.src.activations.activations", negative_slope=0.1, max_value=None, threshold=0.0),
            [A],
            {},
            {"operation": "relu", "arguments": {"negative_slope": 0.1, "max_value": None, "threshold": 0.0}},
            (A,),
        ),
        (serialized("Where"), [A, B, 0.0], {}, {"operation": "where", "operands": [None, None, 0.0]}, (A, B)),
        (
            serialized("RMSNorm", "keras.src.ops.nn", axis=-1, epsilon=None),
            [A],
            {"scale": None},
            {"operation": "rms_norm", "arguments": {"axis": -1, "epsilon": None}},
            (A,),
        ),
        (serialized("Sum", axis=1, keepdims=False), [], {"x": A}, {"operation": "sum", "arguments": {"axis": 1,
         "keepdims": False}}, (A,)),
    ],
)  # fmt: skip
def test_an_operation_is_read(object: Any, args: Any, kwargs: Any, plain: Any, tensors: Any) -> None:
    assert is_operation(object)
    call = operation_from_keras(object, args, kwargs, is_tensor)
    assert call.layer.plain() == {"type": "Operation", "name": "one", **plain}
    assert call.tensors == tensors


def test_layers_are_no_operations() -> None:
    assert not is_operation({"module": "keras.layers", "class_name": "Add"})
    assert not is_operation({"class_name": "Add"})


def test_every_class_is_an_operation_of_the_table() -> None:
    assert set(KERAS_OPERATIONS.values()) <= set(OPERATIONS)


NESTED: Any = A
for _ in range(40):
    NESTED = [NESTED]


@pytest.mark.parametrize(
    ("object", "args", "kwargs", "message"),
    [
        (serialized("Map", "keras.src.ops.core"), [A], {}, "the Keras operation `Map` is not supported"),
        (serialized("__import__"), [A], {}, "the Keras operation `__import__` is not supported"),
        (serialized("Add", order=3), [A, B], {}, "the argument `order` of the Keras operation `Add`"),
        (serialized("Add"), [A, B, 3], {}, "called with 3 arguments"),
        (serialized("Add"), [1, 2], {}, "applied to no tensor"),
        (serialized("Sum", axis=1), [A], {"initial": 3}, "the argument `initial` of the Keras operation `Sum`"),
        (serialized("GetItem"), [A, ["rows"]], {}, "indexed by something other than integers and slices"),
        (serialized("GetItem"), [A, [A]], {}, "indexed by something other than integers and slices"),
        (serialized("Clip", x_min={"class_name": "Lambda", "config": {}}), [A], {}, "cannot take a `Lambda`"),
        (serialized("Add"), [A, NESTED], {}, "nested too deeply"),
        (serialized("Where"), [A, None, B], {}, "without one of its operands"),
    ],
)
def test_what_is_refused(object: Any, args: Any, kwargs: Any, message: str) -> None:
    with pytest.raises(UnsupportedError, match=message):
        operation_from_keras(object, args, kwargs, is_tensor)
