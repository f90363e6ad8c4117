"""`quiet_libtiff`: the library by which Pillow decodes TIFF files, kept from writing to standard error itself.

Pillow raises an exception for what libtiff cannot decode, and offers no way to turn off the lines that libtiff prints
besides. libtiff has one: a function that is told of errors, for all threads, which may be none.
"""

from __future__ import annotations

import ctypes
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any

from modelc.system.forks import ForkSafeLock

_SETTERS = ("TIFFSetErrorHandler", "TIFFSetWarningHandler")

_lock = ForkSafeLock()
_before: list[Any] = []
"""The functions that libtiff called before the first of those who are in `quiet_libtiff` now."""
_inside = 0


@contextmanager
def quiet_libtiff() -> Generator[None]:
    """Let libtiff print nothing meanwhile. Where Pillow has no libtiff that can be told so, this changes nothing."""
    global _inside
    with _lock:
        _inside += 1
        if _inside == 1:
            _before[:] = [setter(None) for setter in _setters()]
    try:
        yield
    finally:
        with _lock:
            _inside -= 1
            if _inside == 0:
                for setter, function in zip(_setters(), _before, strict=True):
                    setter(function)


@cache
def _setters() -> tuple[Any, ...]:
    """libtiff's functions that set who is told of errors and warnings, each of which returns who was told before.

    They are looked up in the library that Pillow is, and so in the libtiff that this one is linked to, no other.
    """
    try:
        from PIL import _imaging  # pyright: ignore[reportAttributeAccessIssue]

        library = ctypes.CDLL(_imaging.__file__)
        found = tuple(getattr(library, name) for name in _SETTERS)
    except (ImportError, OSError, AttributeError):  # a Pillow without libtiff, or with one inside of it
        return ()
    for setter in found:
        setter.argtypes, setter.restype = (ctypes.c_void_p,), ctypes.c_void_p
    return found
