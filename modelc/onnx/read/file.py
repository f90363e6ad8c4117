"""An ONNX file as a graph. Nothing in it is executed, and what it says is bounded before it is believed."""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from modelc.errors import FileFormatError
from modelc.files.regular_file import opened
from modelc.onnx.package import require_onnx
from modelc.onnx.protos import Proto
from modelc.onnx.read.graph import MOST_NODES, GraphReader, OnnxGraph
from modelc.onnx.read.table import REFUSED
from modelc.onnx.read.tensors import TensorReader

LEAST_READ, LARGEST_READ = 1, 28
"""The versions of ONNX's set of operators that are read."""
_LARGEST_FILE = 2**31 - 1
"""What protocol buffers can hold, in bytes."""
_STANDARD = ("", "ai.onnx")
_DEEPEST_CALL = 32


def read_graph(path: str | os.PathLike[str], known: Container[str]) -> OnnxGraph:
    """The graph of a file, in which functions of the file's own are written out.

    So are operators that ONNX defines as a function of others, and that are not among the `known` ones.

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
    model = _without_defined(model, known, opset)
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
    from onnx.checker import ValidationError  # deferred: optional
    from onnx.inliner import inline_local_functions

    functions = {(one.domain, one.name, getattr(one, "overload", "")): one for one in model.functions}
    if _Written(functions, name).size(model.graph.node, 0) > MOST_NODES:
        raise FileFormatError(f"`{name}` has functions that call each other more than {MOST_NODES} times")
    try:
        return inline_local_functions(model)
    except (RuntimeError, ValueError, TypeError, ValidationError) as error:
        raise FileFormatError(f"`{name}` has functions that cannot be written out: {str(error)[:200]}") from None


class _Written:
    """How many nodes functions become where they are written out. Each function is counted once."""

    def __init__(self, functions: Mapping[tuple[str, str, str], Proto], name: str) -> None:
        self._functions, self._name = functions, name
        self._sizes: dict[tuple[str, str, str], int] = {}
        self._open: set[tuple[str, str, str]] = set()

    def size(self, nodes: Iterable[Proto], depth: int) -> int:
        """The number of nodes. Raises `FileFormatError` where a function calls itself, by way of others or not."""
        if depth > _DEEPEST_CALL:
            raise FileFormatError(f"`{self._name}` has functions and graphs that are nested too deeply")
        total = 0
        for node in nodes:
            key = (node.domain, node.op_type, getattr(node, "overload", ""))
            total += self._of_function(key, depth) if key in self._functions else 1
            for attribute in node.attribute:
                graphs = [attribute.g] if attribute.HasField("g") else []
                total += sum(self.size(graph.node, depth + 1) for graph in (*graphs, *attribute.graphs))
        return total

    def _of_function(self, key: tuple[str, str, str], depth: int) -> int:
        if key in self._open:
            raise FileFormatError(f"`{self._name}` has a function, `{key[1][:80]}`, that calls itself")
        if key not in self._sizes:
            self._open.add(key)
            self._sizes[key] = self.size(self._functions[key].node, depth + 1)
            self._open.discard(key)
        return self._sizes[key]


_DEEPEST = 8
_MOST_DEFINED = 1000
"""The most operators that are written out."""


def _nodes(graph: Proto, depth: int = 0) -> Iterator[Proto]:
    """The nodes of a graph and of those in it."""
    for node in graph.node:
        yield node
        for attribute in node.attribute:
            if attribute.HasField("g") and depth < _DEEPEST:
                yield from _nodes(attribute.g, depth + 1)


def _without_defined(model: Proto, known: Container[str], opset: int) -> Proto:
    """The model with operators written out that ONNX defines as a function of others."""
    from onnx.defs import get_all_schemas_with_history  # deferred: optional
    from onnx.inliner import inline_selected_functions  # deferred: optional

    for _ in range(_DEEPEST):  # what a function is made of may be functions again
        used = {(node.domain, node.op_type) for node in _nodes(model.graph)}
        unknown = {one for one in used if one[0] in _STANDARD and one[1] not in known and one[1] not in REFUSED}
        if not unknown:
            break
        schemas: Any = get_all_schemas_with_history()
        defined = {one.name for one in schemas if one.has_function or one.has_context_dependent_function}
        wanted = sorted(one for one in unknown if one[1] in defined)
        if sum((node.domain, node.op_type) in wanted for node in _nodes(model.graph)) > _MOST_DEFINED:
            break
        _fill_defaults(model, set(wanted), opset)
        try:
            written = inline_selected_functions(model, wanted, inline_schema_functions=True) if wanted else model
        except (RuntimeError, ValueError, TypeError):
            break  # the operator is refused by its name
        if len(written.graph.node) == len(model.graph.node):
            break
        model = written
    return model


def _fill_defaults(model: Proto, operators: set[tuple[str, str]], opset: int) -> None:
    """Write the defaults of attributes: a function that is written out takes only what its node has."""
    from onnx.defs import SchemaError, get_schema  # deferred: optional

    for node in _nodes(model.graph):
        if (node.domain, node.op_type) not in operators:
            continue
        try:
            schema = get_schema(node.op_type, opset, "")
        except SchemaError:
            continue
        given = {attribute.name for attribute in node.attribute}
        for name, attribute in schema.attributes.items():
            if name not in given and attribute.default_value.name:
                node.attribute.append(attribute.default_value)
