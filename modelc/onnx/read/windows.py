"""Windows that slide over positions: pads as ONNX gives them, and samples (N, C, *spatial) with their channels last."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from modelc.graph.sizes import is_free
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.operators.shape import dropped
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import RefusedError
from modelc.onnx.read.values import Flow
from modelc.sources.refs import Ref


@dataclass(frozen=True, slots=True)
class SlidingWindow:
    """A window along the spatial axes."""

    size: tuple[int, ...]
    strides: tuple[int, ...]
    dilations: tuple[int, ...]

    @property
    def rank(self) -> int:
        """The number of spatial axes."""
        return len(self.size)

    @property
    def extents(self) -> tuple[int, ...]:
        """How far the window reaches, gaps included."""
        return tuple((k - 1) * d + 1 for k, d in zip(self.size, self.dilations, strict=True))


def window_of(node: OnnxNode, size: Sequence[int], rank: int) -> SlidingWindow:
    """The window of a node. Raises `RefusedError` where it is malformed."""
    strides = node.get("strides") or [1] * rank
    dilations = node.get("dilations") or [1] * rank
    if not len(size) == len(strides) == len(dilations) == rank or min((*size, *strides, *dilations)) < 1:
        raise RefusedError("its window does not fit the number of spatial axes")
    return SlidingWindow(tuple(size), tuple(strides), tuple(dilations))


@dataclass(frozen=True, slots=True)
class Padding:
    """How positions are padded: as an option of Keras, or by amounts that are padded before."""

    option: str
    """`valid`, `same` or `causal`."""
    pads: tuple[tuple[int, int], ...]
    """What is padded before a window that pads nothing itself."""


def padding_of(node: OnnxNode, window: SlidingWindow, sizes: Sequence[Any], *, causal: bool = False) -> Padding:
    """The padding of a node on positions of these sizes, which may be free."""
    rank = window.rank
    none = ((0, 0),) * rank
    auto = node.get("auto_pad", "NOTSET")
    if auto == "VALID":
        return Padding("valid", none)
    if auto == "SAME_UPPER":
        return Padding("same", none)
    if auto == "SAME_LOWER":
        return Padding("valid", _same_lower(window, sizes))
    given = node.get("pads") or [0] * (2 * rank)
    if len(given) != 2 * rank or min(given) < 0:
        raise RefusedError(f"its pads {given} are not two numbers of at least 0 for each of {rank} axes")
    pads = tuple((given[i], given[rank + i]) for i in range(rank))
    if pads == none:
        return Padding("valid", none)
    if all(_is_same(*one) for one in zip(pads, window.extents, window.strides, sizes, strict=True)):
        return Padding("same", none)
    if causal and rank == 1 and pads[0] == (window.extents[0] - 1, 0):
        return Padding("causal", none)
    return Padding("valid", pads)


def _is_same(pad: tuple[int, int], extent: int, stride: int, size: Any) -> bool:
    """Whether pads are those that Keras gives for `same`."""
    if stride == 1:
        return pad == ((extent - 1) // 2, extent // 2)
    if is_free(size):
        return False
    total = max((-(-size // stride) - 1) * stride + extent - size, 0)
    return pad == (total // 2, total - total // 2)


def _same_lower(window: SlidingWindow, sizes: Sequence[Any]) -> tuple[tuple[int, int], ...]:
    made: list[tuple[int, int]] = []
    for extent, stride, size in zip(window.extents, window.strides, sizes, strict=True):
        if stride != 1 and is_free(size):
            raise RefusedError("its pads depend on a size that is free", "fix it with --input-shape")
        total = extent - 1 if stride == 1 else max((-(-size // stride) - 1) * stride + extent - size, 0)
        made.append((total - total // 2, total // 2))
    return tuple(made)


def with_channels_last(r: OnnxReader, x: Flow, body: Callable[[Ref], Ref]) -> Flow:
    """What layers of samples (N, *spatial, C) make of a tensor (N, C, *spatial)."""
    x = r.in_order(x)
    if x.batch == 0:
        x = r.ordered(x, r.last_axes(x))
        return r.same(x, body(x.ref))
    if x.batch is not None:
        raise RefusedError("its batch is not the first axis")
    if r.dims(x)[0] != 1:
        raise RefusedError("it has several samples along an axis that is not the batch")
    # The whole ONNX tensor is one sample, of which the first axis has one element: the model's batch takes its place.
    inner = r.in_order(dropped(x, [0]))
    inner = inner.placed(inner.ref, (0, *inner.axes))
    inner = r.ordered(inner, r.last_axes(inner))
    return inner.placed(body(inner.ref), ((), *inner.axes[1:]))


def spatial_sizes(r: OnnxReader, x: Flow) -> list[Any]:
    """The sizes of the positions of a tensor (N, C, *spatial)."""
    return r.dims(x)[2:]
