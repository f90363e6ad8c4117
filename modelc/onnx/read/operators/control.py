"""Branches and loops: what a condition takes, and loops of a known number of steps written out."""

from __future__ import annotations

import numpy as np

from modelc.onnx.read.composed import applied, required
from modelc.onnx.read.graph import OnnxGraph, OnnxNode
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import MixesSamplesError, RefusedError, reads
from modelc.onnx.read.values import Flow, Known, Value, known

_MOST_STEPS = 512
_MOST_ENTRIES = 20_000
"""The most layers that a model has after a loop was written out."""
_LARGEST = np.iinfo(np.int64).max


def _whole(values: tuple[Value, ...]) -> Value | tuple[Value, ...]:
    return values if len(values) != 1 else values[0]


@reads("If", becomes="where", note="with a condition that is computed, both branches are")
def _if(r: OnnxReader, node: OnnxNode) -> Value | tuple[Value, ...]:
    condition = required(r, 0, "condition")
    yes, no = node.get("then_branch"), node.get("else_branch")
    if isinstance(condition, Known):
        return _whole(r.inside(yes if bool(condition.array.item()) else no))
    if condition.batch is not None:
        raise MixesSamplesError("its condition differs among samples")
    made = [applied(r, "Where", condition, a, b) if r.dims(a) == r.dims(b) else _differ()
            for a, b in zip(r.inside(yes), r.inside(no), strict=True)]  # fmt: skip
    return _whole(tuple(made))


def _differ() -> Value:
    raise RefusedError("its condition is computed, and its branches give tensors of different sizes")


def _step(r: OnnxReader, body: OnnxGraph, operands: list[Value]) -> tuple[Value, ...]:
    """One run of a body, whose inputs have these values."""
    if len(r.entries) > _MOST_ENTRIES:
        raise RefusedError(f"written out it is more than {_MOST_ENTRIES} layers")
    for one, value in zip(body.inputs, operands, strict=True):
        r.values[one.name] = value
    return r.inside(body)


def _stacked(r: OnnxReader, rows: list[Value], axis: int = 0) -> Value:
    if not rows:
        raise RefusedError("it takes no step, and what it would collect has no known sizes")
    at = known(np.array([axis if axis >= 0 else axis + rows[0].rank + 1]), "int64")
    return applied(r, "Concat", *(applied(r, "Unsqueeze", row, at) for row in rows), axis=int(at.array[0]))


@reads("Loop", becomes="", note=f"of a known number of steps, at most {_MOST_STEPS}: they are written out")
def _loop(r: OnnxReader, node: OnnxNode) -> Value | tuple[Value, ...]:
    body: OnnxGraph = node.get("body")
    trips, condition = r.known(0, "number of steps"), r.known(1, "condition")
    most = _LARGEST if trips is None else int(trips.array.item())
    going = condition is None or bool(condition.array.item())
    carried: list[Value] = [required(r, i, "state") for i in range(2, len(node.inputs))]
    rows: list[list[Value]] = [[] for _ in body.outputs[1 + len(carried) :]]
    step = 0
    while going and step < most:
        if step == _MOST_STEPS:
            raise RefusedError(f"it takes more than {_MOST_STEPS} steps")
        number = known(np.array(step, np.int64), "int64")
        again, *made = _step(r, body, [number, known(np.array(True), "bool"), *carried])
        if isinstance(again, Flow):
            raise RefusedError("how often it runs depends on values")
        going = bool(again.array.item())
        carried, new = made[: len(carried)], made[len(carried) :]
        for kept, row in zip(rows, new, strict=True):
            kept.append(row)
        step += 1
    outputs = node.outputs[len(carried) :]
    read = [bool(name) and r.is_read(name) for name in outputs]
    collected = [_stacked(r, kept) if wanted else known(np.zeros(0), "float32")
                 for kept, wanted in zip(rows, read, strict=False)]  # fmt: skip
    return (*carried, *collected)


@reads("Scan", becomes="", note=f"of a known number of steps, at most {_MOST_STEPS}: they are written out")
def _scan(r: OnnxReader, node: OnnxNode) -> Value | tuple[Value, ...]:
    body: OnnxGraph = node.get("body")
    count = node.get("num_scan_inputs")
    first = 1 if r.opset < 9 else 0
    if first and r.value(0) is not None:
        raise RefusedError("its sequences have lengths of their own")
    values = [required(r, i, "operand") for i in range(first, len(node.inputs))]
    if first:
        raise RefusedError("before version 9 of the operators its samples lie along an axis of their own")
    carried, scanned = values[: len(values) - count], values[len(values) - count :]
    axes = [r.axis(axis, one.rank) for axis, one in
            zip(node.get("scan_input_axes") or [0] * count, scanned, strict=True)]  # fmt: skip
    backward = node.get("scan_input_directions") or [0] * count
    steps = {r.dims(one)[axis] for one, axis in zip(scanned, axes, strict=True)}
    length = steps.pop()
    if steps or not isinstance(length, int):
        raise MixesSamplesError("how many steps it takes is not known")
    if not 0 < length <= _MOST_STEPS:
        raise RefusedError(f"it takes {length} steps, of which 1 to {_MOST_STEPS} are written out")
    rows: list[list[Value]] = [[] for _ in body.outputs[len(carried) :]]
    for step in range(length):
        places = [known(np.array(length - 1 - step if back else step, np.int64), "int64") for back in backward]
        now = [applied(r, "Gather", one, place, axis=axis)
               for one, place, axis in zip(scanned, places, axes, strict=True)]  # fmt: skip
        made = _step(r, body, [*carried, *now])
        carried, new = list(made[: len(carried)]), made[len(carried) :]
        for kept, row in zip(rows, new, strict=True):
            kept.append(row)
    turned = node.get("scan_output_directions") or [0] * len(rows)
    along = node.get("scan_output_axes") or [0] * len(rows)
    collected = [_stacked(r, kept[::-1] if back else kept, axis)
                 for kept, back, axis in zip(rows, turned, along, strict=True)]  # fmt: skip
    return (*carried, *collected)
