"""All operations by name."""

from __future__ import annotations

from types import MappingProxyType

from modelc.layers.operations import (
    arranging,
    contractions,
    cumulation,
    elementwise,
    imaging,
    joining,
    matrices,
    network,
    picking,
    probabilities,
    reductions,
    sorting,
    special,
    windows,
)  # fmt: skip
from modelc.layers.operations.registry import Entry

OPERATIONS: MappingProxyType[str, Entry] = MappingProxyType(
    {
        **elementwise.TABLE,
        **reductions.TABLE,
        **arranging.TABLE,
        **picking.TABLE,
        **contractions.TABLE,
        **network.TABLE,
        **special.TABLE,
        **sorting.TABLE,
        **cumulation.TABLE,
        **matrices.TABLE,
        **joining.TABLE,
        **windows.TABLE,
        **probabilities.TABLE,
        **imaging.TABLE,
    }
)
"""The closed table: what `operation` can say."""
