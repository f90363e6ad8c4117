"""A warning at a place in the text, or of a spec that has none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from modelc.errors import Diagnostic


def warn(place: Any, code: str, message: str, help: str | None, name: str | None = None) -> Diagnostic:
    """The warning at a node of the text; `name` says what it is about where there is no text."""
    if place is None:
        return Diagnostic(code, message, help, name, severity="warning")
    return replace(place.diagnostic(code, message, help), severity="warning")
