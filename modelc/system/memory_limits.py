"""The memory available to this process: that of the machine, of its container, or of its address space limit."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

Folder = str | os.PathLike[str]

_MOUNTED = "/sys/fs/cgroup"
_PROCESS = "/proc/self"
_MACHINE = "/proc/meminfo"


class Limit(NamedTuple):
    """The most memory that this process may have, and who says so."""

    bytes: int
    whose: str
    """The subject and verb of "this machine has 16.00 GB"."""


@cache
def memory_limit() -> Limit | None:
    """The least of all limits; None where the system tells none."""
    return min(all_limits(), default=None)


def all_limits() -> list[Limit]:
    """All limits of this process."""
    return limits_in(_PROCESS, _MOUNTED)


def forget() -> None:
    """Ask the system again when the limit is next wanted."""
    memory_limit.cache_clear()


def limits_in(process: Folder, mounted: Folder) -> list[Limit]:
    """All limits: those of the machine and of the process, and those of control groups, read in these folders."""
    found = [Limit(n, "this machine has") for n in _physical()]
    found += [Limit(n, "this process may have (`ulimit -v`)") for n in _address_space()]
    found += [Limit(n, "this container may have") for n in _of_groups(process, mounted)]
    return found


def used_memory() -> int:
    """The bytes of this process that only swapping could free, without those that may be swapped; 0 if not known."""
    try:
        _, resident, shared = (int(n) for n in _text(os.path.join(_PROCESS, "statm")).split()[:3])
        lines = dict(line.split(":", 1) for line in _text(_MACHINE).splitlines() if ":" in line)
        free_swap = int(lines["SwapFree"].split()[0]) * 1024
        return max(0, (resident - shared) * os.sysconf("SC_PAGE_SIZE") - free_swap)
    except (AttributeError, OSError, ValueError, KeyError, IndexError):
        return 0


def _physical() -> Iterator[int]:
    try:
        yield os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return


def _address_space() -> Iterator[int]:
    try:
        import resource
    except ImportError:  # Windows has none
        return
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        yield soft


def _of_groups(process: Folder, mounted: Folder) -> Iterator[int]:
    """The limits of the control groups that the process is in, and of those around them.

    A container that sees its own part of the tree only has its limit at the root of what is mounted.
    """
    for line in _text(os.path.join(process, "cgroup")).splitlines():
        controllers, path = ([*line.split(":", 2), "", ""])[1:3]
        if controllers == "":
            folders, name = [mounted, os.path.join(mounted, "unified")], "memory.max"
        elif "memory" in controllers.split(","):
            folders, name = [os.path.join(mounted, "memory")], "memory.limit_in_bytes"
        else:
            continue
        parts = [part for part in path.split("/") if part not in ("", ".", "..")]
        for folder in folders:
            for count in range(len(parts) + 1):
                text = _text(os.path.join(folder, *parts[:count], name)).strip()
                if text.isascii() and text.isdecimal():  # v2 says "max" where there is none, v1 a number beyond all
                    yield int(text)


def _text(path: Folder) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as file:
            return file.read()
    except OSError:
        return ""
