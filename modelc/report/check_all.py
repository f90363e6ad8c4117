"""Checking many specs: those whose files have not changed from the cache, the others on all cores."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

from modelc.errors import Diagnostic
from modelc.language.shared_files import sharing_files
from modelc.report.check_cache import CheckResults
from modelc.system.consulted import consult, consulting
from modelc.system.cpus import usable_cpus
from modelc.system.forks import can_fork

Check = Callable[[str], list[Diagnostic]]
"""What finds the mistakes in a file."""
Found = tuple[list[Diagnostic], dict[str, bool]]
R = TypeVar("R")

_STDIN = "-"
"""What is read from standard input: no file whose result could be kept, and children have none."""

_WORTH_A_PROCESS = 16
"""Fewer specs than this are checked in less time than a process takes to start."""
_AHEAD = 8
"""So many specs are checked before the children are made."""


def check_all(paths: Sequence[str], check: Check, options: Sequence[object] | None) -> list[list[Diagnostic]]:
    """The mistakes in each file. `options` are all that they depend on beside files; None where nothing is kept."""
    if options is None:
        with sharing_files():
            return list(_of_each(paths, check))
    results = CheckResults(options)
    known = {path: None if path == _STDIN else results.find(path) for path in paths}
    missing = [path for path in paths if known[path] is None]
    with sharing_files():
        for path, (found, depends) in zip(missing, _of_each(missing, lambda path: _one(path, check)), strict=True):
            known[path] = found
            if path != _STDIN:
                results.keep(path, found, depends)
    results.write()
    return [known[path] or [] for path in paths]


def _of_each(paths: Sequence[str], work: Callable[[str], R]) -> Iterable[R]:
    """What `work` gives for each file, on all cores where there are many."""
    count = min(usable_cpus(), len(paths) // _WORTH_A_PROCESS)
    # A child of a process with threads could wait for ever for what one of these holds.
    if count < 2 or not can_fork() or threading.active_count() > 1:
        return [work(path) for path in paths]
    return _by_processes(paths, work, count)


def _by_processes(paths: Sequence[str], work: Callable[[str], R], count: int) -> Iterator[R]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    # What specs need is imported and read once, before the children are made: some that lie far apart need most of it.
    some = paths[:: -(-len(paths) // _AHEAD)]
    ahead = {path: work(path) for path in dict.fromkeys([*some, *(path for path in paths if path == _STDIN)])}
    rest = [path for path in paths if path not in ahead]
    _Child.work = work
    gc.freeze()  # else each child looks through all objects of its parent, which copies their pages, for ones to free
    try:
        with ProcessPoolExecutor(count, get_context("fork")) as pool:
            others = pool.map(_Child.run, rest, chunksize=max(1, len(rest) // (count * 8)))
            for path in paths:
                yield ahead[path] if path in ahead else next(others)
    finally:
        gc.unfreeze()


class _Child:
    """What a child process does: the work that its parent had when it was made."""

    work: Callable[[str], Any]

    @staticmethod
    def run(path: str) -> Any:
        return _Child.work(path)


def _one(path: str, check: Check) -> Found:
    with consulting() as depends:
        consult(path)
        found = check(path)
    return found, dict(depends)
