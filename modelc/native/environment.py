"""The environment variables that native code follows, checked before anything is made of them."""

from __future__ import annotations

import os

from modelc.config.arguments import require_choice
from modelc.errors import Diagnostic, SpecError
from modelc.native.target import ISAS
from modelc.system.objects.link import LOADER, LOADERS

MAX_THREADS = 1024
"""Threads are started at the first call: more than any machine has are a slip of the pen."""


def require_environment() -> None:
    """Raise `SpecError` where MODELC_NUM_THREADS, MODELC_MAX_ISA or MODELC_LOADER is something that it cannot be."""
    asked_threads()
    require_choice("MODELC_MAX_ISA", os.environ.get("MODELC_MAX_ISA") or ISAS[0], ISAS, "the environment")
    require_choice(LOADER, os.environ.get(LOADER) or LOADERS[0], LOADERS, "the environment")


def asked_threads() -> int | None:
    """MODELC_NUM_THREADS; None where it is not set. Raises `SpecError` where it is no number of threads."""
    text = os.environ.get("MODELC_NUM_THREADS")
    if not text:
        return None
    if not _is_count(text):
        message = f"`MODELC_NUM_THREADS` must be a whole number from 1 to {MAX_THREADS}, found {text[:40]!r}"
        help = "unset it to use all CPUs that the process may use"
        raise SpecError(Diagnostic("E204", message, help, "the environment"))
    return int(text)


def openmp_threads() -> int | None:
    """OMP_NUM_THREADS: its first number where it is one for each level of nesting; None where it is not set.

    As in OpenMP, whose variable it is, a value that is no number of threads counts as none.
    """
    text = os.environ.get("OMP_NUM_THREADS", "").partition(",")[0].strip()
    return int(text) if _is_count(text) else None


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= MAX_THREADS
