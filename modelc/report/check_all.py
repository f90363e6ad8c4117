"""Checking many specs: those whose files have not changed from the cache, the others on all cores."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence

from modelc.errors import Diagnostic
from modelc.language.shared_files import sharing_files
from modelc.report.check_cache import CheckResults
from modelc.system.consulted import consult, consulting
from modelc.system.cpus import usable_cpus
from modelc.system.forks import can_fork

Check = Callable[[str], list[Diagnostic]]
"""What finds the mistakes in a file."""
Found = tuple[list[Diagnostic], dict[str, bool]]

_WORTH_A_PROCESS = 16
"""Fewer specs than this are checked in less time than a process takes to start."""


def check_all(paths: Sequence[str], check: Check, options: Sequence[object] | None) -> list[list[Diagnostic]]:
    """The mistakes in each file. `options` are all that they depend on beside files; None where nothing is kept."""
    if options is None:
        return [check(path) for path in paths]
    results = CheckResults(options)
    known = {path: results.find(path) for path in paths}
    missing = [path for path in paths if known[path] is None]
    with sharing_files():
        for path, (found, depends) in zip(missing, _found(missing, check), strict=True):
            known[path] = found
            results.keep(path, found, depends)
    results.write()
    return [known[path] or [] for path in paths]


def _found(paths: Sequence[str], check: Check) -> Iterable[Found]:
    count = min(usable_cpus(), len(paths) // _WORTH_A_PROCESS)
    # A child of a process with threads could wait for ever for what one of these holds.
    if count < 2 or not can_fork() or threading.active_count() > 1:
        return [_one(path, check) for path in paths]
    return _by_processes(paths, check, count)


def _by_processes(paths: Sequence[str], check: Check, count: int) -> Iterator[Found]:
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    check(paths[0])  # what the children need is imported once, before they are made
    _Child.check = check
    with ProcessPoolExecutor(count, get_context("fork")) as pool:
        yield from pool.map(_Child.run, paths, chunksize=max(1, len(paths) // (count * 8)))


class _Child:
    """What a child process does: the check that its parent had when it was made."""

    check: Check

    @staticmethod
    def run(path: str) -> Found:
        return _one(path, _Child.check)


def _one(path: str, check: Check) -> Found:
    with consulting() as depends:
        consult(path)
        found = check(path)
    return found, dict(depends)
