"""All operations by name."""

from __future__ import annotations

from types import MappingProxyType

from modelc.layers.operations import arranging, contractions, elementwise, network, picking, reductions
from modelc.layers.operations.registry import Entry

OPERATIONS: MappingProxyType[str, Entry] = MappingProxyType(
    {
        **elementwise.TABLE,
        **reductions.TABLE,
        **arranging.TABLE,
        **picking.TABLE,
        **contractions.TABLE,
        **network.TABLE,
    }
)
"""The closed table: what `operation` can say."""
