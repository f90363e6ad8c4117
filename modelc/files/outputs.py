"""Which files a result may be written to: the one rule, for commands, methods and callbacks.

A result takes a free name, or the place of an empty file or of an older result of its own kind, which is told by the
content of the file. It never takes the place of what the same command reads, under whatever spelling or link.

Whoever writes a file calls `replacing(path, kind)` of `modelc/files/atomic.py`, which asks `check_output` itself. Ask
it before long work as well, with the files that are read, so that a mistake is told at once:

    check_output(path, Kind.MODEL, inputs={"the spec": spec_path, "--weights": weights}, force=force)

What adds to a file (a table of logs) is asked for by `check_output(path, Kind.TABLE)` before it opens the file. A
callback that a spec describes has no `force`: it passes None, and the message offers no way around.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path

from modelc.errors import OverwriteError
from modelc.files.kinds import Kind, described, kind_of

STDIN = "-"
"""The name of standard input among the files that a command reads."""


def check_output(
    path: str | os.PathLike[str],
    kind: Kind,
    *,
    inputs: Mapping[str, str | os.PathLike[str] | None] | None = None,
    force: bool | None = None,
) -> None:
    """Raise `OverwriteError` if a result of this kind must not be written to `path`.

    `inputs` are the files that are read, by what they are called in the message; those that are None are passed over.
    `force` allows the place of a file of another kind, never that of an input; None is for callers that cannot be told
    to. Folders, devices and folders that are not there are told by `require_replaceable` and by writing.
    """
    check_not_read(path, inputs or {})
    if force or not _is_taken(path) or kind_of(path) is kind:
        return
    way = "" if force is None else ", or replace the file with --force (in Python: force=True)"
    raise OverwriteError(
        f"{os.fspath(path)} is {described(path)}: it is not overwritten by {kind.value}",
        f"give the output another name{way}",
    )


def check_not_read(path: str | os.PathLike[str], inputs: Mapping[str, str | os.PathLike[str] | None]) -> None:
    """Raise `OverwriteError` where `path` is one of the files that are read."""
    for what, given in inputs.items():
        if given is not None and same_file(path, given):
            raise OverwriteError(
                f"{os.fspath(path)} is also {what}: it is not overwritten", "give the output another name"
            )


def check_outputs_differ(outputs: Mapping[str, str | os.PathLike[str] | None]) -> None:
    """Raise `OverwriteError` where two outputs of a command are one file, on file systems that ignore case as well."""
    seen: list[tuple[str, str | os.PathLike[str]]] = []
    for what, path in outputs.items():
        if path is None:
            continue
        for other, before in seen:
            if same_file(path, before) or _plain(path) == _plain(before):
                raise OverwriteError(f"{other} and {what} name the same file: {os.fspath(path)}")
        seen.append((what, path))


def same_file(a: str | os.PathLike[str], b: str | os.PathLike[str]) -> bool:
    """Whether two names are those of one file: through links, other spellings, and standard input (`-`)."""
    found = _status(a), _status(b)
    if found[0] is not None and found[1] is not None:
        return os.path.samestat(*found)  # type: ignore[arg-type]
    return os.fspath(a) != STDIN != os.fspath(b) and os.path.realpath(a) == os.path.realpath(b)


def _status(path: str | os.PathLike[str]) -> os.stat_result | None:
    try:
        status = os.fstat(0) if os.fspath(path) == STDIN else os.stat(path)
    except (OSError, ValueError):
        return None
    return status if stat.S_ISREG(status.st_mode) else None


def _is_taken(path: str | os.PathLike[str]) -> bool:
    """Whether there is a file of that name with anything in it."""
    status = _status(path)
    return status is not None and status.st_size > 0


def _plain(path: str | os.PathLike[str]) -> str:
    return os.path.realpath(Path(path)).casefold()
