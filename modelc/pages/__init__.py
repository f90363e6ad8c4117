"""Models, and the differences between two, as pages and pictures."""

from __future__ import annotations

from modelc.pages.view import ModelDrawing, view_of_definition

__all__ = ["ModelDrawing", "view_of_definition"]
