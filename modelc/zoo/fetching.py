"""Fetches weights and shows on stderr how far the download is: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path

from modelc.text.amounts import format_bytes
from modelc.text.terminal import shown
from modelc.zoo.download import Progress, fetch
from modelc.zoo.pretrained import WeightFile, find_fetched
from modelc.zoo.pretrained import weight_file as weight_file

QUIET_SECONDS = 10.0
"""The least time between two lines."""


def fetch_shown(file: WeightFile, mirror: str | None = None) -> Path:
    """The path of a published file in the cache, downloaded unless it is there. Raises as `fetch` does."""
    with download_progress(file.file) as (progress, on_wait):
        return fetch(file, mirror=mirror, progress=progress, on_wait=on_wait)


def fetched_or_fetch(pretrained: str, *, top: bool, mirror: str | None = None) -> Path:
    """The published weights of a model, downloaded unless they are in the cache. Raises as `fetch` does.

    Where only the file with the top layers is there, it serves for the model without them.
    """
    return fetch_shown(find_fetched(pretrained, top=top) or weight_file(pretrained, top=top), mirror)


@contextmanager
def download_progress(name: str) -> Generator[tuple[Progress, Callable[[], None]]]:
    """What `fetch` is given as `progress` and as `on_wait`, for a file of that name."""
    if not sys.stderr.isatty():
        yield _ProgressLines(name), lambda: _say(f"{name}: waits for another process that downloads it")
        return
    from rich.console import Console
    from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
               TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(name, total=None)
        yield (
            lambda done, total: bar.update(task, completed=done, total=total),
            lambda: bar.update(task, description=f"{name} (another process downloads it)"),
        )


class _ProgressLines:
    """Prints a line where the last one is some time ago."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._told: float | None = None

    def __call__(self, done: int, total: int | None) -> None:
        now = time.monotonic()
        if self._told is not None and now - self._told < QUIET_SECONDS:
            return
        self._told = now
        of = f" of {format_bytes(total)}" if total is not None else ""
        _say(f"{self._name}: {format_bytes(done)}{of}")


def _say(text: str) -> None:
    print(shown(text), file=sys.stderr, flush=True)
