"""The types whose weights are in layers inside of them."""

from __future__ import annotations

from modelc.layers.index import INDEX

CONTAINERS: frozenset[str] = frozenset({*INDEX.flags["holds_layers"], "Functional", "Model", "Sequential"})
"""Layers, and Keras's models, whose weights have names such as `lstm/lstm_cell/kernel`."""
