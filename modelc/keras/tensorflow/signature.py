"""The table of TensorFlow's functions: each is a Python function whose parameters are TensorFlow's, in its order."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from modelc.errors import UnsupportedError
from modelc.keras.tensorflow.steps import Steps
from modelc.system.forks import cached_property

Recipe = Callable[..., Any]
R = TypeVar("R", bound=Recipe)

_ALIASES: Mapping[str, tuple[str, ...]] = {
    "axis": ("dim", "dimension", "reduction_indices", "squeeze_dims", "axes", "split_dim", "concat_dim"),
    "axes": ("axis",),
    "keepdims": ("keep_dims",),
    "indices": ("ids",),
    "filters": ("filter",),
    "dilations": ("rates", "dilation_rate"),
    "strides": ("stride",),
    "epsilon": ("eps",),
}
"""What older versions of TensorFlow call a parameter."""

_IGNORED = frozenset({"name", "validate_indices", "validate_shape", "conjugate"})


@dataclass(frozen=True)
class Function:
    """A function of TensorFlow, and how it is written as operations."""

    name: str
    recipe: Recipe

    @cached_property
    def _parameters(self) -> tuple[inspect.Parameter, ...]:
        return tuple(inspect.signature(self.recipe).parameters.values())[1:]

    def apply(self, s: Steps, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """What the function gives for these arguments. Raises `UnsupportedError` where modelc does not have that."""
        names = [p.name for p in self._parameters]
        if len(args) > len(names):
            raise UnsupportedError(f"the TensorFlow function `{self.name}` is called with {len(args)} arguments")
        bound = dict(zip(names, args, strict=False))
        for key, value in kwargs.items():
            name = key if key in names else next((n for n in names if key in _ALIASES.get(n, ())), None)
            if name is None and not args and names[0] not in bound:
                name = names[0]  # the first one has many names
            if name is not None and (value is not None or name not in bound):
                bound[name] = value
            elif name is None and key not in _IGNORED and value not in (None, False, ""):
                raise UnsupportedError(
                    f"the argument `{key}` of the TensorFlow function `{self.name}` is not supported"
                )
        for p in self._parameters:
            if p.default is not inspect.Parameter.empty and bound.get(p.name) is None:
                bound[p.name] = p.default
            elif p.name not in bound:
                raise UnsupportedError(f"the TensorFlow function `{self.name}` is called without `{p.name}`")
        try:
            return self.recipe(s, **bound)
        except (TypeError, ValueError, IndexError, KeyError, AttributeError, ArithmeticError):
            # Recipes do not check the kinds of their arguments: others than those that TensorFlow writes end here.
            raise s.refuse("its arguments are malformed") from None


Table = dict[str, Function]


def adder(table: Table) -> Callable[..., Callable[[R], R]]:
    """The decorator that puts a recipe into a table under the names of TensorFlow's function."""

    def add(*names: str) -> Callable[[R], R]:
        def decorate(recipe: R) -> R:
            table.update({name: Function(name, recipe) for name in names})
            return recipe

        return decorate

    return add
