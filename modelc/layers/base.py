"""`Layer`: a layer type: typed options, and `call`, which emits the ops of its computation.

Shapes, parameter counts, multiply-adds, memory, forward and backward code are all derived from these ops.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any, ClassVar, Literal, Protocol, Self, cast

from pydantic import Field, PrivateAttr, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import PydanticCustomError

from modelc.config.options import Connections, SampleShape
from modelc.errors import Diagnostic, ShapeError
from modelc.graph.builder import AS_IT_IS, Builder
from modelc.graph.tensor import Tensor
from modelc.graph.types import format_shape
from modelc.layers.bound import Bound
from modelc.layers.inside import replaced_inside
from modelc.layers.keras_form import KerasForm
from modelc.regularizers.classes import Regularizer
from modelc.semantics import PassedMask
from modelc.text.naming import snake_case
from modelc.text.unknown import unknown


class TextPlace(Protocol):
    """A place in the text of a spec (`modelc.language.text.node.TextNode`, which lies above this package)."""

    @property
    def line(self) -> int | None:
        """The line, from 1."""
        ...

    @property
    def source(self) -> Any:
        """The text, with its `name`."""
        ...

    def diagnostic(self, code: str, message: str, help: str | None = None) -> Diagnostic:
        """A mistake at this place."""
        ...


class Layer(KerasForm, Bound):
    """Base of all layers.

    In a spec a layer is data. In Python it can also be called and be part of a model, as in Keras: then it has
    `weights`, `input` and `output`, and `trainable` can be set.
    """

    keyword_only: ClassVar[frozenset[str]] = frozenset(
        {"name", "trainable", "dtype", "input_shape", "training", "connections"}
    )

    origin: ClassVar[Literal["keras.layers", "keras.applications", "Keras 2", "Keras 1", "modelc"]] = "keras.layers"
    """What has the layer: `keras.layers` of Keras 3, a model of `keras.applications`, at last Keras 2 or Keras 1, or
    modelc only."""
    indexed: ClassVar[tuple[str, ...]] = ("is_cell", "is_activation", "holds_layers")
    is_cell: ClassVar[bool] = False
    """Whether it computes one step of a sequence, for RNN and StackedRNNCells."""
    is_activation: ClassVar[bool] = False
    """Whether it may be the activation of another layer: `activation: {type: LeakyReLU, negative_slope: 0.1}`."""
    holds_layers: ClassVar[bool] = False
    """Whether its weights are in layers or cells inside of it: `lstm/lstm_cell/kernel`."""

    input_names: ClassVar[tuple[str, ...]] = ("inputs",)
    """The arguments of `call` that take tensors by position."""
    required_inputs: ClassVar[int] = 1
    """The number of inputs that must be given."""
    variadic: ClassVar[bool] = False
    """Whether any number of inputs may be given."""
    tensor_arguments: ClassVar[frozenset[str]] = frozenset()
    """Further tensors that `call` takes by name."""
    call_options: ClassVar[frozenset[str]] = frozenset()
    """Options that Keras takes in the call and not in the constructor."""
    is_model: ClassVar[bool] = False
    """Whether it is a nested model, whose `layers` are addressed by path."""
    differs_in_training: ClassVar[bool] = False
    """Whether it, or a layer inside it, may compute differently in training."""
    supports_masking: ClassVar[bool] = False
    """Whether the mask of the first input is passed on to the outputs."""
    masking_since_keras_3: ClassVar[bool] = False
    """Whether `supports_masking` applies to Keras 3 only."""
    decides_masks: ClassVar[bool] = False
    """Whether `call` sets the masks of its outputs, including inputs that it returns unchanged."""

    dtype: Literal["float32"] = "float32"
    """The data type of the computation; only float32 is supported."""
    input_shape: SampleShape | None = None
    """The shape of one sample, without the batch axis. Only for the first layer, instead of the spec's `input`."""
    training: bool | None = None
    """The mode of a layer that computes differently in training: true forces training mode, also at inference (Monte
    Carlo dropout); false forces inference mode; null follows the model."""

    connections: Connections = Field(default=None, alias="inputs")
    """The names of the entries that are the layer's inputs: one name, a list, or a mapping by argument. By default the
    preceding entry."""

    _place: TextPlace | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _training_makes_a_difference(self) -> Self:
        if self.training is not None and not self.differs_in_training:
            text = f"`training` changes nothing: {self.type_name()} computes the same in training and at inference"
            raise PydanticCustomError("conflict", "{text}", {"text": text, "help": "remove it"})
        return self

    @abstractmethod
    def call(self, g: Builder, *args: Any, **kwargs: Any) -> Tensor | tuple[Tensor, ...]:
        """Emit the ops of this layer on its input values and return its output or outputs.

        Raises `ShapeError` if the inputs do not fit.
        """

    def apply(self, g: Builder, *inputs: Tensor, penalized: bool = True, **tensors: Any) -> tuple[Tensor, ...]:
        """`call` with the behaviour common to all layers: checks the number of inputs and propagates masks.

        `mask` among the tensors is the mask of the input, or a tuple with one mask or None per input; `penalized` says
        whether the `penalty` on the outputs is added.
        """
        masks = tensors.pop("mask", None)
        self._check_arguments(inputs, tensors)
        given = cast("tuple[Tensor | None, ...]", masks if isinstance(masks, tuple) else (masks,))
        masked = AS_IT_IS if masks is None else g.masks.given({
            x: m for x, m in zip(inputs, given, strict=False) if m
        })  # fmt: skip
        with masked, g.applied(trainable=self.trainable), g.computing(self.training):
            made = self._called(g, inputs, tensors)
            outputs: tuple[Tensor, ...] = made if isinstance(made, tuple) else (made,)
            mask = g.masks.of(inputs[0]) if inputs else None
        if penalized and self.penalty is not None:
            g.penalize(self.penalty, outputs)
        passes = self.supports_masking and not (
            self.masking_since_keras_3 and g.semantics.passed_mask is PassedMask.DROPPED
        )
        if passes and mask is not None:
            for output in outputs:
                if output not in inputs and g.masks.of(output) is None:
                    g.masks.set(output, mask)
        elif not (passes or self.decides_masks):
            outputs = tuple(g.masks.removed(output) if output in inputs else output for output in outputs)
        return outputs

    def _called(self, g: Builder, inputs: tuple[Tensor, ...], tensors: dict[str, Any]) -> Tensor | tuple[Tensor, ...]:
        try:
            return self.call(g, *inputs, **tensors)
        except (IndexError, ValueError, AssertionError):
            if all(x.rank for x in inputs):
                raise
        # A layer looks at the axes that it needs: of a single number it finds none.
        help = "the preceding layer reduces the whole batch to one number: set its `axis`"
        raise ShapeError("it takes a batch of samples, found a single number", help, axis="rank")

    def _check_arguments(self, inputs: Sequence[Tensor], tensors: Mapping[str, Any]) -> None:
        found, most = len(inputs), len(self.input_names)
        if found < self.required_inputs or (found > most and not self.variadic):
            if self.variadic:
                expected = f"at least {self.required_inputs} inputs"
            elif self.required_inputs == most:
                expected = "one input" if most == 1 else f"{most} inputs ({', '.join(self.input_names)})"
            else:
                expected = f"{self.required_inputs} to {most} inputs ({', '.join(self.input_names)})"
            raise ShapeError(f"it takes {expected}, found {found}", "write them as `inputs: [a, b]`", "E207")
        for name in tensors:
            if name not in self.tensor_arguments:
                known = sorted({*self.input_names, *self.tensor_arguments, "mask"})
                raise ShapeError(*unknown("tensor argument", name, known), "E207")

    @classmethod
    def auto_name(cls) -> str:
        """Keras's snake case of the class name: `MaxPooling2D` is `max_pooling2d`, `PReLU` is `p_re_lu`."""
        return snake_case(cls.type_name())

    @classmethod
    def mentioned(cls) -> dict[str, FieldInfo]:
        fields = cls.model_fields
        return fields if cls.differs_in_training else {name: f for name, f in fields.items() if name != "training"}

    @property
    def place(self) -> TextPlace | None:
        """The place in the text of a spec; None for a layer created in Python."""
        private = self.__pydantic_private__  # `self._place` takes ten times as long, and large specs have many layers
        return None if private is None else private["_place"]

    def locate(self, place: TextPlace) -> None:
        """Set the place in the text of a spec."""
        private = self.__pydantic_private__
        assert private is not None
        private["_place"] = place

    def resolved(self, name: str, trainable: bool) -> Self:
        """An immutable copy as part of a spec, with this name and this `trainable`."""
        copy = self.__copy__()  # `model_copy` without its questions: large specs have many layers
        vars(copy).update(name=name, trainable=trainable)
        copy.__pydantic_fields_set__.update(("name", "trainable"))
        return copy._closed(True)

    def released(self) -> Self:
        """A copy as part of a model, whose `trainable` can be set."""
        return self.model_copy()._closed(False)

    def _closed(self, closed: bool) -> Self:
        """The same object, closed to assignment or not, with copies of the layers inside that are likewise."""
        private = self.__pydantic_private__
        assert private is not None
        private["_frozen_by_spec"] = closed
        if self.wrapped:
            vars(self).update(replaced_inside(self, lambda one: one.model_copy()._closed(closed)))
        return self

    def entry(self, name: str | None) -> Self:
        """A copy as an entry of a spec whose input shape is given at the top; `name` is None for an automatic one."""
        return self.model_copy(update={"name": name, "input_shape": None})._closed(False)

    def with_trainable(self, trainable: bool) -> Self:
        """A copy with this `trainable`."""
        return self.model_copy(update={"trainable": trainable})

    def trained_as(self, now: Layer) -> Self:
        """A copy that is frozen like another state of the layer, including the layers inside."""
        if not now.trainable:
            return self.with_trainable(False)  # whatever is inside is frozen with it
        states = iter(now.inside)
        inside = replaced_inside(self, lambda one: one.trained_as(next(states)))
        return self.model_copy(update={"trainable": True, **inside})

    def agrees(self, now: Layer) -> bool:
        """Whether another state of the layer is frozen in the same way."""
        if not (self.trainable and now.trainable):
            return self.trainable == now.trainable
        return all(one.agrees(other) for one, other in zip(self.inside, now.inside, strict=True))

    def without_weight_files(self) -> Self:
        """The layer itself, or a copy without a weight file."""
        return self

    def with_frozen(self, selectors: Sequence[str]) -> Self:
        """A copy of a nested model with further inner layers frozen."""
        raise AssertionError("it has no layers by name")

    def inner_paths(self) -> Iterable[str]:
        """The paths of the layers inside a nested model."""
        return ()

    def __copy__(self) -> Self:
        """A layer with the same options, without weights and outside of any model."""
        copy = super().__copy__()
        private = copy.__pydantic_private__
        assert private is not None
        private.update(_variables=None, _weight_paths=(), _input=None, _output=None, _thawed=False)
        return copy

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        # Options are immutable, so they can be shared.
        return self.__copy__()

    def __getstate__(self) -> dict[Any, Any]:
        # What is pickled is an unbound copy, outside of the text that it was read from.
        copy = self.__copy__()
        copy._place = None
        return super(Layer, copy).__getstate__()

    @property
    def penalty(self) -> Regularizer | None:
        """The penalty on the layer's output in training, added at each use."""
        return vars(self).get("activity_regularizer")

    @property
    def shown_type(self) -> str:
        """The type shown in tables."""
        return self.type_name()

    def compute_output_shape(self, input_shape: Any) -> Any:
        """The shape of the output for an input of this shape, with the batch axis: `(None, 28, 28, 1)`.

        `input_shape` is a list of shapes for several inputs; the result is a list for several outputs. Nothing is
        computed, and no weights are made. Raises `ShapeError` where the layer does not take the shape.
        """
        return _eager().output_shape(self, input_shape)

    def __call__(self, *inputs: Any, **tensors: Any) -> Any:
        """Run the layer on arrays through the NumPy definitions of its ops; the first call creates its weights.

        Several inputs are given as arguments or as one list.
        """
        return _eager().call_layer(self, inputs, tensors)


def _eager() -> ModuleType:
    """What traces a layer by itself, which layers of specs do without."""
    from modelc.layers import eager

    return eager


def require_rank(x: Tensor, rank: int, layout: str, owner: str) -> None:
    """Raise `ShapeError` unless `x` has this rank, with the batch axis; `layout` names the axes."""
    if x.rank != rank:
        raise ShapeError(
            f"{owner} takes {rank}-D input {layout}, found {x.rank}-D {format_shape(x.shape)}",
            _rank_help(x.rank, rank),
            axis="rank",
            takes=rank,
        )


def _rank_help(found: int, expected: int) -> str:
    if found > expected:
        return "put a Flatten, a GlobalAveragePooling or a Reshape before it"
    return "put a Reshape before it, or give the input its missing axes"
