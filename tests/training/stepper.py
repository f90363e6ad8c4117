"""Training steps on given gradients, by the NumPy definitions of the ops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from modelc.constraints import Constraint
from modelc.graph.builder import Builder
from modelc.graph.graph import Graph, Value
from modelc.graph.interpret import interpret
from modelc.graph.types import TensorType
from modelc.optimizers.optimizer import Optimizer
from modelc.optimizers.update import TrainedWeight, accumulate, all_slots, apply

Array = np.ndarray[Any, Any]
Key = tuple[str, ...]
"""What an array is: ("weight", path), ("slot", path, name), ("state", name), ("gradient", path) or (name,)."""


class Stepper:
    def __init__(
        self, optimizer: Optimizer, weights: Mapping[str, Array], constraints: Mapping[str, Constraint] | None = None
    ) -> None:
        self.optimizer = optimizer
        self.constraints = constraints or {}
        self.batch = 0
        self.arrays: dict[Key, Array] = {("weight", path): array for path, array in weights.items()}
        for path, array in weights.items():
            for name, slot in all_slots(optimizer, path, array.shape).items():
                drawn = (
                    None if slot.initializer is None else slot.initializer.draw(slot.shape, np.random.default_rng(0))
                )
                self.arrays["slot", path, name] = array if drawn is None else drawn
        self.arrays.update({("state", name): np.float32(x) for name, x in optimizer.state().items()})
        self._graphs = {updating: self._trace(updating) for updating in (True, False)}

    def _trace(self, updating: bool) -> tuple[Graph, list[Key], list[Key]] | None:
        if not updating and not self.optimizer.gradient_accumulation_steps:
            return None
        g = Builder()
        inputs: dict[Key, Value] = {key: g.input(TensorType(array.shape)) for key, array in self.arrays.items()}
        paths = [key[1] for key in self.arrays if key[0] == "weight"]
        for path in paths:
            inputs["gradient", path] = g.input(inputs["weight", path].type)
        for name in ("learning_rate", "iteration"):
            inputs[name,] = g.input(TensorType(()))
        parameters = [
            TrainedWeight(
                path,
                inputs["weight", path],
                inputs["gradient", path],
                {key[2]: value for key, value in inputs.items() if key[:2] == ("slot", path)},
                self.constraints.get(path),
            )
            for path in paths
        ]
        if updating:
            state = {key[1]: value for key, value in inputs.items() if key[0] == "state"}
            made = apply(self.optimizer, parameters, state, inputs["learning_rate",], inputs["iteration",])
            assert {(p, n) for p, s in made.slots.items() for n in s} == {k[1:] for k in self.arrays if k[0] == "slot"}
        else:
            made = accumulate(self.optimizer, parameters, inputs["iteration",])
        outputs: dict[Key, Value] = {("weight", path): value for path, value in made.weights.items()}
        outputs |= {("slot", path, name): value for path, s in made.slots.items() for name, value in s.items()}
        outputs |= {("state", name): value for name, value in made.state.items()}
        for key, value in outputs.items():
            assert value.type == inputs[key].type
        graph = g.graph("step", tuple(outputs.values()), tuple(map(str, outputs)))
        return graph, list(inputs), list(outputs)

    def step(self, gradients: Mapping[str, Array]) -> None:
        optimizer = self.optimizer
        traced = self._graphs[optimizer.updates_at(self.batch)]
        assert traced is not None
        graph, inputs, outputs = traced
        given: dict[Key, Array] = self.arrays | {("gradient", path): array for path, array in gradients.items()}
        given["learning_rate",] = np.float32(optimizer.rate_at(self.batch))
        given["iteration",] = np.float32(optimizer.iteration_at(self.batch))
        made = interpret(graph, [np.asarray(given[key]) for key in inputs], {})
        self.arrays |= dict(zip(outputs, made, strict=True))
        self.batch += 1

    def weights(self) -> dict[str, Array]:
        return {key[1]: array for key, array in self.arrays.items() if key[0] == "weight"}
