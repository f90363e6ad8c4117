"""Recurrent layers with options that `record_recurrence.py` ran in Keras, and what they were run on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]

BATCH, STEPS = 3, 5
_MASK = np.array([[0, 1, 1, 0, 1], [1, 1, 0, 0, 0], [1, 1, 1, 1, 1]], bool)


@dataclass(frozen=True)
class Case:
    """A layer as a spec writes it, the shape of a sample, and the sizes of first states that it is given."""

    config: Mapping[str, Any]
    input: tuple[int, ...] = (STEPS, 4)
    states: tuple[tuple[int, ...], ...] = ()
    masked: bool = False
    calls: int = 1

    @property
    def id(self) -> str:
        """For pytest, and the key of what was recorded."""
        return f"{_short(self.config)}{'-masked' if self.masked else ''}{'-states' if self.states else ''}"

    def arrays(self) -> tuple[Array, Array | None, list[Array]]:
        """The input, the mask and the first states."""
        rng = np.random.default_rng(len(self.id))
        x = rng.standard_normal((BATCH, *self.input), np.float32)
        x[0, 1] = x[2, ..., 0] = 1.0  # the mask value of the case of Masking
        states = [rng.standard_normal((BATCH, *shape), np.float32) for shape in self.states]
        return x, _MASK if self.masked else None, states


def _short(value: Any) -> str:
    if isinstance(value, Mapping):
        options = ",".join(f"{k}={_short(v)}" for k, v in value.items() if k != "type")
        return f"{value['type']}({options})"
    return f"[{','.join(map(_short, value))}]" if isinstance(value, list) else str(value)


def _rnn(type: str, units: int = 3, **options: Any) -> dict[str, Any]:
    return {"type": type, "units": units, **options}


_SEQUENCES = {"return_sequences": True}
_ALL = {"return_sequences": True, "return_state": True}
_RESET_BEFORE = _rnn("GRU", reset_after=False)
_CELLS = [_rnn("LSTMCell", 2), _rnn("GRUCell", 3), _rnn("SimpleRNNCell", 4)]

CASES: tuple[Case, ...] = (
    Case(_rnn("SimpleRNN", activation="relu", **_ALL, go_backwards=True, zero_output_for_mask=True), masked=True),
    Case(_rnn("SimpleRNN", 17, activation="softmax", **_ALL), masked=True),
    Case(_rnn("SimpleRNN", use_bias=False, unroll=True), masked=True),
    Case(_rnn("SimpleRNN", **_ALL), states=((3,),), masked=True),
    Case(_rnn("LSTM", 17, activation="softsign", recurrent_activation="hard_sigmoid", **_ALL)),
    Case(_rnn("LSTM", activation="softmax", recurrent_activation="softplus", **_ALL), states=((3,), (3,)), masked=True),
    Case(_rnn("LSTM", **_ALL, go_backwards=True), states=((3,), (3,)), masked=True),
    Case(_rnn("LSTM", return_state=True, zero_output_for_mask=True), masked=True),
    Case(_rnn("LSTM", return_state=True, zero_output_for_mask=True, go_backwards=True), masked=True),
    Case(_rnn("LSTM", use_bias=False, unit_forget_bias=False, unroll=True, return_sequences=True)),
    Case(_rnn("LSTM", dropout=0.5, recurrent_dropout=0.5)),
    Case(_rnn("LSTM", stateful=True, **_ALL), calls=3),
    Case(_rnn("GRU", stateful=True), masked=True, calls=2),
    Case(_rnn("GRU", 17, activation="elu", recurrent_activation="sparse_sigmoid", **_ALL), masked=True),
    Case(_rnn("GRU", **_ALL, go_backwards=True), states=((3,),), masked=True),
    Case(_rnn("GRU", use_bias=False), states=((3,),)),
    Case({**_RESET_BEFORE, "units": 18, **_ALL}, states=((18,),), masked=True),
    Case({**_RESET_BEFORE, "go_backwards": True, **_SEQUENCES, "zero_output_for_mask": True}, masked=True),
    Case({**_RESET_BEFORE, "use_bias": False}),
    Case({**_RESET_BEFORE, "activation": "log_softmax", "recurrent_activation": "softmax", **_SEQUENCES}),
    Case(_rnn("GRU", recurrent_activation="sparsemax", **_SEQUENCES), masked=True),
    Case({"type": "RNN", "cell": _rnn("LSTMCell", 2), **_ALL}, states=((2,), (2,)), masked=True),
    Case({"type": "RNN", "cell": _rnn("GRUCell", 2, reset_after=False), "go_backwards": True, **_SEQUENCES}),
    Case({"type": "RNN", "cell": _CELLS, **_ALL}, masked=True),
    Case({"type": "RNN", "cell": _CELLS, "go_backwards": True, **_ALL}, masked=True),
    Case({"type": "RNN", "cell": _CELLS, "zero_output_for_mask": True, **_SEQUENCES}, masked=True),
    Case({"type": "RNN", "cell": [_rnn("SimpleRNNCell", 2), _rnn("SimpleRNNCell", 2)], "unroll": True}),
    Case(_rnn("SimpleRNNCell", activation="gelu"), (4,), ((3,),)),
    Case(_rnn("LSTMCell", activation="relu"), (4,), ((3,), (3,))),
    Case(_rnn("LSTMCell", use_bias=False), (4,), ((3,), (3,))),
    Case(_rnn("GRUCell"), (4,), ((3,),)),
    Case(_rnn("GRUCell", reset_after=False), (4,), ((3,),)),
    Case({"type": "StackedRNNCells", "cells": _CELLS}, (4,), ((2,), (2,), (3,), (4,))),
    *(
        Case({"type": "Bidirectional", "layer": _rnn(kind, **options), "merge_mode": merge}, masked=masked)
        for kind, options, merge, masked in (
            ("SimpleRNN", _SEQUENCES, "concat", True),
            ("LSTM", _ALL, "sum", True),
            ("GRU", _SEQUENCES, "mul", False),
            ("GRU", {}, "ave", True),
            ("LSTM", _ALL, None, True),
            ("SimpleRNN", {"return_state": True}, None, False),
        )
    ),
    Case(
        {
            "type": "Bidirectional",
            "layer": _rnn("LSTM", 2, **_ALL),
            "backward_layer": _rnn("GRU", 4, go_backwards=True, **_ALL),
        }
    ),
    Case({"type": "Bidirectional", "layer": _rnn("LSTM", **_SEQUENCES)}, states=((3,),) * 4),
    Case({"type": "Bidirectional", "layer": {"type": "RNN", "cell": _rnn("GRUCell", 2)}}, masked=True),
    Case({"type": "TimeDistributed", "layer": _rnn("Dense", activation="softmax")}, masked=True),
    Case({"type": "TimeDistributed", "layer": {"type": "Flatten"}}, (STEPS, 2, 3)),
    Case({"type": "TimeDistributed", "layer": {"type": "Conv1D", "filters": 2, "kernel_size": 2}}, (STEPS, 4, 3)),
    Case({"type": "TimeDistributed", "layer": _rnn("LSTM", return_sequences=True)}, (STEPS, 4, 3)),
    Case({"type": "TimeDistributed", "layer": {"type": "LayerNormalization"}}),
    Case({"type": "TimeDistributed", "layer": {"type": "BatchNormalization"}}),
    Case({"type": "Masking", "mask_value": 1.0}),
    *(
        Case({"type": f"ConvLSTM{rank}D", "filters": 2, "kernel_size": 2, **options}, input, states)
        for rank, input, states, options in (
            (1, (STEPS, 6, 3), (), {"strides": 2, **_ALL}),
            (1, (STEPS, 6, 3), ((3, 2), (3, 2)), {"padding": "same", "strides": 2, "go_backwards": True, **_ALL}),
            (1, (STEPS, 3, 6), ((2, 4), (2, 4)), {"data_format": "channels_first", "dilation_rate": 2, **_ALL}),
            (2, (STEPS, 4, 5, 3), (), {"kernel_size": [2, 3], "activation": "relu", "use_bias": False}),
            (2, (STEPS, 3, 4, 5), (), {"data_format": "channels_first", "recurrent_activation": "hard_sigmoid"}),
            (2, (STEPS, 4, 5, 3), (), {"padding": "same", "unit_forget_bias": False, **_SEQUENCES}),
            (3, (2, 3, 3, 4, 2), (), {"return_state": True}),
        )
    ),
)
