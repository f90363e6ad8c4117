"""Rows for recurrent layers and wrappers. Output shapes and weights are Keras's; `test_recurrence` has the values."""

from __future__ import annotations

from typing import Any

from row import Row, Shape

_BASIC: dict[str, tuple[Any, ...]] = {
    "activation": ("relu", "softmax", None),
    "use_bias": (False,),
    "kernel_initializer": ("he_normal",),
    "recurrent_initializer": ("glorot_uniform",),
    "bias_initializer": ("ones",),
    "kernel_regularizer": ("l2", None),
    "recurrent_regularizer": ("l2",),
    "bias_regularizer": ("l1",),
    "kernel_constraint": ("non_neg",),
    "recurrent_constraint": ("non_neg",),
    "bias_constraint": ("non_neg",),
    "dropout": (0.5,),
    "recurrent_dropout": (0.5,),
    "seed": (1,),
}
_GATED = {**_BASIC, "recurrent_activation": ("hard_sigmoid", "softmax")}
_RUN: dict[str, tuple[Any, ...]] = {
    "activity_regularizer": ("l2",),
    "return_sequences": (True,),
    "return_state": (True,),
    "go_backwards": (True,),
    "stateful": (False,),  # without a fixed batch size; `test_recurrence` has it
    "unroll": (True,),
    "zero_output_for_mask": (True,),
}
_FORGET = {"unit_forget_bias": (False,)}
_CUDNN = {"use_cudnn": (True, False)}
_RESET = {"reset_after": (False,)}


def _weights(features: int, units: int, gates: int, *bias: int) -> tuple[tuple[str, Shape], ...]:
    width = gates * units
    return (("kernel", (features, width)), ("recurrent_kernel", (units, width)), ("bias", (*bias, width)))


def _conv_lstm(rank: int, input: Shape, output: Shape) -> Row:
    config = {"type": f"ConvLSTM{rank}D", "filters": 2, "kernel_size": 2}
    window = (2,) * rank
    return Row(
        config,
        input,
        output,
        (("kernel", (*window, input[-1], 8)), ("recurrent_kernel", (*window, 2, 8)), ("bias", (8,))),
        {**_GATED, **_RUN, **_FORGET, "strides": (2,), "padding": ("same",), "dilation_rate": (2,)}
        | {"kernel_size": (1,), "filters": (1,)},
    )


_LSTM_CELL = {"type": "LSTMCell", "units": 4}
_CELLS = [{"type": "SimpleRNNCell", "units": 2}, {"type": "GRUCell", "units": 3, "reset_after": False}]
_DENSE = {"type": "Dense", "units": 2}

ROWS = (
    Row({"type": "Masking"}, (3, 4), (3, 4), (), {"mask_value": (1.0, -2)}),
    Row({"type": "SimpleRNN", "units": 3}, (4, 2), (3,), _weights(2, 3, 1), {**_BASIC, **_RUN, "units": (17,)}),
    Row({"type": "LSTM", "units": 3}, (4, 2), (3,), _weights(2, 3, 4), {**_GATED, **_RUN, **_FORGET, **_CUDNN}),
    Row({"type": "GRU", "units": 3}, (4, 2), (3,), _weights(2, 3, 3, 2), {**_GATED, **_RUN, **_RESET, **_CUDNN}),
    Row({"type": "GRU", "units": 3, "reset_after": False}, (4, 2), (3,), _weights(2, 3, 3)),
    # The cells take the input for their states, too.
    Row({"type": "SimpleRNNCell", "units": 4}, (4,), (4,), _weights(4, 4, 1), _BASIC),
    Row(_LSTM_CELL, (4,), (4,), _weights(4, 4, 4), {**_GATED, **_FORGET}),
    Row({"type": "GRUCell", "units": 4}, (4,), (4,), _weights(4, 4, 3, 2), {**_GATED, **_RESET}),
    Row({"type": "StackedRNNCells", "cells": [{"type": "GRUCell", "units": 4}]}, (4,), (4,), _weights(4, 4, 3, 2)),
    Row(
        {"type": "RNN", "cell": _LSTM_CELL},
        (3, 2),
        (4,),
        _weights(2, 4, 4),
        {name: values for name, values in _RUN.items() if name != "activity_regularizer"},
    ),
    Row({"type": "RNN", "cell": _CELLS, "return_state": True}, (5, 4), (3,), _weights(4, 2, 1) + _weights(2, 3, 3)),
    Row(
        {"type": "Bidirectional", "layer": {"type": "LSTM", "units": 3, "return_sequences": True}},
        (4, 2),
        (4, 6),
        2 * _weights(2, 3, 4),
        {
            "merge_mode": ("sum", "mul", "ave", None),
            "backward_layer": ({"type": "GRU", "units": 2, "go_backwards": True, "return_sequences": True}, None),
        },
    ),
    Row(
        {"type": "TimeDistributed", "layer": _DENSE},
        (3, 4),
        (3, 2),
        (("kernel", (4, 2)), ("bias", (2,))),
        {"layer": ({"type": "UnitNormalization"}, "Flatten")},
    ),
    Row({"type": "TimeDistributed", "layer": {"type": "Flatten"}}, (3, 4, 2), (3, 8)),
    _conv_lstm(1, (2, 5, 3), (4, 2)),
    _conv_lstm(2, (2, 5, 4, 3), (4, 3, 2)),
    _conv_lstm(3, (2, 3, 4, 3, 1), (2, 3, 2, 2)),
)
