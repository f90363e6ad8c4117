"""Variables and blocks that a spec defines but does not use."""

from __future__ import annotations

from dataclasses import replace
from re import DOTALL, escape
from re import compile as regex

from modelc.errors import Diagnostic
from modelc.language.remembered import Remembered
from modelc.language.text.node import TextNode
from modelc.text.quoting import quote
from modelc.text.unknown import hint

_REFERENCE = regex(r"(?<!\$)\$\{\s*([^{}]*?)\s*\}")
_SPLIT = regex(r"\$\{[^{}]*\}")


def unused(spec: TextNode, top: str, remembered: Remembered | None = None) -> tuple[Diagnostic, ...]:
    """W101 and W102: what the file `top` defines that nothing in the spec names; what a base defines is for others.

    `spec` is the tree before variables and blocks are worked in, bases included; `remembered` is what was made of the
    same text before an edit.
    """
    used, named = set[str](), set[str]()
    for key, child in spec.value.items() if isinstance(spec.value, dict) else ():
        if key == "layers" and remembered is not None and isinstance(child.value, tuple):
            for entry in child.value:
                known = remembered.mentioned.find(entry)
                mentioned = known or remembered.mentioned.keep(entry, _mentioned(entry, key))
                used |= mentioned[0]
                named |= mentioned[1]
        else:
            mentioned = _mentioned(child, key)
            used |= mentioned[0]
            named |= mentioned[1]
    blocks = _blocks(named, spec.get("blocks"))
    found: list[Diagnostic] = []
    for section, code, kind, names in (("vars", "W101", "variable", used), ("blocks", "W102", "block", blocks)):
        table = spec.get(section)
        for name, node in table.value.items() if table is not None and isinstance(table.value, dict) else ():
            if name not in names and node.source.name == top:
                help = hint(name, sorted(names), "remove it, or use it" + (": ${…}" if section == "vars" else ""))
                message = f"the {kind} {quote(name)} is not used"
                found.append(replace((node.key or node).diagnostic(code, message, help), severity="warning"))
    return tuple(found)


def _blocks(named: set[str], table: TextNode | None) -> set[str]:
    """The names of the blocks that are used: by their names, or by a pattern such as `pad_${size}` that matches
    them."""
    patterns = [regex(".*".join(map(escape, _SPLIT.split(name))), DOTALL) for name in named if "${" in name]
    defined = table.value if table is not None and isinstance(table.value, dict) else {}
    return named | {name for name in defined if any(pattern.fullmatch(name) for pattern in patterns)}


def _mentioned(node: TextNode, key: str) -> tuple[set[str], set[str]]:
    """The variables that the texts in a tree refer to, and the blocks that they name. `key` is that of its root."""
    used, named = set[str](), set[str]()
    waiting = [(node, key)]
    while waiting:
        at, holder = waiting.pop()
        value = at.value
        if isinstance(value, str):
            if "${" in value:
                used.update(_REFERENCE.findall(value))
            if holder == "block":
                named.add(value)
        elif isinstance(value, dict):
            waiting += [(child, name) for name, child in value.items()]
        elif isinstance(value, tuple):
            waiting += [(child, holder) for child in value]
    return used, named
