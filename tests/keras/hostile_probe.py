"""Opens files in a process of its own and says what happened besides: run with a folder to watch and the files.

Prints, for each file, the error, the modules imported, the files opened (by Python, and within the watched folder by
anyone), what changed on disk, and the peak of memory by Python's account. The address space may grow by 96 MiB only.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
import tracemalloc
from pathlib import Path
from typing import Any

from modelc.errors import ModelcError
from modelc.keras.file import read_keras_file
from modelc.keras.read import read_keras_model
from modelc.keras.weights.tree import layer_tree

GROWTH = 96 * 2**20
IN_OPEN, IN_ACCESS, IN_NONBLOCK = 0x20, 0x01, 0o4000


def read_everything(path: str) -> int:
    with read_keras_file(path) as file:
        if file.config is not None:
            layer_tree(file.config)
            _ = read_keras_model(path).spec.layers
        if file.is_legacy:
            file.legacy_layers()
        return sum(file.read(name).size for name in file.shapes)


class Watch:
    """Sees every opening of a file in a folder, by C code too."""

    def __init__(self, folder: str) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = libc.inotify_init1(IN_NONBLOCK)
        if libc.inotify_add_watch(self._descriptor, folder.encode(), IN_OPEN | IN_ACCESS) < 0:
            raise OSError(ctypes.get_errno(), "inotify")

    def seen(self) -> bool:
        try:
            return bool(os.read(self._descriptor, 4096))
        except BlockingIOError:
            return False


def snapshot(folder: Path) -> list[tuple[str, int, int]]:
    return sorted((str(p), p.stat().st_size, p.stat().st_mtime_ns) for p in folder.rglob("*"))


def main(secret: str, good: list[str], hostile: list[str]) -> list[dict[str, Any]]:
    for path in good:  # whatever is imported lazily is imported now
        assert read_everything(path) > 0
    tracemalloc.start()
    watch = Watch(secret)
    Path(secret, "canary").read_bytes()
    assert watch.seen(), "the watch does not see"
    opened: list[str] = []
    sys.addaudithook(lambda event, args: opened.append(f"{event} {args[0]}") if event in ("open", "import") else None)
    size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (size + GROWTH, size + GROWTH))
    results: list[dict[str, Any]] = []
    for path in hostile:
        modules, before = set(sys.modules), snapshot(Path(path).parent)
        opened.clear()
        tracemalloc.reset_peak()
        try:
            error = f"read {read_everything(path)} numbers"
        except ModelcError as raised:
            error = f"{type(raised).__name__}: {raised}"
        except MemoryError:
            error = "MemoryError"
        found = [name for name in opened if name != f"open {path}"]
        results.append(
            {
                "error": error,
                "imported": sorted(set(sys.modules) - modules),
                "opened": found,
                "watched": watch.seen(),
                "written": before != snapshot(Path(path).parent),
                "peak": tracemalloc.get_traced_memory()[1],
            }
        )
    return results


if __name__ == "__main__":
    job = json.load(sys.stdin)
    print(json.dumps(main(job["secret"], job["good"], job["hostile"])))
