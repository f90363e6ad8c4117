"""The regularizers, by Keras's names: `modelc.regularizers.L2(1e-4)`, or `{type: L2, l2: 1e-4}` in a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelc.config.registry import Registry
from modelc.regularizers.index import INDEX

if TYPE_CHECKING:
    from modelc.regularizers.classes import Regularizer

REGULARIZERS: Registry[Regularizer] = Registry("regularizer", INDEX)

__getattr__, __dir__ = REGULARIZERS.module_names(
    __name__,
    {
        "Regularizer": "modelc.regularizers.classes",
        "RegularizerField": "modelc.regularizers.classes",
    },
)
