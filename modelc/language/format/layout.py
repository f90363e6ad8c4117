"""The layout of specs: block style outside, a line for each entry that fits, as `modelc import` and `to_yaml` write.

Scalars keep their spelling (`1e-3`, `0x10`); quotes are there where a reader needs them. Keys keep their order. A
comment on lines of its own stays in front of what it stood in front of; one behind something stays behind it. What
holds a comment inside is written in block style, so that the comment has its line.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from modelc.language.format.comments import Comment
from modelc.language.format.events import WrittenNode
from modelc.language.text.writer import flow

_SECTIONS = frozenset({"layers", "blocks", "training"})
"""The keys whose values are in block style, however short they are."""
_INDENT = "  "
_BETWEEN = frozenset(" \t,:[]{}-+")
_NEEDS_QUOTES_IN_FLOW = frozenset(",[]{}")


class SpecLayout:
    """The lines of a spec, as they are made."""

    def __init__(self, text: str, comments: Sequence[Comment], blank: set[int], width: int) -> None:
        self._text = text
        self._comments = list(comments)
        self._blank = blank
        self._width = width
        self._lines: list[str] = []
        self._last_line = -1

    def text(self, root: WrittenNode | None) -> str:
        """The whole text."""
        if root is not None:
            self._mapping(root, "", top=True)
        self._own(float("inf"), "", True)
        return "\n".join(self._lines) + "\n"

    # --- comments

    def _own(self, before: float, indent: str, blanks: bool) -> None:
        """Write the comments in front of an offset, each on a line of its own."""
        while self._comments and self._comments[0].at < before:
            comment = self._comments.pop(0)
            self._gap(comment.line, blanks)
            self._lines.append(indent + comment.text)

    def _trailing(self, end: int) -> None:
        """Put the comment that stood behind an offset, with nothing but brackets between, behind the last line."""
        if not self._comments or not self._comments[0].trailing:
            return
        comment = self._comments[0]
        if comment.at >= end and _BETWEEN.issuperset(self._text[end : comment.at]):
            self._lines[-1] += f"  {self._comments.pop(0).text}"

    def _gap(self, line: int, blanks: bool) -> None:
        """Keep a blank line that stood in front of a line."""
        if blanks and line in self._blank and self._lines and self._lines[-1]:
            self._lines.append("")

    def _inside(self, node: WrittenNode, start: int | None = None) -> bool:
        """Whether a comment stands in a node, or from `start` on in front of it; not one behind its last line."""
        first = node.first if start is None else start
        for comment in self._comments:
            if comment.at >= node.last:
                return False
            if comment.at > first:
                return True
        return False

    # --- nodes

    def _mapping(
        self, node: WrittenNode, indent: str, *, top: bool = False, blanks: bool = False, first: str = ""
    ) -> None:
        """The lines of a mapping in block style; `first` is what stands in front of its first key, such as `- `."""
        lead = first or indent
        for key, value in node.pairs:
            if lead == indent:
                self._own(key.first, indent, top or blanks)
                self._gap(key.first_line, top or blanks)
            self._keyed(key, value, lead, indent)
            lead = indent

    def _keyed(self, key: WrittenNode, value: WrittenNode, lead: str, indent: str) -> None:
        head = f"{lead}{_scalar(key, in_flow=False)}:"
        name = key.text
        if value.kind in ("scalar", "alias") or not value.items:
            self._leaf(head, value, indent)
            return
        line = f"{head} {_anchor(value)}{_flow(value)}"
        own_lines = name in _SECTIONS or _holds_layers(value) or self._inside(value, key.last) or _has_block_text(value)
        if not own_lines and len(line) <= self._width:
            self._lines.append(line)
            self._trailing(value.last)
            return
        self._lines.append(f"{head} {_anchor(value)}".rstrip())
        self._trailing(key.last)
        inner = indent + _INDENT
        if value.kind == "mapping":
            self._mapping(value, inner, blanks=name == "blocks")
        else:
            self._list(value, inner, entries=name == "layers")

    def _leaf(self, head: str, value: WrittenNode, indent: str) -> None:
        if value.style in ("|", ">") and "\n" in value.text.rstrip("\n"):
            self._block_text(head, value, indent)
            return
        shown = _flow(value) if value.kind in ("list", "mapping") else _scalar(value, in_flow=False)
        self._lines.append(f"{head} {_anchor(value)}{shown}".rstrip())
        self._trailing(value.last)

    def _block_text(self, head: str, value: WrittenNode, indent: str) -> None:
        """A text of several lines after `|`."""
        stripped = value.text.rstrip("\n")
        ends = len(value.text) - len(stripped)
        chomp = "-" if ends == 0 else "" if ends == 1 else "+"
        body = stripped.split("\n") + [""] * (ends - 1)
        hint = str(len(_INDENT)) if body[0].startswith(" ") or not body[0] else ""
        self._lines.append(f"{head} {_anchor(value)}|{hint}{chomp}")
        self._trailing(value.first + 1)
        self._lines += [f"{indent}{_INDENT}{line}" if line else "" for line in body]

    def _list(self, node: WrittenNode, indent: str, *, entries: bool) -> None:
        for item in node.items:
            self._own(item.first, indent, entries)
            self._gap(item.first_line, entries)
            self._item(item, indent)

    def _item(self, item: WrittenNode, indent: str) -> None:
        dash = f"{indent}- "
        if item.kind in ("scalar", "alias") or not item.items:
            self._leaf(dash[:-1], item, indent)
            return
        line = f"{dash}{_anchor(item)}{_flow(item)}"
        if not (_holds_layers(item) or self._inside(item) or _has_block_text(item)) and len(line) <= self._width:
            self._lines.append(line)
            self._trailing(item.last)
        elif item.anchor is not None or item.kind == "list":
            self._lines.append(f"{dash}{_anchor(item)}".rstrip())
            self._trailing(item.first)
            inner = indent + _INDENT
            if item.kind == "list":
                self._list(item, inner, entries=False)
            else:
                self._mapping(item, inner)
        else:
            self._own(item.items[0].first, indent, False)
            self._mapping(item, indent + _INDENT, first=dash)


def _holds_layers(node: WrittenNode) -> bool:
    """Whether a mapping has a list of layers in it, each of which gets its line."""
    if node.kind != "mapping":
        return False
    return any(key.text == "layers" or (key.text in ("spec", "layer") and _holds_layers(v)) for key, v in node.pairs)


def _has_block_text(node: WrittenNode) -> bool:
    if node.style in ("|", ">"):
        return "\n" in node.text.rstrip("\n")
    return any(map(_has_block_text, node.items))


def _anchor(node: WrittenNode) -> str:
    return f"&{node.anchor} " if node.anchor is not None else ""


def _flow(node: WrittenNode) -> str:
    """A value on one line."""
    if node.kind == "list":
        return f"[{', '.join(map(_anchored, node.items))}]"
    if node.kind == "mapping":
        return "{" + ", ".join(_pairs(node)) + "}"
    return _scalar(node, in_flow=True)


def _pairs(node: WrittenNode) -> Iterator[str]:
    for key, value in node.pairs:
        shown = _anchored(value)
        yield f"{_scalar(key, in_flow=True)}:{' ' if shown else ''}{shown}"


def _anchored(node: WrittenNode) -> str:
    return f"{_anchor(node)}{_flow(node)}"


def _scalar(node: WrittenNode, *, in_flow: bool) -> str:
    """A scalar with the quotes that it needs; one without quotes as it is spelt."""
    if node.kind == "alias":
        return f"*{node.text} " if in_flow else f"*{node.text}"
    if node.plain:
        text = " ".join(node.text.split()) if "\n" in node.text else node.text
        return _quoted(text, in_flow) if in_flow and _NEEDS_QUOTES_IN_FLOW & set(text) else text
    return _quoted(node.text, in_flow)


def _quoted(text: str, in_flow: bool) -> str:
    """A text with the quotes that it needs, inside of brackets or outside."""
    if in_flow:
        return flow([text])[1:-1]
    return text if _is_reference(text) else flow(text)


def _is_reference(text: str) -> bool:
    """Whether a text is `${name}`, which needs no quotes outside of brackets."""
    return text.startswith("${") and text.endswith("}") and text[2:-1].replace("_", "").replace("-", "").isalnum()
