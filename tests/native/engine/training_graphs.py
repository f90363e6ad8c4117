"""The graph of a model's loss and its gradients, whose weights are inputs, as a training step has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from modelc.graph.graph import Graph
from modelc.graph.interpret import interpret
from modelc.language.view import trace
from modelc.model.loading import load_spec
from modelc.native.engine.program import NativeProgram
from modelc.passes.differentiate import differentiate

Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class TrainingGraph:
    """The results are the loss, the model's outputs, the gradient of every weight, then new statistics."""

    graph: Graph
    samples: int
    """How many inputs have a batch; the others are weights."""
    fans: tuple[int, ...]

    @classmethod
    def of(cls, text: str | Mapping[str, Any]) -> TrainingGraph:
        """That of the mean squared error of a spec's outputs."""
        spec = load_spec(text)
        traced = trace(spec, training=True)
        g = traced.builder
        loss = None
        for output in traced.outputs:
            mean = (output - g.input(output.type, name="target")).square().mean()
            loss = mean if loss is None else loss + mean
        assert loss is not None
        outputs = (loss, *traced.outputs)
        graph = g.graph(spec.name, outputs, ("",) * len(outputs))
        trained = [w.value for w in graph.weights if w.trainable]
        graph = differentiate(graph, trained)
        weights = tuple(w.value for w in graph.weights)
        return cls(
            replace(
                graph,
                weights=(),
                inputs=graph.inputs + weights,
                input_names=graph.input_names + tuple(w.path for w in graph.weights),
                input_dtypes=graph.input_dtypes + ("float32",) * len(weights),
            ),
            len(graph.inputs),
            tuple(max(1, w.size // max(1, w.shape[-1])) if len(w.shape) > 1 else 1 for w in graph.weights),
        )

    @cached_property
    def program(self) -> NativeProgram:
        """The graph compiled."""
        return NativeProgram(self.graph, {})

    def arrays(self, batch: int, seed: int = 0) -> list[Array]:
        """Samples, and weights of a gain of about one, all of them larger than 0 where they have one axis."""
        rng = np.random.default_rng(seed)
        samples, weights = self.graph.inputs[: self.samples], self.graph.inputs[self.samples :]
        arrays: list[Array] = [rng.standard_normal((batch, *v.type.dims)).astype(np.float32) for v in samples]
        for value, fan in zip(weights, self.fans, strict=True):
            drawn = rng.standard_normal(value.type.dims) * fan**-0.5
            arrays.append((drawn if value.type.rank > 1 else rng.uniform(0.5, 1.5, value.type.dims)).astype(np.float32))
        return arrays

    def expected(self, arrays: list[Array]) -> list[Array]:
        """The results by the definitions of the ops, in float64."""
        return interpret(self.graph, [a.astype(np.float64) for a in arrays], {})

    def check(self, batch: int, *, tolerance: float = 2e-4) -> None:
        """The compiled results are those of the definitions.

        Some are 0 in exact arithmetic, as the gradient of a bias before a normalization is: sums of thousands of terms
        of about 0.01, each of which is rounded to 6e-8 of itself.
        """
        arrays = self.arrays(batch, batch)
        wanted, found = self.expected(arrays), self.program.run(arrays)
        for i, (want, got) in enumerate(zip(wanted, found, strict=True)):
            assert got.shape == want.shape and got.dtype == np.float32
            bound = tolerance * max(float(np.abs(want).max(initial=0.0)), 5e-3)
            np.testing.assert_allclose(got, want, rtol=tolerance, atol=bound, err_msg=f"result {i}")
