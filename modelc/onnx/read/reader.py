"""`OnnxReader`: writes the layers that the nodes of an ONNX graph are, and knows the order of axes of each tensor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import ceil
from typing import Any, cast

import numpy as np

from modelc.errors import ModelcError, ShapeError, SpecError, UnsupportedError
from modelc.graph.sizes import is_free, surely_equal
from modelc.layers.base import Layer
from modelc.layers.operations.layer import Operation
from modelc.layers.reshaping.shape import Permute
from modelc.layers.reshaping.shape import Reshape as ReshapeLayer
from modelc.onnx.read.fold import Folder
from modelc.onnx.read.graph import OnnxGraph, OnnxNode, as_float
from modelc.onnx.read.table import READINGS, MixesSamplesError, RefusedError, reason_against
from modelc.onnx.read.tensors import TEXT
from modelc.onnx.read.values import Flow, Known, Value
from modelc.sources.formulas import Formulas
from modelc.sources.refs import Array, Ref, SampleCount, has_open
from modelc.sources.shapes import Shapes
from modelc.text.quoting import quote

MOST = 1 << 20
"""The most elements of known data that grows: of what is repeated, or made of a size."""
_FEW = 16
"""Constants of at most so many elements are written in the spec; larger ones are weights."""


@dataclass(slots=True)
class ReadEntry:
    """A layer of the model that is being made."""

    key: str
    layer: Layer
    inputs: tuple[Ref, ...]
    arrays: tuple[Array, ...]
    """Its weights in their order."""
    tensor: str
    """The ONNX tensor that it gives, or that it is a step towards."""
    name: str = ""
    """What it should be called; empty for an automatic name."""
    outputs: int = field(default=1)


class OnnxReader:
    """Reads one graph. `batch` says whether axis 0 of the model's tensors stands for an axis of the ONNX tensors."""

    def __init__(self, graph: OnnxGraph, *, batch: bool, batch_size: int | None) -> None:
        self.graph = graph
        self.opset = graph.opset
        self.batch = batch
        self.batch_size = batch_size
        """The number of samples that the file fixes, which the spec leaves free."""
        self.values: dict[str, Value] = {}
        self.entries: list[ReadEntry] = []
        self._by_key: dict[str, ReadEntry] = {}
        self.shapes = Shapes()
        self.node = OnnxNode("", [], [])
        self._absorbed: dict[int, str] = {}
        self._moved: dict[tuple[Ref, str, tuple[Any, ...]], Ref] = {}
        """What was permuted and reshaped before, by the tensor and how: nodes that take it so share it."""
        self._folder = Folder(self)
        self.labels: dict[str, tuple[str, ...]] = {}
        """The names of classes by the tensor that is about them: text, which is no tensor here, or probabilities."""
        for name, (array, dtype) in graph.constants.items():
            if dtype == TEXT:
                self.labels[name] = tuple(array.ravel().tolist())
            else:
                self.values[name] = Known(array, dtype, name)

    # --- nodes

    def run(self) -> None:
        """Read all nodes. Raises `UnsupportedError` for the first one that modelc does not have."""
        for node in self.graph.nodes:
            self.read(node)

    def read(self, node: OnnxNode) -> None:
        """Read one node: its outputs become known."""
        self.node = node
        text = next(
            (self.labels[name] for name in node.inputs if name not in self.values and name in self.labels), None
        )
        if text is not None:  # what is made of names of classes is names of classes
            self.labels.update((name, text) for name in node.outputs if name)
            return
        if id(node) in self._absorbed:
            self.values[node.outputs[0]] = self.values[self._absorbed[id(node)]]
            return
        try:
            made = self.given(node)
        except MixesSamplesError as error:
            raise error.at(node.label) from None
        except RefusedError as error:
            raise UnsupportedError(f"{node.label}: {error.reason}", error.help) from None
        except SpecError as error:
            raise self._misfit(node, error.diagnostics[0].message, error.diagnostics[0].help) from None
        except ShapeError as error:
            raise self._misfit(node, str(error), None) from None
        except UnsupportedError as error:
            raise error if str(error).startswith("the ONNX node") else self._misfit(node, str(error), None) from None
        except ModelcError:
            raise
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, ArithmeticError, AssertionError):
            # Rules do not check the kinds of all operands and attributes: what breaks ONNX's definitions ends here.
            raise UnsupportedError(f"{node.label}: its operands or attributes are malformed") from None
        outputs = made if isinstance(made, tuple) else (made,)
        for name, value in zip(node.outputs, outputs, strict=False):
            if name:
                self.values[name] = value
        missing = next((name for name in node.outputs[len(outputs) :] if name and self.is_read(name)), None)
        if missing is not None:
            raise UnsupportedError(f"{node.label}: its output `{missing[:80]}` is not supported")

    def is_read(self, tensor: str) -> bool:
        """Whether a node or the graph takes a tensor."""
        return bool(self.graph.readers(tensor)) or any(one.name == tensor for one in self.graph.outputs)

    @staticmethod
    def _misfit(node: OnnxNode, message: str, help: str | None) -> UnsupportedError:
        return UnsupportedError(f"{node.label}: {message}", help)

    def given(self, node: OnnxNode) -> Value | tuple[Value, ...]:
        """What a node gives: by its rule, or at once where all its operands are known."""
        own = node.domain in ("", "modelc")
        reading = READINGS.get(node.op if own else f"{node.domain}.{node.op}")
        if reading is None:
            raise RefusedError(f"the operator is not supported: {reason_against(node.op, node.domain)}")
        operands = [self.values[name] if name else None for name in node.inputs]
        around = any(isinstance(value, OnnxGraph) for value in node.attributes.values())  # its graphs read more tensors
        if around or any(isinstance(operand, Flow) for operand in operands):
            return reading.read(self, node)
        return self._folder.fold(reading, node, cast("list[Known | None]", operands))

    # --- operands of the node that is being read

    def value(self, index: int) -> Value | None:
        """An operand in whatever layout; None where it is left out."""
        name = self.node.inputs[index] if index < len(self.node.inputs) else ""
        return self.values[name] if name else None

    def operand(self, index: int) -> Value | None:
        """An operand, each of whose axes is one axis of the model's tensor; None where it is left out."""
        value = self.value(index)
        return self.in_order(value) if isinstance(value, Flow) else value

    def flow(self, index: int = 0, *, merged: bool = False) -> Flow:
        """An operand that is a tensor of the model. With `merged` its axes may be products of several."""
        value = self.value(index)
        if value is None:
            raise RefusedError(f"its operand {index} is left out")
        if isinstance(value, Known):
            told = quote(value.name) if value.name else "a constant"
            raise RefusedError(f"it takes {told} where modelc takes a tensor only")
        return value if merged else self.in_order(value)

    def known(self, index: int, what: str) -> Known | None:
        """An operand that must be known, called `what` in the refusal; None where it is left out."""
        value = self.operand(index)
        if isinstance(value, Flow):
            raise NeedsConstantError(self.node.inputs[index], what)
        return value

    def array(self, index: int, what: str) -> Array:
        """The numbers of an operand that must be known and there."""
        value = self.known(index, what)
        if value is None:
            raise RefusedError(f"its operand {index}, the {what}, is left out")
        if has_open(value.array):
            raise RefusedError(f"the {what} depends on a size that is free")
        return value.array

    def integers(self, index: int, attribute: str, default: Any = None) -> list[Any] | Any:
        """Integers that are an operand in newer versions and an attribute in older ones."""
        value = self.known(index, attribute)
        if value is not None:
            return list(value.array.ravel().tolist())
        found = self.node.get(attribute, default)
        return list(cast("list[int]", found)) if isinstance(found, list) else found

    def axis(self, axis: int, rank: int) -> int:
        """An axis of an ONNX tensor, counted from 0."""
        if not -rank <= axis < rank:
            raise RefusedError(f"it has the axis {axis}, and its tensor {rank} axes")
        return axis % rank

    def sample_axis(self, x: Flow, axis: int) -> int:
        """The axis of the model's tensor that an axis of the ONNX tensor is, none of which may be the batch."""
        at = x.places[self.axis(axis, x.rank)]
        assert isinstance(at, int)
        if at == 0:
            raise MixesSamplesError("it works along the axis that is the batch")
        return at

    # --- sizes

    def dims(self, value: Value) -> list[Any]:
        """The sizes of the ONNX tensor: numbers, free sizes, and the number of samples."""
        if isinstance(value, Known):
            sizes: list[Any] = list(value.array.shape)
            if value.batch is not None:
                sizes[value.batch] = SampleCount()
            return sizes
        shape = self.shapes.type_of(value.ref).shape
        return [product_of([extent(shape, at) for at in value.parts(i)]) for i in range(value.rank)]

    def numbers(self, value: Value) -> list[int]:
        """The sizes of a tensor, none of which may be free; 1 for the batch."""
        sizes = [1 if isinstance(size, SampleCount) else size for size in self.dims(value)]
        if any(map(is_free, sizes)):
            raise RefusedError("it needs sizes as numbers that are free", "fix them with --input-shape")
        return sizes

    # --- writing

    def layer(
        self, kind: type[Layer], *inputs: Ref, arrays: Sequence[Array] = (), name: str = "", **options: Any
    ) -> Ref:
        """Write a layer and the arrays of its weights; the tensor that it gives."""
        key = f"onnx#{len(self.entries)}"
        layer = kind(**options, name=key)
        tensor = next(filter(None, self.node.outputs), "")
        entry = ReadEntry(key, layer, inputs, tuple(map(as_float, arrays)), tensor, name)
        self.entries.append(entry)
        self._by_key[key] = entry
        self.shapes.add(key, layer, inputs)
        self.shapes.type_of(Ref(key))  # says what does not fit while the node is known
        for _ in self.shapes.weights_of(key, self.entries[-1].arrays):
            pass
        return Ref(key)

    def op(self, operation: str, *operands: Ref | Array | float, **arguments: Any) -> Ref:
        """Write an operation on tensors and constants, of which large ones become weights."""
        tensors = [x for x in operands if isinstance(x, Ref)]
        formulas = Formulas(tensors, self.shapes.place_of)
        written = {key: formulas.written(value) for key, value in arguments.items() if value is not None}
        arrays: list[Array] = []
        few = MOST if operation == "take" else _FEW  # places are numbers of the spec, and no weights
        constants = [None if isinstance(x, Ref) else _constant(np.asarray(x), arrays, few) for x in operands]
        plain = len(tensors) == len(operands) == len(formulas.inputs)
        return self.layer(
            Operation, *formulas.inputs, arrays=arrays, operation=operation, operands=None if plain else constants,
            arguments=written,
        )  # fmt: skip

    def parts(self, ref: Ref, count: int) -> list[Ref]:
        """The tensors that a layer gives."""
        self._by_key[ref.key].outputs = count
        return [Ref(ref.key, i) for i in range(count)]

    def maker(self, ref: Ref) -> Layer:
        """The layer that gives a tensor."""
        return self._by_key[ref.key].layer

    def absorb(self, node: OnnxNode) -> None:
        """Let a node that alone reads what the present one gives be part of it."""
        self._absorbed[id(node)] = self.node.outputs[0]

    def follower(self, *operators: str) -> OnnxNode | None:
        """The node that alone reads what the present one gives, if it is of one of these operators."""
        node = self.graph.only_reader(self.node.outputs[0])
        return node if node is not None and node.op in operators and id(node) not in self._absorbed else None

    def inside(self, graph: OnnxGraph) -> tuple[Value, ...]:
        """Read the nodes of a branch, which may read tensors from around it; what it gives."""
        outer_graph, outer_node = self.graph, self.node
        for name, (array, dtype) in graph.constants.items():
            self.values[name] = Known(array, dtype, name)
        self.graph = graph
        try:
            for node in graph.nodes:
                missing = next((name for name in node.inputs if name and name not in self.values), None)
                if missing is not None:
                    raise RefusedError(f"its branch takes `{missing[:80]}`, which nothing gives")
                self.read(node)
        finally:
            self.graph, self.node = outer_graph, outer_node
        return tuple(self.values[one.name] for one in graph.outputs)

    # --- orders of axes

    def plain_axes(self, x: Flow) -> tuple[int, ...]:
        """The order in which only the batch may stand elsewhere than in the ONNX tensor."""
        batch = x.batch
        if batch is None:
            return tuple(range(1, x.rank + 1))
        return tuple(0 if i == batch else i + (i < batch) for i in range(x.rank))

    def plain(self, x: Flow) -> Flow:
        """The tensor in that order."""
        x = self.in_order(x)
        return self.ordered(x, self.plain_axes(x))

    def last_axes(self, x: Flow) -> tuple[int, ...]:
        """The order of pictures and the like whose channels are last: (N, *spatial, C) of (N, C, *spatial)."""
        return (0, x.rank - 1, *range(1, x.rank - 1))

    def ordered(self, x: Flow, axes: Sequence[int]) -> Flow:
        """The tensor with its axes in an order."""
        axes, x = tuple(axes), self.in_order(x)
        if axes == x.axes:
            return x
        order = [0] * (max((*axes, *x.axes)) + 1)
        for old, new in zip(x.axes, axes, strict=True):
            order[new] = old
        if order[0] != 0 or sorted(order) != list(range(len(order))):
            raise MixesSamplesError("it needs the batch at another place")
        return x.placed(self.permuted(x.ref, order), axes)

    def in_order(self, x: Flow) -> Flow:
        """The tensor with each axis as one of the model's. Raises `MixesSamplesError` for the batch as part of one."""
        shape = self.shapes.type_of(x.ref).shape
        if x.is_plain and len(x.places) == len(shape) - (x.batch is None):
            return x
        if any(0 in x.parts(i) and x.places[i] != 0 for i in range(x.rank)):
            raise MixesSamplesError("it works along an axis that the batch was made part of")
        parts = [x.parts(i) for i in range(x.rank)]
        after = float(len(shape))
        keys: list[float] = []
        for own in reversed(parts):  # what has no axis goes before what comes next
            after = min(own) if own else (after + ceil(after) - 1) / 2 if after > 0 else 0.5
            keys.append(after)
        keys.reverse()
        order = sorted(range(x.rank), key=lambda i: (keys[i], i))
        moved = [at for i in order for at in parts[i]]
        if moved != sorted(moved):  # where axes have to move, they go to ONNX's order
            order = sorted(range(x.rank), key=lambda i: x.places[i] != 0)
            moved = [at for i in order for at in parts[i]]
        rest = [at for at in range(len(shape)) if at not in moved and at]
        if x.batch is None:
            moved.insert(0, 0)
        ref = self.permuted(x.ref, [*moved, *rest])
        sizes = [product_of([extent(shape, at) for at in parts[i]]) for i in order if x.places[i] != 0]
        first = 0 if x.batch is not None else 1
        return x.placed(self.reshaped(ref, sizes), [order.index(i) + first for i in range(x.rank)])

    def with_last(self, x: Flow) -> Flow:
        """The tensor whose last axis is the model's tensor's last one. Raises `MixesSamplesError` for the batch."""
        last = x.parts(x.rank - 1)
        if 0 in last:
            raise MixesSamplesError("it works along the axis that is the batch")
        shape = self.shapes.type_of(x.ref).shape
        if last == (len(shape) - 1,):
            return x
        others = [at for at in range(len(shape)) if at not in last]
        ref = self.permuted(x.ref, [*others, *last])
        if len(last) != 1:
            sizes = [shape[at] for at in others[1:]]
            ref = self.reshaped(ref, [*sizes, product_of([shape[at] for at in last])])
        places = [tuple(others.index(at) for at in x.parts(i)) for i in range(x.rank - 1)]
        return x.placed(ref, [*places, len(others)])

    def permuted(self, ref: Ref, order: Sequence[int]) -> Ref:
        """A tensor with its axes in an order, the batch first; a reshape where only axes of one element move."""
        order = list(order)
        shape = self.shapes.type_of(ref).shape
        if order == list(range(len(shape))):
            return ref
        long = [at for at in order if at == 0 or shape[at] != 1]
        if long == sorted(long):
            return self.reshaped(ref, [shape[at] for at in order[1:]])
        key = (ref, "permuted", tuple(order))
        if key not in self._moved:
            self._moved[key] = self.layer(Permute, ref, dims=tuple(order[1:]))
        return self._moved[key]

    def reshaped(self, ref: Ref, sizes: Sequence[Any]) -> Ref:
        """A tensor with other sizes behind the batch."""
        shape = self.shapes.type_of(ref).shape[1:]
        if len(shape) == len(sizes) and all(a is b or surely_equal(a, b) for a, b in zip(shape, sizes, strict=True)):
            return ref
        if any(map(is_free, sizes)) or not sizes:
            return self.op("reshape", ref, newshape=[-1, *sizes])
        key = (ref, "reshaped", tuple(sizes))
        if key not in self._moved:
            self._moved[key] = self.layer(ReshapeLayer, ref, target_shape=tuple(sizes))
        return self._moved[key]

    def same(self, x: Flow, ref: Ref, dtype: str | None = None) -> Flow:
        """A tensor of the same sizes and order."""
        return replace(x, ref=ref, dtype=dtype or x.dtype)


def extent(shape: Sequence[Any], axis: int) -> Any:
    """The size of an axis of a tensor of the model: the number of samples for the batch."""
    return SampleCount() if axis == 0 else shape[axis]


def product_of(sizes: Sequence[Any]) -> Any:
    """A product of sizes."""
    made: Any = 1
    for size in sizes:
        made = size if isinstance(made, int) and made == 1 else made * size
    return made


class NeedsConstantError(RefusedError):
    """A node whose operand must be known, and is a tensor of the model."""

    def __init__(self, tensor: str, what: str) -> None:
        super().__init__(
            f"the {what} (`{tensor[:80]}`) depends on the model's inputs, and modelc takes a constant there"
        )
        self.tensor = tensor


def _constant(array: Array, arrays: list[Array], few: int) -> Any:
    """A constant as a spec has it: numbers, or a weight, whose array is noted."""
    if array.size <= few or has_open(array):
        return array.astype(np.float64).tolist()
    arrays.append(array)
    trained = array.dtype.kind == "f"
    return {"weight": list(array.shape)} if trained else {"weight": list(array.shape), "trainable": False}
