"""docs/activations.md, docs/initializers.md and docs/regularizers.md."""

from __future__ import annotations

from typing import Any

import numpy as np
from schema_tables import DEFINITIONS, options_table

from modelc.config.described import docs_of
from modelc.config.registry import Registry
from modelc.constraints import CONSTRAINTS
from modelc.functions.function import UnaryFunction
from modelc.functions.table import ACTIVATION_NAMES, ALIASES, NAMED
from modelc.initializers import INITIALIZERS
from modelc.language.schema.options import definition_name
from modelc.model.loading import load_spec
from modelc.regularizers import REGULARIZERS

_POINTS = [-2.0, -0.5, 0.0, 0.5, 2.0]


def activations_page() -> str:
    """The page: an equation for each, and its values at some points as the reference interpreter computes them."""
    rows = [f"| `{name}` | {_cell(_said(name))} | {_values(name)} |" for name in ACTIVATION_NAMES]
    return "\n".join([
        "# Activations\n",
        "The values of a layer's `activation`, with the default constants of Keras. `null` is `linear`. The layers "
        "[ReLU](layers.md#relu), [LeakyReLU](layers.md#leakyrelu), [PReLU](layers.md#prelu), [ELU](layers.md#elu) and "
        "[Softmax](layers.md#softmax) take other constants or axes, as layers or as the activation of a layer: "
        "`activation: {type: LeakyReLU, negative_slope: 0.1}`.\n",
        f"The last column is the result for the vector {_POINTS}.\n",
        "| name | y | |\n|---|---|---|",
        *rows,
        "\n`sparsemax`: for the sorted values z₁ ≥ z₂ ≥ …, their sums cₖ = z₁ + … + zₖ and the support "
        "S = {k: zₖ > (cₖ − 1)/k}, τ = (Σ cₖ over S − 1) / |S|, as Keras computes it; Martins and Astudillo (2016) "
        "use the last sum cₖ only.\n",
    ])  # fmt: skip


def _said(name: str) -> str:
    """The equation, and the parameters of which it has defaults."""
    if name in ALIASES:
        return f"another name of {ALIASES[name]}"
    function = NAMED[name]
    if not isinstance(function, UnaryFunction) or not function.parameters:
        return function.equation
    if function.needs:
        return f"{function.equation}: refused, as in Keras, since a name gives no {' and '.join(function.needs)}"
    given = (f"{p.name} = {'∞' if p.unlimited else format(p.default, 'g')}" for p in function.parameters)
    return f"{function.equation}, with {', '.join(given)}"


def _values(name: str) -> str:
    function = NAMED[ALIASES.get(name, name)]
    if isinstance(function, UnaryFunction) and function.needs:
        return ""
    points = _POINTS[:4] if name == "glu" else _POINTS
    spec = {"modelc": 1, "input": {"shape": [len(points)]}, "layers": [{"type": "Activation", "activation": name}]}
    y = load_spec(spec).build(backend="reference")(np.array([points], np.float32))
    values = ", ".join(f"{v + 0.0:.3g}" for v in np.round(y[0].astype(np.float64), 4))
    return values + (" (of the first four)" if name == "glu" else "")


def initializers_page() -> str:
    """The page."""
    return "\n".join([
        "# Initializers\n",
        "The values of options such as `kernel_initializer`: a name, or a mapping with `type` and options, as in "
        "`kernel_initializer: {type: HeNormal, seed: 7}`. The snake-case names of Keras are accepted too.\n",
        "Distributions, options and defaults are those of `keras.initializers`. Random number generators are not: the "
        "same seed gives the same weights in every version of modelc and on every machine, but other weights than in "
        "Keras. `fan_in` and `fan_out` are the numbers of inputs and outputs of a weight.\n",
        *entries(INITIALIZERS),
    ])  # fmt: skip


def regularizers_page() -> str:
    """The page."""
    return "\n".join([
        "# Regularizers and constraints\n",
        "The values of options such as `kernel_regularizer` and `kernel_constraint`: null, a name, or a mapping with "
        "`type` and options. They act in [training](training.md): a regularizer adds a penalty to the loss, a "
        "constraint is applied to the weight after each update.\n",
        "## Regularizers\n",
        *entries(REGULARIZERS),
        "## Constraints\n",
        *entries(CONSTRAINTS),
    ])  # fmt: skip


def entries(registry: Registry[Any]) -> list[str]:
    """The classes of a registry: name, other spellings, docstring and options of each."""
    parts: list[str] = []
    for name in registry.names:
        cls, definition = registry[name], DEFINITIONS[f"{definition_name(registry.kind)}.{name}"]
        other = [f"`{word}`" for word in definition["properties"]["type"]["enum"] if word != name]
        parts += [f"### {name}\n"]
        if other:
            parts += [f"Also {', '.join(other)}.\n"]
        parts += [f"{docs_of(cls).replace('``', '`')}\n", options_table(definition)]
    return parts


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
