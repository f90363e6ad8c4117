"""An ONNX file as a graph. Nothing in it is executed, and what it says is bounded before it is believed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from modelc.errors import FileFormatError
from modelc.files.regular_file import opened
from modelc.onnx.package import require_onnx
from modelc.onnx.protos import Proto
from modelc.onnx.read.graph import GraphReader, OnnxGraph
from modelc.onnx.read.tensors import TensorReader

LEAST_READ, LARGEST_READ = 1, 28
"""The versions of ONNX's set of operators that are read."""
_LARGEST_FILE = 2**31 - 1
"""What protocol buffers can hold, in bytes."""
_STANDARD = ("", "ai.onnx")


def read_graph(path: str | os.PathLike[str]) -> OnnxGraph:
    """The graph of a file, in which functions of the file's own are written out.

    Raises `FileFormatError` where the file is damaged, something else, or of operators that are too old or too new;
    `InputError` where the package onnx is not installed.
    """
    name = os.fspath(path)
    model = _parsed(name)
    versions = [one.version for one in model.opset_import if one.domain in _STANDARD]
    opset = max(versions, default=0)
    if not LEAST_READ <= opset <= LARGEST_READ:
        raise FileFormatError(
            f"`{name}` has the operators of ONNX's version {opset}; those of {LEAST_READ} to {LARGEST_READ} are read",
            "convert it with onnx.version_converter, or export it again with a newer opset" if opset else None,
        )
    if model.functions:
        model = _without_functions(model, name)
    return GraphReader(name, TensorReader(name, Path(name).absolute().parent), opset).graph(model.graph)


def _parsed(name: str) -> Proto:
    onnx = require_onnx()
    from google.protobuf.message import DecodeError  # deferred: optional, comes with onnx

    with opened(name) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > _LARGEST_FILE:
            raise FileFormatError(f"`{name}` has {size} bytes; an ONNX file has at most {_LARGEST_FILE}")
        data = stream.read(size)
    model: Any = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except DecodeError:
        raise FileFormatError(f"`{name}` is not an ONNX file, or is damaged") from None
    if not model.HasField("graph") or not model.opset_import:
        raise FileFormatError(f"`{name}` is not an ONNX file, or is damaged: it has no graph")
    return model


def _without_functions(model: Proto, name: str) -> Proto:
    """The model with the functions of its own written out where they are called."""
    require_onnx()
    from onnx.inliner import inline_local_functions  # deferred: optional

    try:
        return inline_local_functions(model)
    except (RuntimeError, ValueError, TypeError) as error:
        raise FileFormatError(f"`{name}` has functions that cannot be written out: {str(error)[:200]}") from None
