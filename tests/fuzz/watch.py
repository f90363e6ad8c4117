"""`Watch`: what a case may cost and leave: a bound on memory, no file opened for writing outside of its folder."""

from __future__ import annotations

import os
import resource
import shutil
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

MEMORY = 1 << 30
"""Bytes by which the peak of memory may grow in one case, above what the process held before."""
ADDRESSES = 6 << 30
"""Bytes of address space of the whole process: an allocation that no check stopped fails, not the machine."""
SECONDS = 20.0
"""Of processor time, where nothing is compiled: a machine compiles each kernel once, which takes what it takes."""

_CHANGES = {
    "open": 0, "os.remove": 1, "os.rename": 2, "os.mkdir": 2, "os.rmdir": 1, "os.link": 3, "os.symlink": 2,
    "os.truncate": 0,
}  # fmt: skip
"""What changes files, by its name as an audit event; which argument is the folder that a path starts from, if any."""
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


class Watch:
    """Watches the cases that run in `folder`, one after the other."""

    def __init__(self, folder: Path, *also: Path) -> None:
        self._folders = tuple(str(path.resolve()) for path in (folder, *also))
        self._folder = folder
        self._written: list[str] = []
        self._thread: int | None = None
        sys.addaudithook(self._audit)
        resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))

    @contextmanager
    def case(self, *, compiles: bool = False) -> Iterator[None]:
        """A case; raises `AssertionError` at its end where it cost or left more than it may."""
        self._written.clear()
        self._thread = threading.get_ident()
        before, start = reset_peak(), time.process_time()
        try:
            yield
        finally:
            self._thread = None
            left = empty(self._folder)
        taken, grown = time.process_time() - start, peak_bytes() - before
        assert compiles or taken <= SECONDS, f"it takes {taken:.1f} s"
        assert grown <= MEMORY, f"it takes {grown >> 20} MiB"
        assert not self._written, f"it writes {self._written[:3]}"
        assert not left, f"it leaves {left[:3]}"

    def _audit(self, event: str, args: tuple[Any, ...]) -> None:
        if self._thread is None or event not in _CHANGES:
            return
        if event == "open" and not (isinstance(args[2], int) and args[2] & _WRITES):
            return
        place = _CHANGES[event]
        at = args[place] if place else -1
        path = os.fsdecode(args[0]) if isinstance(args[0], str | bytes | os.PathLike) else None
        if path is None or path.startswith(("/dev/", "/proc/self/")):
            return
        path = os.path.realpath(path if at < 0 else f"/proc/self/fd/{at}/{path}")
        if not path.startswith(self._folders):
            self._written.append(f"{event} {path}")


def empty(folder: Path) -> list[str]:
    """Remove what is in a folder; the names of what was."""
    found = sorted(folder.iterdir())
    for path in found:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    return [path.name for path in found]


def reset_peak() -> int:
    """Forget the peak of the memory held so far; what is held now."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    return peak_bytes()


def peak_bytes() -> int:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) << 10
    raise AssertionError("no VmHWM")
