"""YAML text → nodes. libyaml splits the text into events; what they mean is decided here, by the rules of YAML 1.2.

No constructor of PyYAML runs, so no tag can make an object, and nothing recurses.
"""

from __future__ import annotations

from collections.abc import Iterator
from re import compile as regex
from typing import Any, cast

from modelc.errors import Diagnostic, SpecError
from modelc.language.text.builder import TreeBuilder
from modelc.language.text.node import BROKEN, Mark, TextNode, TextSource, Value
from modelc.language.text.scalars import TooLargeError, resolve
from modelc.language.text.yaml_errors import explain
from modelc.text.quoting import quote

_ODD_ASCII = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f"
_ODD_BEYOND_ASCII = r"\x80-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff"
"""What YAML does not allow, and also the three further line breaks of YAML 1.1: editors show them as one line."""
_GLUED_KEY = regex(r"(\w+):\S.*")
_COUNT = regex(r"0|[1-9][0-9]{0,8}")
"""The numbers that may be keys: they are the same text, however they are written."""


def read_yaml(source: TextSource, text: str | None = None) -> tuple[TextNode | None, list[Diagnostic]]:
    """The root and the mistakes found; the root is None if one of them ended the reading.

    `text` is parsed in place of the source's own text, for a source that embeds the YAML at the same columns.
    """
    text = source.text if text is None else text
    # Compiling the wide class takes longer than reading a small spec, and most specs are ASCII.
    odd = regex(f"[{_ODD_ASCII}]" if text.isascii() else f"[{_ODD_ASCII}{_ODD_BEYOND_ASCII}]").search(text)
    if odd is not None:
        return None, [_odd_character(source, odd[0], *TextSource("", text).locate(odd.start()))]
    reader = _YamlReader(source)
    try:
        for event in _events(source, text):
            if not reader.take(event):
                break
    except SpecError as error:
        return None, [*reader.builder.diagnostics, *error.diagnostics]
    root = reader.builder.root
    return root or TextNode(source, 1, 1), reader.builder.diagnostics


def _odd_character(source: TextSource, character: str, line: int, column: int) -> Diagnostic:
    message = f"the character U+{ord(character):04X} is not allowed in a spec"
    return Mark(source, line, column).diagnostic("E102", message, "remove it; it does not show in most editors")


def _events(source: TextSource, text: str) -> Iterator[Any]:
    import yaml

    try:
        yield from cast(Any, yaml).parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        raise SpecError(
            explain(source, text, error.context, error.context_mark, error.problem, error.problem_mark)
        ) from None
    except yaml.YAMLError as error:
        raise SpecError(Mark(source, 1, 1).diagnostic("E102", f"not well-formed YAML: {error}")) from None


class _YamlReader:
    """Turns parser events into calls of the builder."""

    def __init__(self, source: TextSource) -> None:
        self.builder = TreeBuilder(source)
        self._anchors: dict[str, tuple[TextNode, int, int]] = {}
        self._open: list[tuple[str | None, bool]] = []  # anchor and whether tagged, of every open collection
        self._break_next = False
        self._documents = 0

    def take(self, event: Any) -> bool:
        """Handles one event; False ends the reading."""
        # By name, as the parser's own types would need the import of yaml.
        kind: str = type(event).__name__
        mark = event.start_mark
        line, column = mark.line + 1, mark.column + 1
        if kind == "ScalarEvent":
            self._scalar(event, line, column)
        elif kind == "MappingStartEvent":
            self._collection({}, event, line, column)
        elif kind == "SequenceStartEvent":
            self._collection([], event, line, column)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            anchor, tagged = self._open.pop()
            node = self.builder.close(broken=tagged)
            self._remember(anchor, node)
        elif kind == "AliasEvent":
            self._alias(event.anchor, line, column)
        elif kind == "DocumentStartEvent":
            return self._document(event, line, column)
        return True

    def _document(self, event: Any, line: int, column: int) -> bool:
        self._documents += 1
        if self._documents > 1:
            message = "a second document; a spec is one document"
            self.builder.report(line, column, "E104", message, "keep each spec in a file of its own")
            return False
        if event.version is not None or event.tags:
            self.builder.report(line, column, "E104", "a YAML directive; specs have none", "remove the line")
        return True

    def _scalar(self, event: Any, line: int, column: int) -> None:
        value: Value = event.value
        if event.tag is not None:
            value = self._refuse_tag(event.tag, line, column)
        elif event.implicit[0]:
            try:
                value = resolve(event.value)
            except TooLargeError as error:
                self.builder.report(line, column, "E105", str(error))
                value = BROKEN
        if self.builder.expects_key:
            self._key(value, event, line, column)
            return
        if self._break_next:
            value, self._break_next = BROKEN, False
        self.builder.scalar(value, line, column)
        if event.anchor is not None and self.builder.last is not None:
            self._remember(event.anchor, self.builder.last)

    def _key(self, value: Value, event: Any, line: int, column: int) -> None:
        plain = event.implicit[0]
        name = value if isinstance(value, str) else None
        if type(value) is int and _COUNT.fullmatch(event.value):
            name = event.value  # the number of a class, in `class_weight`
        if name == "<<" and plain:
            message = "a merge key; specs have none"
            self.builder.report(line, column, "E104", message, "write the keys out, or use `extends` or `repeat`")
            name = None
        elif name is None and value is not BROKEN:
            message = f"the key {quote(event.value)} is not text" if event.value else "a key is missing before the `:`"
            self.builder.report(line, column, "E104", message, f'write it in quotes: "{event.value[:60]}"')
        elif name is not None and plain and ":" in name and (glued := _GLUED_KEY.fullmatch(name)):
            message = f"no space after the colon in {quote(name)}"
            self.builder.report(line, column, "E102", message, "write `key: value`, with a space after the colon")
            name, self._break_next = glued[1], True
        self.builder.key(name, line, column)

    def _collection(self, empty: list[TextNode] | dict[str, TextNode], event: Any, line: int, column: int) -> None:
        if self.builder.expects_key:
            message = "a list or mapping as a key; keys are text"
            raise self.builder.fatal(line, column, "E104", message, "put text that starts with a bracket in quotes")
        self._break_next = False
        if event.tag is not None:
            self._refuse_tag(event.tag, line, column)
        self.builder.open(empty, line, column)
        self._open.append((event.anchor, event.tag is not None))

    def _alias(self, anchor: str, line: int, column: int) -> None:
        builder = self.builder
        if any(anchor == name for name, _ in self._open):
            raise builder.fatal(line, column, "E105", f"the alias {quote('*' + anchor)} contains itself")
        known = self._anchors.get(anchor)
        if known is None:
            message = f"the alias {quote('*' + anchor)} has no anchor before it"
            builder.report(line, column, "E102", message, 'text that starts with `*` needs quotes, as in "*"')
        if builder.expects_key:
            if known is not None:
                builder.report(line, column, "E104", "an alias as a key; keys are text")
            builder.key(None, line, column)
        elif known is None:
            builder.scalar(BROKEN, line, column)
        else:
            builder.graft(*known, line, column)

    def _refuse_tag(self, tag: str, line: int, column: int) -> Value:
        message = f"the tag {quote(tag.replace('tag:yaml.org,2002:', '!!'))}; specs have no tags"
        self.builder.report(line, column, "E104", message, "put text that starts with `!` in quotes")
        return BROKEN

    def _remember(self, anchor: str | None, node: TextNode) -> None:
        if anchor is not None:
            self._anchors[anchor] = node, self.builder.last_size, self.builder.last_height
