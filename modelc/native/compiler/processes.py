"""Compile families in child processes: several at once, and with numba kept out of this process."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Literal, NoReturn

from modelc.errors import CompileError
from modelc.graph.program import OnCompile
from modelc.native.compiler.catalog import FAMILIES, longest_first
from modelc.native.engine.cpus import thread_count
from modelc.native.target import Target, host
from modelc.system.interrupts import interrupts_stop, join, taken

_SERVER = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
sys.modules["scipy"] = sys.modules["cffi"] = None
from modelc.native.compiler.{} import main
main()
"""
"""What a child runs. Ctrl-C in a terminal is for its parent, which ends it. numba imports SciPy and cffi where it finds
them, which no kernel needs."""

_STACK_BYTES = 8 << 20
"""The stack of a thread that compiles. Those of macOS have half a megabyte by default."""

_Start = Callable[[], "subprocess.Popen[bytes]"]
"""Gives a compile server. Raises OSError where none can be started."""


_ahead: list[subprocess.Popen[bytes]] = []
"""Servers for this machine that wait for their first family."""


@contextmanager
def started_ahead() -> Generator[None]:
    """Inside, `compile_families` finds servers that are ready; those that it does not take end with the block."""
    started: list[subprocess.Popen[bytes]] = []
    if _may_spawn():
        with suppress(OSError):
            for _ in range(thread_count()):
                started.append(_started(_command("compile")))
    _ahead.extend(started)
    try:
        yield
    finally:
        for child in started:
            with suppress(ValueError):
                _ahead.remove(child)  # raises where it was taken, by whom it is ended then
                child.kill()
                child.communicate()


def _taken() -> subprocess.Popen[bytes] | None:
    """A server that was started ahead, which is the caller's from now on."""
    try:
        return _ahead.pop()
    except IndexError:
        return None


def _command(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-P", "-c", _SERVER.format(module), *arguments)


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """A compile server. Raises OSError where it cannot be started."""
    return subprocess.Popen(
        command, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    )


def compile_families(names: Sequence[str], on_compile: OnCompile | None = None) -> dict[str, bytes]:
    """The object code of each family. What no child could compile is compiled here.

    An interrupt ends the children. Raises `StoppedByInterrupt` then, unless what handles interrupts raises itself.
    """
    report = _Reporter(on_compile)
    found = _compiled(names, lambda: _taken() or _started(_command("compile")), host, report)
    for name in names:
        if name not in found:
            found[name] = _compile_here(name, report)
    return found


def families_for(
    names: Sequence[str], target: Target, form: Literal["bitcode", "object"], on_compile: OnCompile | None = None
) -> dict[str, bytes]:
    """Each family for a machine that need not be this one. Raises `CompileError` where no child can."""
    command = _command("bitcode", json.dumps(asdict(target)), form)
    found = _compiled(names, lambda: _started(command), lambda: target, _Reporter(on_compile))
    missing = [name for name in names if name not in found]
    if missing:
        raise CompileError(f"the kernels of `{missing[0]}` could not be compiled for {target.cpu} ({target.triple})")
    return found


def _compiled(names: Sequence[str], start: _Start, target: Callable[[], Target], report: _Reporter) -> dict[str, bytes]:
    """What children that `start` gives can make of families for a target."""
    found: dict[str, bytes] = {}
    if _may_spawn():
        work = _Work(deque(longest_first(names)))
        count = min(thread_count(), len(names))
        servers = [
            threading.Thread(target=_serve, args=(start, target, work, found, report), daemon=True)
            for _ in range(count)
        ]
        with interrupts_stop(work.stop):
            try:
                for server in servers:
                    server.start()
                for server in servers:
                    join(server)
            except BaseException:
                work.stop()
                raise
    return found


class _Work:
    """The families that no child has been given yet, and the children."""

    def __init__(self, waiting: deque[str]) -> None:
        self.waiting = waiting
        self._children: list[subprocess.Popen[bytes]] = []
        self._stopped = False

    def begin(self, child: subprocess.Popen[bytes]) -> None:
        """Take in a child; it is ended where the work was stopped meanwhile."""
        self._children.append(child)
        if self._stopped:
            child.kill()

    def stop(self) -> None:
        """End all children, and those that come, in the middle of what they do."""
        self._stopped = True
        self.waiting.clear()
        for child in list(self._children):
            child.kill()


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
    start: _Start,
    target: Callable[[], Target],
    work: _Work,
    found: dict[str, bytes],
    report: _Reporter,
) -> None:
    """Have one child compile families for as long as there are any; give up where it dies."""
    try:
        child = start()
    except OSError:
        return
    work.begin(child)
    with child:
        assert child.stdin is not None
        assert child.stdout is not None
        while True:
            try:
                name = work.waiting.popleft()
            except IndexError:
                break
            report(name, None)
            began = time.perf_counter()
            try:
                child.stdin.write(f"{name}\n".encode())
                child.stdin.flush()
                size, _, made_for = child.stdout.readline().decode().strip().partition(" ")
                code = child.stdout.read(int(size))
            except (OSError, ValueError):
                break
            # The child reads the environment anew: it may see another MODELC_MAX_ISA than this process did.
            if len(code) != int(size) or made_for != str(target()):
                break
            found[name] = code
            report(name, time.perf_counter() - began)
        try:
            child.stdin.close()
        except OSError:
            child.kill()


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


def _environment() -> dict[str, str]:
    paths = [str(Path(__file__).parents[3]), *(path for path in sys.path if path)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NUMBA_")}
    return kept | {"PYTHONPATH": os.pathsep.join(paths)}
