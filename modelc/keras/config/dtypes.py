"""The dtypes and policies of Keras's layers: everything is computed in float32 here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

_FLOAT32 = frozenset({"float32", "float", "infer", "_infer"})
_OTHER_FLOATS = frozenset(
    {"float16", "half", "bfloat16", "float64", "double", "mixed_float16", "mixed_bfloat16"}
)  # fmt: skip
_INTEGERS = frozenset({"int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "bool"})
_MOVES_DATA = frozenset(
    {
        "CategoryEncoding", "Concatenate", "Cropping1D", "Cropping2D", "Cropping3D", "Discretization", "Embedding",
        "Flatten", "Identity", "IntegerLookup", "Masking", "Permute", "RepeatVector", "Reshape", "ZeroPadding1D",
        "ZeroPadding2D", "ZeroPadding3D",
    }
)  # fmt: skip
"""Layers that give the same numbers in float32 as in an integer dtype."""

_INPUTS = {"float": "float32", "half": "float16", "double": "float64", "bfloat16": "float32", "int": "int32"}


def policy_name(policy: Any) -> Any:
    """The name of a dtype or of a policy, as text or serialized; what is neither is given back."""
    if not isinstance(policy, Mapping):
        return policy
    serialized = cast("Mapping[str, Any]", policy)
    config = serialized.get("config")
    named = cast("Mapping[str, Any]", config).get("name") if isinstance(config, Mapping) else None
    return named or serialized.get("class_name")


def computed_in(policy: Any, class_name: str) -> str | None:
    """The dtype that a layer of this class says, where it is not float32 and float32 does; None for float32.

    Raises `ValueError` where it does not.
    """
    name = policy_name(policy)
    if name is None or (isinstance(name, str) and name in _FLOAT32):
        return None
    if isinstance(name, str) and (name in _OTHER_FLOATS or (name in _INTEGERS and class_name in _MOVES_DATA)):
        return name
    raise ValueError(str(name))


def input_dtype(dtype: Any) -> Any:
    """The dtype of an input by the name that it has here."""
    name = policy_name(dtype)
    return _INPUTS.get(name, name) if isinstance(name, str) else name
