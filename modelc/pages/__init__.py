"""Models, and the differences between two, as pages and pictures."""

from __future__ import annotations

from modelc.pages.view import View, view_of_definition

__all__ = ["View", "view_of_definition"]
