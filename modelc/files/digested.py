"""Bytes with their digest: what pickles hold."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from modelc.errors import FileFormatError

PICKLE = "<pickle>"
"""What a pickle is called in messages."""


def with_digest(data: bytes) -> tuple[str, bytes]:
    """The SHA-256 of some bytes, and the bytes."""
    return sha256(data).hexdigest(), data


def checked(digest: Any, data: Any) -> bytes:
    """The bytes themselves. Raises `FileFormatError` unless they have this digest."""
    if not isinstance(data, bytes) or sha256(data).hexdigest() != digest:
        raise FileFormatError(f"`{PICKLE}` is damaged: its bytes do not match their digest")
    return data
