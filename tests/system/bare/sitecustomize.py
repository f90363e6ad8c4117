"""A Python without what Windows has not. Python imports this file at its start where the folder is in PYTHONPATH.

What the standard library itself needs on POSIX stays, `os.name` among it.
"""

from __future__ import annotations

import ctypes
import mmap
import os
import sys
from typing import Any

_OF_OS = (
    "O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "fork", "forkpty", "geteuid", "memfd_create", "posix_fallocate", "pread",
    "preadv", "pwrite", "pwritev", "readv", "register_at_fork", "sched_getaffinity", "sched_yield", "sysconf",
    "writev",
)  # fmt: skip
_OF_MMAP = ("MADV_DONTNEED", "MAP_ANONYMOUS", "MAP_PRIVATE", "MAP_SHARED", "PROT_EXEC", "PROT_READ", "PROT_WRITE")

for _module, _names in ((os, _OF_OS), (mmap, _OF_MMAP)):
    for _name in _names:
        if hasattr(_module, _name):
            delattr(_module, _name)
for _name in ("fcntl", "grp", "pwd", "resource", "termios"):
    sys.modules[_name] = None  # pyright: ignore[reportArgumentType]

_load = ctypes.CDLL.__init__


def _init(self: Any, name: str | None, *arguments: Any, **options: Any) -> None:
    if name is None:
        raise TypeError("there is no library of the process itself")
    _load(self, name, *arguments, **options)


ctypes.CDLL.__init__ = _init  # pyright: ignore[reportAttributeAccessIssue]
