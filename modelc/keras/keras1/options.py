"""Initializers, regularizers and constraints of Keras 1, in the form of Keras 2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from modelc.errors import UnsupportedError
from modelc.sources.notes import Notes

Config = dict[str, Any]

_INITIALIZERS: Mapping[str, tuple[str, Config]] = {
    "uniform": ("RandomUniform", {"minval": -0.05, "maxval": 0.05}),
    "normal": ("RandomNormal", {"stddev": 0.05}),
    "lecun_uniform": ("LecunUniform", {}),
    "glorot_normal": ("GlorotNormal", {}),
    "glorot_uniform": ("GlorotUniform", {}),
    "he_normal": ("HeNormal", {}),
    "he_uniform": ("HeUniform", {}),
    "orthogonal": ("Orthogonal", {"gain": 1.1}),
    "identity": ("Identity", {}),
    "zero": ("Zeros", {}),
    "one": ("Ones", {}),
}

_CONSTRAINTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "MaxNorm": ("MaxNorm", {"m": "max_value", "axis": "axis"}),
    "NonNeg": ("NonNeg", {}),
    "UnitNorm": ("UnitNorm", {"axis": "axis"}),
    "MinMaxNorm": ("MinMaxNorm", {"low": "min_value", "high": "max_value", "rate": "rate", "axis": "axis"}),
}


def initializer(value: Any, layer: str, notes: Notes) -> Config | None:
    """Convert an initializer; an unknown one becomes a note and the default, as the weights come from the file."""
    if not isinstance(value, str) or value not in _INITIALIZERS:
        if value is not None:
            notes.add(f"the initializer `{str(value)[:40]}` was left out", layer)
        return None
    class_name, config = _INITIALIZERS[value]
    return {"class_name": class_name, "config": dict(config)}


def regularizer(value: Any, layer: str, notes: Notes) -> Config | None:
    """Convert a regularizer, a penalty that is added to the training loss."""
    if not isinstance(value, Mapping):
        return None
    fields = cast("Mapping[str, Any]", value)
    if "l1" not in fields and "l2" not in fields:
        notes.add(f"the regularizer `{str(fields.get('name'))[:40]}` of Keras 1 was left out", layer)
        return None
    return {"class_name": "L1L2", "config": {key: fields[key] for key in ("l1", "l2") if key in fields}}


def constraint(value: Any, layer: str) -> Config | None:
    """Convert a constraint, which projects a weight after each update."""
    if not isinstance(value, Mapping):
        return None
    fields = cast("Mapping[str, Any]", value)
    known = _CONSTRAINTS.get(str(fields.get("name")))
    if known is None:
        raise UnsupportedError(f"saved by Keras 1.x: the constraint `{str(fields.get('name'))[:40]}` of `{layer}`")
    class_name, names = known
    return {"class_name": class_name, "config": {new: fields[old] for old, new in names.items() if old in fields}}
