"""What a change does to the specs of a repository: each against its version at another revision of git.

The specs that are told of are those whose files have changed, and those that depend on files which have.
"""

from __future__ import annotations

import io
import os
import subprocess
import tarfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from modelc.errors import Diagnostic, InputError, SpecError
from modelc.language.definition import Definition
from modelc.report.check import check
from modelc.report.diff.find import Diff, compare
from modelc.report.spec_files import spec_files
from modelc.system.consulted import consult, consulting

_KINDS = ("*.yaml", "*.yml", "*.json", "*.toml", "*.txt")
"""The files that specs consist of: themselves, settings, labels."""

Load = Callable[[Path], Definition]


@dataclass(frozen=True, slots=True, eq=False)
class Reviewed:
    """One spec of a change."""

    path: str
    diff: Diff | None = None
    """What is different; None for one that is new, gone or invalid."""
    after: Definition | None = None
    """The spec as it is now, if it is valid."""
    before: Definition | None = None
    """The spec as it was, if it was there and valid."""
    found: tuple[Diagnostic, ...] = ()
    """The mistakes and warnings in it."""

    @property
    def what(self) -> str:
        """`changed`, `added`, `removed`, or `invalid`."""
        if any(one.severity == "error" for one in self.found):
            return "invalid"
        if self.after is None:
            return "removed"
        return "added" if self.before is None else "changed"


def review(paths: Sequence[str], since: str, load: Load, folder: Path) -> list[Reviewed]:
    """The specs among `paths`, files and folders, that differ from the revision `since`; `folder` is an empty one.

    Raises `InputError` outside of a repository and for a revision that there is not.
    """
    top = Path(_git("rev-parse", "--show-toplevel").decode().rstrip("\n"))
    revision = (
        _git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{since}^{{commit}}", about=since)
        .decode()
        .strip()
    )
    names = _git("diff", "--name-only", "--no-renames", "-z", revision, "--", cwd=top).split(b"\0")
    untracked = _git("ls-files", "--others", "--exclude-standard", "-z", cwd=top).split(b"\0")
    changed = {os.path.realpath(top / os.fsdecode(name)) for name in (*names, *untracked) if name}
    if not changed:
        return []
    _unpack(top, revision, folder)
    found: list[Reviewed] = []
    for path in spec_files(paths):
        with consulting() as depends:
            consult(path)
            mistakes, spec = _checked(Path(path), load)
        if changed.isdisjoint(map(os.path.realpath, depends)):
            continue
        one = _reviewed(
            path, mistakes, spec, folder / os.path.relpath(os.path.realpath(path), os.path.realpath(top)), load
        )
        if one.diff is None or one.diff or one.found:
            found.append(one)
    return [*found, *_removed(paths, changed, top, folder, load)]


def _reviewed(path: str, mistakes: list[Diagnostic], spec: Definition | None, old: Path, load: Load) -> Reviewed:
    before = _checked(old, load)[1] if old.is_file() else None
    if spec is None or before is None:
        return Reviewed(path, None, spec, before, tuple(mistakes))
    return Reviewed(path, compare(before, spec), spec, before, tuple(mistakes))


def _removed(paths: Sequence[str], changed: set[str], top: Path, folder: Path, load: Load) -> Iterator[Reviewed]:
    """The specs that are gone from the folders that are looked at."""
    roots = [os.path.realpath(path) for path in paths]
    for name in sorted(changed):
        old = folder / os.path.relpath(name, os.path.realpath(top))
        inside = any(name == root or name.startswith(root.rstrip(os.sep) + os.sep) for root in roots)
        if inside and not os.path.exists(name) and old.is_file():
            with suppress(InputError):
                if spec_files([str(old.parent)]).count(str(old)):
                    yield Reviewed(os.path.relpath(name), None, None, _checked(old, load)[1])


def _checked(path: Path, load: Load) -> tuple[list[Diagnostic], Definition | None]:
    """The mistakes in a spec, and itself if it can be traced."""
    made: list[Definition] = []

    def read() -> Definition:
        made.append(load(path))
        return made[0]

    found = check(read, file=str(path))
    try:
        _ = made[0].graph if made else None
    except SpecError:
        return found, None
    return found, made[0] if made else None


def _unpack(top: Path, revision: str, folder: Path) -> None:
    """Write what specs consist of at a revision into a folder."""
    listed = _git("ls-tree", "-r", "-z", "--name-only", "--full-tree", revision, cwd=top).split(b"\0")
    names = [os.fsdecode(n) for n in listed if n.endswith(tuple(kind[1:].encode() for kind in _KINDS))]
    for start in range(0, len(names), 500):
        some = [f":(literal,top){name}" for name in names[start : start + 500]]
        data = _git("archive", "--format=tar", revision, "--", *some, cwd=top)
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            archive.extractall(folder, filter="data")


def _git(*arguments: str, cwd: Path | None = None, about: str | None = None) -> bytes:
    try:
        done = subprocess.run(["git", *arguments], cwd=cwd, capture_output=True, check=False)
    except OSError as error:
        raise InputError(f"git cannot be run: {error.strerror or error}") from None
    if done.returncode:
        if about is not None:
            raise InputError(f"`{about}` is no revision of this repository", "in CI, fetch it: fetch-depth: 0")
        raise InputError(done.stderr.decode(errors="replace").strip().partition("\n")[0] or "git failed")
    return done.stdout


def budgets(one: Reviewed) -> dict[str, tuple[Any, float]]:
    """The limits of a spec, each with the share of it that is used, for those costs that are numbers."""
    spec, found = one.after, dict[str, tuple[Any, float]]()
    if spec is None:
        return found
    diff = one.diff or compare(spec, spec)
    for key in ("params", "macs", "activation_memory"):
        limit, used = getattr(spec.limits, key), diff.counts[key].after
        if limit and used is not None:
            found[key] = limit, used / limit
    return found
