"""All functions by name."""

from __future__ import annotations

from collections.abc import Mapping

from modelc.functions.activations import ACTIVATIONS, ALONG_AN_AXIS
from modelc.functions.function import AxisFunction, BinaryFunction, UnaryFunction
from modelc.functions.mathematics import MATHEMATICS
from modelc.functions.pairs import PAIRS

UNARY: Mapping[str, UnaryFunction] = {f.name: f for f in (*ACTIVATIONS, *MATHEMATICS)}
"""The functions of one tensor."""
BINARY: Mapping[str, BinaryFunction] = {f.name: f for f in PAIRS}
"""The functions of two tensors."""
ALIASES: Mapping[str, str] = {alias: f.name for f in ACTIVATIONS for alias in f.aliases}
"""Other names of activations."""
NAMED: Mapping[str, UnaryFunction | AxisFunction] = {
    f.name: f for f in (*(f for f in ACTIVATIONS if f.activation), *ALONG_AN_AXIS)
}
"""The activations, without their other names."""
ACTIVATION_NAMES = tuple(sorted((*NAMED, *ALIASES)))
"""The values of the option `activation`."""


def gives_probabilities(activation: str) -> bool:
    """Whether the outputs of an activation are numbers from 0 to 1."""
    return NAMED[ALIASES.get(activation, activation)].probability
