"""Plain data → YAML as a person would write it: block style outside, one line per layer."""

from __future__ import annotations

from typing import Any, cast

import yaml

_WIDTH = 110
_SECTIONS = frozenset({"training"})
"""What has a line for each of its keys, however short it is."""


def to_yaml(document: dict[str, Any]) -> str:
    """The YAML text of a canonical spec. Reading it again gives the same document."""
    lines: list[str] = []
    for key, value in document.items():
        if key == "layers":
            lines.append("layers:")
            lines += [f"  - {_entry(entry)}" for entry in value]
        else:
            lines += option(key, value)
    return "\n".join(lines) + "\n"


def option(key: str, value: Any, indent: str = "") -> list[str]:
    """The lines of a key: one in flow style, but block style for a section, and in it for what would be too long."""
    if not (key in _SECTIONS and isinstance(value, dict) and value):
        return [f"{indent}{flow(key)}: {flow(value)}"]
    return [f"{indent}{flow(key)}:", *_block(value, f"{indent}  ")]


def _block(value: Any, indent: str) -> list[str]:
    """The lines of a mapping or a list, each of whose parts is in flow style where it fits into a line."""
    lines: list[str] = []
    if isinstance(value, list):
        for item in cast("list[Any]", value):
            inner = _inside(item, f"{indent}  ")
            first = inner[0].lstrip()
            lines += [f"{indent}- {first}", *inner[1:]]
        return lines
    for key, item in cast("dict[str, Any]", value).items():
        inner = _inside(item, f"{indent}  ", len(flow(key)) + 2)
        lines += [f"{indent}{flow(key)}: {inner[0].lstrip()}"] if len(inner) == 1 else [f"{indent}{flow(key)}:", *inner]
    return lines


def _inside(value: Any, indent: str, taken: int = 0) -> list[str]:
    """One line where the value fits beside what has `taken` some of it, else its lines in block style."""
    line = f"{indent}{flow(value)}"
    fits = len(line) + taken <= _WIDTH or not isinstance(value, dict | list)
    return [line] if fits else _block(value, indent)


def _entry(entry: dict[str, Any]) -> str:
    line = flow(entry)
    if len(line) <= _WIDTH:
        return line
    return "\n    ".join(f"{key}: {flow(value)}" for key, value in entry.items())


class _Dumper(yaml.SafeDumper):
    """Quotes what YAML 1.1 and 1.2 read differently, so that any reader sees the same value."""


def _represent_float(dumper: yaml.SafeDumper, value: float) -> yaml.ScalarNode:
    if value != value:
        text = ".nan"
    elif value in (float("inf"), float("-inf")):
        text = ".inf" if value > 0 else "-.inf"
    else:
        text = repr(value)
        if "e" in text and "." not in text:
            text = text.replace("e", ".0e")
    return yaml.ScalarNode("tag:yaml.org,2002:float", text)


_Dumper.add_representer(float, _represent_float)


def flow(value: Any) -> str:
    """A value in flow style, on one line."""
    text = yaml.dump(value, Dumper=_Dumper, default_flow_style=True, sort_keys=False, width=10**9, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")
