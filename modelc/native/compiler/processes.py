"""Compile families by servers: several at once, and with numba kept out of this process."""

from __future__ import annotations

import json
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn

from modelc.errors import CompileError
from modelc.native.compiler.catalog import FAMILIES, longest_first
from modelc.native.compiler.servers import Server, Servers
from modelc.native.engine.cpus import thread_count
from modelc.native.target import Target, host
from modelc.system.interrupts import interrupts_stop, join, taken

if TYPE_CHECKING:
    from modelc.graph.program import OnCompile  # which imports NumPy

_STACK_BYTES = 8 << 20
"""The stack of a thread that compiles. Those of macOS have half a megabyte by default."""

_SOON = ("walker", "conv")
"""What nearly all plans need, all of them the first."""

_ahead: list[Servers] = []
"""Servers for this machine that have begun before it was known what they are to compile: of one start at most."""


@contextmanager
def started_ahead() -> Generator[None]:
    """Inside, `compile_families` finds servers that have begun with what nearly all plans need.

    Those that it does not take end with the block. Where such servers are there already, these serve.
    """
    if _ahead or not _may_spawn():
        yield
        return
    with suppress(OSError):
        servers = Servers("serve", (), thread_count())
        _ahead.append(servers)
        for server, family in zip(servers.each, _SOON, strict=False):
            server.ask(family)
    try:
        yield
    finally:
        while (left := _taken()) is not None:
            left.end()


def _taken() -> Servers | None:
    """The servers that were started ahead, which are the caller's from now on."""
    try:
        return _ahead.pop()
    except IndexError:
        return None


def compile_families(names: Sequence[str], on_compile: OnCompile | None = None) -> dict[str, bytes]:
    """The object code of each family. What no server could compile is compiled here.

    An interrupt ends the servers. Raises `StoppedByInterrupt` then, unless what handles interrupts raises itself.
    """
    report = _Reporter(on_compile)
    found = _compiled(names, lambda count: _taken() or Servers("serve", (), count), host, report)
    for name in names:
        if name not in found:
            found[name] = _compile_here(name, report)
    return found


def families_for(
    names: Sequence[str], target: Target, form: Literal["bitcode", "object"], on_compile: OnCompile | None = None
) -> dict[str, bytes]:
    """Each family for a machine that need not be this one. Raises `CompileError` where no server can."""
    arguments = json.dumps(asdict(target)), form
    found = _compiled(names, lambda count: Servers("bitcode", arguments, count), lambda: target, _Reporter(on_compile))
    missing = [name for name in names if name not in found]
    if missing:
        raise CompileError(f"the kernels of `{missing[0]}` could not be compiled for {target.cpu} ({target.triple})")
    return found


def _compiled(
    names: Sequence[str], start: Callable[[int], Servers], target: Callable[[], Target], report: _Reporter
) -> dict[str, bytes]:
    """What servers can make of families for a target. `start` gives so many, or raises OSError."""
    found: dict[str, bytes] = {}
    if not names or not _may_spawn():
        return found
    work = _Work(names)
    with interrupts_stop(work.stop), suppress(OSError):
        try:
            servers = start(min(thread_count(), len(names)))
            work.begin(servers)
            threads = [
                threading.Thread(target=_serve, args=(server, target, work, found, report), daemon=True)
                for server in servers.each
                if server.asked is None or server.asked in names  # others are busy with what nobody asks for
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                join(thread)
        finally:
            work.end()
    return found


class _Work:
    """The families that no server has been given yet, and the servers."""

    def __init__(self, names: Sequence[str]) -> None:
        self._waiting = deque(longest_first(names))
        self._servers: list[Servers] = []
        self._stopped = False

    def begin(self, servers: Servers) -> None:
        """Take in servers, and what they have begun with. They are ended where the work was stopped meanwhile."""
        for server in servers.each:
            if server.asked in self._waiting:
                self._waiting.remove(server.asked)
        self._servers.append(servers)
        if self._stopped:
            servers.kill()

    def next_for(self, server: Server) -> str | None:
        """Have a server begin with a family unless it did. Gives its name, None where none is left."""
        if server.asked is None:
            try:
                server.ask(self._waiting.popleft())
            except IndexError:
                return None
        return server.asked

    def stop(self) -> None:
        """Have all servers end, in the middle of what they do."""
        self._stopped = True
        self._waiting.clear()
        for servers in self._servers:
            servers.kill()

    def end(self) -> None:
        """End all servers and wait until they have ended."""
        self._waiting.clear()
        for servers in self._servers:
            servers.end()


class _Reporter:
    """Calls the caller's function one at a time, whichever thread has news."""

    def __init__(self, on_compile: OnCompile | None) -> None:
        self._on_compile = on_compile
        self._lock = threading.Lock()

    def __call__(self, family: str, seconds: float | None) -> None:
        if self._on_compile is not None:
            with self._lock:
                self._on_compile(family, seconds)


def _serve(
    server: Server, target: Callable[[], Target], work: _Work, found: dict[str, bytes], report: _Reporter
) -> None:
    """Have one server compile families for as long as there are any; give up where it ends."""
    try:
        while (name := work.next_for(server)) is not None:
            report(name, None)
            code, made_for = server.take()
            # The server reads the environment anew: it may see another MODELC_MAX_ISA than this process did.
            if made_for != str(target()):
                return
            found[name] = code
            report(name, time.perf_counter() - server.asked_at)
    except (OSError, ValueError):
        return


def _compile_here(name: str, report: _Reporter) -> bytes:
    """The object code of a family, from a thread of this process.

    Python sees no interrupt while LLVM works in the main thread. It ends the waiting; what the thread makes is lost.
    """
    from modelc.native.compiler.compile import compile_family  # deferred: imports numba

    ended: queue.SimpleQueue[Callable[[], bytes]] = queue.SimpleQueue()

    def run() -> None:
        try:
            code = compile_family(FAMILIES[name], host())
        except BaseException as error:
            ended.put(partial(_raise, error))
        else:
            ended.put(lambda: code)

    report(name, None)
    start = time.perf_counter()
    with interrupts_stop(lambda: ended.put(bytes)):
        _start_deep(threading.Thread(target=run, daemon=True))
        code = taken(ended)()
    report(name, time.perf_counter() - start)
    return code


def _raise(error: BaseException) -> NoReturn:
    raise error


def _start_deep(thread: threading.Thread) -> None:
    """Start a thread with as much stack as the main one has: LLVM's recursions are deep."""
    before = threading.stack_size(_STACK_BYTES)
    try:
        thread.start()
    finally:
        threading.stack_size(before)


def _may_spawn() -> bool:
    """Whether `sys.executable` is a Python interpreter; in a program that embeds or freezes Python it is not."""
    return not getattr(sys, "frozen", False) and Path(sys.executable or "").name.startswith("python")
