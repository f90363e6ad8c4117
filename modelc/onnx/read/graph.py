"""An ONNX graph as plain data: nodes in order, attributes as Python's values, and who reads which tensor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError
from modelc.onnx.protos import Proto
from modelc.onnx.read.tensors import NAMES, TensorReader, text_of

Array = NDArray[Any]

OWN = "modelc"
"""The domain of the operators that patterns of several nodes become (`patterns.py`)."""
_STANDARD = ("", "ai.onnx")
MOST_NODES = 200_000
"""The most nodes of a file, those of functions counted wherever they are called."""
_DEEPEST = 8


@dataclass(eq=False, slots=True)
class OnnxNode:
    """One node. An input that is left out is an empty name."""

    op: str
    inputs: list[str]
    outputs: list[str]
    name: str = ""
    domain: str = ""
    attributes: dict[str, Any] = field(default_factory=dict[str, Any])
    """Numbers, texts, lists, arrays, and graphs."""

    @property
    def label(self) -> str:
        """What messages call it."""
        name = self.name or next(filter(None, self.outputs), "")
        kind = self.op if not self.domain else f"{self.domain}.{self.op}"
        return f"the ONNX node `{name[:120]}` ({kind})"

    def get(self, attribute: str, default: Any = None) -> Any:
        """An attribute, or what stands for it."""
        return self.attributes.get(attribute, default)


@dataclass(frozen=True, slots=True)
class OnnxTensor:
    """The declaration of an input or output: a size is a number, a name, or None where it is open."""

    name: str
    dtype: str
    shape: tuple[int | str | None, ...] | None


@dataclass
class OnnxGraph:
    """A graph whose nodes come after those that they take tensors of."""

    name: str
    nodes: list[OnnxNode]
    inputs: list[OnnxTensor]
    outputs: list[OnnxTensor]
    constants: dict[str, tuple[Array, str]]
    """The initializers, with the names of their dtypes."""
    opset: int

    def __post_init__(self) -> None:
        self._readers: dict[str, list[OnnxNode]] | None = None
        self._makers: dict[str, OnnxNode] | None = None

    def changed(self) -> None:
        """Forget who reads what, after nodes were replaced."""
        self._readers = self._makers = None

    def readers(self, tensor: str) -> Sequence[OnnxNode]:
        """The nodes that take a tensor, each as often as it does."""
        if self._readers is None:
            self._readers = {}
            for node in self.nodes:
                for name in node.inputs:
                    self._readers.setdefault(name, []).append(node)
        return self._readers.get(tensor, ())

    def only_reader(self, tensor: str) -> OnnxNode | None:
        """The node that alone takes a tensor, once, if the graph does not give it."""
        readers = self.readers(tensor)
        given = any(one.name == tensor for one in self.outputs)
        return readers[0] if len(readers) == 1 and not given else None

    def maker(self, tensor: str) -> OnnxNode | None:
        """The node that gives a tensor."""
        if self._makers is None:
            self._makers = {name: node for node in self.nodes for name in node.outputs if name}
        return self._makers.get(tensor)


@dataclass(slots=True)
class GraphReader:
    """Turns the messages of a file into graphs."""

    name: str
    tensors: TensorReader
    opset: int
    left: int = MOST_NODES

    def graph(self, proto: Proto, depth: int = 0) -> OnnxGraph:
        """A graph; that of a branch or of a loop's body is an attribute of its node, as a graph again.

        Raises `FileFormatError` where it is malformed or too large.
        """
        if depth > _DEEPEST:
            raise self._malformed("its graphs are nested too deeply")
        self.left -= len(proto.node)
        if self.left < 0:
            raise self._malformed(f"it has more than {MOST_NODES} nodes")
        if proto.sparse_initializer:
            raise FileFormatError(f"`{self.name}` has sparse weights, which modelc does not have")
        constants = {text_of(tensor.name): self.tensors.read(tensor) for tensor in proto.initializer}
        nodes = [self._node(node, depth) for node in proto.node]
        inputs = [self._declared(one) for one in proto.input if text_of(one.name) not in constants]
        outputs = [self._declared(one) for one in proto.output]
        graph = OnnxGraph(text_of(proto.name), nodes, inputs, outputs, constants, self.opset)
        self._require_order(graph, depth)
        return graph

    def _require_order(self, graph: OnnxGraph, depth: int) -> None:
        """Check that each tensor has one maker, and, at the top, that it comes before those who read it."""
        made = Counter([*(one.name for one in graph.inputs), *graph.constants])
        made.update(name for node in graph.nodes for name in node.outputs if name)
        twice = next((name for name, count in made.items() if count > 1), None)
        if twice is not None:
            raise self._malformed(f"it gives `{twice[:80]}` twice")
        if depth:
            return  # what a branch reads from around it is not known here
        known = {"", *(one.name for one in graph.inputs), *graph.constants}
        for node in graph.nodes:
            missing = next((name for name in node.inputs if name not in known), None)
            if missing is not None:
                raise self._malformed(f"{node.label} takes `{missing[:80]}`, which nothing before it gives")
            known.update(node.outputs)
        missing = next((one.name for one in graph.outputs if one.name not in known), None)
        if missing is not None:
            raise self._malformed(f"nothing gives its output `{missing[:80]}`")

    def _node(self, proto: Proto, depth: int) -> OnnxNode:
        domain = "" if proto.domain in _STANDARD else text_of(proto.domain)
        attributes = {text_of(one.name): self._attribute(one, depth) for one in proto.attribute}
        inputs, outputs = [list(map(text_of, names)) for names in (proto.input, proto.output)]
        return OnnxNode(text_of(proto.op_type), inputs, outputs, text_of(proto.name), domain, attributes)

    def _attribute(self, proto: Proto, depth: int) -> Any:
        kind = proto.AttributeType.Name(proto.type) if proto.type in proto.AttributeType.values() else ""
        match kind:
            case "FLOAT":
                return shortest(proto.f)
            case "INT":
                return int(proto.i)
            case "STRING":
                return proto.s.decode("utf-8", "replace")
            case "FLOATS":
                return [shortest(value) for value in proto.floats]
            case "INTS":
                return [int(value) for value in proto.ints]
            case "STRINGS":
                return [value.decode("utf-8", "replace") for value in proto.strings]
            case "TENSOR":
                return self.tensors.read(proto.t)
            case "GRAPH":
                return self.graph(proto.g, depth + 1)
            case _:
                raise self._malformed(f"the attribute `{text_of(proto.name)[:80]}` is of the kind {kind or proto.type}")

    def _declared(self, proto: Proto) -> OnnxTensor:
        if not proto.type.HasField("tensor_type"):
            kind = proto.type.WhichOneof("value") or "nothing that is known"
            what = kind.removesuffix("_type")
            return OnnxTensor(text_of(proto.name), what, None)
        tensor = proto.type.tensor_type
        shape = tuple(map(_size, tensor.shape.dim)) if tensor.HasField("shape") else None
        return OnnxTensor(text_of(proto.name), NAMES.get(tensor.elem_type, str(tensor.elem_type)), shape)

    def _malformed(self, reason: str) -> FileFormatError:
        return FileFormatError(f"`{self.name}` is not a valid ONNX file: {reason}")


def shortest(value: float) -> float:
    """A float32 as the shortest number that it is: 1e-05 and not 9.999999747378752e-06."""
    return float(str(np.float32(value)))


def _size(proto: Proto) -> int | str | None:
    kind = proto.WhichOneof("value")
    if kind == "dim_value":
        return int(proto.dim_value) if proto.dim_value >= 0 else None
    return (text_of(proto.dim_param) or None) if kind == "dim_param" else None


def as_float(array: Array) -> NDArray[np.float32]:
    """Numbers as modelc's weights have them."""
    return np.ascontiguousarray(array, np.float32)
