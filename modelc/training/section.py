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
    """The number that training makes small, by comparing predictions with labels: a loss such as `mse`, or a mapping
    from the names of outputs to losses. `crossentropy` picks the binary, categorical or sparse cross-entropy by the
    shape of the labels."""
    optimizer: OptimizerField = RMSprop()
    """The algorithm that changes the weights after each batch: its name, or a mapping with `type` and its options, such
    as `{type: Adam, learning_rate: 0.001}`."""
    loss_weights: dict[str, FiniteFloat] | None = None
    """The factor of each loss in the sum that is minimized, by the names of the outputs: `{a: 1.0, b: 0.5}`. Each is 1
    by default."""
    metrics: MetricChoices = ()
    """What is measured and reported besides the loss, without changing the training: a list of metrics such as
    `[accuracy]`, or lists by the names of the outputs."""
    weighted_metrics: MetricChoices = ()
    """Metrics in which every sample counts by its sample weight or class weight; those of `metrics` count all samples
    alike."""
    data: SourceField | None = None
    """The training data: the path of an `.npz` file or of a folder of pictures, or a mapping with `type`. `--data` on
    the command replaces it."""
    validation: Annotated[
        float | Annotated[Source, SOURCES.field()] | None,
        BeforeValidator(_fraction_or_data),
        WithJsonSchema({"anyOf": [_SHARE, {REGISTRY_MARK: SOURCES.kind}]}),
    ] = None
    """The data on which the loss and the metrics are computed after each epoch, without training on it: a share such as
    0.2, which takes the last samples of the training data, or a path, or a mapping with `type`. By default there is
    none."""
    batch_size: PositiveInt | None = None
    """The number of samples in one step, after which the weights change once; 32 by default. A larger batch takes more
    memory, and fewer steps per epoch."""
    epochs: PositiveInt = 1
    """The number of epochs: how many times training goes through all the data."""
    shuffle: bool | Literal["batch"] = True
    """Whether the samples are put into a new random order before each epoch; `batch` keeps the samples of a batch
    together, and shuffles the batches."""
    class_weight: Annotated[dict[int, FiniteFloat] | None, BeforeValidator(_class_weights)] = None
    """The factor of the loss of the samples of each class, by the number of the class: `{0: 1.0, 1: 5.0}` makes class 1
    count five times. Classes that are not named count 1."""
    steps_per_epoch: PositiveInt | None = None
    """The number of steps (batches) in one epoch; by default as many as it takes to go through the data once."""
    validation_freq: PositiveInt = 1
    """The number of epochs from one validation to the next; 1 validates after every epoch."""
    callbacks: Annotated[tuple[CallbackField, ...], BeforeValidator(_callbacks)] = ()
    """Further actions during the training, such as stopping early, saving the model or changing the learning rate: a
    list of callbacks."""
    seed: NonNegativeInt = Field(default=0)
    """The seed of all random numbers of the run: the first weights, the order of the samples, and what Dropout drops.
    The same seed gives the same trained model."""
