"""The files of other specs that a spec refers to: local ones in its folder or below, or those of the zoo."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path, PureWindowsPath
from re import compile as regex

from modelc import zoo
from modelc.errors import Diagnostic
from modelc.language.text.node import TextNode
from modelc.system.consulted import consult
from modelc.text.quoting import quote
from modelc.text.unknown import unknown

ZOO = "zoo:"
"""The prefix of the names of specs in the zoo: `zoo:xception`."""

LONGEST_CHAIN = 16
"""The most files that name one another in a chain."""


def find_file(
    value: TextNode, key: str, root: Path | None, seen: Sequence[str], cyclic: str
) -> tuple[Path | None, list[Diagnostic]]:
    """The file that the value of `key` names, below `root` or in the zoo; or None and why it may not be read (E301).

    `seen` are the real paths of the files on the way here; `cyclic` says what is wrong where it is one of them.
    """
    name, folder = value.value, value.source.folder
    if not isinstance(name, str) or not name:
        return None, [value.diagnostic("E301", f"`{key}` must be a file name, found {value.kind}")]
    if "${" in name:
        return None, [value.diagnostic("E301", f"`{key}` takes a plain file name, without references")]
    if name.startswith(ZOO):
        path, problem = zoo_file(name)
        return path, [] if path is not None else [value.diagnostic("E301", *problem)]
    if folder is None or root is None:
        help = "read the spec from a file, or give the folder that its paths start from"
        message = f"{quote(name)} is relative to no folder, as this spec is not a file"
        return None, [value.diagnostic("E301", message, help)]
    if Path(name).is_absolute() or PureWindowsPath(name).drive or name.startswith("\\"):
        return None, [value.diagnostic("E301", f"{quote(name)} is an absolute path", "give it relative to this file")]
    if "://" in name:
        return None, [value.diagnostic("E301", f"{quote(name)} is not a local file", "download it next to this file")]
    target = folder / name
    try:
        consult(target)
        real, real_root = os.path.realpath(target), os.path.realpath(root)
        found = os.path.isfile(real)
    except (OSError, ValueError):
        return None, [value.diagnostic("E301", f"{quote(name)} is not a legal file name")]
    if not Path(real).is_relative_to(real_root):
        message = f"{quote(name)} lies outside the folder of the spec"
        return None, [value.diagnostic("E301", message, "the file must be in the same folder, or in one below it")]
    if not found:
        message = f"{quote(name)} is not a file" if os.path.exists(real) else f"{quote(name)} does not exist"

        help = f"for the architecture in the zoo, write {quote(ZOO + name)}" if name in zoo.names() else None
        return None, [value.diagnostic("E301", message, help or f"the path is relative to {quote(str(folder))}")]
    if real in seen:
        cycle = " → ".join(os.path.relpath(file, real_root) for file in [*seen[seen.index(real) :], real])
        return None, [value.diagnostic("E301", f"{cyclic}: {cycle}")]
    if len(seen) >= LONGEST_CHAIN:
        return None, [value.diagnostic("E105", f"a chain of more than {LONGEST_CHAIN} files that name one another")]
    return target, []


def zoo_file(name: str) -> tuple[Path | None, tuple[str, str | None]]:
    """The file that `zoo:xception` means, or None with a message and a help line."""
    architecture = name.removeprefix(ZOO)
    if architecture in zoo.names():
        return zoo.path(architecture), ("", None)
    names = zoo.names()
    message, help = unknown("architecture", architecture, names, otherwise="`modelc zoo list` lists the architectures")
    family = _family(architecture, names)
    return None, (message, f"available in this family: {', '.join(family)}" if len(family) > 1 else help)


_STEM = regex(r"[A-Za-z]*")


def _family(architecture: str, names: Sequence[str]) -> list[str]:
    """The names of the zoo that begin with the same letters as an unknown one, for the help line."""
    stem = _STEM.match(architecture.lower())
    return [name for name in names if stem and stem[0] and name.lower().startswith(stem[0])]
