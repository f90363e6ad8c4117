"""The metrics, by Keras's names: `modelc.metrics.AUC(curve="PR")`, or `{type: AUC, curve: PR}` in a spec."""

from __future__ import annotations

from typing import Any


def __getattr__(name: str) -> Any:
    from modelc.metrics.registry import METRICS

    if name in METRICS.names:
        return METRICS[name]
    raise AttributeError(f"module 'modelc.metrics' has no attribute '{name}'")


def __dir__() -> list[str]:
    from modelc.metrics.registry import METRICS

    return METRICS.names
