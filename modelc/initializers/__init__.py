"""The initializers, by Keras's names: `modelc.initializers.HeNormal()`, or `he_normal` in a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelc.config.registry import Registry
from modelc.initializers.index import INDEX

if TYPE_CHECKING:
    from modelc.initializers.classes import Initializer

INITIALIZERS: Registry[Initializer] = Registry("initializer", INDEX)

__getattr__, __dir__ = INITIALIZERS.module_names(
    __name__,
    {
        "Initializer": "modelc.initializers.classes",
        "InitializerField": "modelc.initializers.classes",
        "MAX_ORTHOGONAL": "modelc.initializers.classes",
    },
)
