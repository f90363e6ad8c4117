"""The threads of the linear algebra that NumPy calls."""

from __future__ import annotations

import ctypes
from collections.abc import Generator
from contextlib import contextmanager
from functools import cache
from typing import Any

import numpy as np

from modelc.system.forks import ForkSafeLock

_SUFFIXES = ("64_", "")
_PREFIXES = ("scipy_openblas", "openblas")
_lock = ForkSafeLock()


@contextmanager
def one_blas_thread() -> Generator[None]:
    """Inside, OpenBLAS, which NumPy's wheels bring, works on the calling thread alone.

    Factorizations have hundreds of short parallel steps, each of which waits for all threads: on a machine that others
    keep busy they take seconds in place of milliseconds. What other libraries do is not changed.
    """
    threads = _openblas()
    if threads is None:
        yield
        return
    get, put = threads
    with _lock:  # the number is that of the process
        before = get()
        put(1)
        try:
            yield
        finally:
            put(before)


@cache
def _openblas() -> tuple[Any, Any] | None:
    """The functions that tell and set the number of its threads; None where NumPy has another library."""
    try:
        library = ctypes.CDLL(np.linalg._umath_linalg.__file__)  # pyright: ignore
    except (AttributeError, OSError, TypeError):
        return None
    for prefix in _PREFIXES:
        for suffix in _SUFFIXES:
            get = getattr(library, f"{prefix}_get_num_threads{suffix}", None)
            put = getattr(library, f"{prefix}_set_num_threads{suffix}", None)
            if get is not None and put is not None:
                return get, put
    return None
