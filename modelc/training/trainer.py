"""`Trainer`: the result of `compile`: the losses and metrics of all outputs, and the engine that runs the steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from modelc.config.arguments import kind_of, require_count
from modelc.data.batches import Batch, Data, Options, open_data
from modelc.data.checked import Checked
from modelc.data.columns import Signature
from modelc.data.parts import Share, Split
from modelc.data.streams import build_for
from modelc.errors import InputError
from modelc.graph.free import output_shapes
from modelc.graph.resources import telling_memory
from modelc.losses import LOSSES
from modelc.losses.by_labels import crossentropy_for
from modelc.losses.loss import Loss
from modelc.optimizers import OPTIMIZERS
from modelc.optimizers.optimizer import Optimizer
from modelc.optimizers.update import AVERAGE
from modelc.text.amounts import parse_bytes
from modelc.training.batch import StepResult, TrainingBatch
from modelc.training.bucket_sums import Summing
from modelc.training.by_output import coerced, loss_weight, per_output, wrong
from modelc.training.engine import Engine
from modelc.training.exchange import Exchange
from modelc.training.interrupted import EndedTogether
from modelc.training.measures import Measures
from modelc.training.metric_names import numbered
from modelc.training.resuming import How
from modelc.training.shared_steps import SharedSteps
from modelc.training.signature import CROSSENTROPY, labelled, signature_of
from modelc.training.step_graph import Objective
from modelc.weights.variable import assign_together

if TYPE_CHECKING:
    from modelc.graph.graph import Graph
    from modelc.training.trained_model import TrainedModel

Array = NDArray[Any]
Logs = dict[str, Any]

_MEASURED = "measured:"
"""What the names of the sums of metrics begin with, and no path of a weight does."""


class OptimizerHandle:
    """The optimizer of a compiled model: its options, its learning rate, and how many updates there were.

    Of these only the rate can be set; what else it is, `compile` says.
    """

    __slots__ = ("_trainer", "config")

    def __init__(self, trainer: Trainer, config: Optimizer) -> None:
        self._trainer = trainer
        self.config = config

    @property
    def learning_rate(self) -> float:
        """The rate of the next step; setting it takes the place of a schedule."""
        return self._trainer.engine.current_rate

    @learning_rate.setter
    def learning_rate(self, value: float) -> None:
        rate = math.nan if isinstance(value, str | bool) else float(value)
        if not (math.isfinite(rate) and rate >= 0):
            raise wrong(f"`learning_rate` is a finite number and at least 0, found {kind_of(value)}", None, "E204")
        self._trainer.engine.learning_rate = rate

    @property
    def iterations(self) -> int:
        """How many updates there were."""
        return self._trainer.engine.iterations

    def __repr__(self) -> str:
        return f"<{self.config!r}: learning rate {self.learning_rate:g}, {self.iterations} updates>"


class Trainer:
    """How a model is trained, and how far it is."""

    def __init__(
        self,
        model: Any,
        optimizer: Any,
        loss: Any,
        loss_weights: Any,
        metrics: Any,
        weighted_metrics: Any,
        seed: int,
        memory_limit: Any = None,
    ) -> None:
        self.model: TrainedModel = model
        require_count("seed", seed, 0)
        self.seed = seed
        self.memory_limit = _bytes(memory_limit, self.model.backend)
        self._loss, self._loss_weights = loss, loss_weights
        self._given_metrics = (numbered(metrics), numbered(weighted_metrics))
        config = coerced(OPTIMIZERS, optimizer, "optimizer")
        self.optimizer = OptimizerHandle(self, config)
        self._config: Optimizer = config
        self.progress: tuple[int, int] | None = None
        """The epoch of a run, and how many of its batches are done; None before the first epoch, or the one that it
        goes on with."""
        self.interrupted = False
        """Set to end a run after the step that goes on, by `KeyboardInterrupt`: by all processes that share it."""
        self.asked = False
        """Whether this process was asked to end the run, which the others learn with what it measures."""
        self.to_agree = False
        """Whether the last shared step told all processes that one of them wants the run to end."""
        self.after_step: Callable[[], None] | None = None
        """Called after a step, when the state is that after it."""
        self._engine: Engine | None = None
        self._shared: SharedSteps | None = None
        self._example: TrainingBatch | None = None  # what all processes know of batches
        self._measures: Measures | None = None
        self._signature: tuple[Graph, Signature] | None = None  # and the graph that it is of
        self._placed: tuple[Signature, tuple[int | None, ...]] | None = None  # `_places`, for a signature
        self._checked: Checked | None = None  # what `train_on_batch` was given last
        if model.built:
            self._check()

    @property
    def how(self) -> How:
        """What `compile` was given."""
        return How(self._config, self._loss, self._loss_weights, *self._given_metrics)

    # --- made when the model's outputs and the labels are known

    def _check(self) -> None:
        """Raise `SpecError` for what does not fit the outputs."""
        names = self.output_names
        for given, what in ((self._loss, "loss"), (self._loss_weights, "loss_weights")):
            per_output(given, names, what)
        if all(loss is None for loss in per_output(self._loss, names, "loss")):
            raise wrong("there is no loss", "say what the outputs are compared by: loss='mse'", "E202")
        for weight in per_output(self._loss_weights, names, "loss_weights"):
            loss_weight(weight)
        for loss in per_output(self._loss, names, "loss"):
            if loss is not None and loss not in CROSSENTROPY:
                coerced(LOSSES, loss, "loss")
        Measures(names, *self._given_metrics)

    @property
    def output_names(self) -> tuple[str, ...]:
        """What the outputs of the model are called."""
        return self.model.graph.output_labels

    @property
    def labelled(self) -> tuple[str, ...]:
        """The outputs that have a loss."""
        return labelled(self.model.graph, self._loss)

    @property
    def signature(self) -> Signature:
        """What data must look like."""
        graph = self.model.graph
        if self._signature is None or self._signature[0] is not graph:
            self._signature = graph, signature_of(graph, self._loss, self.model.to_spec)
        return self._signature[1]

    @property
    def engine(self) -> Engine:
        """What runs the steps. Raises `NotBuiltError` before the first batch of a deferred model."""
        if self._engine is None:
            self._check()
            losses = per_output(self._loss, self.output_names, "loss")
            known = tuple(None if x is None or x in CROSSENTROPY else coerced(LOSSES, x, "loss") for x in losses)
            objective = self._objective(known)
            self._engine = Engine(self.model, self._config, objective, self.seed, self.memory_limit)
        return self._engine

    def _objective(self, losses: tuple[Loss | None, ...]) -> Objective:
        weights = per_output(self._loss_weights, self.output_names, "loss_weights")
        return Objective(losses, tuple(map(loss_weight, weights)))

    def _resolve(self, batch: TrainingBatch) -> None:
        """Say which crossentropy is meant, now that there are labels."""
        losses = list(self.engine.objective.losses)
        outputs = output_shapes(self.model.graph, batch.x)
        for i, given in enumerate(per_output(self._loss, self.output_names, "loss")):
            y = batch.y[i]
            if given in CROSSENTROPY and losses[i] is None and y is not None:
                losses[i] = LOSSES[crossentropy_for((None, *y.shape[1:]), outputs[i])]()
        self.engine.objective = self._objective(tuple(losses))

    @property
    def measures(self) -> Measures:
        """The losses and metrics since the last reset."""
        if self._measures is None:
            self._measures = Measures(self.output_names, *self._given_metrics)
        return self._measures

    @property
    def names(self) -> list[str]:
        """What is measured, in order."""
        return self.measures.names(self.labelled)

    @property
    def version(self) -> tuple[int, int, int]:
        """What tells whether anything that `state` gives is other than before."""
        versions = sum(variable.version for variable in self.model.variables_by_path.values())
        return versions, self.engine.restored, self.engine.batches

    @property
    def keeps_states(self) -> bool:
        """Whether layers keep states from batch to batch, also where nothing is trained."""
        return any(variable.state for variable in self.model.variables_by_path.values())

    def end(self) -> NoReturn:
        """End the run, as it was interrupted."""
        # Here, not where a run begins: one may be interrupted before that.
        self.interrupted = self.asked = False
        raise EndedTogether

    def state(self) -> tuple[dict[str, Array], dict[str, Any]]:
        """What a run goes on from: the engine's state, and the losses and metrics of the epoch so far."""
        arrays, numbers = self.engine.state()
        measured, counted = self.measures.state()
        return arrays | {_MEASURED + name: a for name, a in measured.items()}, {**numbers, "measured": counted}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from such a state. Raises `WeightsError`, and changes nothing, where it is of another model."""
        measured = {name[len(_MEASURED) :]: a for name, a in arrays.items() if name.startswith(_MEASURED)}
        self.engine.restore({name: a for name, a in arrays.items() if not name.startswith(_MEASURED)}, numbers)
        if "measured" in numbers:
            self.measures.restore(measured, numbers["measured"])

    # --- steps

    def reset(self) -> None:
        """Let losses and metrics begin anew."""
        if self._measures is not None:
            self._measures.reset()

    def step(self, given: Batch, *, training: bool) -> Logs:
        """One step, and losses and metrics so far."""
        batch = self.batch(given)
        if any(loss is None for loss in self.engine.objective.losses):
            self._resolve(batch)
        if training:  # before the step changes anything
            shapes = [tuple(size or 0 for size in s[1:]) for s in output_shapes(self.model.graph, batch.x)]
            self.measures.require_fit(batch.y, shapes, batch.sample_weight)
        result = self.engine.train(batch) if training else self.engine.test(batch)
        self._measure(batch, result, given.samples)
        return self.logs()

    def share(self, data: Data, exchange: Exchange, summing: Summing) -> Split:
        """Have the next steps be those of `shared_step`, on parts of batches of such data; the parts to give it.

        Raises `InputError` for a model whose batches cannot be split.
        """
        parts, fixed = summing.micro_batches, self.signature.batch_size
        if fixed is not None and parts > 1:
            raise InputError(
                f"the model takes batches of {fixed}, which cannot be split into {parts} micro-batches",
                "leave the batch size out of the model's input, or train it without `micro_batches`",
            )
        if len(exchange.computing) > parts:
            raise InputError(
                f"{parts} micro-batches cannot be shared out to {len(exchange.computing)} processes",
                f"give `micro_batches` of at least {len(exchange.computing)}",
            )
        example = self._example = self.batch(data.example())
        self._resolve(example)
        self._begin_measures()
        self._shared = SharedSteps(self.engine, exchange, summing, example, varying=data.varying)  # fmt: skip
        return self._shared.split

    def share_no_more(self) -> None:
        """Have the next steps be those of this process alone."""
        self._shared = self._example = None

    def _begin_measures(self) -> None:
        """Have all metrics known before anything is measured, as other processes may send what they measured."""
        example, measures = self._example, self.measures
        assert example is not None, "steps are shared out first"
        shapes = [tuple(size or 0 for size in shape[1:]) for shape in output_shapes(self.model.graph, example.x)]
        measures.require_fit(example.y, shapes, example.sample_weight)
        measures.begin(example.y, [np.zeros((1, *s), np.float32) for s in shapes], example.sample_weight)

    def _row(self, batch: TrainingBatch, result: StepResult) -> Array:
        """What all processes learn of a part: what is measured of it, and whether this one was asked to end the run."""
        row = self.measures.row(batch.y, result.outputs, batch.sample_weight, batch.counts)
        return np.concatenate((row, (self.asked,)))

    def _row_of_step(self, batch: TrainingBatch, result: StepResult) -> Array:
        """The same of a part of a step, and whether this process knows that training is to stop."""
        return np.concatenate((self._row(batch, result), (self.model.stop_training,)))

    def tested(self, given: Batch | None) -> Array:
        """What is measured of a batch of an evaluation, for `take` in any process; or that there is no batch."""
        losses = len(self.signature.output_names)
        if given is None:
            return np.append(np.zeros(2 + losses + self.measures.width), self.asked)
        batch = self.batch(given)
        result = self.engine.test(batch)
        return np.concatenate([[given.samples, result.loss], result.losses, self._row(batch, result)])

    def take(self, row: Array) -> bool:
        """Take in what was measured of a batch; whether there was one."""
        samples, names = int(row[0]), self.signature.output_names
        if samples:
            self._measured(samples, row[1:], [row[2 + len(names) : -1]])
        return samples > 0

    def _measured(self, samples: int, losses: Array, rows: Sequence[Array]) -> None:
        names = self.signature.output_names
        loss, *others = map(float, losses[: 1 + len(names)])
        self.measures.update(loss, dict(zip(names, others, strict=True)), samples)
        for row in rows:
            self.measures.add_row(row)

    def shared_step(self, share: Share) -> Logs:
        """One step of training on what this process has of a batch, and losses and metrics so far: those of all."""
        assert self._shared is not None, "steps are shared out first"
        parts = [(part, self.batch(batch)) for part, batch in share.parts]
        losses, width = 1 + len(self.signature.output_names), self.measures.width
        rows = self._shared.train(share.samples, parts, self._row_of_step, width + 2)
        # So the run ends in all processes after the same step.
        asked = bool(rows[:, losses + width].any())
        self.interrupted = self.interrupted or asked
        self.to_agree = asked or bool(rows[:, losses + width + 1].any())
        self._measured(share.samples, rows[:, :losses].sum(axis=0), [row[losses : losses + width] for row in rows])
        return self.logs()

    def batch(self, given: Batch) -> TrainingBatch:
        """Labels and weights by output."""
        found = self._places()
        y = tuple(None if i is None or given.y is None else given.y[i] for i in found)
        weights = tuple(None if i is None or given.weights is None else given.weights[i] for i in found)
        counts = () if given.counts is None else tuple(None if i is None else given.counts[i] for i in found)
        return TrainingBatch(given.x, y, weights, counts)

    def _places(self) -> tuple[int | None, ...]:
        """Of each output the place of its labels among those of a batch, None where it has no loss."""
        signature = self.signature
        if self._placed is None or self._placed[0] is not signature:
            places = {name: i for i, name in enumerate(signature.output_names)}
            self._placed = signature, tuple(map(places.get, self.output_names))
        return self._placed[1]

    def _measure(self, batch: TrainingBatch, result: StepResult, samples: int) -> None:
        losses = dict(zip(self.signature.output_names, result.losses, strict=True))
        self.measures.update(result.loss, losses, samples)
        self.measures.compare(batch.y, result.outputs, batch.sample_weight, batch.counts)

    @contextmanager
    def measuring_apart(self) -> Generator[None]:
        """Inside, losses and metrics are measured anew; those of before are there again afterwards."""
        before, self._measures = self._measures, None
        if self._example is not None:
            self._begin_measures()
        try:
            yield
        finally:
            self._measures = before

    def logs(self) -> Logs:
        """Losses and metrics since the last reset, by name."""
        return self.measures.results()

    @telling_memory
    def on_batch(
        self, x: Any, y: Any, sample_weight: Any, class_weight: Any, return_dict: bool, *, training: bool
    ) -> Any:
        """`train_on_batch` and `test_on_batch`: one step on arrays that are one batch."""
        x = build_for(self.model, x)
        plain = sample_weight is None and class_weight is None
        given = self._checked.batch(x, y, self.signature) if self._checked is not None and plain else None
        if given is None:
            given = self._one_batch(x, y, sample_weight, class_weight)
        self.reset()
        logs = self.step(given, training=training)
        return logs if return_dict else in_order(logs)

    def _one_batch(self, x: Any, y: Any, sample_weight: Any, class_weight: Any) -> Batch:
        """Arrays that are one batch, checked."""
        signature = self.signature
        options = Options(batch_size=signature.batch_size or 2**31 - 1, class_weight=class_weight)
        data = open_data(x, y, sample_weight, signature=signature, options=options)
        given = next(iter(data.batches()))
        self._checked = Checked.of(x, y, given, signature)
        return given

    # --- averages of weights

    def averages(self) -> list[Array] | None:
        """The moving averages of the weights that are trained, in order."""
        found = self.engine.averages(AVERAGE)
        if not found:
            return None
        arrays = self.model.arrays  # a weight that was not trained yet is its own average
        return [found.get(path, arrays[path]).copy() for path in self._trained_paths()]

    def finalize(self) -> None:
        """Let the weights that are trained become their averages, where the optimizer keeps some: the end of `fit`."""
        found, variables = self.engine.averages(AVERAGE), self.model.variables_by_path
        assign_together((variables[path], found[path]) for path in self._trained_paths() if path in found)

    def set_averages(self, arrays: Sequence[Array]) -> None:
        """Replace the moving averages of the trained weights, in their order."""
        self.engine.set_averages(AVERAGE, dict(zip(self._trained_paths(), arrays, strict=True)))

    def _trained_paths(self) -> list[str]:
        """The paths of the weights that are trained; a shared one has another path in the model that it came from."""
        changing = {id(v) for v in self.model.trainable_weights}
        return [path for path, v in self.model.variables_by_path.items() if id(v) in changing]


def in_order(logs: Logs) -> Any:
    """The results as a list; a single one by itself."""
    values = list(logs.values())
    return values[0] if len(values) == 1 else values


def _bytes(limit: Any, backend: str) -> int | None:
    """The bytes of a limit such as `"512MB"`. Raises `SpecError`."""
    if limit is None:
        return None
    amount = parse_bytes(limit) if isinstance(limit, str) else limit
    if isinstance(amount, bool) or not isinstance(amount, int) or amount <= 0:
        raise wrong(f"`memory_limit` is {limit!r}", 'expected bytes, or an amount such as "512MB"', "E203")
    if backend == "reference":
        raise wrong("`memory_limit` is for the native backend: the reference keeps all that it computes", None, "E203")
    return amount
