"""Write what follows from what modelc itself knows: its pydantic models, diagnostics and commands.

These are the reference pages of docs/, the indexes that say where layers and the like are, the stubs that tell editors
how they are called, and the types of the names of functions.

    python docs/generate            write them
    python docs/generate --check    say which differ from what would be written, and exit with 1 if one does
    python docs/generate --zoo      write the gallery of the zoo as well: half a minute

`tests/test_docs.py` runs the second, and `tests/docs/test_gallery.py` looks after the gallery.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from indexes import BASES, index

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str]) -> int:
    """Write or check the files; the exit code."""
    if arguments not in ([], ["--check"], ["--zoo"]):
        print(__doc__, file=sys.stderr)
        return 2
    is_check = arguments == ["--check"]
    stale = _stale({f"modelc/{package}/index.py": index(package) for package in BASES}, write=not is_check)
    if stale and not is_check:
        # This process has imported the old indexes.
        print(_report(stale, "written"), flush=True)
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    if not stale:
        from pages import gallery, made  # it imports what the indexes name

        stale = _stale(made() | (gallery() if arguments == ["--zoo"] else {}), write=not is_check)
    print(_report(stale, "out of date" if is_check else "written") or "all pages are up to date")
    return 1 if is_check and stale else 0


def _stale(made: Mapping[str, str], *, write: bool) -> list[str]:
    """The files that differ from what they should be."""
    stale: list[str] = []
    for name, text in made.items():
        path = ROOT / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if write:
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
    return stale


def _report(names: list[str], done: str) -> str:
    return "\n".join(f"{name}: {done}" for name in names)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
