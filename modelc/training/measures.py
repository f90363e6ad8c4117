"""`Measures`: losses and metrics of a model since the last reset, under the names that Keras gives them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from pydantic_core import PydanticCustomError

from modelc.config.arguments import kind_of
from modelc.config.by_output import is_by_output
from modelc.errors import Diagnostic, SpecError
from modelc.language.validation.training_outputs import output_problem
from modelc.metrics import METRICS
from modelc.metrics.by_labels import metric_for
from modelc.metrics.directions import Direction, direction_of
from modelc.metrics.metric import Metric, State, Totals
from modelc.training.metric_names import Called, names_in_logs

Array = NDArray[Any]


@dataclass
class _Mean:
    """A mean over samples."""

    total: float = 0.0
    count: int = 0

    def add(self, value: float, samples: int) -> None:
        self.total += value * samples
        self.count += samples

    @property
    def value(self) -> float:
        return self.total / self.count if self.count else 0.0


@dataclass
class _Measured:
    """A metric of one output; `given` may be a word whose meaning depends on the labels."""

    given: Any
    weighted: bool
    state: State | None = None

    @property
    def name(self) -> str:
        """What it is called by itself."""
        return self.given.label if isinstance(self.given, Metric) else str(self.given)

    def update(self, y_true: Array, y_pred: Array, weight: Array | None, counts: Array | None = None) -> None:
        self.started(y_true, y_pred).add(self.measured(y_true, y_pred, weight, counts))

    def measured(self, y_true: Array, y_pred: Array, weight: Array | None, counts: Array | None = None) -> Totals:
        """What a batch adds to its totals."""
        state = self.started(y_true, y_pred)
        weight = weight if self.weighted else None
        if counts is not None and y_true.shape[: counts.ndim] == counts.shape:
            y_true, y_pred, weight = _left_in(y_true, y_pred, weight, counts > 0)
        return state.measured(y_true, y_pred, weight)

    def started(self, y_true: Array, y_pred: Array) -> State:
        """The state, which begins with labels and predictions like these."""
        if self.state is None:
            self.state = _metric(self.given, y_true, y_pred).start()
        return self.state

    def result(self) -> Any:
        """The value of the metric over the batches since `reset`."""
        return 0.0 if self.state is None else self.state.result()

    def reset(self) -> None:
        if self.state is not None:
            self.state.reset()


def _left_in(y_true: Array, y_pred: Array, weight: Array | None, kept: Array) -> tuple[Array, Array, Array | None]:
    """The positions of a batch that samples have, one after the other; a weight per sample is that of its positions."""
    if weight is not None and weight.ndim < kept.ndim:
        weight = np.broadcast_to(weight.reshape(*weight.shape, *(1,) * (kept.ndim - weight.ndim)), kept.shape)
    return y_true[kept], y_pred[kept], None if weight is None else weight[kept]


def _metric(given: Any, y_true: Array, y_pred: Array) -> Metric:
    if isinstance(given, str):
        return metric_for(given, (None, *y_true.shape[1:]), (None, *y_pred.shape[1:]))
    return METRICS.coerce(given)


class Measures:
    """The losses and metrics of all outputs."""

    def __init__(self, outputs: Sequence[str], metrics: Any, weighted: Any) -> None:
        self._outputs = tuple(outputs)
        self._several = len(self._outputs) > 1
        self._metrics: list[list[_Measured]] = [[] for _ in outputs]
        for given, is_weighted in ((metrics, False), (weighted, True)):
            what = "weighted_metrics" if is_weighted else "metrics"
            for own, items in zip(self._metrics, _lists(given, outputs, what), strict=True):
                own += [_Measured(_known(item), is_weighted) for item in items]
        self._loss = _Mean()
        self._losses: dict[str, _Mean] = {}
        self._tried = False
        self._columns: list[tuple[_Measured, str, tuple[int, ...]]] = []
        """Of what `row` is made: metrics, each with one of its totals, and the shape of that."""

    def update(self, loss: float, losses: Mapping[str, float], samples: int) -> None:
        """Take in the losses of a batch."""
        self._loss.add(loss, samples)
        for name, value in losses.items():
            self._losses.setdefault(name, _Mean()).add(value, samples)

    def require_fit(
        self, y_true: Sequence[Array | None], shapes: Sequence[tuple[int, ...]], weights: Sequence[Array | None]
    ) -> None:
        """Raise `InputError` where a metric does not take such labels and weights for predictions of these shapes."""
        if self._tried:
            return
        for measured, y, shape, weight in zip(self._metrics, y_true, shapes, weights, strict=True):
            for one in measured if y is not None else ():
                first = None if weight is None else weight[:1]
                _Measured(one.given, one.weighted).update(
                    cast("Array", y)[:1], np.zeros((1, *shape), np.float32), first
                )
        self._tried = True

    def compare(
        self,
        y_true: Sequence[Array | None],
        y_pred: Sequence[Array],
        weights: Sequence[Array | None],
        counts: Sequence[Array | None] = (),
    ) -> None:
        """Take in the outputs of a batch; `counts` are 1 for the positions that samples have, 0 for what was added."""
        given = counts or (None,) * len(y_pred)
        for measured, y, p, weight, count in zip(self._metrics, y_true, y_pred, weights, given, strict=True):
            for one in measured if y is not None else ():
                one.update(cast("Array", y), p, weight, count)

    def begin(self, y_true: Sequence[Array | None], y_pred: Sequence[Array], weights: Sequence[Array | None]) -> None:
        """Learn from one sample what `row` has."""
        self._columns = []
        for measured, y, p, weight in zip(self._metrics, y_true, y_pred, weights, strict=True):
            for one in measured if y is not None else ():
                added = one.measured(cast("Array", y)[:1], p[:1], None if weight is None else weight[:1])
                self._columns += [(one, name, np.shape(amount)) for name, amount in sorted(added.items())]

    def row(
        self,
        y_true: Sequence[Array | None],
        y_pred: Sequence[Array],
        weights: Sequence[Array | None],
        counts: Sequence[Array | None] = (),
    ) -> Array:
        """What `compare` would take in, as one array of float64, for `add_row` of the same measures anywhere."""
        given = counts or (None,) * len(y_pred)
        found: list[Array] = [np.empty(0)]
        for measured, y, p, weight, count in zip(self._metrics, y_true, y_pred, weights, given, strict=True):
            for one in measured if y is not None else ():
                added = one.measured(cast("Array", y), p, weight, count)
                found += [np.asarray(amount, np.float64).reshape(-1) for _, amount in sorted(added.items())]
        return np.concatenate(found)

    @property
    def width(self) -> int:
        """The elements of a row."""
        return sum(math.prod(shape) for _, _, shape in self._columns)

    def add_row(self, row: Array) -> None:
        """Take in what was measured elsewhere."""
        at = 0
        for one, name, shape in self._columns:
            assert one.state is not None, "it began"
            size = math.prod(shape)
            one.state.add({name: row[at : at + size].reshape(shape)})
            at += size

    def results(self) -> dict[str, Any]:
        """The values so far: `loss`, that of each output where there are several, then the metrics."""
        found: dict[str, Any] = {"loss": self._loss.value}
        if len(self._losses) > 1:
            found |= {f"{name}_loss": mean.value for name, mean in self._losses.items()}
        if not any(self._metrics):
            return found
        # As Keras lists them: by their own names in order, then those that got another one in logs.
        named = sorted(self._named(), key=lambda pair: "" if pair[0] == pair[1].name else pair[0])
        return found | {name: one.result() for name, one in named}

    def _named(self) -> list[tuple[str, _Measured]]:
        """The metrics by their names in logs: those without weights first."""
        outputs: list[str | None] = list(self._outputs) if self._several else [None]
        every = [
            (one, Called(one.name, output, weighted))
            for weighted in (False, True)
            for output, measured in zip(outputs, self._metrics, strict=True)
            for one in measured
            if one.weighted == weighted
        ]
        names = names_in_logs(called for _, called in every)
        return [(name, one) for name, (one, _) in zip(names, every, strict=True)]

    def names(self, labelled: Sequence[str]) -> list[str]:
        """What is measured, in order."""
        for name in labelled:
            self._losses.setdefault(name, _Mean())
        return list(self.results())

    def state(self) -> tuple[dict[str, Array], dict[str, Any]]:
        """What was added up so far: a run that goes on within an epoch ends that with the metrics of all of it."""
        arrays: dict[str, Array] = {}
        metrics: dict[str, Any] = {}
        for i, own in enumerate(self._metrics):
            for j, one in enumerate(own):
                if one.state is not None:
                    metrics[f"{i}/{j}"] = one.state.metric.plain()
                    arrays |= {f"{i}/{j}/{name}": np.asarray(total) for name, total in one.state.totals.items()}
        losses = {name: [mean.total, mean.count] for name, mean in self._losses.items()}
        return arrays, {"loss": [self._loss.total, self._loss.count], "losses": losses, "metrics": metrics}

    def restore(self, arrays: Mapping[str, Array], numbers: Mapping[str, Any]) -> None:
        """Go on from such a state; a metric that was not measured then begins anew."""
        self._loss = _Mean(*numbers["loss"])
        self._losses = {name: _Mean(*of) for name, of in numbers["losses"].items()}
        for i, own in enumerate(self._metrics):
            for j, one in enumerate(own):
                plain = numbers["metrics"].get(f"{i}/{j}")
                one.state = None if plain is None else METRICS.coerce(plain).start()
                if one.state is not None:
                    start = f"{i}/{j}/"
                    totals = {name[len(start) :]: a for name, a in arrays.items() if name.startswith(start)}
                    one.state.totals = {name: np.array(total, np.float64)[()] for name, total in totals.items()}

    def directions(self) -> dict[str, Direction]:
        """Whether more or less is better, for each name of which it is known."""
        found: dict[str, Direction] = {"loss": "down"}
        if self._several:
            found |= {f"{name}_loss": "down" for name in self._outputs}
        for name, one in self._named():
            direction = direction_of(one.given if one.state is None else one.state.metric)
            if direction is not None:
                found[name] = direction
        return found

    def reset(self) -> None:
        """Forget the batches so far."""
        self._loss, self._losses = _Mean(), {name: _Mean() for name in self._losses}
        for measured in self._metrics:
            for one in measured:
                one.reset()


def _lists(given: Any, outputs: Sequence[str], what: str) -> list[list[Any]]:
    """The metrics of each output: of a list with one entry for each, of a mapping by name, or of one list for all."""
    if given is None:
        return [[] for _ in outputs]
    if is_by_output(given):
        for name in given:
            problem = output_problem(what, name, outputs)
            if problem is not None:
                raise SpecError(Diagnostic("E304", *problem, "compile"))
        return [_list(given.get(name)) for name in outputs]
    items = _list(given)
    if len(outputs) == 1:
        return [[one for item in items for one in _list(item)]]
    if len(items) == len(outputs):  # as in Keras 3, also where they are no lists
        return [_list(item) for item in items]
    return [list(items) for _ in outputs]


def _list(given: Any) -> list[Any]:
    if given is None:
        return []
    return list(cast("Sequence[Any]", given)) if isinstance(given, list | tuple) else [given]


def _known(given: Any) -> Any:
    """A name or a config. Raises `SpecError` for what is no metric."""
    if isinstance(given, str) and given.lower() in ("accuracy", "acc", "crossentropy", "ce"):
        return given
    try:
        metric = METRICS.coerce(given)
    except PydanticCustomError as error:
        help = dict(error.context or {}).get("help")
        found = f", found {kind_of(given)}" if error.type == "config_type" else ""
        raise SpecError(Diagnostic("E204", f"`metrics`: {error.message()}{found}", help, "compile")) from None
    return given if isinstance(given, str) else metric
