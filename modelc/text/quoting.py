"""Quoting of untrusted text in messages."""

from __future__ import annotations


def quote(text: str, longest: int = 60) -> str:
    """Text from a spec as it appears in a message: in backquotes, on one line, not longer than a line."""
    shown = text if len(text) <= longest else text[: longest - 1] + "…"
    return "`" + "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in shown) + "`"
