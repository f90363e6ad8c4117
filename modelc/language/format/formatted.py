"""`formatted`: the text of a spec in the one layout, with the same meaning and the same comments."""

from __future__ import annotations

from collections import Counter
from typing import Any

from modelc.errors import Diagnostic, SpecError
from modelc.files.regular_file import regular_file
from modelc.language.format.comments import blank_before, comments_of
from modelc.language.format.events import written
from modelc.language.format.layout import SpecLayout
from modelc.language.project import WIDTH
from modelc.language.text.json_reader import read_json
from modelc.language.text.node import TextNode, TextSource
from modelc.language.text.yaml_reader import read_yaml
from modelc.text.limits import MAX_SPEC_BYTES
from modelc.text.quoting import quote


def formatted(text: str, name: str = "<spec>", width: int = WIDTH) -> str:
    """The text of a YAML file in the layout of specs, at most `width` columns wide where it can be broken.

    The result is read again: its values are those of the text, and so are its comments. Raises `SpecError` for a text
    that is not well-formed, which is left as it is, and for JSON.
    """
    bare = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if name.lower().endswith(".json") or _is_json(bare):
        help = "`modelc fmt` formats YAML; JSON has no comments to keep: write it with `json.tool` or the like"
        raise SpecError(Diagnostic("E204", "this is JSON", help, name))
    before = _read(bare, name)
    if not isinstance(before.value, dict):
        raise SpecError(before.diagnostic("E203", f"a spec must be a mapping of keys, found {before.kind}"))
    root = written(bare)
    comments = comments_of(bare, root)
    made = SpecLayout(bare, comments, blank_before(bare), width).text(root)
    after = _read(made, name)
    again = comments_of(made, written(made))
    if _values(after) != _values(before) or Counter(c.text for c in again) != Counter(c.text for c in comments):
        message = "the layout of this text cannot be changed without changing what it says"
        raise SpecError(Diagnostic("E207", message, "write comments on lines of their own", name, 1, 1))
    return made


def spec_text(path: str) -> str:
    """The text of a file, with its line breaks as they are. Raises `SpecError` where it cannot be read."""
    try:
        with open(path, "rb", opener=regular_file) as file:
            data = file.read(MAX_SPEC_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise SpecError(Diagnostic("E101", f"{quote(path, 200)} cannot be read: {reason}", None, path)) from None
    if len(data) > MAX_SPEC_BYTES:
        message = f"the spec is larger than {MAX_SPEC_BYTES // 1024**2} MiB"
        raise SpecError(Diagnostic("E105", message, None, path))
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise SpecError(Diagnostic("E102", "the file is not UTF-8 text", "save it as UTF-8", path)) from None


def _is_json(text: str) -> bool:
    """Whether a text is JSON, as a spec in it is read."""
    if not text.lstrip().startswith("{"):
        return False
    _, mistakes = read_json(TextSource("<spec>", text))
    return not any(mistake.code == "E102" for mistake in mistakes)


def _read(text: str, name: str) -> TextNode:
    node, mistakes = read_yaml(TextSource(name, text))
    if mistakes or node is None:
        raise SpecError(mistakes)
    return node


def _values(node: TextNode) -> Any:
    """The values in their order, apart by their types: 1, 1.0 and true are not the same."""
    value = node.value
    if isinstance(value, dict):
        return [(key, _values(child)) for key, child in value.items()]
    if isinstance(value, tuple):
        return [*map(_values, value)]
    return type(value).__name__, repr(value)
