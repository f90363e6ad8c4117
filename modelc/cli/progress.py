"""Progress on stderr: a status line or a bar on a terminal, elsewhere plain lines of what is compiled."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager

from modelc.cli.colours import say


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
def samples(total: int | None, batch_size: int) -> Generator[Callable[[int], None]]:
    """A function that advances a bar with the number of samples and their rate.

    Nothing is shown where stderr is no terminal, nor for a single batch. `total` is None where it is not known.
    """
    if (total is not None and total <= batch_size) or not sys.stderr.isatty():
        yield lambda count: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class RateColumn(ProgressColumn):
        """Samples per second, over the last ones."""

        def render(self, task: Task) -> Text:
            speed = task.finished_speed or task.speed
            return Text("" if speed is None else f"{speed:,.0f}/s")

    counted = "{task.completed:,}" if total is None else "{task.completed:,} of {task.total:,}"
    columns = [BarColumn(), TextColumn(counted + " samples"), RateColumn(), TimeRemainingColumn()]
    with Progress(*columns, console=Console(stderr=True)) as progress:
        task = progress.add_task("running", total=total)
        yield lambda count: progress.update(task, advance=count)
