"""The operations that are one function of the table: its parameters are their arguments."""

from __future__ import annotations

import inspect
import math
from typing import Annotated, Any, cast

from pydantic import Field

from modelc.config.options import FiniteFloat
from modelc.functions.function import BinaryFunction, Parameter, UnaryFunction
from modelc.functions.kinds import BinaryKind, UnaryKind
from modelc.graph.builder import Builder
from modelc.graph.tensor import Tensor
from modelc.layers.operations.registry import Emit


def of_unary(function: UnaryFunction) -> Emit:
    """``f(x, parameter=default, …)``."""

    def emit(g: Builder, x: Tensor, **arguments: float | None) -> Tensor:
        return x.as_float().f(cast(UnaryKind, function.name), *function.named(arguments))

    # `Entry` takes the arguments from the signature, and what they may be from the annotations.
    tensors = list(inspect.signature(emit).parameters.values())[:-1]
    emit.__signature__ = inspect.Signature([*tensors, *map(_argument, function.parameters)])  # pyright: ignore[reportFunctionMemberAccess]
    emit.__annotations__ = {"g": Builder, "x": Tensor, **{p.name: _type(p) for p in function.parameters}}
    return emit


def of_binary(function: BinaryFunction) -> Emit:
    """``f(x1, x2)``."""

    def emit(g: Builder, x1: Tensor, x2: Tensor) -> Tensor:
        return x1.as_float().combine(cast(BinaryKind, function.name), x2.as_float())

    return emit


def _argument(parameter: Parameter) -> inspect.Parameter:
    given: Any = inspect.Parameter.empty if parameter.default is None else parameter.default
    default = None if parameter.unlimited else given
    return inspect.Parameter(parameter.name, inspect.Parameter.KEYWORD_ONLY, default=default)


def _type(parameter: Parameter) -> Any:
    bounded: Any = FiniteFloat if parameter.least == -math.inf else Annotated[FiniteFloat, Field(ge=parameter.least)]
    return bounded | None if parameter.unlimited else bounded
