"""The metrics, by Keras's names: `modelc.metrics.AUC(curve="PR")`, or `{type: AUC, curve: PR}` in a spec."""

from __future__ import annotations

from typing import TYPE_CHECKING

from modelc.config.registry import Registry
from modelc.metrics.index import INDEX

if TYPE_CHECKING:
    from modelc.metrics.metric import Metric

METRICS: Registry[Metric] = Registry("metric", INDEX)

__getattr__, __dir__ = METRICS.module_names(__name__)
