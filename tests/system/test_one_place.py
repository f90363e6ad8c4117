"""Only `modelc/system` knows one operating system from another: nothing else asks which one it is, or what it has."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.imports import ROOT, modules

HOME = "modelc.system"

MODULES = frozenset({
    "fcntl", "grp", "mmap", "msvcrt", "nt", "platform", "platformdirs", "posix", "pty", "pwd", "resource",
    "syslog", "termios", "tty", "winreg",
})  # fmt: skip
"""Modules that some systems lack, or that say which system it is."""

OF_OS = frozenset({
    "cpu_count", "fdatasync", "fork", "forkpty", "get_blocking", "getegid", "geteuid", "getgid", "getloadavg",
    "getpgid", "getuid", "kill", "killpg", "lockf", "memfd_create", "mkfifo", "name", "nice", "posix_fadvise",
    "posix_fallocate", "posix_spawn", "pread", "preadv", "process_cpu_count", "pwrite", "pwritev", "readv",
    "register_at_fork", "sendfile", "set_blocking", "setsid", "statvfs", "sync", "sysconf", "uname", "wait",
    "wait3", "wait4", "waitid", "writev",
})  # fmt: skip
"""What not every system has of `os`, or what answers differently there."""

PORTABLE_FLAGS = frozenset({"O_APPEND", "O_CREAT", "O_EXCL", "O_RDONLY", "O_RDWR", "O_TRUNC", "O_WRONLY"})
PORTABLE_SIGNALS = frozenset({"SIGINT", "SIGTERM", "Signals", "default_int_handler", "getsignal", "signal"})

PLACES = ("/proc", "/sys/", "/dev/shm")
NAMES = ("futex", "mprotect", "syscall", "sched_yield", "pthread_")
"""What a system's library calls its functions."""

NOT_ASKED = {
    "modelc.c": "writes C libraries for Linux, on whatever system it runs",
    "modelc.system": "is the place",
}


def _told(name: str) -> str | None:
    return next((reason for package, reason in NOT_ASKED.items() if f"{name}.".startswith(f"{package}.")), None)


def questions(text: str) -> Iterator[tuple[int, str]]:
    """What a source asks about the system, with the lines."""
    tree = ast.parse(text)
    notes = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from ((node.lineno, f"import {n.name}") for n in names if n.name.split(".")[0] in MODULES)
            case ast.ImportFrom(module=str(module), level=0) if module.split(".")[0] in MODULES:
                yield node.lineno, f"from {module} import"
            case ast.ImportFrom(module="os" | "sys" | "signal" as module, names=names):
                yield from ((node.lineno, f"{module}.{n.name}") for n in names if not _is_portable(module, n.name))
            case ast.Attribute(value=ast.Name(id="os" | "sys" | "signal" as module), attr=name):
                if not _is_portable(module, name):
                    yield node.lineno, f"{module}.{name}"
            case ast.Call(func=ast.Name(id="hasattr" | "getattr"), args=[ast.Name(id="os" | "signal"), *_]):
                yield node.lineno, ast.unparse(node)
            case ast.Call(func=ast.Attribute(attr="CDLL") | ast.Name(id="CDLL"), args=[ast.Constant(value=None), *_]):
                yield node.lineno, ast.unparse(node)
            case ast.Constant(value=str(value)) if id(node) not in notes:
                if value.startswith(PLACES) or any(name in value for name in NAMES):
                    yield node.lineno, repr(value[:60])
            case _:
                pass


def _is_portable(module: str, name: str) -> bool:
    if module == "sys":
        return name not in ("platform", "getwindowsversion")
    if module == "signal":
        return name in PORTABLE_SIGNALS
    return name not in OF_OS and not name.startswith("sched_") and (name[:2] != "O_" or name in PORTABLE_FLAGS)


def test_nothing_else_asks_about_the_system() -> None:
    asked = [
        f"{name}:{line} asks {question}; modelc/system answers such"
        for name, path in modules().items()
        if _told(name) is None
        for line, question in questions(path.read_text(encoding="utf-8"))
    ]
    assert not asked


def test_nothing_else_loads_objects_by_their_format() -> None:
    """What is linked, and how, is decided in `link`; C libraries are written by the tables of the format."""
    for name, path in modules().items():
        text = path.read_text(encoding="utf-8")
        if _told(name) is None:
            for module in ("elf", "elf_format", "elf_tables", "mach_o"):
                assert f"objects.{module} import" not in text, name


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import fcntl", "import fcntl"),
        ("def f():\n    from resource import getrusage", "from resource import"),
        ("import sys\nx = sys.platform == 'win32'", "sys.platform"),
        ("import os\nx = os.name", "os.name"),
        ("import os\nx = os.sched_getaffinity(0)", "os.sched_getaffinity"),
        ("import os\nif hasattr(os, 'fork'): pass", "hasattr(os, 'fork')"),
        ("import os\nx = os.O_NOFOLLOW", "os.O_NOFOLLOW"),
        ("from os import pwrite", "os.pwrite"),
        ("import ctypes\nlibrary = ctypes.CDLL(None)", "ctypes.CDLL(None)"),
        ("path = '/proc/self/status'", "'/proc/self/status'"),
        ("import signal\nx = signal.SIGKILL", "signal.SIGKILL"),
        ("name = 'sched_yield'", "'sched_yield'"),
    ],
)
def test_questions_are_seen(source: str, found: str) -> None:
    assert [question for _, question in questions(source)] == [found]


@pytest.mark.parametrize(
    "source", ["import os\nos.open('f', os.O_RDONLY)", '"""It reads `/proc`."""', "import signal\nsignal.SIGINT"]
)
def test_what_every_system_has_is_no_question(source: str) -> None:
    assert not [*questions(source)]


def test_the_place_is_read_from_disk() -> None:
    """The tests above see the package that is there, not an empty list."""
    assert (ROOT / "system").is_dir()
    assert len(modules()) > 300
    assert [*questions((Path(ROOT) / "system" / "file_locks.py").read_text(encoding="utf-8"))]
