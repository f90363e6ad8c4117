"""Images at coordinates: the pixels around each of them, by `GatherND`."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from modelc.graph.graph import Node
from modelc.onnx.export.layouts import plain
from modelc.onnx.export.rules.places import up_to
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.table import CannotSayError, writes
from modelc.ops.warp import LIMIT, Warp


@dataclass(frozen=True, slots=True)
class _PixelAlong:
    """Along one axis the pixels that are read, with what weight, and whether they are filled; the last is optional."""

    pixel: str
    weight: str | None
    outside: str | None


@writes(Warp, "GatherND", "Floor", "Mod", "Where", note="not the derivative by coordinates")
def write_warp(w: OnnxWriter, node: Node, op: Warp) -> None:
    """A weighted sum of pixels."""
    if op.slope is not None:
        raise CannotSayError("computes the derivative of a displacement of pixels")
    x, rows, columns = node.inputs
    batch, height, width, _ = node.output.type.shape
    image = w.use(x)
    along = [_along(w, op, w.use(coordinates), x.type.shape[axis]) for coordinates, axis in ((rows, 1), (columns, 2))]
    samples = w.emit("Reshape", up_to(w, batch), w.integers([-1, 1, 1]))
    grid = w.sizes.shape([batch, height, width])
    total = None
    for row, column in itertools.product(*along):
        places = [
            w.emit("Unsqueeze", w.emit("Expand", one, grid), w.integers([3]))
            for one in (samples, row.pixel, column.pixel)
        ]
        tap = w.emit("GatherND", image, w.emit("Concat", *places, axis=3))
        if row.outside is not None and column.outside is not None:
            outside = w.emit("Unsqueeze", w.emit("Or", row.outside, column.outside), w.integers([3]))
            tap = w.emit("Where", outside, w.number(op.fill_value), tap)
        if row.weight is not None and column.weight is not None:
            weight = w.emit("Unsqueeze", w.emit("Mul", row.weight, column.weight), w.integers([3]))
            tap = w.emit("Mul", tap, weight)
        total = tap if total is None else w.emit("Add", total, tap)
    assert total is not None
    w.place(node.output, total, plain(4))


def _along(w: OnnxWriter, op: Warp, coordinates: str, size: int | None) -> list[_PixelAlong]:
    """The pixels along one axis."""
    coordinates = w.clip(coordinates, -LIMIT, LIMIT) if not w.half else coordinates
    if op.interpolation == "nearest":
        # Of two that are equally near the one farther from 0.
        sign = w.emit("Sign", coordinates)
        away = w.emit("Floor", w.emit("Add", w.emit("Abs", coordinates), w.number(0.5)))
        return [_pixel(w, op, w.emit("Mul", sign, away), None, size)]
    low = w.emit("Floor", coordinates)
    share = w.emit("Sub", coordinates, low)
    rest = w.emit("Sub", w.number(1.0), share)
    return [_pixel(w, op, low, rest, size), _pixel(w, op, w.emit("Add", low, w.number(1.0)), share, size)]


def _pixel(w: OnnxWriter, op: Warp, at: str, weight: str | None, size: int | None) -> _PixelAlong:
    """The pixel that stands for one which may be beyond the edges."""
    index = w.emit("Cast", at, to=7)
    extent, zero = w.sizes.scalar(size), w.integers(0)
    last = w.sizes.scalar(size - 1)  # pyright: ignore[reportOptionalOperand]
    outside = None
    match op.fill_mode:
        case "constant" | "nearest":
            if op.fill_mode == "constant":
                outside = w.emit("Or", w.emit("Less", index, zero), w.emit("GreaterOrEqual", index, extent))
            index = w.emit("Min", w.emit("Max", index, zero), last)
        case "wrap":
            index = w.emit("Mod", index, extent)
        case "mirror":
            period = w.emit("Mul", last, w.integers(2))
            index = w.emit("Mod", index, w.emit("Max", period, w.integers(1)))
            index = w.emit("Max", w.emit("Min", index, w.emit("Sub", period, index)), zero)
        case "reflect":
            period = w.emit("Mul", extent, w.integers(2))
            index = w.emit("Mod", index, period)
            back = w.emit("Sub", w.emit("Sub", period, w.integers(1)), index)
            index = w.emit("Min", index, back)
    return _PixelAlong(index, weight, outside)
