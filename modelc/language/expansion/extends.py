"""`extends`: a spec based on another local file."""

from __future__ import annotations

import os

from modelc.errors import Diagnostic
from modelc.language.expansion.files import ZOO, find_file
from modelc.language.remembered import Remembered
from modelc.language.shared_files import examined
from modelc.language.text.node import TextNode

MERGED_KEYS = ("vars", "limits", "blocks", "training")
"""The mappings that merge key by key; any other key of the extending spec replaces the base's value whole."""


def follow_extends(spec: TextNode, remembered: Remembered | None = None) -> tuple[TextNode | None, list[Diagnostic]]:
    """Merge a spec with the bases that it extends; None if a base cannot be read (E301).

    Bases are files below the folder of `spec` itself. Values keep their own file and position, so a relative path
    in a base is relative to the base (`node.source.folder`). `remembered` has files that were read before.
    """
    if spec.get("extends") is None:
        return spec, []
    chain, diagnostics = [spec], list[Diagnostic]()
    root = spec.source.folder
    seen = [os.path.realpath(spec.source.name)] if spec.source.text else []
    while (value := chain[-1].get("extends")) is not None:
        if value.broken:
            return None, diagnostics
        target, problem = find_file(value, "extends", root, seen, "the specs extend each other")
        if target is None:
            return None, [*diagnostics, *problem]
        base, problem = examined(target) if remembered is None else remembered.examined(target)
        diagnostics += [value.diagnostic("E301", d.message) if d.code == "E101" else d for d in problem]
        if base is None:
            return None, diagnostics
        if not isinstance(base.value, dict):
            if not base.broken:
                diagnostics.append(base.diagnostic("E203", f"a spec must be a mapping of keys, found {base.kind}"))
            return None, diagnostics
        seen.append(os.path.realpath(target))
        if str(value.value).startswith(ZOO):
            root = target.parent
        chain.append(base)
    merged = chain.pop()
    while chain:
        merged = _merge(chain.pop(), merged)
    return merged, diagnostics


def _merge(spec: TextNode, base: TextNode) -> TextNode:
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
