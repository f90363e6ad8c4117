"""Lowering of ops that read images at coordinates."""

from __future__ import annotations

from modelc.graph.graph import Node, Value
from modelc.native.families.warp.params import WARP, WARP_GRADIENT, Fill, Slope
from modelc.native.lowering.context import Lowering, scaled, strides_of
from modelc.native.lowering.rules import lowers
from modelc.native.target import LANES
from modelc.ops.warp import Warp, WarpGradient


@lowers(Warp)
def lower_warp(lowering: Lowering, node: Node) -> None:
    """Line by line of the output."""
    op = node.op
    assert isinstance(op, Warp)
    x, rows, columns = node.inputs
    _, *size, channels = x.type.shape
    _, *out, _ = node.output.type.shape
    params = WARP.pack(
        y=lowering.operand(node.output), x=lowering.operand(x), rows=lowering.operand(rows),
        columns=lowering.operand(columns), size=_known(size), out=_known(out), channels=channels or 0,
        row_strides=_strides(rows), column_strides=_strides(columns), bilinear=int(op.interpolation == "bilinear"),
        fill=int(Fill[op.fill_mode.upper()]), value=float(op.fill_value),
        slope=int(Slope[op.slope.upper()] if op.slope else Slope.NONE),
    )  # fmt: skip
    height, width = _known(out)
    lowering.step("warp", params, scaled(x.type, height), elements=width * 32)


@lowers(WarpGradient)
def lower_warp_gradient(lowering: Lowering, node: Node) -> None:
    """Image by image, since what is added lies anywhere in it."""
    op = node.op
    assert isinstance(op, WarpGradient)
    dy, rows, columns = node.inputs
    _, *out, channels = dy.type.shape
    assert channels is not None
    params = WARP_GRADIENT.pack(
        dx=lowering.operand(node.output), dy=lowering.operand(dy), rows=lowering.operand(rows),
        columns=lowering.operand(columns), size=op.size, out=_known(out), channels=channels,
        row_strides=_strides(rows), column_strides=_strides(columns),
        bilinear=int(op.warp.interpolation == "bilinear"), fill=int(Fill[op.warp.fill_mode.upper()]),
    )  # fmt: skip
    height, width = _known(out)
    lowering.step("warp_gradient", params, scaled(dy.type, -(-channels // LANES)), elements=height * width * 32)


def _strides(coordinates: Value) -> tuple[int, ...]:
    """The strides of coordinates, 0 along axes that are repeated."""
    dims = [1 if d is None else d for d in coordinates.type.shape]
    return tuple(0 if d == 1 else s for d, s in zip(coordinates.type.shape, strides_of(dims), strict=True))


def _known(extents: list[int | None]) -> list[int]:
    return [d for d in extents if d is not None]
