"""The weights of an interpolation between free sizes, which the file computes: the formulas of `ops/resample.py`."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from modelc.onnx.export.rules.places import up_to
from modelc.onnx.export.writer import OnnxWriter
from modelc.onnx.protos import FLOAT
from modelc.ops.resample import Resample, ResampleMethod

_DOUBLE = 11


def matrix_of(w: OnnxWriter, op: Resample, size: Any) -> str:
    """The weights of an axis of this size, (size, outputs): where they are, in float64; how large, in float32."""
    elements = w.emit("Unsqueeze", _double(w, up_to(w, size)), w.integers([1]))
    ratio = w.emit("Div", _double(w, w.sizes.scalar(size)), _double(w, w.sizes.scalar(op.size)))
    if op.method == "area":
        weights = w.as_float(_shares(w, elements, _double(w, up_to(w, op.size)), ratio))
    else:
        distance = w.emit("Abs", w.emit("Sub", _centers(w, op, size, ratio), elements))
        if op.antialias:
            distance = w.emit("Div", distance, w.emit("Max", ratio, _constant(w, 1.0)))
        weights = _KERNELS[op.method](w, w.as_float(distance))
    return w.emit("Div", weights, w.reduce("ReduceSum", weights, [0], keepdims=True))


def _centers(w: OnnxWriter, op: Resample, size: Any, ratio: str) -> str:
    """Where each output sits among the elements, (outputs,)."""
    places = w.emit("Add", _double(w, up_to(w, op.size)), _constant(w, 0.5))
    if op.steps is None:
        return w.emit("Sub", w.emit("Mul", places, ratio), _constant(w, 0.5))
    narrow = w.emit("Cast", places, to=FLOAT)
    one = w.emit("Div", *(w.emit("Cast", w.sizes.scalar(n), to=FLOAT) for n in (size, op.size)))
    center = w.emit("Sub", w.emit("Mul", narrow, one), w.raw(np.array(0.5, np.float32)))
    low = w.emit("Floor", center)
    steps = w.raw(np.array(op.steps, np.float32))
    moved = w.emit("Div", w.emit("Round", w.emit("Mul", w.emit("Sub", center, low), steps)), steps)
    return w.emit("Add", _double(w, low), _double(w, moved))


def _shares(w: OnnxWriter, elements: str, outputs: str, ratio: str) -> str:
    """How much of each element each output covers."""
    starts = w.emit("Mul", outputs, ratio)
    ends = w.emit("Add", starts, ratio)
    last = w.emit("Min", w.emit("Add", elements, _constant(w, 1.0)), ends)
    return w.emit("Max", w.emit("Sub", last, w.emit("Max", elements, starts)), _constant(w, 0.0))


def _double(w: OnnxWriter, x: str) -> str:
    return w.emit("Cast", x, to=_DOUBLE)


def _constant(w: OnnxWriter, x: float) -> str:
    return w.raw(np.array(x, np.float64))


# --- kernels, as functions of the distance


def _triangle(w: OnnxWriter, x: str) -> str:
    return w.emit("Max", w.emit("Sub", w.number(1), x), w.number(0))


def _cubic(near: tuple[float, ...], far: tuple[float, ...]) -> Callable[[OnnxWriter, str], str]:
    """Two polynomials, for distances below 1 and below 2; the coefficient of the highest power comes first."""

    def kernel(w: OnnxWriter, x: str) -> str:
        outer = _below(w, x, 2, _polynomial(w, x, far))
        return w.emit("Where", w.emit("Less", x, w.number(1)), _polynomial(w, x, near), outer)

    return kernel


def _polynomial(w: OnnxWriter, x: str, coefficients: tuple[float, ...]) -> str:
    value = w.number(coefficients[0])
    for coefficient in coefficients[1:]:
        value = w.emit("Mul", value, x)
        value = w.emit("Add", value, w.number(coefficient)) if coefficient else value
    return value


def _gaussian(w: OnnxWriter, x: str) -> str:
    return _below(w, x, 1.5, w.emit("Exp", w.emit("Mul", w.emit("Mul", x, x), w.number(-2))))


def _lanczos(radius: int) -> Callable[[OnnxWriter, str], str]:
    def kernel(w: OnnxWriter, x: str) -> str:
        return _below(w, x, radius, w.emit("Mul", _sinc(w, x, 1), _sinc(w, x, radius)))

    return kernel


def _sinc(w: OnnxWriter, x: str, width: int) -> str:
    """``sin(π·x/width)/(π·x/width)``, and 1 at 0."""
    angle = w.emit("Mul", x, w.number(math.pi / width))
    return w.emit("Where", w.emit("Equal", x, w.number(0)), w.number(1), w.emit("Div", w.emit("Sin", angle), angle))


def _below(w: OnnxWriter, x: str, radius: float, value: str) -> str:
    return w.emit("Where", w.emit("Less", x, w.number(radius)), value, w.number(0))


_KERNELS: dict[ResampleMethod, Callable[[OnnxWriter, str], str]] = {
    "bilinear": _triangle,
    "bicubic": _cubic((1.5, -2.5, 0, 1), (-0.5, 2.5, -4, 2)),
    "gaussian": _gaussian,
    "mitchellcubic": _cubic((7 / 6, -2, 0, 8 / 9), (-7 / 18, 2, -10 / 3, 16 / 9)),
    "lanczos3": _lanczos(3),
    "lanczos5": _lanczos(5),
}
