"""`OnnxWriter`: what the rules of ops write to: nodes, weights, and the tensors that are the values of a graph."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from modelc.graph.bind import has_free_sizes
from modelc.graph.graph import Node, Value
from modelc.graph.sizes import likely, same_shape
from modelc.onnx.export.layouts import Dims, Layout, Placed, moves_nothing, permuted, plain
from modelc.onnx.export.names import FreeNames
from modelc.onnx.export.sizes import SizeTensors
from modelc.onnx.protos import BOOL, FLOAT, FLOAT16, Proto, node_proto
from modelc.onnx.table import RULES, CannotSayError
from modelc.ops.base import Array
from modelc.ops.random import Random

_HALF_MOST = float(np.finfo(np.float16).max)


class OnnxWriter:
    """Writes one graph of the file: the model, or, with an `outer` writer, the steps of a loop in it."""

    def __init__(
        self, nodes: Sequence[Node], results: Sequence[Value], opset: int, *, half: bool = False,
        outer: OnnxWriter | None = None,
    ) -> None:  # fmt: skip
        self.opset = opset
        self.half = half
        self.outer = outer
        self.nodes: list[Proto] = []
        """The nodes of the file so far."""
        self.layer = ""
        """The path of the layer whose op is written."""
        self.names: FreeNames = outer.names if outer is not None else FreeNames()
        self.weights: dict[str, Array] = outer.weights if outer is not None else {}
        """What the file holds of numbers, by name."""
        self._numbers: dict[Any, str] = outer._numbers if outer is not None else {}
        self.sizes: SizeTensors = outer.sizes if outer is not None else SizeTensors(self)
        self.done: set[Node] = set()
        """Nodes that were written with one before them."""
        self.kept: dict[Value, Any] = {}
        """What rules note of values that are written in another way than as a tensor."""
        self.ahead: dict[Node, Any] = {}
        """What was written of nodes that come later, together with one before them."""
        self._reversed: dict[tuple[str, int], str] = {}
        """Of a tensor and an axis of it the tensor that is reversed along it, both ways round."""
        self._placed: dict[Value, list[Placed]] = {}
        self._arrays: dict[Value, Array] = {}
        self._paths: dict[Value, str] = {}
        self._constant: dict[Value, Node] = {}
        self._alias: dict[Value, Value] = {}
        self._reshaped: dict[str, tuple[str, tuple[Any, ...]]] = {}
        """Of a tensor that a reshape gave, the one that it was and its shape."""
        self._truths: dict[Value, tuple[str, Layout]] = {}
        self._graph_nodes = nodes
        self._producers = {value: node for node in nodes for value in node.outputs}
        self._users: dict[Value, list[Node]] = {}
        for node in nodes:
            for value in dict.fromkeys(node.inputs):
                self._users.setdefault(value, []).append(node)
        self._results = set(results)

    # --- the graph that is written

    def write(self) -> None:
        """All nodes, in order."""
        for node in self._graph_nodes:
            if self._is_constant(node):
                self._constant.update(dict.fromkeys(node.outputs, node))
        for node in self._graph_nodes:
            if node in self.done or node.output in self._constant:
                continue
            self.layer = node.layer
            rule = RULES.get(type(node.op))
            if rule is None:
                raise CannotSayError(f"has the op {node.op.name}, for which there is no ONNX operator")
            rule.write(self, node, node.op)

    def _is_constant(self, node: Node) -> bool:
        """Whether it depends on weights alone, and is the same for all sizes."""
        return (
            all(self.is_constant(value) for value in node.inputs)
            and not isinstance(node.op, Random)
            and not has_free_sizes(node)
        )

    def producer(self, value: Value) -> Node | None:
        """The node of the graph that makes a value."""
        return self._producers.get(value)

    def users(self, value: Value) -> list[Node]:
        """The nodes of the graph that read a value."""
        return self._users.get(value, [])

    def users_of_products(self, value: Value) -> Iterator[Node]:
        """The nodes that read a product of a value, or such a product with a bias."""
        for node in self.users(value):
            for made in self.users(node.output):
                yield made
                yield from self.users(made.output)

    def only_user(self, value: Value) -> Node | None:
        """The one node that reads a value, which is no result."""
        users = self._users.get(value, [])
        return users[0] if len(users) == 1 and value not in self._results else None

    def is_result(self, value: Value) -> bool:
        """Whether the graph gives it."""
        return value in self._results

    # --- constants

    def set_weight(self, value: Value, array: Array, path: str) -> None:
        """A value that is known: a weight."""
        self._arrays[value], self._paths[value] = array, path

    def is_alias(self, value: Value, of: Value) -> None:
        """Let a value of a step be one from outside of the loop."""
        self._alias[value] = of

    def is_constant(self, value: Value) -> bool:
        """Whether `array` has it."""
        if value in self._arrays or value in self._constant:
            return True
        return value in self._alias and self.outer is not None and self.outer.is_constant(self._alias[value])

    def array(self, value: Value) -> Array:
        """A constant, computed by the definitions of its ops."""
        if value in self._alias and self.outer is not None:
            return self.outer.array(self._alias[value])
        if value not in self._arrays:
            node = self._constant[value]
            with np.errstate(all="ignore"):
                made = node.op.compute_all(*(self.array(operand) for operand in node.inputs))
            self._arrays.update(zip(node.outputs, made, strict=True))
        return self._arrays[value]

    def weight_behind(self, value: Value) -> str:
        """The path of the layer whose weight a constant is made of, if it is of one; else that of what is written."""
        path = self._path_behind(value)
        return path.rpartition("/")[0] if path else self.layer

    def _path_behind(self, value: Value) -> str:
        """The path of the weight that a constant is made of; empty where it is of none."""
        while value not in self._paths:
            if value in self._alias and self.outer is not None:
                return self.outer._path_behind(self._alias[value])
            node = self._constant.get(value)
            if node is None or not node.inputs:
                return ""
            value = node.inputs[0]
        return self._paths[value]

    @property
    def float(self) -> np.dtype[Any]:
        """The dtype of what is computed."""
        return np.dtype(np.float16 if self.half else np.float32)

    @property
    def float_type(self) -> int:
        """ONNX's number of it."""
        return FLOAT16 if self.half else FLOAT

    def constant(self, array: Array, hint: str = "constant") -> str:
        """Numbers as a tensor of the file."""
        array = np.asarray(array)
        if array.dtype.kind == "f":
            if self.half:
                array = np.where(np.isfinite(array), np.clip(array, -_HALF_MOST, _HALF_MOST), array)
            array = array.astype(self.float)
        return self.raw(array, hint)

    def raw(self, array: Array, hint: str = "constant") -> str:
        """Numbers as a tensor of the file, in their own dtype."""
        if array.size <= 64 and "/" not in hint:  # what has a weight's name is that weight alone
            key = (array.dtype.str, array.shape, array.tobytes())
            if key not in self._numbers:
                self._numbers[key] = self._add(array, hint)
            return self._numbers[key]
        return self._add(array, hint)

    def number(self, x: float) -> str:
        """A float as a tensor ()."""
        return self.constant(np.array(x, np.float32), "number")

    def integers(self, n: int | Sequence[int] | NDArray[Any]) -> str:
        """Integers as an int64 tensor."""
        return self.constant(np.array(n, np.int64), "sizes")

    def integer32(self, n: int) -> str:
        """An integer as an int32 tensor ()."""
        return self.raw(np.array(n, np.int32), "number")

    def _add(self, array: Array, hint: str) -> str:
        name = self.names.free(hint if "/" in hint or not self.layer else f"{self.layer}/{hint}")
        self.weights[name] = np.ascontiguousarray(array).reshape(array.shape)
        return name

    # --- nodes of the file

    def emit(self, op: str, *inputs: str, layer: str | None = None, **attributes: Any) -> str:
        """Add a node with one output, which is returned."""
        return self.emit_all(op, inputs, 1, layer, **attributes)[0]

    def emit_all(
        self, op: str, inputs: Sequence[str], outputs: int, layer: str | None = None, **attributes: Any
    ) -> list[str]:
        """Add a node, and name its outputs."""
        layer = self.layer if layer is None else layer
        name = self.names.free(f"{layer}/{op}" if layer else op)
        made = [name, *(self.names.free(f"{name}.{i}") for i in range(1, outputs))]
        self.nodes.append(node_proto(op, inputs, made, name, attributes))
        return made

    def reduce(self, kind: str, x: str, axes: Sequence[int], *, keepdims: bool) -> str:
        """`ReduceMean` and the like; the axes of all but sums are an attribute before opset 18."""
        if self.opset >= 18 or kind == "ReduceSum":
            return self.emit(kind, x, self.integers(list(axes)), keepdims=int(keepdims))
        return self.emit(kind, x, axes=list(axes), keepdims=int(keepdims))

    def reshape(self, x: str, before: Dims, after: Dims) -> str:
        """A tensor under another shape; of one that was reshaped before, at once from what it was."""
        source, shape = self._reshaped.get(x, (x, tuple(before)))
        if same_shape(shape, after):
            return source
        target, attributes = self.sizes.target(shape, after)
        made = self.emit("Reshape", source, target, **attributes)
        self._reshaped[made] = source, shape
        return made

    def reversed(self, x: str, axis: int) -> str:
        """A tensor from its last element on; what was reversed before is as it was."""
        known = self._reversed.get((x, axis))
        if known is None:
            ends = (self.integers([n]) for n in (-1, np.iinfo(np.int64).min, axis, -1))
            known = self.emit("Slice", x, *ends)
            self._reversed |= {(x, axis): known, (known, axis): x}
        return known

    def clip(self, x: str, low: float | None, high: float | None) -> str:
        """Cut to limits, of which either may be left out."""
        return self.emit(
            "Clip", x, "" if low is None else self.number(low), *([] if high is None else [self.number(high)])
        )

    def as_float(self, x: str) -> str:
        """A tensor of another dtype as floats."""
        return self.emit("Cast", x, to=self.float_type)

    # --- values as tensors of the file

    def place(self, value: Value, name: str, layout: Layout | None = None) -> None:
        """A tensor is a value, with its axes in this order; in that of the value unless said."""
        self._placed.setdefault(value, []).append(Placed(name, plain(value.type.rank) if layout is None else layout))

    def put(self, value: Value, placed: Placed) -> None:
        """A tensor is a value."""
        self._placed.setdefault(value, []).append(placed)

    def placed(self, value: Value) -> list[Placed]:
        """All tensors that are a value, the first one as it was made."""
        found = self._placed.get(value)
        if found:
            return found
        if self.outer is not None:
            return self.outer.placed(self._alias.get(value, value))
        assert self.is_constant(value), f"{value} was not written"
        return []

    def layout(self, value: Value) -> Layout:
        """The order of axes in which a value was made, or that of the value where it is flattened or constant."""
        found = [one for one in self.placed(value) if one.flattened is None] if not self.is_constant(value) else []
        return found[0].layout if found else plain(value.type.rank)

    def has(self, value: Value, layout: Layout) -> bool:
        """Whether a value is there in this order, so that nothing is to be moved."""
        return not self.is_constant(value) and any(
            one.flattened is None and moves_nothing(value.type.shape, one.layout, layout) for one in self.placed(value)
        )

    def use(self, value: Value, layout: Layout | None = None, hint: str = "") -> str:
        """A value as a tensor with its axes in this order; in that of the value unless said."""
        wanted = plain(value.type.rank) if layout is None else layout
        if self.is_constant(value):
            return self._constant_as(value, wanted, hint)
        if value not in self._placed and self.outer is not None:
            return self.outer.use(self._alias.get(value, value), wanted, hint)
        known = self.placed(value)
        for one in known:
            if one.flattened is None and one.layout == wanted:
                return one.name
        first = next((one for one in known if one.flattened is None), None)
        first = first or self._restored(value, known[0])
        best = next(
            (o for o in known if o.flattened is None and moves_nothing(value.type.shape, o.layout, wanted)), first
        )
        name = self.converted(best.name, value.type.shape, best.layout, wanted)
        self._placed[value].append(Placed(name, wanted))
        return name

    def converted(self, name: str, shape: Dims, before: Layout, after: Layout) -> str:
        """A tensor with its axes in another order."""
        if before == after:
            return name
        if moves_nothing(shape, before, after):
            return self.reshape(name, permuted(shape, before), permuted(shape, after))
        return self.emit("Transpose", name, perm=[before.index(axis) for axis in after])

    def _restored(self, value: Value, placed: Placed) -> Placed:
        """A flattened value with its elements in their own order."""
        flattened = placed.flattened
        assert flattened is not None
        batch = value.type.shape[0]
        dims = (batch, *flattened.dims)
        moved = (0, *(axis + 1 for axis in flattened.order))
        apart = self.reshape(placed.name, value.type.shape, permuted(dims, moved))
        name = self.reshape(self.converted(apart, dims, moved, plain(len(dims))), dims, value.type.shape)
        made = Placed(name, plain(value.type.rank))
        self._placed[value].append(made)
        return made

    def _constant_as(self, value: Value, layout: Layout, hint: str) -> str:
        array = self.array(value)
        key = (id(array), layout)
        if key not in self._numbers:
            name = hint or self._path_behind(value) or "constant"
            self._numbers[key] = self.constant(array.transpose(layout), name)
            self._numbers[key, "kept"] = array  # type: ignore[assignment]  # so that the id stays its own
        return self._numbers[key]

    # --- operands that broadcast

    def together(self, values: Sequence[Value], output: Value) -> Layout:
        """The order of axes in which the least is to be moved to compute an output element by element."""
        rank = output.type.rank
        cost: dict[Layout, float] = {}
        full = [v for v in values if not self.is_constant(v) and v.type.rank == rank]
        for value in full:
            for one in self.placed(value):
                if one.flattened is None:
                    cost.setdefault(one.layout, 0.0)
        for layout in cost:
            for value in full:
                if not self.has(value, layout):
                    cost[layout] += float(likely(value.type.size))
        # Of equals one that is not plain: what is made of it is mostly read by another convolution.
        return min(cost, key=lambda layout: (cost[layout], layout == plain(rank)), default=plain(rank))

    def aligned(self, value: Value, layout: Layout) -> str:
        """A value as an operand that broadcasts against a tensor with its axes in this order."""
        rank, shape = len(layout), value.type.shape
        if self.is_constant(value):
            array = self.array(value)
            if array.size == 1:
                return self.constant(array.reshape(()), "number")
            array = array.reshape((1,) * (rank - array.ndim) + array.shape).transpose(layout)
            while array.shape[:1] == (1,):
                array = array[0]
            return self.constant(array, self._path_behind(value) or "constant")
        missing = rank - len(shape)
        if missing == 0:
            return self.use(value, layout)
        own = tuple(axis - missing for axis in layout if axis >= missing)
        name = self.use(value, own)
        first = min(i for i, axis in enumerate(layout) if axis >= missing) if own else rank
        inserted = [i - first for i, axis in enumerate(layout) if axis < missing and i > first]
        return self.emit("Unsqueeze", name, self.integers(inserted)) if inserted and own else name

    # --- truth values

    def set_truth(self, value: Value, name: str, layout: Layout) -> None:
        """A value of 0 and 1 as the bool tensor that it was made of."""
        self._truths[value] = (name, layout)

    def truth(self, value: Value, layout: Layout) -> str:
        """Where a value is not 0, as bools that broadcast against a tensor with its axes in this order."""
        if self.is_constant(value):
            array = self.array(value) != 0
            array = array.reshape((1,) * (len(layout) - array.ndim) + array.shape).transpose(layout)
            return self.constant(array)
        known = self._truths.get(value)
        if known is not None and known[1] == layout:
            return known[0]
        return self.emit("Cast", self.aligned(value, layout), to=BOOL)

    def arrays_of(self) -> Iterator[tuple[str, Array]]:
        """The numbers of the file, in the order in which they were written."""
        yield from self.weights.items()
