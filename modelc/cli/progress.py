"""Progress on stderr: a status line on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from modelc.cli.colours import say

_QUIET_SECONDS = 2.0
"""The least time between two plain lines of sample progress."""


class CompileCounter:
    """Callback for kernel compilation; `families` and `seconds` accumulate what has been compiled."""

    def __init__(self, say: Callable[[str], None], ended: Callable[[], None] = lambda: None) -> None:
        self._say = say
        self._ended = ended
        self._running: list[str] = []
        self.families: list[str] = []
        self.seconds = 0.0

    def __call__(self, family: str, seconds: float | None) -> None:
        """Report that the compilation of a family starts (`seconds` is None) or has ended."""
        if seconds is None:
            self._running.append(family)
        else:
            self._running.remove(family)
            self.families.append(family)
            self.seconds += seconds
        if sys.stderr.isatty():
            if self._running:
                self._say("compiling " + ", ".join(self._running))
            else:
                self._ended()
        else:
            self._say(f"compiling {family}" if seconds is None else f"compiled {family} in {seconds:.1f} s")


@contextmanager
def compiling() -> Generator[CompileCounter]:
    """A callback for `on_compile` that shows progress while a model is built."""
    if not sys.stderr.isatty():
        yield CompileCounter(lambda text: say(text, err=True))
        return
    from rich.console import Console

    status = Console(stderr=True).status("compiling")

    def show(text: str) -> None:
        status.update(text)
        status.start()  # only while compiling: other progress, such as epochs, uses the same line

    try:
        yield CompileCounter(show, status.stop)
    finally:
        status.stop()


@contextmanager
def samples(total: int, batch_size: int) -> Generator[Callable[[int], None]]:
    """A function that advances the sample progress; silent if there is only one batch."""
    if total <= batch_size:
        yield lambda count: None
    elif sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True)) as progress:
            task = progress.add_task("running", total=total)
            yield lambda count: progress.update(task, advance=count)
    else:
        yield _plain(total)


def _plain(total: int) -> Callable[[int], None]:
    done, told = 0, time.monotonic()

    def advance(count: int) -> None:
        nonlocal done, told
        done += count
        if time.monotonic() - told >= _QUIET_SECONDS or (done == total and total > count):
            told = time.monotonic()
            say(f"{done:,} of {total:,} samples", err=True)

    return advance
