"""Operators that give a tensor another shape or order of axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.regroup import regrouped
from modelc.onnx.read.table import MixesSamplesError, RefusedError, reads
from modelc.onnx.read.values import Flow, Place, Value
from modelc.sources.refs import Array, Ref, SampleCount


def _transposed(node: OnnxNode, x: Array) -> Any:
    return x.transpose(node.get("perm") or None)


@reads("Transpose", becomes="Permute", note="written only where the order of axes matters", compute=_transposed)
def _transpose(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    order = node.get("perm") or list(reversed(range(x.rank)))
    if sorted(order) != list(range(x.rank)):
        raise RefusedError(f"its `perm` {order} is not a permutation of the axes of a tensor of {x.rank}")
    return x.placed(x.ref, [x.places[i] for i in order])


def _reshaped(node: OnnxNode, x: Array, shape: Array | None = None) -> Any:
    target = node.get("shape") if shape is None else shape.tolist()
    sizes = [x.shape[i] if size == 0 and not node.get("allowzero", 0) else size for i, size in enumerate(target)]
    return x.reshape(sizes)


@reads("Reshape", becomes="Reshape, Flatten, Permute", compute=_reshaped)
def _reshape(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    target = r.integers(1, "shape", [])
    sizes = r.dims(x)
    if not node.get("allowzero", 0):
        target = [sizes[i] if _is_zero(size) else size for i, size in enumerate(target)]
    return regrouped(r, x, target)


def _is_zero(size: Any) -> bool:
    return isinstance(size, int) and size == 0


def _flattened(node: OnnxNode, x: Array) -> Any:
    axis = node.get("axis", 1) % (x.ndim + 1) if node.get("axis", 1) < 0 else node.get("axis", 1)
    return x.reshape(int(np.prod(x.shape[:axis])), -1)


@reads("Flatten", becomes="Flatten, Reshape", compute=_flattened)
def _flatten(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    axis = node.get("axis", 1)
    axis = axis + x.rank if axis < 0 else axis
    places = [tuple(at for i in group for at in x.parts(i)) for group in (range(axis), range(axis, x.rank))]
    return x.placed(x.ref, places)


def _axes_of(r: OnnxReader, rank: int) -> list[int] | None:
    axes = r.integers(1, "axes")
    return None if axes is None else [r.axis(int(axis), rank) for axis in axes]


def _squeezed(node: OnnxNode, x: Array, axes: Array | None = None) -> Any:
    given = node.get("axes") if axes is None else axes.tolist()
    return np.squeeze(x, None if given is None else tuple(given))


@reads("Squeeze", becomes="Reshape", compute=_squeezed)
def _squeeze(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    axes = _axes_of(r, x.rank)
    sizes = r.dims(x)
    if axes is None:
        axes = [i for i, size in enumerate(sizes) if isinstance(size, int) and size == 1]
    if any(isinstance(sizes[i], SampleCount) for i in axes):
        if r.batch_size != 1:
            raise MixesSamplesError("it takes the axis of the batch away")
        return regrouped(r, x, [size for i, size in enumerate(sizes) if i not in axes])
    return dropped(x, axes)


def dropped(x: Flow, axes: Sequence[int]) -> Flow:
    """A tensor without axes of one element, by their numbers in the ONNX tensor."""
    return x.placed(x.ref, [place for i, place in enumerate(x.places) if i not in axes])


def without(x: Flow, ref: Ref, axes: Sequence[int]) -> Flow:
    """What is left of a tensor's order where an operation took axes away."""
    gone = [x.axes[i] for i in axes]
    kept = [at for i, at in enumerate(x.axes) if i not in axes]
    return x.placed(ref, [at - sum(one < at for one in gone) for at in kept])


def _unsqueezed(node: OnnxNode, x: Array, axes: Array | None = None) -> Any:
    given = node.get("axes") if axes is None else axes.ravel().tolist()
    return np.expand_dims(x, tuple(given))


@reads("Unsqueeze", becomes="Reshape", compute=_unsqueezed)
def _unsqueeze(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    given = r.integers(1, "axes", [])
    rank = x.rank + len(given)
    return widened(x, sorted(r.axis(int(axis), rank) for axis in given))


def widened(x: Flow, places: Sequence[int]) -> Flow:
    """A tensor with axes of one element at these places of the result."""
    made: list[Place] = list(x.places)
    for place in places:
        made.insert(place, ())
    return x.placed(x.ref, made)


@reads("DepthToSpace", becomes="depth_to_space, Reshape, Permute")
def _depth_to_space(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    block = node.get("blocksize")
    n, channels, height, width = r.dims(x)
    depth = channels // (block * block)
    if node.get("mode", "DCR") == "DCR":
        x = regrouped(r, x, [n, block, block, depth, height, width])
        order = (0, 3, 4, 1, 5, 2)
    else:
        x = regrouped(r, x, [n, depth, block, block, height, width])
        order = (0, 1, 4, 2, 5, 3)
    x = x.placed(x.ref, [x.places[i] for i in order])
    return regrouped(r, x, [n, depth, height * block, width * block])


@reads("SpaceToDepth", becomes="space_to_depth, Reshape, Permute")
def _space_to_depth(r: OnnxReader, node: OnnxNode) -> Value:
    x = r.flow(merged=True)
    block = node.get("blocksize")
    n, channels, height, width = r.dims(x)
    x = regrouped(r, x, [n, channels, height // block, block, width // block, block])
    order = (0, 3, 5, 1, 2, 4) if node.get("mode", "DCR") == "DCR" else (0, 1, 3, 5, 2, 4)
    x = x.placed(x.ref, [x.places[i] for i in order])
    return regrouped(r, x, [n, block * block * channels, height // block, width // block])
