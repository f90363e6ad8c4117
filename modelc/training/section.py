"""`training:` in a spec: how the model is trained, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, FiniteFloat, NonNegativeInt, PositiveInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.callbacks.registry import CallbackField
from modelc.config import REGISTRY_MARK, ByOutput, Config
from modelc.data.sources import SOURCES, Source, SourceField
from modelc.losses.registry import LOSSES
from modelc.metrics.registry import METRICS
from modelc.optimizers.adagrad import RMSprop
from modelc.optimizers.registry import OptimizerField

GUESSED_LOSSES = frozenset({"crossentropy", "ce"})
GUESSED = frozenset({"accuracy", "acc"}) | GUESSED_LOSSES
"""The words whose meaning depends on the shapes of labels and predictions."""


def _loss(value: Any) -> Any:
    """A loss; the words of `GUESSED`; or such by the names of outputs."""
    if isinstance(value, str) and value in GUESSED_LOSSES:
        return value
    if isinstance(value, Mapping) and "type" not in value:
        return {name: _loss(item) for name, item in cast("Mapping[str, Any]", value).items()}
    return LOSSES.coerce(value)


def _metrics(value: Any) -> Any:
    """A list of metrics, or such lists by the names of outputs."""
    if isinstance(value, Mapping) and "type" not in value:
        return {name: _metrics(item) for name, item in cast("Mapping[str, Any]", value).items()}
    items: list[Any] = list(cast("list[Any]", value)) if isinstance(value, list | tuple) else [value]
    return tuple(_metric(item) for item in items)


def _metric(value: Any) -> Any:
    """A metric, which is called by the word that stands for it; or a word of `GUESSED`."""
    if not isinstance(value, str):
        return METRICS.coerce(value)
    return value if value in GUESSED else METRICS.coerce({"type": value, "name": value})


def _callbacks(value: Any) -> Any:
    return tuple(cast("list[Any]", value)) if isinstance(value, list) else value


def _fraction_or_data(value: Any) -> Any:
    """A share of the samples, or data of its own."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if not 0 < value < 1:
            raise PydanticCustomError("value", "a share of the samples is between 0 and 1", {"help": "write 0.2"})
        return float(value)
    from modelc.data.sources import as_source

    return None if value is None else SOURCES.coerce(as_source(value))


def _class_weights(value: Any) -> Any:
    """`{0: 1.0, 1: 5.0}`; in JSON, keys are text."""
    if not isinstance(value, Mapping):
        return value
    given = cast("Mapping[Any, Any]", value)
    if not all(str(key).isdecimal() for key in given):
        raise PydanticCustomError("value", "the keys are the numbers of classes", {"help": "write {0: 1.0, 1: 5.0}"})
    return {int(key): item for key, item in given.items()}


LossChoice = Annotated[Any, BeforeValidator(_loss), ByOutput(LOSSES, GUESSED_LOSSES)]
MetricChoices = Annotated[Any, BeforeValidator(_metrics), ByOutput(METRICS, GUESSED, many=True)]

_SHARE = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}


class Training(Config):
    """How a model is trained: what `compile` and `fit` take, and where the data is."""

    loss: LossChoice
    """What the outputs are compared with the labels by: a loss, or losses by the names of the outputs."""
    optimizer: OptimizerField = RMSprop()
    """The rule by which a step changes the weights."""
    loss_weights: dict[str, FiniteFloat] | None = None
    """What each loss counts, by the names of the outputs."""
    metrics: MetricChoices = ()
    """What is measured besides: a list of metrics, or lists by the names of the outputs."""
    weighted_metrics: MetricChoices = ()
    """Metrics that count samples by their weights."""
    data: SourceField | None = None
    """What it is trained on: a file, or a mapping with `type`; `--data` on the command takes its place."""
    validation: Annotated[
        float | Annotated[Source, SOURCES.field()] | None,
        BeforeValidator(_fraction_or_data),
        WithJsonSchema({"anyOf": [_SHARE, {REGISTRY_MARK: SOURCES.kind}]}),
    ] = None
    """What is evaluated after each epoch: a share of the data, its last samples, or data of its own."""
    batch_size: PositiveInt | None = None
    """Samples in a step; 32 unless said."""
    epochs: PositiveInt = 1
    """How often training goes over the data."""
    shuffle: bool | Literal["batch"] = True
    """Whether the order of the samples changes from epoch to epoch."""
    class_weight: Annotated[dict[int, FiniteFloat] | None, BeforeValidator(_class_weights)] = None
    """What the samples of each class count: `{0: 1.0, 1: 5.0}`; a class that is not named counts 1."""
    steps_per_epoch: PositiveInt | None = None
    """Steps in an epoch; as many as the data has batches unless said."""
    validation_freq: PositiveInt = 1
    """After how many epochs it is validated."""
    callbacks: Annotated[tuple[CallbackField, ...], BeforeValidator(_callbacks)] = ()
    """What else is to happen: stopping early, saving, changing the learning rate."""
    seed: NonNegativeInt = Field(default=0)
    """What fixes the order of the samples, what Dropout drops, and weights that are drawn."""
