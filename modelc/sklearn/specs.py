"""The spec of an estimator, with its variables set and with the sizes that it leaves to the data."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from typing import Any, cast

import numpy as np

from modelc.config.arguments import kind_of
from modelc.errors import InputError
from modelc.language.expansion.extends import follow_extends
from modelc.language.text.source import SpecSource, examine
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from modelc.text.unknown import unknown


def spec_for(given: Any, variables: Any, sizes: Mapping[str, int], sample: tuple[int, ...]) -> Spec:
    """The spec that was `given` as a path, a text, a mapping or a `Spec`, for samples of this shape.

    `variables` are values of its `vars`. Those of `sizes` hold for the variables of these names that it has, unless
    `variables` have them as well. A spec without an input takes samples of this shape. Raises `InputError` for what is
    no spec and for unknown variables, `SpecError` for mistakes in the spec.
    """
    if not isinstance(given, Spec | str | os.PathLike | Mapping):
        help = "give a path, a text, a mapping or what `modelc.load_spec` returns"
        raise InputError(f"`spec` must be a spec, found {kind_of(given)}", help)
    spec = given if isinstance(given, Spec) else _read(cast("SpecSource", given), variables, sizes)
    if spec is given and variables:
        help = "give the path or the text of the spec instead"
        raise InputError("the variables of a spec that was read have their values already", help)
    has_input = spec.input is not None or spec.is_functional
    return spec if has_input else spec.with_input_shape(sample)


def _read(source: SpecSource, variables: Any, sizes: Mapping[str, int]) -> Spec:
    known = _declared(source)
    values = {name: size for name, size in sizes.items() if name in known} | _checked(variables, known)
    return load_spec(source, settings=[f"vars.{name}={_written(name, value)}" for name, value in values.items()])


def _declared(source: SpecSource) -> set[str]:
    """The names of the variables that a spec and its bases have; none where it cannot be read, which `load_spec`
    tells."""
    node, mistakes = examine(source)
    extended = None if mistakes or node is None or not isinstance(node.value, dict) else follow_extends(node)[0]
    table = None if extended is None else extended.get("vars")
    return set(table.value) if table is not None and isinstance(table.value, dict) else set()


def require_variables(given: Any) -> dict[str, Any]:
    """The values of variables that were given, by name. Raises `InputError` for what is none."""
    table = cast("Mapping[Any, Any]", given) if isinstance(given, Mapping) else None
    if table is None or not all(isinstance(name, str) for name in table):
        raise InputError(f"`vars` must be values by the names of variables, found {kind_of(given)}")
    return dict(table)


def _checked(given: Any, known: set[str]) -> dict[str, Any]:
    """The values of variables that were given. Raises `InputError` where there is no such variable."""
    table = {} if given is None else require_variables(given)
    for name in table:
        if name not in known:
            raise InputError(*unknown("variable", name, sorted(known), otherwise="define it under `vars` of the spec"))
    return table


def _written(name: str, value: Any) -> str:
    """A value as YAML; those of NumPy, which searches draw, are numbers."""
    plain: Any = cast("Any", value).tolist() if isinstance(value, np.generic | np.ndarray) else value
    try:
        return json.dumps(plain, allow_nan=False)
    except (TypeError, ValueError):
        help = "variables are numbers, texts, true, false, null or lists of such"
        raise InputError(f"the variable `{name}` cannot be {kind_of(value)}", help) from None
