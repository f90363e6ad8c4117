"""Python and the packages: those that modelc needs, and those of its extras."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from importlib import metadata
from typing import NamedTuple

from modelc import __version__
from modelc.cli.checkup.section import Problem, Section, private
from modelc.system.processor import interpreter


class _Requirement(NamedTuple):
    """A package that modelc asks for, the versions that it takes, and the extra that asks for it."""

    package: str
    versions: tuple[tuple[str, str], ...]
    extra: str | None


_REQUIREMENT = re.compile(r"\s*([\w.-]+)(?:\[[^]]*\])?\s*([^;]*)(?:;(.*))?")
_VERSION = re.compile(r"(>=|<=|<|>|==|!=)\s*([\w.*]+)")
_EXTRA = re.compile(r"""extra\s*==\s*['"]([\w.-]+)['"]""")
_NOT_FOR_USERS = frozenset({"test", "dev", "bench", "peers"})
"""Extras of those who develop modelc."""


def packages() -> Section:
    """The versions, and the problems: a package that is missing, or of a version that modelc does not take."""
    found = list(_requirements())
    core = {one.package: _version(one.package) for one in found if one.extra is None}
    llvmlite = _version("llvmlite")
    extras: dict[str, dict[str, str | None]] = {}
    for one in found:
        if one.extra is not None and one.extra not in _NOT_FOR_USERS:
            extras.setdefault(one.extra, {})[one.package] = _version(one.package)
    facts = {
        "modelc": __version__,
        "python": interpreter(),
        "executable": private(sys.executable),
        "packages": {**core, "llvmlite": llvmlite},
        "extras": extras,
    }
    return Section(facts, tuple(_problems(found)))


def _problems(found: list[_Requirement]) -> Iterator[Problem]:
    for one in found:
        version = _version(one.package)
        if version is None:
            if one.extra is None:
                yield Problem(f"{one.package} is not installed", f"pip install '{one.package}{_wanted(one)}'")
        elif one.extra not in _NOT_FOR_USERS and not all(_satisfies(version, *how) for how in one.versions):
            what = f"{one.package} is of version {version}, modelc takes {_wanted(one)}"
            yield Problem(what, f"pip install '{one.package}{_wanted(one)}'")


def _wanted(one: _Requirement) -> str:
    return ",".join(f"{sign}{version}" for sign, version in one.versions)


def _requirements() -> Iterator[_Requirement]:
    """What the metadata of the installed package says."""
    try:
        lines = metadata.requires("modelc") or []
    except metadata.PackageNotFoundError:  # a source tree on the path
        return
    for line in lines:
        matched = _REQUIREMENT.match(line)
        if matched is None or matched[1] == "modelc":
            continue
        extra = _EXTRA.search(matched[3] or "")
        versions = tuple((sign, version) for sign, version in _VERSION.findall(matched[2]))
        yield _Requirement(matched[1], versions, None if extra is None else extra[1])


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _satisfies(version: str, sign: str, bound: str) -> bool:
    """Whether a version is on this side of a bound; by their numbers, so that `1.0rc1` counts as 1.0."""
    a, b = (_numbers(text) for text in (version, bound))
    length = max(len(a), len(b))
    a, b = (part + (0,) * (length - len(part)) for part in (a, b))
    return {">=": a >= b, "<=": a <= b, "<": a < b, ">": a > b, "==": a == b, "!=": a != b}[sign]


def _numbers(version: str) -> tuple[int, ...]:
    found = _RELEASE.match(version)
    return () if found is None else tuple(map(int, found[0].split(".")))


_RELEASE = re.compile(r"\d+(?:\.\d+)*")
