"""The numbers by which kernels know the functions of the table, and those that they have besides."""

from __future__ import annotations

from collections.abc import Mapping

from modelc.functions.table import BINARY, UNARY

PLAIN_RELU = "plain_relu"
"""relu with the defaults of its parameters, in fewer instructions."""
GLU = "glu"
"""``a·sigmoid(b)``: a gated linear unit, with the halves of one tensor for a and b."""

UNARY_CODES: Mapping[str, int] = {
    name: code for code, name in enumerate(("linear", PLAIN_RELU, *(name for name in UNARY if name != "linear")))
}
"""Of the functions of one tensor. 0 leaves it as it is."""
BINARY_CODES: Mapping[str, int] = {name: code for code, name in enumerate((*BINARY, GLU))}
"""Of the functions of two tensors."""

FORMS = 3
BOTH, B_REPEATED, A_REPEATED = range(FORMS)
"""Which operand of a function of two tensors is one number for a whole row."""
