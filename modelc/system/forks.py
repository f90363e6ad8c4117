"""Locks and lazy attributes that a forked child can use, whatever the other threads of its parent were doing.

A child has only the thread that forked it. A lock that another thread held stays locked in the child for ever, and
`functools.cached_property` has such a lock before Python 3.12, shared by all instances of a class.
"""

from __future__ import annotations

import functools
import os
import threading
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


def whole_in_child(lock: Any) -> None:
    """No fork happens while another thread holds this lock, so that a child sees what it guards before or after."""
    if hasattr(os, "register_at_fork"):
        release: Callable[[], None] = lock.release
        os.register_at_fork(before=lock.acquire, after_in_parent=release, after_in_child=release)
