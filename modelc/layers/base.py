"""`Layer`: one entry of the vocabulary: typed options, and `call`, which says in ops what the layer computes.

Everything else that is known about a layer follows from the ops that it emits: shapes, parameter counts,
multiply-adds, memory, forward and backward code.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Literal, Protocol, Self, cast

from pydantic import Field, PrivateAttr

from modelc.config import Config
from modelc.errors import Diagnostic, NotBuiltError, ShapeError, SpecError
from modelc.graph.builder import Builder
from modelc.graph.graph import Value
from modelc.naming import snake_case
from modelc.options import Connections, SampleShape

if TYPE_CHECKING:
    from modelc.ops.base import Array
    from modelc.variables import Variable


class Place(Protocol):
    """A place in the text of a spec (`modelc.spec.node.Node`, which lies above this package)."""

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


class Layer(Config):
    """Base of all layers.

    In a spec a layer is data. In Python it can also be called and belong to a model, as in Keras: then it has
    `weights`, `input` and `output`, and `trainable` can be set.
    """

    keyword_only: ClassVar[frozenset[str]] = frozenset({"name", "trainable", "dtype", "input_shape", "connections"})

    input_names: ClassVar[tuple[str, ...]] = ("inputs",)
    """The arguments of `call` that take tensors by position."""
    required_inputs: ClassVar[int] = 1
    """How many of them must be given."""
    variadic: ClassVar[bool] = False
    """Whether any number of inputs may be given."""
    tensor_arguments: ClassVar[frozenset[str]] = frozenset()
    """Further tensors that `call` takes by name."""
    call_options: ClassVar[frozenset[str]] = frozenset()
    """Options that Keras takes in the call and not in the constructor."""
    is_model: ClassVar[bool] = False
    """Whether it is a model that is used as a layer, with `layers` that are reached by path."""
    supports_masking: ClassVar[bool] = False
    """Whether the mask of the first input goes on with the outputs."""

    name: str | None = None
    """The layer's name, unique in its model; made from the type where absent: `conv2d`, `conv2d_1`."""
    trainable: bool = True
    """Whether training changes the layer's parameters."""
    dtype: Literal["float32"] = "float32"
    """The type that the layer computes in."""
    input_shape: SampleShape | None = None
    """On the first layer: the shape of one sample, instead of `input` at the top."""

    connections: Connections = Field(default=None, alias="inputs")
    """What the layer is applied to: a name, a list of names, or names by argument; the entry before it unless said."""

    _variables: tuple[Variable, ...] | None = PrivateAttr(None)
    _input: Any = PrivateAttr(None)
    _output: Any = PrivateAttr(None)
    _frozen_by_spec: bool = PrivateAttr(False)
    _place: Place | None = PrivateAttr(None)

    @abstractmethod
    def call(self, g: Builder, *args: Any, **kwargs: Any) -> Value | tuple[Value, ...]:
        """Emit the ops of this layer on its inputs, which are values, and return its output or outputs.

        Raises `ShapeError` where the inputs do not fit.
        """

    def apply(self, g: Builder, *inputs: Value, **tensors: Any) -> tuple[Value, ...]:
        """`call`, with what holds for every layer: the number of inputs is checked, and masks go their way.

        `mask` among the tensors is the mask of the input, or a tuple with one for each input or None.
        """
        masks = tensors.pop("mask", None)
        self._check_arguments(inputs, tensors)
        given = cast("tuple[Value | None, ...]", masks if isinstance(masks, tuple) else (masks,))
        masked = g.masked({x: m for x, m in zip(inputs, given, strict=False) if m})
        with masked, g.applied(trainable=self.trainable):
            made = self.call(g, *inputs, **tensors)
            outputs = made if isinstance(made, tuple) else (made,)
            mask = g.mask_of(inputs[0]) if inputs else None
        for output in outputs:
            if output not in inputs and mask is not None and self.supports_masking and g.mask_of(output) is None:
                g.set_mask(output, mask)
        return outputs

    def _check_arguments(self, inputs: Sequence[Value], tensors: Mapping[str, Any]) -> None:
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
                known = ", ".join(sorted({*self.input_names, *self.tensor_arguments, "mask"}))
                raise ShapeError(f"it takes no tensor `{name}`", f"its tensors are: {known}", "E207")

    @classmethod
    def auto_name(cls) -> str:
        """Keras's snake case of the class name: `MaxPooling2D` is `max_pooling2d`, `PReLU` is `p_re_lu`."""
        return snake_case(cls.__name__)

    @property
    def place(self) -> Place | None:
        """Where the layer is written; None for one made in Python."""
        return self._place

    def locate(self, place: Place) -> None:
        """Note where the layer is written."""
        self._place = place

    @property
    def label(self) -> str:
        """What messages call the layer: its name, or its type while it has none."""
        return self.name or type(self).__name__

    def resolved(self, name: str, trainable: bool) -> Self:
        """A copy as part of a spec: with this name and this `trainable`, and closed to assignment."""
        copy = self.model_copy(update={"name": name, "trainable": trainable})
        copy._frozen_by_spec = True
        return copy

    def released(self) -> Self:
        """A copy as part of a model, whose `trainable` can be set again."""
        copy = self.model_copy()
        copy._frozen_by_spec = False
        return copy

    def entry(self, name: str | None) -> Self:
        """A copy as an entry of a spec whose input shape is said at the top; `name` is None for an automatic one."""
        copy = self.model_copy(update={"name": name, "input_shape": None})
        copy._frozen_by_spec = False
        return copy

    def with_trainable(self, trainable: bool) -> Self:
        """A copy with this `trainable`."""
        return self.model_copy(update={"trainable": trainable})

    def without_weight_files(self) -> Self:
        """The layer itself, or a copy that names no file to load weights from."""
        return self

    def inner_paths(self) -> Iterable[str]:
        """The paths of the layers inside of a model that is used as a layer."""
        return ()

    @property
    def frozen_by_spec(self) -> bool:
        """Whether the layer belongs to a spec, so that nothing about it can change."""
        return self._frozen_by_spec

    def __copy__(self) -> Self:
        """The same options; a copy has no weights and is in no model."""
        copy = super().__copy__()
        private = copy.__pydantic_private__
        assert private is not None
        private.update(_variables=None, _input=None, _output=None)
        return copy

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> Self:
        # Options are immutable, so they can be shared.
        return self.__copy__()

    def __getstate__(self) -> dict[Any, Any]:
        # What is pickled is an unbound copy, outside of the text that it was read from.
        copy = self.__copy__()
        copy._place = None
        return super(Layer, copy).__getstate__()

    # --- the life of a layer in Python

    def give_name(self, name: str | None) -> None:
        """Set or take back an automatic name."""
        vars(self)["name"] = name

    def bind(self, variables: tuple[Variable, ...] | None, input: Any = None, output: Any = None) -> None:
        """Give the layer its weights (None: take them back) and, in a model, its symbolic input and output."""
        self._variables, self._input, self._output = variables, input, output

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "trainable" and not self._frozen_by_spec:
            if not isinstance(value, bool):
                raise SpecError(Diagnostic("E203", "`trainable` must be true or false", None, type(self).__name__))
            vars(self)["trainable"] = value
        elif name in type(self).model_fields:
            how = "spec.freeze(…) gives a new spec" if self._frozen_by_spec else "make a new layer with it"
            raise SpecError(Diagnostic("E207", f"`{name}` of a layer cannot be changed", how, type(self).__name__))
        else:
            super().__setattr__(name, value)

    @property
    def built(self) -> bool:
        """Whether the layer has its weights."""
        return self._variables is not None

    @property
    def in_model(self) -> bool:
        """Whether the layer has an input and an output: it is in a model whose input shape is known."""
        return self._output is not None

    @property
    def weights(self) -> list[Variable]:
        """The layer's weights in Keras's order; empty before the first call."""
        return list(self._variables or ())

    @property
    def trainable_weights(self) -> list[Variable]:
        """The weights that training changes."""
        return [v for v in self.weights if self.trainable and v.trainable]

    @property
    def non_trainable_weights(self) -> list[Variable]:
        """The weights that training leaves alone."""
        return [v for v in self.weights if not (self.trainable and v.trainable)]

    def get_weights(self) -> list[Array]:
        """Copies of the weights' arrays."""
        return [v.value.copy() for v in self.weights]

    def set_weights(self, weights: Sequence[Array]) -> None:
        """Assign all weights, in order. Raises `WeightsError` and assigns nothing where they do not match."""
        from modelc.weights import assign_all

        assign_all(self.weights, weights, f"the layer `{self.label}`")

    def count_params(self) -> int:
        """The number of elements in the weights. Raises `NotBuiltError` before they exist."""
        if self._variables is None:
            raise NotBuiltError(f"`{self.label}` has no weights yet: call it on an input first")
        return sum(int(v.value.size) for v in self._variables)

    @property
    def input(self) -> Any:
        """The symbolic input of the layer in its model. Raises `NotBuiltError` outside a built model."""
        return self._symbol(self._input, "input")

    @property
    def output(self) -> Any:
        """The symbolic output of the layer in its model. Raises `NotBuiltError` outside a built model."""
        return self._symbol(self._output, "output")

    def _symbol(self, symbol: Any, which: str) -> Any:
        if symbol is None:
            raise NotBuiltError(f"`{self.label}` has no {which} yet: it is not in a model whose input shape is known")
        return symbol

    @property
    def shown_type(self) -> str:
        """The type that tables show."""
        return self.type_name()

    def __call__(self, *inputs: Any, **tensors: Any) -> Any:
        """Run the layer by itself on arrays, through its NumPy definition; the first call makes its weights.

        A layer of several inputs takes them one by one, or as one list.
        """
        from modelc.graph.eager import call_layer

        return call_layer(self, inputs, tensors)


def require_rank(x: Value, rank: int, layout: str, owner: str) -> None:
    """Raise `ShapeError` unless `x` has this rank, the batch included; `layout` names the axes."""
    if x.type.rank != rank:
        from modelc.graph.types import format_shape

        raise ShapeError(
            f"{owner} takes {rank}-D input {layout}, found {x.type.rank}-D {format_shape(x.type.shape)}",
            _rank_help(x.type.rank, rank),
            axis="rank",
        )


def _rank_help(found: int, expected: int) -> str:
    if found > expected:
        return "put a Flatten, a GlobalAveragePooling or a Reshape before it"
    return "put a Reshape before it, or give the input its missing axes"
