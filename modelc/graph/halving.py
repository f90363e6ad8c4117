"""Where a condition changes between two numbers."""

from __future__ import annotations

from collections.abc import Callable

MANY = 64
"""More numbers than halving asks about between any two sizes."""


def change(one: int, other: int, holds: Callable[[int], bool], most: int = MANY) -> tuple[int, int] | None:
    """The last number on the way from `one` for which a condition is as for `one`, and the next towards `other`.

    None where it is for `other` as for `one`, or where it would be asked of more than `most` numbers: what is asked may
    take a trace of the model. Of a condition that changes back and forth, one of these places is found.
    """
    if most < 2:
        return None
    before = holds(one)
    if holds(other) is before:
        return None
    asked = 2
    while abs(other - one) > 1:
        if asked == most:
            return None
        middle, asked = (one + other) // 2, asked + 1
        one, other = (middle, other) if holds(middle) is before else (one, middle)
    return one, other
