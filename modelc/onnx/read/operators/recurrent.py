"""LSTM, GRU and RNN."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from modelc.layers.recurrent.own_cell import GRU, LSTM, SimpleRNN
from modelc.layers.wrappers.bidirectional import Bidirectional
from modelc.onnx.read.graph import OnnxNode
from modelc.onnx.read.operators.shape import dropped
from modelc.onnx.read.reader import OnnxReader
from modelc.onnx.read.table import MixesSamplesError, RefusedError, reads
from modelc.onnx.read.values import Flow, Known, Place, Value
from modelc.sources.refs import Array, Ref, SampleCount

_KINDS: dict[str, type[LSTM] | type[GRU] | type[SimpleRNN]] = {"LSTM": LSTM, "GRU": GRU, "RNN": SimpleRNN}
_ORDERS = {"LSTM": (0, 2, 3, 1), "GRU": (0, 1, 2), "RNN": (0,)}
"""Keras's gates by their places in ONNX: i, f, c, o among i, o, f, c; z, r, h."""
_DEFAULTS = {"LSTM": ("Sigmoid", "Tanh", "Tanh"), "GRU": ("Sigmoid", "Tanh"), "RNN": ("Tanh",)}
_STATES = {"LSTM": 2, "GRU": 1, "RNN": 1}
_ACTIVATIONS = {
    "sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu", "softsign": "softsign", "softplus": "softplus",
}  # fmt: skip


@reads("LSTM", "GRU", "RNN", becomes="LSTM, GRU, SimpleRNN, Bidirectional",
       note="without peepholes, clipping, coupled gates and lengths of single sequences")  # fmt: skip
def _recurrent(r: OnnxReader, node: OnnxNode) -> tuple[Value, ...]:
    x = r.flow()
    if node.get("clip") or node.get("input_forget", 0):
        raise RefusedError("it clips, or couples its gates, which Keras's layers do not")
    peepholes = r.known(7, "peepholes") if node.op == "LSTM" else None
    if peepholes is not None and np.any(peepholes.array):
        raise RefusedError("it has peepholes, which Keras's layers do not have")
    first = bool(node.get("layout", 0))
    time, batch = (1, 0) if first else (0, 1)
    sizes = r.dims(x)
    alone = x.batch is None
    if alone:
        if sizes[batch] != 1:
            raise RefusedError("it has several samples along an axis that is not the batch")
        x = r.in_order(dropped(x, [batch]))
        x = Flow(x.ref, tuple([0 if i == batch else x.axes[i - (i > batch)] for i in range(3)]), x.dtype)
    if x.batch != batch:
        raise MixesSamplesError("its steps are along the axis that is the batch")
    x = r.ordered(x, (0, 1, 2) if first else (1, 0, 2))
    _require_all_steps(r, sizes[time])
    outputs = _Made(r, node, x, first).outputs()
    if not alone:
        return outputs
    # In a model of whole tensors the batch stands for an axis of one element.
    return tuple(y.placed(y.ref, [() if at == 0 else at for at in y.places]) for y in outputs)


def _require_all_steps(r: OnnxReader, steps: Any) -> None:
    lengths = r.known(4, "lengths of sequences")
    if lengths is not None and not all(isinstance(one, int) and one == steps for one in lengths.array.ravel().tolist()):
        raise RefusedError("its sequences end before their last step")


