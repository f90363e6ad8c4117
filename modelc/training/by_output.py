"""Arguments of `compile` per output: one for all, a list in output order, or a mapping by name."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np

from modelc.config.arguments import kind_of
from modelc.config.by_output import for_output, is_by_output
from modelc.errors import Diagnostic, SpecError
from modelc.language.validation.training_outputs import output_problem
from modelc.losses.expected import Expected
from modelc.losses.labels import ClassNumbers


def coerced(registry: Any, value: Any, what: str) -> Any:
    """The config that a name, a mapping or a config means. Raises `SpecError`."""
    from pydantic_core import PydanticCustomError

    try:
        return registry.coerce(value)
    except PydanticCustomError as error:
        context: dict[str, Any] = dict(error.context or {})
        found = f", found {kind_of(value)}" if error.type == "config_type" else ""
        raise wrong(f"`{what}`: {error.message()}{found}", context.get("help"), "E204") from None


def classes(expected: Expected) -> ClassNumbers | None:
    """What the labels of an output may be where they are the numbers of classes."""
    shape = expected.prediction.shape
    if expected.loss is not None:
        return expected.loss.classes(shape)
    # A label for each sample means the sparse crossentropy, unless there is one prediction.
    count = shape[1] if len(shape) == 2 else None
    return ClassNumbers(count) if count is not None and count > 1 else None


def loss_weight(given: Any) -> float:
    """What a loss counts: 1 unless said."""
    if given is None:
        return 1.0
    number = not isinstance(given, bool) and isinstance(given, int | float | np.integer | np.floating)
    weight = float(cast("float", given)) if number else math.nan
    if not math.isfinite(weight):
        raise wrong(f"`loss_weights` are finite numbers, found {kind_of(given)}", None, "E203")
    return weight


def per_output(given: Any, names: Sequence[str], what: str) -> list[Any]:
    """What was given for each output: one value, a list in order, or a mapping by name."""
    if is_by_output(given):
        for name in given:
            problem = output_problem(what, name, names)
            if problem is not None:
                raise wrong(*problem, "E304")
        return [for_output(name, given.get(name)) for name in names]
    if isinstance(given, list | tuple):
        values = list(cast("Sequence[Any]", given))
        if len(values) != len(names):
            help = f"the outputs are: {', '.join(names)}"
            raise wrong(f"`{what}` has {len(values)} entries for {len(names)} outputs", help, "E207")
        return values
    return [given] * len(names)


def wrong(message: str, help: str | None, code: str) -> SpecError:
    """The error for what `compile` was given."""
    return SpecError(Diagnostic(code, message, help, "compile"))
