"""The names of metrics in logs, by Keras's rules."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, cast

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from modelc.config.by_output import is_by_output
from modelc.errors import SpecError
from modelc.metrics import METRICS
from modelc.metrics.metric import Metric
from modelc.text.naming import snake_case

_made: Counter[str] = Counter()
"""How many metrics without a name of their own there were in this process, by type: `keras.utils.naming.auto_name`."""


class Called(NamedTuple):
    """A metric by its own name, and how it is used."""

    name: str
    output: str | None
    """The name of its output, where the model has several."""
    weighted: bool


def names_in_logs(metrics: Iterable[Called]) -> list[str]:
    """The names of the metrics of a model: those of all outputs without weights first, then the weighted ones.

    A name that is taken gets a number; that of a weighted metric gets `weighted_` before it, and then a number.
    """
    taken: Counter[str] = Counter()
    names: list[str] = []
    for metric in metrics:
        name = _with(metric.output, metric.name)
        if name in taken and metric.weighted:
            name = _with(metric.output, f"weighted_{metric.name}")
        count = taken[name]
        taken[name] += 1
        names.append(f"{name}_{count}" if count else name)
    return names


def _with(output: str | None, name: str) -> str:
    return name if output is None else f"{output}_{name}"


def numbered(given: Any) -> Any:
    """Metrics as `compile` was given them, with names for those that have none: `auc`, the next time `auc_1`.

    A metric keeps the name that it was given first, as a metric of Keras does, which gets it when it is made.
    """
    if isinstance(given, list | tuple):
        return [numbered(item) for item in cast("Sequence[Any]", given)]
    if is_by_output(given):
        return {name: numbered(item) for name, item in given.items()}
    if isinstance(given, str):
        if given in METRICS and METRICS[given].model_fields["name"].default is None:
            # Keras makes the metric that a word means, too, and then calls it by the word.
            _made[snake_case(METRICS[given].__name__)] += 1
        return given
    try:
        metric = METRICS.coerce(given)
    except (PydanticCustomError, ValidationError, SpecError):
        return given  # told where it is used
    if not metric.is_named:
        label = metric.label
        metric.call(f"{label}_{_made[label]}" if _made[label] else label)
        _made[label] += 1
    return metric


def by_type(given: Any) -> Any:
    """The metrics of a spec, named by their types: a spec means the same each time that it is trained."""
    if isinstance(given, tuple):
        return tuple(by_type(item) for item in cast("tuple[Any, ...]", given))
    if isinstance(given, Mapping):
        return {name: by_type(item) for name, item in cast("Mapping[str, Any]", given).items()}
    return given.model_copy(update={"name": given.label}) if isinstance(given, Metric) else given
