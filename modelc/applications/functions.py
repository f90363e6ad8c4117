"""The functions of `keras.applications`, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modelc.applications import NAMES
from modelc.applications.build import application
from modelc.applications.signatures import by_name, signature_of
from modelc.model.model import Model


def function_of(name: str) -> Callable[..., Model]:
    """The function that builds the architecture of this name, with the arguments of Keras's in their order.

    It also has those of modelc: `seed`, `backend` and `mirror`; see `application`.
    """
    architecture = NAMES[name]

    def build(*args: Any, **options: Any) -> Model:
        return application(architecture, **by_name(architecture, args, options))

    build.__name__ = build.__qualname__ = name
    build.__doc__ = application.__doc__
    build.__dict__["__signature__"] = signature_of(architecture)
    return build
