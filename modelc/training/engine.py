"""`Engine`: runs steps of training and of evaluation on a model: its programs, and the arrays of the optimizer.

A program is made when it is first needed, for the types of the labels and for what is trained then; setting
`trainable` after `compile` takes effect with the next step.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from modelc.errors import WeightsError
from modelc.graph.types import TensorType
from modelc.layers.base import Layer
from modelc.optimizers.optimizer import Optimizer, Slot
from modelc.runtime.program import Program, ReferenceProgram
from modelc.training.not_finite import explain
from modelc.training.step import ITERATION, LEARNING_RATE, STEP, Labels, Objective, StepGraph, test_step, training_step
from modelc.variables import adopt_together
from modelc.weights import require_match

if TYPE_CHECKING:
    from modelc.runtime.model import Model

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch: the arrays of the inputs, converted; labels and weights for each output, or None."""

    x: Sequence[Array]
    y: tuple[Array | None, ...]
    sample_weight: tuple[Array | None, ...]

    @property
    def labels(self) -> Labels:
        """The types of what comes with the samples."""
        return Labels(tuple(map(_type, self.y)), tuple(map(_type, self.sample_weight)))


def _type(array: Array | None) -> TensorType | None:
    if array is None:
        return None
    return TensorType((None, *array.shape[1:]), "int32" if array.dtype == np.int32 else "float32")


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a step gives: the loss in all, that of each output that has one, and the outputs."""

    loss: float
    losses: tuple[float, ...]
    outputs: tuple[Array, ...]


def _freezing(layers: Iterable[Layer]) -> Iterator[bool]:
    """What of a model is trained, layer by layer: what its steps depend on, besides their labels.

    Not told from its weights, since a layer without any that are trained, such as a BatchNormalization with neither
    center nor scale, does something else when it is frozen.
    """
    for layer in layers:
        yield layer.trainable
        for option in ("layer", "backward_layer", "cell"):
            inner = vars(layer).get(option)  # `getattr` takes pydantic ten times as long where there is none
            if isinstance(inner, Layer):
                yield from _freezing((inner,))
        if layer.is_model:
            yield from _freezing(getattr(layer, "layers", ()))


class Engine:
    """The steps of a model with an optimizer and an objective."""

    def __init__(self, model: Model, optimizer: Optimizer, objective: Objective, seed: int) -> None:
        self.optimizer = optimizer
        self.objective = objective
        self.batches = 0
        """How many steps of training there were."""
        self.learning_rate: float | None = None
        """The rate of the next step where it was set; else the optimizer's own, or that of its schedule."""
        self.seed = seed
        self.stop_where_not_finite = False
        """Whether a step whose loss is not finite raises `NotFiniteError` and changes nothing."""
        self._model = model
        self._slots: dict[str, Array] = {}
        self._steps: dict[Any, tuple[StepGraph, Program]] = {}

    # --- steps

    def train(self, batch: Batch) -> StepResult:
        """One step of training. The weights of the model are new ones afterwards."""
        updating = self.optimizer.updates_at(self.batches)
        step, program = self._step(batch.labels, training=True, updating=updating)
        variables = self._model.variables_by_path
        numbers: dict[str, Array] = {
            STEP: np.asarray(self.batches, np.int32),
            LEARNING_RATE: np.asarray(self.current_rate, np.float32),
            ITERATION: np.asarray(self.iterations, np.float32),
        }
        results = program.run(self._inputs(step, batch, numbers, step.slots))
        count = len(results) - len(step.updated)
        if self.stop_where_not_finite and not np.isfinite(results[0]):
            raise explain(self._model, batch.x, self.batches, float(results[0]))
        changed: list[Any] = []
        for path, array in zip(step.updated, results[count:], strict=True):
            if path in variables:
                changed.append((variables[path], array))
            else:
                self._slots[path] = array
        adopt_together(changed)
        self.batches += 1
        return self._result(results[:count])

    def test(self, batch: Batch) -> StepResult:
        """The losses and outputs for a batch."""
        step, program = self._step(batch.labels, training=False, updating=False)
        return self._result(program.run(self._inputs(step, batch, {}, {})))

    def _result(self, results: Sequence[Array]) -> StepResult:
        losses = len(results) - 1 - len(self._model.graph.outputs)
        return StepResult(float(results[0]), tuple(map(float, results[1 : 1 + losses])), tuple(results[1 + losses :]))

    def _inputs(
        self, step: StepGraph, batch: Batch, numbers: Mapping[str, Array], slots: Mapping[str, Slot]
    ) -> list[Array]:
        variables = self._model.variables_by_path
        arrays = list(batch.x)
        for feed in step.feeds:
            if feed in numbers:
                arrays.append(numbers[feed])
            elif feed in slots:
                arrays.append(self._slot(feed, slots[feed]))
            elif feed in variables:
                arrays.append(variables[feed].value)
            else:
                kind, _, output = feed.partition(":")
                array = (batch.y if kind == "y" else batch.sample_weight)[int(output)]
                assert array is not None, "programs are made for the labels of the batch"
                arrays.append(array)
        return arrays

    def _slot(self, path: str, slot: Slot) -> Array:
        known = self._slots.get(path)
        if known is not None and known.shape == slot.shape:
            return known
        if slot.initializer is None:
            array = self._model.variables_by_path[path.split("/", 2)[2]].value.copy()
        else:
            array = slot.initializer.draw(slot.shape, np.random.default_rng(0))
        self._slots[path] = array = np.asarray(array, np.float32)
        return array

    def _step(self, labels: Labels, *, training: bool, updating: bool) -> tuple[StepGraph, Program]:
        key = (labels, training, updating, self._model.trainable, tuple(_freezing(self._model.layers)))
        if key not in self._steps:
            spec = self._model.to_spec()
            if not self._model.trainable:  # all is frozen then, whatever was set of its layers since
                spec = spec.replaced(freezes=("*",))
            if training:
                step = training_step(spec, self.objective, labels, self.optimizer, seed=self.seed, updating=updating)
            else:
                step = test_step(spec, self.objective, labels)
            self._steps[key] = step, self._program(step)
        return self._steps[key]

    def _program(self, step: StepGraph) -> Program:
        if self._model.backend == "reference":
            return ReferenceProgram(step.graph, {})
        from modelc.runtime.native_program import NativeProgram

        return NativeProgram(step.graph, {})

    # --- numbers

    @property
    def iterations(self) -> int:
        """How many updates there were."""
        return self.optimizer.iteration_at(self.batches)

    @property
    def current_rate(self) -> float:
        """The learning rate of the next step."""
        return self.optimizer.rate_at(self.batches) if self.learning_rate is None else self.learning_rate

    # --- averages of weights

    def averages(self, name: str) -> dict[str, Array]:
        """The arrays of one slot, by the path of the weight."""
        prefix = f"optimizer/{name}/"
        return {path.removeprefix(prefix): a for path, a in self._slots.items() if path.startswith(prefix)}

    def set_averages(self, name: str, arrays: Mapping[str, Array]) -> None:
        """Replace them."""
        self._slots |= {f"optimizer/{name}/{path}": np.array(a, np.float32) for path, a in arrays.items()}

    # --- state

    def state(self) -> tuple[dict[str, Array], dict[str, Any]]:
        """All that a run depends on: weights and slots by path, and counters."""
        return {**self._model.arrays, **self._slots}, {"batches": self.batches, "learning_rate": self.learning_rate}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from such a state. Raises `WeightsError`, and changes nothing, where it is of another model."""
        variables = self._model.variables_by_path
        weights = {path: a for path, a in arrays.items() if not path.startswith("optimizer/")}
        require_match(
            {path: v.shape for path, v in variables.items()}, {p: a.shape for p, a in weights.items()},
            f"the model `{self._model.name}`",
        )  # fmt: skip
        try:
            batches, rate = int(numbers["batches"]), numbers["learning_rate"]
        except (KeyError, TypeError, ValueError):
            raise WeightsError("the state of training does not say how far it is; nothing was restored") from None
        adopt_together((variables[path], np.array(a, np.float32, order="C")) for path, a in weights.items())
        self._slots = {
            path: np.array(a, np.float32, order="C") for path, a in arrays.items() if path.startswith("optimizer/")
        }
        self.batches, self.learning_rate = batches, None if rate is None else float(rate)
