"""Operation: one function of `keras.ops`, applied to tensors and constants."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Self, cast

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    GetJsonSchemaHandler,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError, core_schema

from modelc.config.options import MAX_AXES, as_ints
from modelc.config.validation import explain
from modelc.errors import ShapeError
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor, constant
from modelc.initializers.classes import GlorotUniform
from modelc.layers.base import Layer
from modelc.layers.operations.registry import Entry
from modelc.layers.operations.size_formulas import is_formula, require_formula, size_of_formula, with_sizes
from modelc.layers.operations.table import OPERATIONS
from modelc.layers.preprocessing.ranges import Numbers, emit_numbers, operand_of
from modelc.text.unknown import unknown

_MAX_OPERANDS = 1024


def _operations() -> Mapping[str, Entry]:
    # Only a spec that uses operations pays for importing them.

    return OPERATIONS


def _known(name: str) -> str:
    if name in _operations():
        return name
    message, help = unknown("operation", name, list(_operations()))
    raise PydanticCustomError("value", "{text}", {"text": message, "help": help})


class _OperationNames:
    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"type": "string", "enum": sorted(_operations())}


def _bounded(value: Any) -> Any:
    if not isinstance(value, list | tuple):
        return value
    operands = tuple(cast("list[Any]", value))
    if not 0 < len(operands) <= _MAX_OPERANDS:
        raise PydanticCustomError("value", "expected 1 to {most} operands", {"most": _MAX_OPERANDS})
    return operands


def _placeholder(formula: Any) -> int:
    """A size in the place of a formula, which is looked at."""
    require_formula(formula)
    return 1


def _is_weight(operand: Any) -> bool:
    return isinstance(operand, Mapping) and "weight" in operand


def _weight(value: Mapping[str, Any]) -> Mapping[str, Any]:
    shape, trained = value["weight"], value.get("trainable", True)
    sizes = as_ints(shape) if isinstance(shape, list | tuple) else None
    fits = sizes is not None and len(sizes) <= MAX_AXES and all(size > 0 for size in sizes)
    if not fits or not isinstance(trained, bool) or not value.keys() <= {"weight", "trainable"}:
        raise PydanticCustomError("value", "expected {weight: [sizes]}, of at least 1, and `trainable: false` or not")
    return {"weight": list(sizes or ()), **({} if trained else {"trainable": False})}


def _operand(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return operand_of(value)
    given = cast("Mapping[str, Any]", value)
    return _weight(given) if _is_weight(given) else require_formula(given)


Operands = Annotated[
    tuple[Annotated[Any, BeforeValidator(_operand)], ...] | None,
    BeforeValidator(_bounded),
    WithJsonSchema({"type": ["array", "null"], "maxItems": _MAX_OPERANDS}),
]


class Operation(Layer):
    """Applies a function of `keras.ops`: ``y = operation(*operands, **arguments)``.

    The operands are the inputs in order, and constants where `operands` has them: with `operands: [1, null]` the
    operation `subtract` computes ``1 - x``. The batch stays the first axis. Comparisons and logical operations give 0
    and 1 as float32; integer arithmetic is computed in float32. Weights: those among `operands`, in their order, by the
    names weight, weight_1, ….
    """

    origin = "modelc"

    variadic = True

    operation: Annotated[str, AfterValidator(_known), _OperationNames()]
    """The name of the function in `keras.ops`, such as `add`, `exp` or `reshape`."""
    operands: Operands = None
    """The operands in order, if some are constants: a number or an array for a constant, null for the next input,
    `{weight: [3, 4]}` for a weight of that shape, with `trainable: false` for one that training leaves as it is. By
    default all operands are inputs."""
    arguments: dict[str, Any] = Field({})
    """The keyword arguments of the function, such as `{axis: -1, keepdims: true}`. A number among them, as an operand,
    can be a formula of sizes of inputs: `{size: [0, 1]}` is axis 1 of the first input, and `add`, `multiply` and
    `floor_divide` of a list compute with such. Inputs after those that are operands are there for their sizes only."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        entry = _operations()[self.operation]
        try:
            entry.arguments.model_validate(self._arguments_with(_placeholder))
        except ValidationError as error:
            known = entry.arguments.model_fields
            _, text, help = explain(error.errors(include_url=False)[0], f"`{self.operation}`", known)
            raise PydanticCustomError("value", "{text}", {"text": text, **({"help": help} if help else {})}) from None
        return self

    @property
    def shown_type(self) -> str:
        """The operation."""
        return self.operation

    def call(self, g: Builder, *inputs: Tensor) -> Tensor | tuple[Tensor, ...]:
        entry = _operations()[self.operation]
        operands = inputs if self.operands is None else tuple(self._operands(self.operands, inputs))
        most = len(entry.tensors)
        if len(operands) < entry.required or (len(operands) > most and not entry.variadic):
            expected = str(entry.required) if entry.required == most else f"{entry.required} to {most}"
            if entry.variadic:
                expected = f"at least {entry.required}"
            names = ", ".join(entry.tensors)
            message = f"`{self.operation}` takes {expected} operands ({names}), found {len(operands)}"
            raise ShapeError(message, "write them as `inputs: [a, b]`, and constants in `operands`", "E207")
        values = [self._value(g, entry, i, operand, inputs, operands) for i, operand in enumerate(operands)]
        arguments = entry.arguments.model_validate(self._arguments_with(lambda _: 1))
        known = {name: getattr(arguments, name) for name in type(arguments).model_fields}
        for name, value in self.arguments.items():
            if (sized := with_sizes(value, lambda formula: size_of_formula(formula, inputs))) != value:
                known[name] = tuple(sized) if isinstance(sized, list) else sized  # pyright: ignore[reportUnknownArgumentType]
        return entry.emit(g, *values, **known)

    def _arguments_with(self, size: Callable[[Any], int]) -> dict[str, Any]:
        """The arguments with what `size` gives for each formula."""
        return {name: with_sizes(value, size) for name, value in self.arguments.items()}

    @property
    def has_formulas(self) -> bool:
        """Whether an operand or an argument is a formula of sizes."""
        found = self._arguments_with(lambda _: 1) != self.arguments
        return found or any(map(is_formula, self.operands or ()))

    def _operands(self, operands: tuple[Numbers | None, ...], inputs: tuple[Tensor, ...]) -> Iterator[Tensor | Numbers]:
        """The inputs in the places of null among the constants."""
        places = sum(operand is None for operand in operands)
        if places > len(inputs) or (places < len(inputs) and not self.has_formulas):
            raise ShapeError(
                f"`operands` has {places} places for inputs, found {len(inputs)} inputs",
                "write null in `operands` for each input",
                "E207",
            )
        remaining = iter(inputs)
        for operand in operands:
            yield next(remaining) if operand is None else operand

    def _value(
        self, g: Builder, entry: Entry, place: int, operand: Any, inputs: tuple[Tensor, ...], operands: Sequence[Any]
    ) -> Tensor | Numbers:
        if isinstance(operand, Tensor):
            return operand
        if _is_weight(operand):
            number = sum(map(_is_weight, operands[:place]))
            name = f"weight_{number}" if number else "weight"
            shape, trained = tuple(operand["weight"]), operand.get("trainable", True)
            return g.weight(name, shape, GlorotUniform(), trainable=trained)
        if is_formula(operand):
            return constant(g, size_of_formula(operand, inputs))
        is_plain = place < len(entry.tensors) and entry.tensors[place] in entry.numbers
        return operand if is_plain else emit_numbers(g, operand)
