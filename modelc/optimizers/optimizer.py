"""`Optimizer`: the base of all optimizers: shared options, and the interface of an update rule."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, NamedTuple, Self

from pydantic import BeforeValidator, Field, PositiveInt, WithJsonSchema, model_validator
from pydantic_core import PydanticCustomError

from modelc.config.options import Names, NonNegativeFloat, Rate
from modelc.config.ordered import Ordered
from modelc.graph.tensor import Tensor
from modelc.initializers.classes import Initializer, Zeros
from modelc.optimizers.learning_rate import LearningRate, learning_rate_at
from modelc.text.naming import snake_case

SHARED = (
    "weight_decay clipnorm clipvalue global_clipnorm use_ema ema_momentum ema_overwrite_frequency loss_scale_factor "
    "gradient_accumulation_steps name"
)
"""The options that Keras declares last for every optimizer."""


class Slot(NamedTuple):
    """An array that an optimizer keeps for a weight."""

    shape: tuple[int, ...]
    initializer: Initializer | None = Zeros()
    """How it begins; None: as the weight itself."""


@dataclass(frozen=True)
class UpdateStep:
    """What all weights have in common in one step; the numbers are scalars, known when the step runs."""

    learning_rate: Tensor
    iteration: Tensor
    """How many updates there were before, as float32."""
    numbers: Mapping[str, Tensor] = field(default_factory=dict[str, Tensor])
    """What the rule derives from them, computed once."""
    state: Mapping[str, Tensor] = field(default_factory=dict[str, Tensor])
    """The new values of the numbers that the optimizer keeps."""


def _refuse_scaling(value: Any) -> Any:
    if value is not None:
        help = "remove it: loss scaling has no effect on float32 gradients"
        raise PydanticCustomError("value_type", "scaling the loss is for half precision", {"help": help})
    return value


_Accumulation = Annotated[int, Field(ge=2)]


class Optimizer(Ordered):
    """Base of all optimizers.

    Below, w is a weight, d its gradient, r the learning rate and t the number of the update, counted from 1. A step
    clips gradients, decays weights by ``w -= r·weight_decay·w``, applies the update rule, updates moving averages, and
    applies the constraints of the layers, in this order.
    """

    order: ClassVar[str] = f"learning_rate * {SHARED} exclude_from_weight_decay"

    learning_rate: LearningRate = 0.001
    """The learning rate, the factor of each update: a number, or a schedule that changes it from update to update."""
    weight_decay: NonNegativeFloat | None = None
    """The weight decay: each update subtracts this fraction of each weight, times the learning rate. Null for none."""
    clipnorm: NonNegativeFloat | None = None
    """The maximum norm of the gradient of each weight; larger gradients are scaled down to it. Null for no limit."""
    clipvalue: NonNegativeFloat | None = None
    """The maximum absolute value of gradient elements; larger ones are clipped. Null for no limit."""
    global_clipnorm: NonNegativeFloat | None = None
    """The maximum norm of all gradients together; if it is exceeded, all are scaled down by the same factor. Null for
    no limit."""
    use_ema: bool = False
    """Whether to keep an exponential moving average of each weight, ``a = ema_momentum·a + (1 - ema_momentum)·w``. At
    the end of training the weights are replaced by their averages."""
    ema_momentum: Rate = 0.99
    """The momentum of the moving averages of the weights; 0.99 averages over about the last 100 updates."""
    ema_overwrite_frequency: PositiveInt | None = None
    """The number of updates between replacements of the weights by their moving averages; by default they are replaced
    only at the end of training."""
    loss_scale_factor: Annotated[None, BeforeValidator(_refuse_scaling), WithJsonSchema({"type": "null"})] = None
    """No effect: loss scaling is for half precision, and modelc trains in float32."""
    gradient_accumulation_steps: _Accumulation | None = None
    """The number of batches over which gradients are averaged before one update of the weights. By default each batch
    updates."""
    name: str | None = None
    """The name of the optimizer in saved files. By default derived from its type."""
    exclude_from_weight_decay: Names = ()
    """Parts of weight names, such as `[bias, gamma]`: weights whose name contains one are not decayed. (A method in
    Keras.)"""

    @classmethod
    def lower_case_name(cls) -> str:
        """Keras's: `rmsprop`."""
        return cls.__name__.lower()

    @model_validator(mode="after")
    def _one_clipping(self) -> Self:
        given = [n for n in ("clipnorm", "clipvalue", "global_clipnorm") if getattr(self, n) is not None]
        if len(given) > 1:
            raise PydanticCustomError(
                "conflict", "{given} exclude each other", {"given": " and ".join(f"`{n}`" for n in given)}
            )
        return self

    @property
    def label(self) -> str:
        """Its name, or that of its type: `adam_w`."""
        return self.name or snake_case(type(self).__name__)

    def rate_at(self, batch: int) -> float:
        """r for the batch of that number, counted from 0. A schedule counts batches, accumulated or not."""
        return learning_rate_at(self.learning_rate, batch)

    def iteration_at(self, batch: int) -> int:
        """How many updates there were before the batch of that number."""
        return batch // (self.gradient_accumulation_steps or 1)

    def updates_at(self, batch: int) -> bool:
        """Whether there is an update after the batch of that number, or its gradients are only added up."""
        return (batch + 1) % (self.gradient_accumulation_steps or 1) == 0

    def decay_of(self, path: str, shape: tuple[int, ...]) -> float | None:
        """The decay of a weight, None where it is excluded."""
        return None if self.excludes(path) else self.weight_decay

    def excludes(self, path: str) -> bool:
        """Whether the weight is not to be decayed by its name."""
        name = path.rpartition("/")[2]
        return any(part in name for part in self.exclude_from_weight_decay)

    @abstractmethod
    def slots(self, path: str, shape: tuple[int, ...]) -> dict[str, Slot]:
        """The arrays that the rule keeps for a weight, by name."""

    def state(self) -> dict[str, float]:
        """The numbers that the rule keeps for all weights together, by name, as they begin."""
        return {}

    def prepare(self, step: UpdateStep, state: Mapping[str, Tensor]) -> UpdateStep:
        """The step with what the rule derives from r, t and the state."""
        return step

    @abstractmethod
    def update(
        self, weight: Tensor, gradient: Tensor, slots: Mapping[str, Tensor], step: UpdateStep
    ) -> tuple[Tensor, dict[str, Tensor]]:
        """The rule: the new weight, and the new arrays of all slots."""


def zeros(shape: tuple[int, ...], *names: str) -> dict[str, Slot]:
    """Slots in the shape of the weight that begin as 0."""
    return {name: Slot(shape) for name in names}


def count(step: UpdateStep) -> Tensor:
    """t: the number of the update, counted from 1."""
    return step.iteration + 1.0
