"""Graphs of gradients whose weights are inputs, compiled, against the NumPy definitions of their ops."""

from __future__ import annotations

import numpy as np
import pytest

from modelc.native.engine.threads import Team
from tests.native.engine.training_graphs import TrainingGraph

SPECS = {
    "mlp": """
input: {shape: [50]}
layers:
  - {type: Dense, units: 33, activation: relu}
  - {type: Dense, units: 20, activation: tanh}
  - {type: Dense, units: 7, activation: softmax}
""",
    "dense on sequences": """
input: {shape: [6, 19]}
layers:
  - {type: Dense, units: 70, activation: silu}
  - {type: LayerNormalization}
  - {type: Dense, units: 3}
""",
    "guide cnn": """
input: {shape: [70, 66, 3]}
layers:
  - {type: Conv2D, filters: 32, kernel_size: 5, strides: 2, activation: relu}
  - {type: Conv2D, filters: 32, kernel_size: 3, activation: relu}
  - {type: MaxPooling2D, pool_size: 3}
  - {type: Conv2D, filters: 32, kernel_size: 3, activation: relu}
  - {type: MaxPooling2D, pool_size: 2}
  - {type: GlobalMaxPooling2D}
  - {type: Dense, units: 10}
""",
    "lenet": """
input: {shape: [28, 28, 1]}
layers:
  - {type: Conv2D, filters: 6, kernel_size: 5, padding: same, activation: tanh}
  - {type: AveragePooling2D, pool_size: 2}
  - {type: Conv2D, filters: 16, kernel_size: 5, activation: tanh}
  - {type: AveragePooling2D, pool_size: 2}
  - {type: Flatten}
  - {type: Dense, units: 120, activation: tanh}
  - {type: Dense, units: 10, activation: softmax}
""",
    "batch normalization": """
input: {shape: [16, 14, 3]}
layers:
  - {type: Conv2D, filters: 20, kernel_size: 3, use_bias: false}
  - {type: BatchNormalization}
  - {type: ReLU}
  - {type: Conv2D, filters: 70, kernel_size: 3, strides: 2, padding: same, use_bias: false}
  - {type: BatchNormalization}
  - {type: ReLU}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 5}
""",
    "depthwise separable": """
input: {shape: [15, 17, 20]}
layers:
  - {type: DepthwiseConv2D, kernel_size: 3, padding: same, activation: relu}
  - {type: Conv2D, filters: 24, kernel_size: 1}
  - {type: BatchNormalization}
  - {type: DepthwiseConv2D, kernel_size: 5, strides: 2, padding: same, use_bias: false}
  - {type: SeparableConv2D, filters: 9, kernel_size: 3, depth_multiplier: 2}
  - {type: GlobalAveragePooling2D}
""",
    "residual": """
input: {shape: [8, 8, 6]}
layers:
  - {type: Conv2D, filters: 16, kernel_size: 3, padding: same, activation: relu, name: stem}
  - {type: Conv2D, filters: 16, kernel_size: 3, padding: same, name: a}
  - {type: BatchNormalization, name: b}
  - {type: ReLU, name: c}
  - {type: Conv2D, filters: 16, kernel_size: 1, name: d}
  - {type: Add, inputs: [stem, d], name: sum}
  - {type: ReLU, name: e}
  - {type: GlobalAveragePooling2D, name: f}
  - {type: Dense, units: 4, name: g}
""",
    "rank 1": """
input: {shape: [40, 5]}
layers:
  - {type: Conv1D, filters: 12, kernel_size: 4, strides: 3, activation: relu}
  - {type: Conv1D, filters: 18, kernel_size: 3, dilation_rate: 2, padding: causal, groups: 3}
  - {type: MaxPooling1D, pool_size: 3, strides: 2}
  - {type: Conv1DTranspose, filters: 6, kernel_size: 3, strides: 2}
""",
    "rank 2": """
input: {shape: [13, 12, 6]}
layers:
  - {type: Conv2D, filters: 40, kernel_size: [3, 2], strides: [2, 1], groups: 2, padding: same}
  - {type: Conv2D, filters: 33, kernel_size: 3, dilation_rate: [2, 1], padding: same, activation: elu}
  - {type: Conv2DTranspose, filters: 5, kernel_size: 4, strides: [3, 2], padding: same, activation: relu}
""",
    "rank 3": """
input: {shape: [7, 8, 6, 3]}
layers:
  - {type: Conv3D, filters: 8, kernel_size: [2, 3, 3], strides: [1, 2, 1], padding: same, activation: relu}
  - {type: Conv3D, filters: 6, kernel_size: 2, dilation_rate: 2}
  - {type: AveragePooling3D, pool_size: [1, 2, 2]}
""",
}


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] * (name == "guide cnn")) for name in SPECS]
)
def test_compiled_agrees_with_the_definitions(name: str) -> None:
    made = TrainingGraph.of("modelc: 1" + SPECS[name])
    for batch in (2, 1, 5, 32):
        made.check(batch)


@pytest.mark.parametrize("name", ["mlp", "batch normalization", "depthwise separable"])
def test_the_number_of_threads_does_not_change_a_bit(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    made = TrainingGraph.of("modelc: 1" + SPECS[name])
    arrays = made.arrays(32)
    runs: list[list[np.ndarray]] = []
    for threads in (1, 2, 3):
        monkeypatch.setattr(made.program.plan._executor, "_team", Team(threads))
        runs.append(made.program.run(arrays))
    for other in runs[1:]:
        for a, b in zip(runs[0], other, strict=True):
            assert a.tobytes() == b.tobytes()


def test_what_has_no_batch_is_allocated_once() -> None:
    made = TrainingGraph.of("modelc: 1" + SPECS["mlp"])
    memory = made.program.plan.memory
    per_sample = memory.activation_bytes(2) - memory.activation_bytes(1)
    gradients = sum(value.type.bytes for value in made.graph.results if not value.type.batched)
    assert memory.fixed_result_bytes == gradients
    assert per_sample < gradients
