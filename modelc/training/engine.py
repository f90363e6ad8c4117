"""`Engine`: runs training and evaluation steps of a model: its programs and optimizer arrays.

Programs are built on first use, for the label types and the trained weights at that time; setting `trainable` after
`compile` takes effect with the next step.
"""

from __future__ import annotations

import warnings
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from modelc.errors import Diagnostic, NotFiniteError, SpecError, WeightsError
from modelc.graph.free import Retrace, sizes_of
from modelc.graph.program import OnCompile, Program
from modelc.graph.reference import ReferenceProgram
from modelc.layers.inside import freezing, require_no_contradiction
from modelc.native.engine.program import NativeProgram
from modelc.native.engine.room import Room
from modelc.optimizers.optimizer import Optimizer, Slot
from modelc.training.batch import StepResult, TrainingBatch
from modelc.training.micro_step import MicroStep, micro_step
from modelc.training.not_finite import explain
from modelc.training.step import test_step, training_step
from modelc.training.step_graph import ITERATION, LEARNING_RATE, STEP, Labels, Objective, StepGraph
from modelc.weights.assign import require_match
from modelc.weights.variable import adopt_together

if TYPE_CHECKING:
    from modelc.graph.graph import Graph
    from modelc.language.definition import Definition
    from modelc.training.trained_model import TrainedModel

Array = NDArray[Any]


@dataclass(frozen=True, slots=True)
class StepMemory:
    """The memory that a step of training takes."""

    batch_size: int
    """For which it is; the largest so far."""
    bytes: int
    """Weights, the arrays of the optimizer, the batch, what is computed, and the new weights."""
    extra_work: float
    """What is computed again so that it is not more, as a share of what is to be computed."""


class PartPrograms(NamedTuple):
    """The programs of a step whose batch is split."""

    step: MicroStep
    sections: tuple[Program, ...]
    """Of the part: one where it is not cut."""
    amounts: Program | None
    update: Program


