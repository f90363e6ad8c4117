"""The machines that a C library is made for, by name."""

from __future__ import annotations

from dataclasses import replace

from modelc.errors import InputError
from modelc.native.levels import LEVELS
from modelc.native.target import Target, this_machine
from modelc.text.unknown import unknown

NATIVE = "native"
"""The machine that the library is made on."""

TARGETS = (NATIVE, *LEVELS)


def target_named(name: str) -> Target:
    """The target of that name. Raises `InputError` where there is none, or where this machine is of another kind."""
    if name != NATIVE:
        try:
            return LEVELS[name]
        except KeyError:
            raise InputError(*unknown("target", name, TARGETS)) from None
    target = this_machine()
    for triple in {known.triple for known in LEVELS.values()}:
        if target.triple.partition("-")[0] == triple.partition("-")[0]:
            return replace(target, triple=triple)
    raise InputError(
        f"a C library cannot be made for this machine ({target.triple})", f"name one of {', '.join(LEVELS)}"
    )
