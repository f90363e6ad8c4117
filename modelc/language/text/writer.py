"""Plain data → YAML as a person would write it: block style outside, one line per layer."""

from __future__ import annotations

from typing import Any, cast

import yaml

from modelc.language.text.scalars import TooLargeError, resolve

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
            line = f"{indent}- {flow(item)}"
            if _fits(line, item):
                lines.append(line)
            else:
                first, *rest = _block(item, f"{indent}  ")
                lines += [f"{indent}- {first.removeprefix(indent + '  ')}", *rest]
        return lines
    for key, item in cast("dict[str, Any]", value).items():
        line = f"{indent}{flow(key)}: {flow(item)}"
        lines += [line] if _fits(line, item) else [f"{indent}{flow(key)}:", *_block(item, f"{indent}  ")]
    return lines


def _fits(line: str, value: Any) -> bool:
    """Whether a value may stand in a line: it has no parts, or the line is not too long."""
    return len(line) <= _WIDTH or not isinstance(value, dict | list) or not value


def _entry(entry: dict[str, Any]) -> str:
    line = flow(entry)
    if len(line) <= _WIDTH:
        return line
    return "\n    ".join(f"{key}: {flow(value)}" for key, value in entry.items())


class _Dumper(yaml.SafeDumper):
    """Quotes what YAML 1.1 and 1.2 read differently, so that any reader sees the same value."""

    def choose_scalar_style(self) -> str:
        """Double quotes where quotes are needed; single ones for a text that double quotes would have escaped."""
        style = str(super().choose_scalar_style())
        text = str(cast("yaml.ScalarEvent", self.event).value)
        return '"' if style == "'" and not _ESCAPED & set(text) else style


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


def _represent_text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    # What breaks lines is escaped: the other styles would go on in the next line.
    style = '"' if len(value.splitlines()) > 1 or value.endswith(_BREAKS) or not _is_text(value) else None
    return yaml.ScalarNode("tag:yaml.org,2002:str", value, style=style)


def _is_text(value: str) -> bool:
    """Whether a spec reads a word as text where it is not in quotes: PyYAML takes `1e3` and `0o7` for text."""
    try:
        return isinstance(resolve(value), str)
    except TooLargeError:
        return False


_ESCAPED = frozenset('\\"')
_BREAKS = ("\n", "\r", "\x85", "\u2028", "\u2029")
_Dumper.add_representer(float, _represent_float)
_Dumper.add_representer(str, _represent_text)


def flow(value: Any) -> str:
    """A value in flow style, on one line."""
    text = yaml.dump(value, Dumper=_Dumper, default_flow_style=True, sort_keys=False, width=10**9, allow_unicode=True)
    return text.removesuffix("\n").removesuffix("\n...")
