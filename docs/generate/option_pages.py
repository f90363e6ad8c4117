"""docs/activations.md, docs/initializers.md and docs/regularizers.md."""

from __future__ import annotations

from typing import Any, get_args

import numpy as np
from schema_tables import DEFINITIONS, options_table

from modelc.config.described import docs_of
from modelc.config.registry import Registry
from modelc.constraints import CONSTRAINTS
from modelc.initializers import INITIALIZERS
from modelc.language.schema.options import definition_name
from modelc.layers.fields import ActivationName
from modelc.model.loading import load_spec
from modelc.regularizers import REGULARIZERS

_EQUATIONS: dict[str, str] = {
    "celu": "max(x, 0) + min(exp(x) − 1, 0)",
    "elu": "x where x > 0, else exp(x) − 1",
    "exponential": "exp(x)",
    "gelu": "x · (1 + erf(x / √2)) / 2",
    "glu": "a · sigmoid(b), a and b the halves of the last axis",
    "hard_shrink": "0 where |x| ≤ 0.5, else x",
    "hard_sigmoid": "clip(x/6 + 0.5, 0, 1)",
    "hard_silu": "x · hard_sigmoid(x)",
    "hard_swish": "an alias of hard_silu",
    "hard_tanh": "clip(x, −1, 1)",
    "keras2_hard_sigmoid": "clip(0.2·x + 0.5, 0, 1): the `hard_sigmoid` of Keras 2",
    "leaky_relu": "x where x ≥ 0, else 0.2·x",
    "linear": "x",
    "log_sigmoid": "−log(1 + exp(−x))",
    "log_softmax": "x − log Σ exp(x), the sum over the last axis",
    "mish": "x · tanh(softplus(x))",
    "relu": "max(x, 0)",
    "relu6": "clip(x, 0, 6)",
    "selu": "1.0507 · (x where x > 0, else 1.6733·(exp(x) − 1))",
    "sigmoid": "1 / (1 + exp(−x))",
    "silu": "x · sigmoid(x)",
    "softmax": "exp(x) / Σ exp(x), the sum over the last axis",
    "soft_shrink": "x − clip(x, −0.5, 0.5)",
    "softplus": "log(1 + exp(x))",
    "softsign": "x / (1 + |x|)",
    "sparse_plus": "0 where x ≤ −1, x where x ≥ 1, else (x + 1)² / 4",
    "sparse_sigmoid": "clip((x + 1) / 2, 0, 1)",
    "sparsemax": "max(x − τ, 0) along the last axis, with the τ of Keras (see below)",
    "squareplus": "(x + √(x² + 4)) / 2",
    "swish": "an alias of silu",
    "tanh": "tanh(x)",
    "tanh_shrink": "x − tanh(x)",
    "threshold": "refused, as in Keras, since it requires two arguments: use the layer ReLU instead",
}
_POINTS = [-2.0, -0.5, 0.0, 0.5, 2.0]


def activations_page() -> str:
    """The page: an equation for each, and its values at some points as the reference interpreter computes them."""
    rows = [f"| `{name}` | {_cell(_EQUATIONS[name])} | {_values(name)} |" for name in get_args(ActivationName)]
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


def _values(name: str) -> str:
    if name == "threshold":
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
