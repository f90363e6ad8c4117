"""What `modelc check` found in specs that have not changed since: kept beside the plans in the user's cache.

A result is used again while its file, and all that was read or looked for on the way to it, are as they were: bases,
nested specs, labels, settings of the repository, and the presence of weights and data. It depends on the sources of
modelc as well, and on the options.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from hashlib import sha256
from typing import Any, ClassVar, cast

import modelc
from modelc.errors import Diagnostic
from modelc.native.compiler.private_cache import PrivateCache, default_directory
from modelc.system.package_sources import package_sources
from modelc.text.unknown import Suggestion

_MAX_BYTES = 2**24
"""Files that are larger count by their size and time."""
_MOST_BYTES = 2**26
_FOLDER = "checks"

States = dict[str, str]


class CheckCache(PrivateCache):
    """CheckResults of checks: a file for each folder that `check` was run in and each set of options."""

    SUFFIX: ClassVar[str] = ".json"
    MAGIC: ClassVar[bytes] = b'{"modelc checks": '
    MOST: ClassVar[int] = 100


def cache_directory() -> str:
    """Where the results are."""
    return os.path.join(default_directory(), _FOLDER)


class CheckResults:
    """The results for one set of options in the current folder, as they were and as they are now."""

    def __init__(self, options: Sequence[object]) -> None:
        self._cache = CheckCache(cache_directory(), 0 if os.environ.get("MODELC_CACHE_SIZE") == "0" else _MOST_BYTES)
        parts = [os.getcwd(), repr(options), *_sources()]
        self._name = sha256("\n".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:32] + CheckCache.SUFFIX
        self._known = self._read()
        self._now: dict[str, Any] = {}
        self._states: States = {}
        self._changed = False

    def find(self, path: str) -> list[Diagnostic] | None:
        """What was found in a file, if all that it depends on is as it was."""
        known = self._known.get(path)
        if known is None:
            return None
        try:
            depends: Mapping[str, list[Any]] = known["depends"]
            if any(self._state(file, bool(content)) != was for file, (content, was) in depends.items()):
                return None
            found = [_diagnostic(one) for one in known["found"]]
        except (KeyError, TypeError, ValueError, AttributeError):
            return None
        self._now[path] = known
        return found

    def keep(self, path: str, found: Sequence[Diagnostic], depends: Mapping[str, bool]) -> None:
        """Note what was found in a file, and what that depends on."""
        states = {file: [content, self._state(file, content)] for file, content in depends.items()}
        self._now[path] = {"depends": states, "found": [_plain(one) for one in found]}
        self._changed = True

    def write(self) -> None:
        """Keep the results for the next time."""
        if self._changed:
            body = json.dumps({"modelc checks": 1, "found": {**self._known, **self._now}}, separators=(",", ":"))
            rest = body.removeprefix('{"modelc checks":').encode("utf-8", "surrogatepass")
            self._cache.put(self._name, [CheckCache.MAGIC, rest])

    def _read(self) -> dict[str, Any]:
        file = self._cache.opened(self._name)
        if file is None:
            return {}
        with file:
            try:
                return cast("dict[str, Any]", json.loads(file.read())["found"])
            except (ValueError, KeyError, TypeError, RecursionError):
                return {}

    def _state(self, path: str, content: bool) -> str:
        """What a file is now: absent, a folder, or its content."""
        key = f"{content}{path}"
        if key not in self._states:
            self._states[key] = _state_of(path, content)
        return self._states[key]


def _state_of(path: str, content: bool) -> str:
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        return "absent"
    if not content or not os.path.isfile(path):
        return "there"
    if status.st_size > _MAX_BYTES:
        return f"{status.st_size} {status.st_mtime_ns}"
    try:
        with open(path, "rb") as file:
            return sha256(file.read()).hexdigest()
    except OSError:
        return "unreadable"


@cache
def _sources() -> tuple[str, ...]:
    folder = os.path.dirname(modelc.__file__)
    return (modelc.__version__, sys.version, *package_sources(folder, (".py", ".yaml", ".json")))


_FIELDS = tuple(one.name for one in fields(Diagnostic))


def _plain(diagnostic: Diagnostic) -> dict[str, Any]:
    plain = {name: getattr(diagnostic, name) for name in _FIELDS}
    suggestion = diagnostic.suggestion
    return plain if suggestion is None else {**plain, "suggestion": [suggestion.word, suggestion.found]}


def _diagnostic(plain: dict[str, Any]) -> Diagnostic:
    suggestion = plain.pop("suggestion", None)
    if suggestion is not None:
        plain = {**plain, "help": Suggestion(plain["help"], *suggestion)}
    return Diagnostic(**plain)
