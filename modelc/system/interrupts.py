"""Ctrl-C: as an exception, and never where Python prints that exception and goes on; or as a call.

Python calls a handler between two bytecodes of the main thread, wherever that is. In a destructor, a callback of a weak
reference or one of a C library, what it raises is printed with its trace and forgotten. In an import it may be printed
by a C extension, and it leaves modules half made. In both the interrupt is repeated a moment later.
"""

from __future__ import annotations

import _thread
import os
import queue
import signal
import sys
import threading
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import FrameType
from typing import Any, TypeVar

_T = TypeVar("_T")
_AGAIN_SECONDS = 0.01
_LOOK_SECONDS = 0.5
_IMPORTS = "<frozen importlib._bootstrap>"
_PYDANTIC = f"{os.sep}pydantic{os.sep}"


class _Raised:
    """Whether `KeyboardInterrupt` was raised."""

    yet = False


def raise_on_interrupt() -> None:
    """Have SIGINT raise `KeyboardInterrupt` in the main thread from now on, as soon as it is not lost there."""
    _Raised.yet = False
    signal.signal(signal.SIGINT, _raise)
    if sys.unraisablehook is not _unraisable:
        _others.append(sys.unraisablehook)
        sys.unraisablehook = _unraisable


def raised_since() -> bool:
    """Whether an interrupt was raised since `raise_on_interrupt`: an error then may be what a library made of it."""
    return _Raised.yet


def interrupts_wait() -> AbstractContextManager[None]:
    """Inside, interrupts wait; one that has come is handed on at the end, to what handled them before."""
    return _handed_on(lambda: None)


class StoppedByInterrupt(KeyboardInterrupt):
    """What was waited for has been stopped by an interrupt, which was handed on to what handles interrupts."""


def interrupts_stop(stop: Callable[[], Any]) -> AbstractContextManager[None]:
    """Inside, an interrupt calls `stop`, which is to end what is waited for.

    At the end it is handed on to what handled interrupts before. Raises `StoppedByInterrupt` where that goes on, and at
    once where that was told of one already. In another thread nothing changes.
    """
    if _is_told():
        raise StoppedByInterrupt
    return _handed_on(stop, StoppedByInterrupt)


@contextmanager
def _handed_on(tell: Callable[[], Any], then: type[BaseException] | None = None) -> Generator[None]:
    """Inside, an interrupt calls `tell`. At the end it is handed on, and where that goes on, `then` is raised."""
    came = False

    def note() -> None:
        nonlocal came
        came = True
        tell()

    try:
        with interrupts_told(note):
            yield
    finally:
        if came:
            signal.raise_signal(signal.SIGINT)
            if then is not None:
                raise then


def join(thread: threading.Thread) -> None:
    """Wait for a thread, and see an interrupt that comes just as the waiting begins.

    Python calls handlers between two bytecodes. A signal between the last of them and the system call that waits would
    be seen when the waiting ends, so that it is ended now and then.
    """
    while thread.is_alive():
        thread.join(_LOOK_SECONDS)


def taken(results: queue.SimpleQueue[_T]) -> _T:
    """The next of a queue; waits for it as `join` does."""
    while True:
        try:
            return results.get(timeout=_LOOK_SECONDS)
        except queue.Empty:
            continue


def interrupts_told(tell: Callable[[], Any]) -> AbstractContextManager[None]:
    """Inside, SIGINT calls a function in the main thread. In another thread, and where SIGINT is ignored, as it is by
    what a shell starts in the background, nothing changes."""
    return _told((signal.SIGINT,), tell)


def ends_told(tell: Callable[[], Any]) -> AbstractContextManager[None]:
    """As `interrupts_told`, for the other signals by which one process asks another to end: SIGTERM and SIGUSR1."""
    return _told(_known("SIGTERM", "SIGUSR1"), tell)


def continuing_told(tell: Callable[[], Any]) -> AbstractContextManager[None]:
    """As `interrupts_told`, for SIGCONT, which changes nothing for a process that runs."""
    return _told(_known("SIGCONT"), tell)


def _known(*names: str) -> tuple[signal.Signals, ...]:
    """The signals that this system has."""
    return tuple(signal.Signals[name] for name in names if name in signal.Signals.__members__)


@contextmanager
def _told(numbers: Sequence[signal.Signals], tell: Callable[[], Any]) -> Generator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    told = _Told()

    def handler(number: int, frame: FrameType | None) -> None:
        told.interrupted = told.interrupted or number == signal.SIGINT
        tell()

    before = {number: signal.getsignal(number) for number in numbers}
    changed = [number for number, handled in before.items() if handled not in (signal.SIG_IGN, None)]
    for number in changed:
        signal.signal(number, handler)
    _inside.append(told)
    try:
        yield
    finally:
        _inside.remove(told)
        for number in changed:
            signal.signal(number, before[number])


class _Told:
    """Whether a function was called for an interrupt."""

    interrupted = False


_inside: list[_Told] = []
"""For each block that the main thread is in, and that signals are told to."""


def _is_told() -> bool:
    main = threading.current_thread() is threading.main_thread()
    return main and any(told.interrupted for told in _inside)


def _raise(number: int, frame: FrameType | None) -> None:
    if _would_be_lost(frame):
        _again()
        return
    _Raised.yet = True
    raise KeyboardInterrupt


def _would_be_lost(frame: FrameType | None) -> bool:
    """Whether Python is in an import, in a destructor, in pydantic, which forgets what is raised while it builds a
    validator, or about to print an exception that it cannot raise."""
    while frame is not None:
        code = frame.f_code
        if code.co_filename == _IMPORTS or code.co_name == "__del__" or code is _unraisable.__code__:
            return True
        if _PYDANTIC in code.co_filename:
            return True
        frame = frame.f_back
    return False


def _again() -> None:
    """Repeat the interrupt a moment later."""
    threading.Thread(target=_interrupt_main, daemon=True).start()


def _interrupt_main() -> None:
    time.sleep(_AGAIN_SECONDS)
    if hasattr(signal, "pthread_kill"):
        # A true signal, which ends a system call that waits.
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)
    else:
        _thread.interrupt_main()


_others: list[Callable[[Any], Any]] = []
"""What tells of other exceptions that cannot be raised."""


def _unraisable(about: Any) -> None:
    if about.exc_type is not None and issubclass(about.exc_type, KeyboardInterrupt):
        _again()
    elif not _Raised.yet:  # else it is what an interrupt has left half made
        _others[-1](about)
