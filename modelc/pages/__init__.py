"""Models, and the differences between two, as pages and pictures."""

from __future__ import annotations

from modelc.pages.side_by_side import SideBySide, side_by_side
from modelc.pages.view import ModelDrawing, view_of_definition

__all__ = ["ModelDrawing", "SideBySide", "side_by_side", "view_of_definition"]