class _Made:
    """The layer of one node."""

    def __init__(self, r: OnnxReader, node: OnnxNode, x: Flow, first: bool) -> None:
        self.r, self.node, self.x, self.first = r, node, x, first
        self.direction = node.get("direction", "forward")
        self.both = self.direction == "bidirectional"
        self.count = 2 if self.both else 1
        kernel = r.known(1, "kernel")
        if kernel is None:
            raise RefusedError("its kernel is left out")
        self.name = kernel.name
        self.units = node.get("hidden_size") or r.array(2, "recurrent kernel").shape[-1]
        self.after = bool(node.get("linear_before_reset", 0))

    def outputs(self) -> tuple[Flow, ...]:
        """All outputs of the node, those that nothing reads as well."""
        wanted = [bool(name) and self.r.is_read(name) for name in [*self.node.outputs, "", "", ""][:3]]
        sequences, state = wanted[0], wanted[1] or wanted[2]
        last_alone = not sequences and not wanted[2]
        states = self._first_states()
        options = self._options(return_sequences=sequences, return_state=state and not last_alone)
        kind = _KINDS[self.node.op]
        arrays = [array for i in range(self.count) for array in self._weights(i)]
        if self.both:
            other = self._activations(1)
            backward = None
            if other != self._activations(0):
                backward = kind(**{**options, **other, "go_backwards": True}, name="backward")
            ref = self.r.layer(
                Bidirectional, self.x.ref, *states, arrays=arrays, name=self.name, layer=kind(**options),
                backward_layer=backward,
            )  # fmt: skip
        else:
            backwards = self.direction == "reverse"
            ref = self.r.layer(
                kind, self.x.ref, *states, arrays=arrays, name=self.name, go_backwards=backwards, **options
            )
            if backwards and sequences:
                refs = self.r.parts(ref, 1 + _STATES[self.node.op]) if options["return_state"] else [ref]
                turned = self.r.op("flip", refs[0], axis=1)
                return self._placed(turned, refs[1:], sequences)
        count = 1 + (_STATES[self.node.op] * self.count if options["return_state"] else 0)
        refs = self.r.parts(ref, count)
        return self._placed(refs[0], refs[1:], sequences)

    def _placed(self, y: Ref, states: Sequence[Ref], sequences: bool) -> tuple[Flow, ...]:
        """Y (T, D, N, U), and the states (D, N, U), of what the layer gives: (N, T, D·U), and (N, U) each."""
        r, dtype = self.r, self.x.dtype
        both: Place = 2 if self.both else ()
        steps = r.shapes.type_of(self.x.ref).shape[1]
        ref = r.reshaped(y, [steps, 2, self.units]) if self.both and sequences else y
        unit = 3 if self.both else 2
        whole = Flow(ref, (0, 1, both, unit) if self.first else (1, both, 0, unit), dtype)
        if not sequences:
            whole = Flow(y, (0, 1), dtype)  # which nothing reads
        if not states:
            return whole, self._state([y]) if not sequences else whole
        each = _STATES[self.node.op]
        return whole, *(self._state(states[i::each]) for i in range(each))

    def _state(self, parts: Sequence[Ref]) -> Flow:
        """(D, N, U) of one state of each direction, or of both in one."""
        both: Place = 1 if self.both else ()
        ref = parts[0] if len(parts) == 1 else self.r.op("concatenate", *parts, axis=1)
        if self.both:
            ref = self.r.reshaped(ref, [2, self.units])
        unit = 2 if self.both else 1
        return Flow(ref, (0, both, unit) if self.first else (both, 0, unit), self.x.dtype)

    def _options(self, **options: Any) -> dict[str, Any]:
        options.update(units=self.units, use_bias=self.r.known(3, "bias") is not None, **self._activations(0))
        if self.node.op == "GRU":
            options["reset_after"] = self.after
        if self.node.op == "LSTM":
            options["unit_forget_bias"] = True
        return options

    def _activations(self, direction: int) -> dict[str, Any]:
        defaults = _DEFAULTS[self.node.op]
        names = self.node.get("activations") or list(defaults) * self.count
        own = [str(name) for name in names[direction * len(defaults) : (direction + 1) * len(defaults)]]
        if len(own) != len(defaults):
            raise RefusedError("it does not say all of its activations")
        alphas, betas = (list(self.node.get(key) or []) for key in ("activation_alpha", "activation_beta"))
        made = [_activation(name, alphas, betas) for name in own]
        if self.node.op == "LSTM" and made[1] != made[2]:
            raise RefusedError("its cell and its output have different activations, and Keras's LSTM one for both")
        if self.node.op == "RNN":
            return {"activation": made[0]}
        return {"activation": made[1], "recurrent_activation": made[0]}

    def _weights(self, direction: int) -> list[Array]:
        """Kernel (C, G·U), recurrent kernel (U, G·U) and bias of one direction, as Keras has them."""
        r, order = self.r, _ORDERS[self.node.op]
        kernel, recurrent = (r.array(i, what)[direction] for i, what in ((1, "kernel"), (2, "recurrent kernel")))
        made = [_gates(kernel, order).T, _gates(recurrent, order).T]
        bias = r.known(3, "bias")
        if bias is None:
            return made
        inner, outer = np.split(bias.array[direction], 2)
        inner, outer = _gates(inner, order), _gates(outer, order)
        made.append(np.stack([inner, outer]) if self.node.op == "GRU" and self.after else inner + outer)
        return made

    def _first_states(self) -> list[Ref]:
        """The first states of each direction, in the order of the layer; none where they are zeros."""
        values = [self.r.operand(i) for i in (5, 6)[: _STATES[self.node.op]]]
        if all(value is None or (isinstance(value, Known) and not np.any(value.array)) for value in values):
            return []
        flows: list[Flow] = []
        for value in values:
            if not isinstance(value, Flow):
                raise RefusedError("its first states are constants other than zeros")
            flows.append(value)
        made: list[Ref] = []
        for direction in range(self.count):
            for x in flows:
                sizes = self.r.dims(x)
                batch, place = (0, 1) if self.first else (1, 0)
                if not isinstance(sizes[batch], SampleCount):
                    raise RefusedError("the batch of its first states is not that of its sequences")
                at = x.axes[place]
                key: list[Any] = [":", ":", ":"]
                key[at] = direction
                made.append(self.r.op("get_item", x.ref, key=key))
        return made


def _gates(array: Array, order: Sequence[int]) -> Array:
    """The rows of the gates in Keras's order."""
    parts = np.split(array, len(order))
    return np.concatenate([parts[i] for i in order])


def _activation(name: str, alphas: list[float], betas: list[float]) -> Any:
    """An activation by ONNX's name, taking its numbers from the front of the lists."""
    kind = name.lower()
    if kind == "hardsigmoid":
        alpha, beta = (alphas.pop(0) if alphas else 0.2), (betas.pop(0) if betas else 0.5)
        if beta == 0.5 and math.isclose(alpha, 1 / 6, rel_tol=1e-5):
            return "hard_sigmoid"
        if beta == 0.5 and math.isclose(alpha, 0.2, rel_tol=1e-5):
            return "keras2_hard_sigmoid"
        raise RefusedError(f"its HardSigmoid of {alpha:g} and {beta:g} is none of Keras's")
    if kind == "leakyrelu":
        return {"type": "LeakyReLU", "negative_slope": alphas.pop(0) if alphas else 0.01}
    if kind == "elu":
        return {"type": "ELU", "alpha": alphas.pop(0) if alphas else 1.0}
    if kind == "thresholdedrelu":
        return {"type": "ReLU", "threshold": alphas.pop(0) if alphas else 1.0}
    if kind not in _ACTIVATIONS:
        raise RefusedError(f"its activation {name[:40]} is none of Keras's")
    return _ACTIVATIONS[kind]