class Engine:
    """The steps of a model with an optimizer and an objective."""

    def __init__(
        self,
        model: TrainedModel,
        optimizer: Optimizer,
        objective: Objective,
        seed: int,
        memory_limit: int | None = None,
    ) -> None:
        self.optimizer = optimizer
        self.objective = objective
        self.batches = 0
        """How many steps of training there were."""
        self.learning_rate: float | None = None
        """The rate of the next step where it was set; else the optimizer's own, or that of its schedule."""
        self.seed = seed
        self.stop_where_not_finite = False
        """Whether a step whose loss is not finite raises `NotFiniteError` and changes nothing."""
        self.on_compile: OnCompile | None = None
        """Told of the kernels that are compiled when a step is first run."""
        self.memory: StepMemory | None = None
        """What the steps of training need; None before the first."""
        self.restored = 0
        """How often the arrays of the optimizer were replaced but by steps."""
        self._memory_limit = memory_limit
        self._largest = {True: 0, False: 0}  # the largest batch so far, in training and else: the limit holds for it
        self._arenas: list[Any] = []  # what all programs compute in, one at a time
        self._noted: Any = None  # the plan that `memory` is of
        self._model = model
        self._slots: dict[str, Array] = {}
        self._graph: Graph | None = None  # which `_steps` were made for
        self._graphs = 0  # how many graphs there were
        self._steps: dict[Any, tuple[StepGraph, Program]] = {}
        self._last: tuple[Any, tuple[StepGraph, Program]] | None = None  # what the last step depended on, and was
        self._parts: dict[Any, PartPrograms] = {}
        self._cut: set[Any] = set()
        """The kinds of parts that are cut: programs of these are for one size each."""
        self._updates: dict[Any, Program] = {}

    # --- steps

    def train(self, batch: TrainingBatch) -> StepResult:
        """One step of training. The weights of the model are new ones afterwards."""
        updating = self.optimizer.updates_at(self.batches)
        self._largest[True] = max(self._largest[True], batch.size)
        step, program = self._step(batch, training=True, updating=updating)
        results = program.run(self.inputs(step, batch, self.numbers | {STEP: np.asarray(self.batches, np.int32)}))
        self.note_memory(program)
        if self.stop_where_not_finite and not np.isfinite(results[0]):
            raise self.explained(batch.x, float(results[0]))
        self.batches += 1
        return self._adopted(step, results)

    def explained(self, inputs: Sequence[Array], loss: float) -> NotFiniteError:
        """The error for a step whose loss is not finite."""
        return explain(self._model, inputs, self.batches, loss)

    def shapes(self, paths: Sequence[str]) -> list[tuple[int, ...]]:
        """The shapes of weights."""
        variables = self._model.variables_by_path
        return [variables[path].shape for path in paths]

    def test(self, batch: TrainingBatch) -> StepResult:
        """The losses and outputs for a batch. The states of layers are new ones afterwards, the weights the same."""
        self._largest[False] = max(self._largest[False], batch.size)
        step, program = self._step(batch, training=False, updating=False)
        return self._adopted(step, program.run(self.inputs(step, batch, {})))

    def _adopted(self, step: StepGraph, results: Sequence[Array]) -> StepResult:
        """What a step gives, after what it updated has taken the place of what was before."""
        count = len(results) - len(step.updated)
        self.adopt(dict(zip(step.updated, results[count:], strict=True)))
        return self.result(results[:count])

    def adopt(self, new: Mapping[str, Array]) -> None:
        """Let arrays without other references take the place of weights and of arrays of the optimizer, by path."""
        variables = self._model.variables_by_path
        self._slots |= {path: array for path, array in new.items() if path not in variables}
        adopt_together((variables[path], array) for path, array in new.items() if path in variables)

    def result(self, results: Sequence[Array]) -> StepResult:
        """The losses and outputs of a step, of their arrays."""
        losses = len(results) - 1 - len(self._model.graph.outputs)
        return StepResult(float(results[0]), tuple(map(float, results[1 : 1 + losses])), tuple(results[1 + losses :]))

    @property
    def numbers(self) -> dict[str, Array]:
        """The learning rate of the next step, and the number of updates before."""
        return {
            LEARNING_RATE: np.asarray(self.current_rate, np.float32),
            ITERATION: np.asarray(self.iterations, np.float32),
        }

    def inputs(self, step: StepGraph, batch: TrainingBatch | None, given: Mapping[str, Array]) -> list[Array]:
        """The inputs of a step: of a batch, what else is `given` by name, and what the step changes as it is."""
        variables, slots, known = self._model.variables_by_path, step.slots, self._slots
        arrays = [] if batch is None else list(batch.x)
        for feed in step.feeds:
            if feed in given:
                arrays.append(given[feed])
            elif feed in variables:
                arrays.append(variables[feed].value)
            elif feed in slots:
                array, slot = known.get(feed), slots[feed]
                arrays.append(array if array is not None and array.shape == slot.shape else self._slot(feed, slot))
            else:
                assert batch is not None, "labels are those of a batch"
                arrays.append(batch.labelled(feed))
        return arrays

    def _slot(self, path: str, slot: Slot) -> Array:
        """What a slot begins with."""
        if slot.initializer is None:
            array = self._model.variables_by_path[path.split("/", 2)[2]].value.copy()
        else:
            array = slot.initializer.draw(slot.shape, np.random.default_rng(0))
        self._slots[path] = array = np.asarray(array, np.float32)
        return array

    def _step(self, batch: TrainingBatch, *, training: bool, updating: bool) -> tuple[StepGraph, Program]:
        depends = self.depends(training, updating)
        last, like = self._last, (batch.kinds(), depends)
        if last is not None and last[0] == like:
            return last[1]
        labels = batch.labels(self._model.graph)
        key = labels, *depends
        if key not in self._steps:
            spec = self._spec()

            def traced(sizes: Mapping[str, int]) -> StepGraph:
                return self._traced(spec, labels, sizes, training=training, updating=updating)

            step = traced(sizes_of(self._model.graph, batch.x))
            if training and updating:
                self._warn_of_nothing(step)
            self._steps[key] = step, self._program(step.graph, training, lambda sizes: traced(sizes).graph)
        self._last = like, self._steps[key]
        return self._steps[key]

    def depends(self, training: bool, updating: bool) -> tuple[Any, ...]:
        """What the graph of a step depends on but for its labels: equal as long as that holds."""
        whole, layers = self._model.trainable, self._model.layers
        if training:
            require_no_contradiction(layers, None if whole else f"the model `{self._model.name}`")
        limited = 0 if self._memory_limit is None else self._largest[training]
        if self._graph is not self._model.graph:  # layers were added to the model, or taken off
            for made in (self._steps, self._parts, self._cut, self._updates):
                made.clear()
            self._last = None
            self._graph = self._model.graph
            self._graphs += 1
        return training, updating, whole, limited, self._graphs, tuple(freezing(layers))

    def _spec(self) -> Definition:
        """The definition of what is trained."""
        spec = self._model.to_spec()
        return spec if self._model.trainable else spec.replaced(freezes=("*",))

    def _warn_of_nothing(self, step: StepGraph) -> None:
        if not any(path in self._model.variables_by_path for path in step.updated):
            name = self._model.to_spec().name
            warnings.warn(f"the model `{name}` has no weights that training changes", stacklevel=2)

    def parts(self, batch: TrainingBatch, largest: int, *, updating: bool, varying: bool) -> PartPrograms:
        """The programs of a step whose batch is split into parts like this one, the largest of so many samples.

        `varying` says that parts may differ in the sizes of their samples.
        """
        self._largest[True] = max(self._largest[True], largest)
        depends = self.depends(True, updating)
        labels = batch.labels(self._model.graph)
        sizes = sizes_of(self._model.graph, batch.x)
        kind = labels, varying, *depends
        # Where sizes are free, a graph for others may be cut elsewhere: the sections of one fit together.
        key = kind, tuple(sizes.items()) if kind in self._cut else ()
        if key not in self._parts:
            spec = self._spec()

            def traced(sizes: Mapping[str, int]) -> MicroStep:
                with _located_gradients(spec):
                    return micro_step(
                        spec, self.objective, labels, self.optimizer,
                        seed=self.seed, updating=updating, varying=varying, sizes=sizes,
                    )  # fmt: skip

            step = traced(sizes)
            if depends not in self._updates:
                if updating:
                    self._warn_of_nothing(step.update)
                self._updates[depends] = self._program(step.update.graph, None, lambda sizes: step.update.graph)
            amounts = None
            if step.amounts is not None:
                amounts = self._program(step.amounts.graph, None, lambda sizes: _known(traced(sizes).amounts).graph)
            if step.cut is None:
                sections = (self._program(step.part.graph, True, lambda sizes: traced(sizes).part.graph),)
            else:
                sections = tuple(self._program(section.graph, True) for section in step.cut.sections)
                self._cut.add(kind)
                key = kind, tuple(sizes.items())
            self._parts[key] = PartPrograms(step, sections, amounts, self._updates[depends])
        return self._parts[key]

    def step_graph(self, labels: Labels) -> StepGraph:
        """The graph of a step that updates, on labels of these types: for a program other than this one.

        Raises `SpecError` as the first step does.
        """
        self.depends(True, True)
        return self._traced(self._spec(), labels, {}, training=True, updating=True)

    def begun(self, step: StepGraph) -> dict[str, Array]:
        """What a step changes as it is before the next one, by path."""
        variables = self._model.variables_by_path
        return {
            feed: self._slot(feed, step.slots[feed]) if feed in step.slots else variables[feed].value
            for feed in step.feeds
            if feed in step.slots or feed in variables
        }

    def _traced(
        self, spec: Definition, labels: Labels, sizes: Mapping[str, int], *, training: bool, updating: bool
    ) -> StepGraph:
        """The graph of a step. Raises `SpecError` where what is trained lies behind an op that has no gradient."""
        if not training:
            return test_step(spec, self.objective, labels, packing=self._memory_limit is None, sizes=sizes)
        with _located_gradients(spec):
            return training_step(
                spec, self.objective, labels, self.optimizer, seed=self.seed, updating=updating, sizes=sizes
            )

    def _program(self, graph: Graph, training: bool | None, retrace: Retrace | None = None) -> Program:
        """The program of a step of training or evaluation, or where it is neither, of one that needs little memory."""
        variables = self._model.variables_by_path
        if self._model.backend == "reference":
            return ReferenceProgram(graph, variables, retrace)
        room = None
        if self._memory_limit is not None and training is not None:
            room = Room(self._largest[training], self._memory_limit)
        program = NativeProgram(graph, variables, self.on_compile, room=room, arenas=self._arenas, retrace=retrace)
        if training:
            self.note_memory(program)
        return program

    def note_memory(self, program: Program) -> None:
        """Take in what the largest plan of a step needs; there are more where sizes are free."""
        plan = getattr(program, "largest", None)  # the reference has none
        if plan is None or plan is self._noted:
            return
        self._noted, largest = plan, self._largest[True]
        needed = plan.bytes(largest)
        if self.memory is None or needed > self.memory.bytes or largest > self.memory.batch_size:
            self.memory = StepMemory(largest, needed, plan.extra_work)

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
        """Replace the moving averages of the weights, by path."""
        self.restored += 1
        self._slots |= {f"optimizer/{name}/{path}": np.array(a, np.float32) for path, a in arrays.items()}

    # --- state

    def state(self) -> tuple[dict[str, Array], dict[str, Any]]:
        """All that a run depends on: weights, states of layers and slots by path, and counters."""
        variables = {path: v.value for path, v in self._model.variables_by_path.items()}
        return {**variables, **self._slots}, {
            "batches": self.batches,
            "learning_rate": self.learning_rate,
            "optimizer": type(self.optimizer).__name__,
        }

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
            raise WeightsError("the training state has no epoch and batch; nothing was restored") from None
        adopt_together((variables[path], np.array(a, np.float32, order="C")) for path, a in weights.items())
        kind, own = numbers.get("optimizer"), type(self.optimizer).__name__
        slots = {path: a for path, a in arrays.items() if path.startswith("optimizer/")}
        if kind not in (None, own):
            warnings.warn(f"the state is that of {kind}; what {own} keeps for its updates begins anew", stacklevel=2)
            slots = {}
        self._slots = {path: np.array(a, np.float32, order="C") for path, a in slots.items()}
        self.restored += 1
        self.batches, self.learning_rate = batches, None if rate is None else float(rate)


@contextmanager
def _located_gradients(spec: Definition) -> Generator[None]:
    """Inside, what is trained and lies behind an op that has no gradient is a `SpecError`."""
    try:
        yield
    except NotImplementedError as error:
        help = "freeze what comes before it"
        raise SpecError(Diagnostic("E207", f"the model cannot be trained: {error}", help, spec.name)) from None


def _known(step: StepGraph | None) -> StepGraph:
    assert step is not None, "it does not depend on sizes whether there is one"
    return step
