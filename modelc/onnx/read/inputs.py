"""The inputs of an ONNX graph as inputs of a spec: which axis is the batch, and in which order the others stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from modelc.config.options import BATCH
from modelc.errors import UnsupportedError
from modelc.layers.core.input_layer import InputLayer
from modelc.onnx.read.graph import OnnxGraph, OnnxTensor
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.values import Flow, plain_places
from modelc.sources.notes import Notes

_DTYPES = {
    "float32", "float64", "float16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "bool",
}  # fmt: skip
_CHANNELS_SECOND = frozenset({
    "Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool",
    "InstanceNormalization", "LRN", "Resize", "Upsample", "DepthToSpace", "SpaceToDepth", "QLinearConv", "ConvInteger",
    "GroupNormalization", "BatchNormalization", "MaxRoiPool", "GridSample",
})  # fmt: skip
"""Operators whose first operand is (N, C, *spatial)."""
_ANY_ORDER = frozenset({
    "Add", "Sub", "Mul", "Div", "Cast", "Identity", "Dropout", "Relu", "Clip", "Pad", "QuantizeLinear",
    "DequantizeLinear", "LeakyRelu", "Sigmoid", "Tanh", "Pow", "Concat", "Slice", "Sqrt", "Abs", "Neg", "Min", "Max",
})  # fmt: skip
"""Operators behind which the order of axes is that of their operand."""
_FARTHEST = 64


def shared_batch(graph: OnnxGraph) -> Mapping[str, int] | None:
    """For each input the axis that is the batch: one whose size all inputs share. None where there is none."""
    if not graph.inputs or any(not one.shape for one in graph.inputs):
        return None
    shapes: list[tuple[int | str | None, ...]] = [one.shape or () for one in graph.inputs]
    named = _named_batch(graph.inputs)
    if named is not None:
        return named
    firsts = {shape[0] for shape in shapes}
    numbers = {size for size in firsts if isinstance(size, int)}
    names = {size for size in firsts if isinstance(size, str)}
    if len(numbers) > 1 or len(names) > 1 or (numbers and names):
        return None
    return {one.name: 0 for one in graph.inputs}


def _named_batch(inputs: Sequence[OnnxTensor]) -> Mapping[str, int] | None:
    """By a size that is called so: the batch of sequences (time, batch, features) is their second axis."""
    found: dict[str, int] = {}
    for one in inputs:
        places = [i for i, size in enumerate(one.shape or ()) if isinstance(size, str) and "batch" in size.lower()]
        if len(places) != 1:
            return None
        found[one.name] = places[0]
    return found


def declared(
    reader: OnnxReader,
    name: str,
    input_shape: Sequence[int | str | None] | None,
    batch: Mapping[str, int] | None,
    keep_layout: bool,
    notes: Notes,
) -> None:
    """Write the inputs. Raises `UnsupportedError` for one that is no tensor of numbers, or of an unknown rank."""
    graph = reader.graph
    if input_shape is not None and len(graph.inputs) != 1:
        raise UnsupportedError(f"`{name}` has {len(graph.inputs)} inputs: `input_shape` is for one")
    moved: list[str] = []
    for one in graph.inputs:
        axis = None if batch is None else batch[one.name]
        sizes = _sample(one, name, axis)
        plain = plain_places(len(sizes) + (axis is not None), axis)
        order = plain
        if axis == 0 and not keep_layout:
            order = preferred_order(graph, one.name, len(sizes) + 1)
        places = sorted((at, i) for i, at in enumerate(order) if at)
        written = [sizes[plain[i] - 1] for _, i in places]
        if input_shape is not None:
            written = _given(written, input_shape, name)
        options: dict[str, Any] = {"shape": written, "dtype": one.dtype}
        ref = reader.layer(InputLayer, name=one.name, **options)
        reader.values[one.name] = Flow(ref, order, one.dtype)
        if order != plain:
            moved.append(one.name)
    later = [name for name, axis in (batch or {}).items() if axis]
    if later:
        listed = ", ".join(f"`{one}`" for one in later)
        notes.add(f"{listed} takes the batch as its first axis, and the file elsewhere")
    if moved:
        listed = ", ".join(f"`{one}`" for one in moved)
        notes.add(f"{listed} takes arrays with the channels last: (N, H, W, C) where the file has (N, C, H, W)")


def _sample(one: OnnxTensor, name: str, batch: int | None) -> list[Any]:
    """The sizes of a sample, in the file's order of axes."""
    if one.shape is None and one.dtype in _DTYPES:
        raise UnsupportedError(f"the input `{one.name}` of `{name}` has no known rank", "export it with a shape")
    if one.dtype not in _DTYPES or one.shape is None:
        raise UnsupportedError(f"the input `{one.name}` of `{name}` is {one.dtype}, and modelc takes tensors only")
    sizes: list[Any] = [size for i, size in enumerate(one.shape) if i != batch]
    if any(size == 0 for size in sizes):
        raise UnsupportedError(f"the input `{one.name}` of `{name}` has no elements")
    made = [size if isinstance(size, int) else _free(size) for size in sizes]
    if batch is None and made and (made[0] is None or made[0] in BATCH):
        made[0] = "n"  # a shape does not begin with the batch
    return made


def _given(sizes: list[Any], shape: Sequence[int | str | None], name: str) -> list[Any]:
    """The shape that is given for samples, where it fits that of the file."""
    fits = len(shape) == len(sizes)
    if not fits or any(isinstance(own, int) and own != size for own, size in zip(sizes, shape, strict=True)):
        raise UnsupportedError(f"`{name}` takes the shape {sizes}, which {list(shape)} does not fit")
    return list(shape)


def _free(size: Any) -> str | None:
    """A free size by a name that a spec can have; None where a program made the name up."""
    if not isinstance(size, str):
        return None
    return size if size.isidentifier() and not size.startswith(("unk", "dynamic", "s_", "dim")) else None


def preferred_order(graph: OnnxGraph, tensor: str, rank: int) -> tuple[int, ...]:
    """In which order an input (N, …) is best declared: that of what takes it, with the channels last.

    The way from the input on is followed through operators of any order, and through transposes.
    """
    identity = tuple(range(rank))
    waiting: list[tuple[str, tuple[int, ...]]] = [(tensor, identity)]
    seen: set[str] = set()
    while waiting and len(seen) < _FARTHEST:
        name, axes = waiting.pop(0)  # axis i of the tensor is axis axes[i] of the input
        if name in seen:
            continue
        seen.add(name)
        for node in graph.readers(name):
            if node.op in _CHANNELS_SECOND and node.inputs[0] == name and rank >= 3 and axes[0] == 0:
                wanted = (axes[0], *axes[2:], axes[1])  # the input's axes in the order (N, *spatial, C)
                return tuple(wanted.index(i) for i in range(rank))
            if node.op == "Transpose":
                given: Any = node.get("perm") or list(reversed(range(rank)))
                order = cast("list[int]", given) if isinstance(given, list) else []
                if sorted(order) == list(range(rank)):
                    waiting.append((node.outputs[0], tuple(axes[i] for i in order)))
            elif node.op in _ANY_ORDER:
                waiting.append((node.outputs[0], axes))
    return identity
