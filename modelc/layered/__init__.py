"""Layered drawings of directed graphs without circles: every edge runs down, and chains stand in line.

The method is that of Sugiyama, Tagawa and Toda (1981): ranks, an order in each rank with few crossings, then places.
"""

from __future__ import annotations

from modelc.layered.drawing import Box, Drawing, Route, draw

__all__ = ["Box", "Drawing", "Route", "draw"]
