"""`training:` in a spec: how the model is trained, and on what."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal, cast

from pydantic import BeforeValidator, Field, FiniteFloat, NonNegativeInt, PositiveInt, WithJsonSchema
from pydantic_core import PydanticCustomError

from modelc.callbacks import CALLBACKS
from modelc.callbacks.callback import ConfigCallback
from modelc.config.base import Config
from modelc.config.by_output import TYPE, ByOutput, for_output, is_by_output
from modelc.config.paths import DATA
from modelc.config.registry import REGISTRY_MARK
from modelc.data.sources import SOURCES, Source, SourceField, as_source
from modelc.losses import LOSSES
from modelc.metrics import METRICS
from modelc.optimizers import OPTIMIZERS
from modelc.optimizers.adagrad import RMSprop
from modelc.optimizers.optimizer import Optimizer

GUESSED_LOSSES = frozenset({"crossentropy", "ce"})
GUESSED = frozenset({"accuracy", "acc"}) | GUESSED_LOSSES
"""The words whose meaning depends on the shapes of labels and predictions."""


def _loss(value: Any) -> Any:
    """A loss; the words of `GUESSED`; or such by the names of outputs."""
    if isinstance(value, str) and value in GUESSED_LOSSES:
        return value
    if is_by_output(value):
        made = {name: _loss(for_output(name, item)) for name, item in value.items()}
        return made | ({TYPE: (made[TYPE],)} if TYPE in made else {})
    return LOSSES.coerce(value)


def _metrics(value: Any) -> Any:
    """A list of metrics, or such lists by the names of outputs."""
    if is_by_output(value):
        return {name: _metrics(item) for name, item in value.items()}
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
            raise PydanticCustomError(
                "value", "a fraction of the samples must be between 0 and 1", {"help": "write 0.2"}
            )
        return float(value)

    return None if value is None else SOURCES.coerce(as_source(value))


def _class_weights(value: Any) -> Any:
    """`{0: 1.0, 1: 5.0}`; in JSON, keys are text."""
    if not isinstance(value, Mapping):
        return value
    given = cast("Mapping[Any, Any]", value)
    if not all(str(key).isdecimal() for key in given):
        raise PydanticCustomError("value", "the keys must be class indices", {"help": "write {0: 1.0, 1: 5.0}"})
    return {int(key): item for key, item in given.items()}


LossChoice = Annotated[Any, BeforeValidator(_loss), ByOutput(LOSSES, GUESSED_LOSSES)]
MetricChoices = Annotated[Any, BeforeValidator(_metrics), ByOutput(METRICS, GUESSED, many=True)]

_SHARE = {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1}


class Training(Config):
    """How a model is trained: the arguments of `compile` and `fit`, and the data."""

    loss: LossChoice
    """The loss to minimize: a loss such as `mse`, or a mapping from output names to losses. `crossentropy` selects the
    binary, categorical or sparse cross-entropy by the shape of the labels. The loss of an output called `type` is
    written as a list: `{type: [mse], b: mae}`."""
    optimizer: Annotated[Optimizer, OPTIMIZERS.field()] = RMSprop()
    """The optimizer: its name, or a mapping with `type` and options, such as `{type: Adam, learning_rate: 0.001}`."""
    loss_weights: dict[str, FiniteFloat] | None = None
    """The factors of the losses in the total loss, by output name: `{a: 1.0, b: 0.5}`. 1 by default."""
    metrics: MetricChoices = ()
    """The metrics to compute besides the loss: a list such as `[accuracy]`, or lists by output name. They do not affect
    training."""
    weighted_metrics: MetricChoices = ()
    """The metrics that are weighted by sample weights and class weights; those of `metrics` are not weighted."""
    data: SourceField | None = None
    """The training data: the path of an `.npz` file or of a folder of images, or a mapping with `type`. `--data`
    overrides it."""
    validation: Annotated[
        float | Annotated[Source, SOURCES.field(), DATA] | None,
        BeforeValidator(_fraction_or_data),
        WithJsonSchema({"anyOf": [_SHARE, {REGISTRY_MARK: SOURCES.kind}]}),
    ] = None
    """The validation data, on which the loss and the metrics are computed after each epoch: a fraction such as 0.2 of
    the training data (its last samples), a path, or a mapping with `type`. By default none."""
    batch_size: PositiveInt | None = None
    """The batch size: the number of samples per training step. 32 by default, or the batch size that the model
    fixes."""
    epochs: PositiveInt = 1
    """The number of epochs: passes over the training data."""
    shuffle: bool | Literal["batch"] = True
    """Whether to shuffle the samples before each epoch; `batch` shuffles only within each batch and keeps the order of
    the batches."""
    micro_batches: PositiveInt | None = None
    """The number of micro-batches that each batch is split into. Their gradients are computed one after the other, or
    in the processes that training is shared out to, and summed in a fixed order. BatchNormalization sees the
    micro-batch. 1 by default; 8 where training is shared out."""
    compress: Literal["bfloat16"] | None = None
    """How gradients are rounded before they are summed and sent: `bfloat16` sends half the bytes. By default they are
    not rounded."""
    class_weight: Annotated[dict[int, FiniteFloat] | None, BeforeValidator(_class_weights)] = None
    """The weight of each class in the loss, by class index: `{0: 1.0, 1: 5.0}` weights samples of class 1 five times. 1
    by default."""
    steps_per_epoch: PositiveInt | None = None
    """The number of steps (batches) per epoch. By default one pass over the data."""
    validation_freq: PositiveInt = 1
    """The number of epochs between validations; 1 validates after each epoch."""
    callbacks: Annotated[tuple[Annotated[ConfigCallback, CALLBACKS.field()], ...], BeforeValidator(_callbacks)] = ()
    """The callbacks, such as EarlyStopping, ModelCheckpoint or ReduceLROnPlateau."""
    seed: NonNegativeInt = Field(default=0)
    """The seed of all random numbers of the run: weight initialization, shuffling and random layers. The same seed
    gives the same trained model."""
