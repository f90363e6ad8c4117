"""The gates of Keras's recurrent layers, sigmoid and tanh, in one pass from the sums to the states.

With other functions the gates are in memory between one function and the next, which takes twice as long.
"""

from __future__ import annotations

from modelc.native.code.fmath import sigmoid_in_short, tanh_in_short
from modelc.native.code.lanes import Lanes, fma
from modelc.native.code.vector import traced


def _sigmoid(x: Lanes) -> Lanes:
    numerator, denominator = sigmoid_in_short(x)
    return numerator / denominator


def _gated_tanh(gate: Lanes, x: Lanes) -> Lanes:
    """sigmoid(gate)·tanh(x), with one division for both."""
    a, below_a = sigmoid_in_short(gate)
    b, below_b = tanh_in_short(x)
    return (a * b) / (below_a * below_b)


def _new_carry(i: Lanes, f: Lanes, candidate: Lanes, carry: Lanes) -> Lanes:
    """sigmoid(f)·c + sigmoid(i)·tanh(ĉ)."""
    return fma(_sigmoid(f), carry, _gated_tanh(i, candidate))


def _mixed_tanh(z: Lanes, candidate: Lanes, before: Lanes) -> Lanes:
    """sigmoid(z)·h + (1 - sigmoid(z))·tanh(ĥ)."""
    numerator, denominator = tanh_in_short(candidate)
    new = numerator / denominator
    return fma(_sigmoid(z), before - new, new)


sigmoid = traced(_sigmoid)
gated_tanh = traced(_gated_tanh)
new_carry = traced(_new_carry)
mixed_tanh = traced(_mixed_tanh)
