"""The package `onnx` (extra `onnx`), and the versions of its operators that are written."""

from __future__ import annotations

import os
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from modelc.errors import InputError

LEAST_OPSET, USUAL_OPSET, LARGEST_OPSET = 15, 18, 23
"""The versions of ONNX's set of operators: the first in which sizes are read by `Shape` of some axes; the one that is
written unless another one is asked for, which runtimes of 2023 read; the last one that the rules were tested with."""

_IR_VERSIONS = {15: 8, 16: 8, 17: 8, 18: 8, 19: 9, 20: 9, 21: 10, 22: 10, 23: 11}
"""The version of the file format that came with each set of operators."""


def place_beside(path: str | os.PathLike[str]) -> Path:
    """The file of an ONNX file's weights, where they are not inside of it."""
    return Path(path).with_name(f"{Path(path).name}.safetensors")


def require_onnx() -> Any:
    """The package. Raises `InputError` where it is not installed."""
    if find_spec("onnx") is None:
        raise InputError("ONNX files need the package onnx: pip install 'modelc[onnx]'")
    import onnx  # deferred: optional

    return onnx


def require_opset(opset: int) -> int:
    """The file format's version for a set of operators. Raises `InputError` where it is none that is written."""
    if isinstance(opset, bool) or opset not in _IR_VERSIONS:  # pyright: ignore[reportUnnecessaryIsInstance]
        raise InputError(
            f"the opset must be a number from {LEAST_OPSET} to {LARGEST_OPSET}, found {opset}",
            f"leave it out for {USUAL_OPSET}, or choose what the runtime of the file reads",
        )
    return _IR_VERSIONS[opset]
