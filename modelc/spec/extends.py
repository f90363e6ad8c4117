"""`extends`: a spec built on another local file."""

from __future__ import annotations

import os
from pathlib import Path, PureWindowsPath

from modelc.errors import Diagnostic
from modelc.spec.node import Node, quote
from modelc.spec.source import examine

MERGED_KEYS = ("vars", "limits")
"""The mappings that merge key by key; any other key of the extending spec replaces the base's value whole."""

_LONGEST_CHAIN = 16


def follow_extends(spec: Node) -> tuple[Node | None, list[Diagnostic]]:
    """The spec with everything that its bases add; None if a base cannot be had (E301).

    Bases are files below the folder of `spec` itself. Values keep their own file and position, so a relative path
    in a base is relative to the base (`node.source.folder`).
    """
    chain, diagnostics = [spec], list[Diagnostic]()
    seen = [os.path.realpath(spec.source.name)] if spec.source.text else []
    while (value := chain[-1].get("extends")) is not None:
        if value.broken:
            return None, diagnostics
        target, problem = _target(value, spec.source.folder, seen)
        if target is None:
            return None, [*diagnostics, *problem]
        base, problem = examine(target)
        diagnostics += [value.diagnostic("E301", d.message) if d.code == "E101" else d for d in problem]
        if base is None:
            return None, diagnostics
        if not isinstance(base.value, dict):
            if not base.broken:
                diagnostics.append(base.diagnostic("E203", f"a spec must be a mapping of keys, found {base.kind}"))
            return None, diagnostics
        seen.append(os.path.realpath(target))
        chain.append(base)
    merged = chain.pop()
    while chain:
        merged = _merge(chain.pop(), merged)
    return merged, diagnostics


def _target(value: Node, root: Path | None, seen: list[str]) -> tuple[Path | None, list[Diagnostic]]:
    """The file that `extends` names, or the reason why it may not be read."""
    name, folder = value.value, value.source.folder
    if not isinstance(name, str) or not name:
        return None, [value.diagnostic("E301", f"`extends` must be a file name, found {value.kind}")]
    if "${" in name:
        return None, [value.diagnostic("E301", "`extends` takes a plain file name, without references")]
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
        real, real_root = os.path.realpath(target), os.path.realpath(root)
        found = os.path.isfile(real)
    except (OSError, ValueError):
        return None, [value.diagnostic("E301", f"{quote(name)} is not a legal file name")]
    if not Path(real).is_relative_to(real_root):
        message = f"{quote(name)} lies outside the folder of the spec"
        return None, [value.diagnostic("E301", message, "a base must be in the same folder, or in one below it")]
    if not found:
        message = f"{quote(name)} is not a file" if os.path.exists(real) else f"{quote(name)} does not exist"
        return None, [value.diagnostic("E301", message)]
    if real in seen:
        cycle = " → ".join(os.path.relpath(file, real_root) for file in [*seen[seen.index(real) :], real])
        return None, [value.diagnostic("E301", f"the specs extend each other: {cycle}")]
    if len(seen) >= _LONGEST_CHAIN:
        return None, [value.diagnostic("E105", f"more than {_LONGEST_CHAIN} files extend one another")]
    return target, []


def _merge(spec: Node, base: Node) -> Node:
    assert isinstance(spec.value, dict)
    assert isinstance(base.value, dict)
    items = dict(base.value)
    for key, child in spec.value.items():
        if key == "extends":
            continue
        old = items.get(key)
        if key in MERGED_KEYS and old is not None and isinstance(old.value, dict) and isinstance(child.value, dict):
            child = child.with_value({**old.value, **child.value})
        items[key] = child
    return spec.with_value(items)
