"""What compiled kernels may call outside of all objects, by the system that they are for.

Code is made for a system by its triple of LLVM, which need not be that of this process.
"""

from __future__ import annotations

YIELD = "sched_yield"
"""POSIX: the calling thread goes behind the others that wait for its core."""
THREAD = "pthread_self"
"""POSIX: which thread this is; Python's `threading.get_ident` says the same."""

_COPIES = frozenset({"memcpy", "memset", "memmove"})
"""What LLVM's code generator emits for copies and fills, whatever the system."""
POSIX_FUNCTIONS = _COPIES | {YIELD, THREAD}
"""What code for Linux may call, and code for any system of POSIX."""
_OF_MACOS = frozenset({"bzero", "__bzero", "memset_pattern4", "memset_pattern8", "memset_pattern16"})
"""What it emits for fills besides, where the system's library is Apple's."""
_OF_WINDOWS = frozenset({"__chkstk"})
"""What it emits there for a function with a large frame, since pages of the stack must be touched in their order."""


def has_posix_threads(triple: str) -> bool:
    """Whether the system has `YIELD` and `THREAD`. Where it has not, a thread that waits only pauses, and steps are not
    told apart by threads."""
    return "windows" not in triple


def outside_functions(triple: str) -> frozenset[str]:
    """The names, without what a format puts before them."""
    if "windows" in triple:
        return _COPIES | _OF_WINDOWS
    return POSIX_FUNCTIONS | _OF_MACOS if "apple" in triple else POSIX_FUNCTIONS
