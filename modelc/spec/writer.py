"""Plain data → YAML as a person would write it: block style outside, one line per layer."""

from __future__ import annotations

from typing import Any

import yaml

_WIDTH = 110


def to_yaml(document: dict[str, Any]) -> str:
    """The YAML text of a canonical spec. Reading it again gives the same document."""
    lines: list[str] = []
    for key, value in document.items():
        if key == "layers":
            lines.append("layers:")
            lines += [f"  - {_entry(entry)}" for entry in value]
        else:
            lines.append(f"{key}: {flow(value)}")
    return "\n".join(lines) + "\n"


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
