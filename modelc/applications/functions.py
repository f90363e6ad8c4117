"""The functions of `keras.applications`, by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from modelc.applications import NAMES
from modelc.applications.build import application
from modelc.model.model import Model


def function_of(name: str) -> Callable[..., Model]:
    """The function that builds the architecture of this name; its options are those of `application`."""

    def build(**options: Any) -> Model:
        return application(NAMES[name], **options)

    build.__name__ = build.__qualname__ = name
    build.__doc__ = application.__doc__
    return build
