"""Locks and lazy attributes that a forked child can use, whatever the other threads of its parent were doing.

A child has only the thread that forked it. A lock that another thread held stays locked in the child for ever, and
`functools.cached_property` has such a lock before Python 3.12, shared by all instances of a class. So does an import:
Python locks each module while it runs, and a child could never import what another thread was importing. A fork waits
until no other thread is importing a module of modelc.
"""

from __future__ import annotations

import functools
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any


class ForkSafeLock:
    """A lock that a thread may take again, and that is free in a child, whoever held it in the parent."""

    def __init__(self) -> None:
        self._of: dict[int, Any] = {}

    def _mine(self) -> Any:
        # `setdefault` is atomic: two threads of a new child get the same lock.
        process = os.getpid()
        return self._of.get(process) or self._of.setdefault(process, threading.RLock())

    def __enter__(self) -> None:
        self._mine().acquire()

    def __exit__(self, *exc: object) -> None:
        self._mine().release()


if TYPE_CHECKING:
    cached_property = functools.cached_property
else:

    class cached_property(functools.cached_property):  # noqa: N801 as the one that it replaces
        """`functools.cached_property` without a lock: two threads may compute a value twice, and one of them stays."""

        def __get__(self, instance: object, owner: type | None = None) -> Any:
            if instance is None:
                return self
            known = vars(instance)
            missing = object()
            value = known.get(self.attrname, missing)
            return known.setdefault(self.attrname, self.func(instance)) if value is missing else value


def can_fork() -> bool:
    """Whether a process can be made of this one with all that it holds, as Windows cannot."""
    return hasattr(os, "fork")


def after_fork_in_child(function: Callable[[], None]) -> None:
    """Have a function called in every child that is forked from now on, before anything else is done there."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=function)


def whole_in_child(lock: Any) -> None:
    """No fork happens while another thread holds this lock, so that a child sees what it guards before or after."""
    if hasattr(os, "register_at_fork"):
        release: Callable[[], None] = lock.release
        os.register_at_fork(before=lock.acquire, after_in_parent=release, after_in_child=release)


_PACKAGE = __name__.partition(".")[0]
_LONGEST_WAIT = 60.0
"""The seconds after which a fork goes on all the same, should an import wait for what the forking thread holds."""


def _importing() -> set[str]:
    """The modules of modelc that other threads are importing, with all that they import on their way."""
    own = set[str]()
    frame = sys._getframe()  # pyright: ignore[reportPrivateUsage] of this thread, which may fork while it imports
    while frame is not None:
        if frame.f_code.co_name == "<module>":
            own.add(str(frame.f_globals.get("__name__")))
        frame = frame.f_back
    return {
        name
        for name, module in list(sys.modules.items())
        if (name == _PACKAGE or name.startswith(f"{_PACKAGE}."))
        and getattr(getattr(module, "__spec__", None), "_initializing", False)
        and name not in own
    }


def _wait_for_imports() -> None:
    end = time.monotonic() + _LONGEST_WAIT
    while _importing() and time.monotonic() < end:
        time.sleep(0.001)


if hasattr(os, "register_at_fork"):
    # The first one that is registered is called last: by then, the locks of `whole_in_child` are held.
    os.register_at_fork(before=_wait_for_imports)
