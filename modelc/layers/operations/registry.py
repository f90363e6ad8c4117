"""The table of operations: each is a function that emits ops, and its signature says all about it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Protocol, TypeVar, cast, get_args, get_type_hints

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model

from modelc.config.options import MAX_AXES, as_ints
from modelc.graph.tensor import Tensor
from modelc.system.forks import cached_property

Emit = Callable[..., Tensor | tuple[Tensor, ...]]
E = TypeVar("E", bound=Emit)


def _as_tuple(value: Any) -> Any:
    return tuple(cast("list[Any]", value)) if isinstance(value, list) else value


def _ints(value: Any) -> Any:
    ints = as_ints(value)
    return _as_tuple(value) if ints is None else ints


_MAX_INTS = 1 << 16

Ints = Annotated[tuple[int, ...], BeforeValidator(_ints), Field(max_length=_MAX_INTS)]
"""A list of integers."""
IntOrInts = int | Ints
Axes = Annotated[int | tuple[int, ...] | None, BeforeValidator(_as_tuple)]
"""One axis, a list of them, or null for all."""
Sizes = Annotated[tuple[int | None, ...], BeforeValidator(_as_tuple), Field(max_length=MAX_AXES)]
"""A shape, in which one size may be null or -1."""


@dataclass(frozen=True)
class Entry:
    """One operation: its tensors are the positional parameters of `emit`, its arguments the keyword-only ones."""

    name: str
    emit: Emit

    @cached_property
    def _parameters(self) -> list[inspect.Parameter]:
        return list(inspect.signature(self.emit).parameters.values())[1:]

    @cached_property
    def tensors(self) -> tuple[str, ...]:
        """The names of the tensors, in order; one name stands for any number where `variadic`."""
        kinds = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.VAR_POSITIONAL)
        return tuple(p.name for p in self._parameters if p.kind in kinds)

    @cached_property
    def numbers(self) -> frozenset[str]:
        """The tensors that it takes as plain numbers where they are constants."""
        hints = get_type_hints(self.emit)
        return frozenset(name for name in self.tensors if float in get_args(hints[name]))

    @cached_property
    def variadic(self) -> bool:
        """Whether it takes any number of tensors."""
        return any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in self._parameters)

    @cached_property
    def required(self) -> int:
        """How many tensors there must be."""
        needed = (p for p in self._parameters if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD)
        return max(1, sum(p.default is inspect.Parameter.empty for p in needed))

    @cached_property
    def arguments(self) -> type[BaseModel]:
        """The arguments by name, with their types and defaults."""
        hints = get_type_hints(self.emit, include_extras=True)
        fields: dict[str, Any] = {}
        for p in self._parameters:
            if p.kind is inspect.Parameter.KEYWORD_ONLY:
                default = ... if p.default is inspect.Parameter.empty else p.default
                fields[p.name] = (hints[p.name], default)
        config = ConfigDict(extra="forbid", strict=True, frozen=True)
        return create_model(self.name, __config__=config, **fields)


Table = dict[str, Entry]


class Adder(Protocol):
    """A decorator with the names under which it adds."""

    def __call__(self, *names: str) -> Callable[[E], E]:
        """The decorator."""
        ...


def adder(table: Table) -> Adder:
    """The decorator that puts a function into `table` under these names."""

    def add(*names: str) -> Callable[[E], E]:
        def decorate(emit: E) -> E:
            table.update({name: Entry(name, emit) for name in names})
            return emit

        return decorate

    return add
