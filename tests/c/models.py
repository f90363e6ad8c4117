"""Models that libraries are made of."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

import modelc
from modelc.model.model import Model

MLP = """\
modelc: 1
name: mlp
input: {shape: [20]}
layers: [{type: Dense, units: 33, activation: relu}, {type: Dense, units: 7, activation: softmax}]
"""

RESIDUAL = """\
modelc: 1
name: residual net
input: {shape: [16, 16, 3]}
layers:
  - {type: Conv2D, filters: 32, kernel_size: 3, padding: same}
  - {type: BatchNormalization}
  - {type: ReLU, name: start}
  - {type: Conv2D, filters: 32, kernel_size: 3, padding: same, activation: relu}
  - {type: Conv2D, name: branch, filters: 32, kernel_size: 3, padding: same}
  - {type: Add, inputs: [branch, start]}
  - {type: DepthwiseConv2D, kernel_size: 3, strides: 2}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 5, activation: softmax}
"""

BANDS = """\
modelc: 1
name: bands
input: {shape: [76, 92, 8]}
layers:
  - {type: Conv2D, filters: 96, kernel_size: 1, activation: silu}
  - {type: DepthwiseConv2D, kernel_size: 3, strides: 2, padding: same, activation: relu}
  - {type: Conv2D, filters: 10, kernel_size: 1}
"""
"""What is done in bands of lines."""

RECURRENT = """\
modelc: 1
name: words
input: {shape: [12]}
layers:
  - {type: Embedding, input_dim: 50, output_dim: 16}
  - {type: LSTM, units: 24, return_sequences: true}
  - {type: GRU, units: 12}
  - {type: Dense, units: 3}
"""

LARGE = """\
modelc: 1
name: large
input: {shape: [40, 768]}
layers:
  - {type: Dense, units: 512, activation: relu}
  - {type: LSTM, units: 128}
"""
"""A product by Strassen's algorithm, and a recurrence whose steps threads share."""

ATTENTION = """\
modelc: 1
name: attention
input: {shape: [10, 32]}
layers:
  - {type: MultiHeadAttention, name: heads, num_heads: 4, key_dim: 8, inputs: {query: input, value: input}}
  - {type: Add, inputs: [heads, input]}
  - {type: LayerNormalization}
  - {type: Dense, units: 32, activation: gelu}
"""

LOOP = """\
modelc: 1
name: loop
input: {shape: [5, 8, 8, 2]}
layers: [{type: ConvLSTM2D, filters: 4, kernel_size: 3, padding: same}, {type: Flatten}, {type: Dense, units: 3}]
"""

STATEFUL = """\
modelc: 1
name: stateful
input: {shape: [6, 4], batch_size: 3}
layers: [{type: LSTM, units: 8, stateful: true, return_sequences: true}, {type: Dense, units: 3}]
"""

SEVERAL = """\
modelc: 1
name: several
inputs:
  image: {shape: [8, 8, 1]}
  a-b: {shape: [6]}
layers:
  - {type: Flatten, name: flat, inputs: image}
  - {type: Concatenate, name: both, inputs: [flat, a-b]}
  - {type: Dense, name: score, units: 4, inputs: both}
  - {type: Dense, name: class, units: 3, activation: softmax, inputs: both}
outputs: [score, class]
"""


def built(spec: Any, seed: int = 1) -> Model:
    """The model of a spec, with random weights."""
    return modelc.load_spec(spec).build(seed=seed)


def samples(model: Model, batch: int, seed: int = 0) -> list[NDArray[Any]]:
    """An array for each input: numbers from -1 to 1, or indices from 0 to 3."""
    draw = np.random.default_rng(seed)
    return [
        draw.integers(0, 4, (batch, *value.type.dims), np.int32) if value.type.dtype == "int32"
        else draw.uniform(-1, 1, (batch, *value.type.dims)).astype(np.float32)
        for value in model.graph.inputs
    ]  # fmt: skip
