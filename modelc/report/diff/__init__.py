"""The differences between two models."""

from __future__ import annotations

from modelc.report.diff.find import Diff, compare

__all__ = ["Diff", "compare"]
