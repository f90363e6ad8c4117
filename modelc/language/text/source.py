"""Reading a spec, from wherever it is: a path, text, a file object or a Python mapping."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Protocol, TypeAlias, cast, runtime_checkable

from modelc.errors import Diagnostic, SpecError
from modelc.files.regular_file import regular_file
from modelc.language.expansion.files import ZOO, zoo_file
from modelc.language.text.builder import TreeBuilder
from modelc.language.text.json_reader import read_json
from modelc.language.text.node import BROKEN, MAX_DIGITS, Mark, TextNode, TextSource
from modelc.language.text.scalars import TooLargeError
from modelc.language.text.yaml_reader import read_yaml
from modelc.system.consulted import consult
from modelc.text.limits import MAX_SPEC_BYTES
from modelc.text.quoting import quote
from modelc.words.text import PYTHON, PYTHON_HELP, is_python


@runtime_checkable
class Readable(Protocol):
    """A text or binary file object."""

    def read(self, size: int, /) -> str | bytes:
        """Up to `size` characters or bytes."""
        ...


Examined: TypeAlias = "tuple[TextNode | None, tuple[Diagnostic, ...]]"
"""What could be read of a spec, None if nothing could, and the mistakes found."""
SpecSource: TypeAlias = "str | os.PathLike[str] | Mapping[str, Any] | Readable"
"""A path; `zoo:NAME`; text (a string with a line break, or one that begins with `{`); a mapping; a file object."""


def read(source: SpecSource, folder: str | os.PathLike[str] | None = None) -> TextNode:
    """The tree of values in a YAML or JSON spec, each with its line and column.

    `folder` is where relative paths in the spec start from; a file's own folder by default. Raises SpecError
    (E101 to E105) with every mistake found, in the order of the text.
    """
    node, diagnostics = examine(source, folder)
    if diagnostics or node is None:
        raise SpecError(diagnostics)
    return node


def examine(
    source: SpecSource, folder: str | os.PathLike[str] | None = None
) -> tuple[TextNode | None, tuple[Diagnostic, ...]]:
    """As `read`, but gives what could be read along with the mistakes; None if nothing could.

    In the tree, a value that was reported is `broken`, so that later steps say nothing more about it.
    """
    node, diagnostics = _examine(source, None if folder is None else Path(folder))
    return (None if node is None else without_schema(node)), diagnostics


def _examine(source: SpecSource, base: Path | None) -> tuple[TextNode | None, tuple[Diagnostic, ...]]:
    if isinstance(source, Mapping):
        return _from_python(TextSource("<spec>", "", base), source)
    if isinstance(source, Readable):
        return _from_file_object(source, base)
    if isinstance(source, str) and (any(c in source for c in "\r\n") or source.lstrip().startswith("{")):
        return _from_data("<spec>", source, base)
    return _from_path(source, base)


SCHEMA_KEY = "$schema"
"""The key with which a document names its JSON Schema for editors; it is no part of the spec."""


def without_schema(node: TextNode) -> TextNode:
    """The spec without the name of its JSON Schema. Anything but text under that key stays, as an unknown key."""
    named = node.get(SCHEMA_KEY)
    if named is None or not isinstance(node.value, dict) or not isinstance(named.value, str):
        return node
    return node.with_value({key: child for key, child in node.value.items() if key != SCHEMA_KEY})


def _from_path(path: str | os.PathLike[str], folder: Path | None) -> tuple[TextNode | None, tuple[Diagnostic, ...]]:
    name = os.fspath(path)
    if name.startswith(ZOO):
        found, problem = zoo_file(name)
        if found is None:
            return None, (Diagnostic("E101", *problem, name[:200]),)
        name = os.fspath(found)
    consult(name)
    try:
        with open(name, "rb", opener=regular_file) as file:
            data = file.read(MAX_SPEC_BYTES + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        help = "a string without a line break is taken as a path" if ":" in name else None
        return None, (Diagnostic("E101", f"{quote(name, 200)} cannot be read: {reason}", help, name[:200]),)
    return _from_data(name, data, Path(name).parent if folder is None else folder)


def _from_file_object(file: Readable, folder: Path | None) -> tuple[TextNode | None, tuple[Diagnostic, ...]]:
    given = getattr(file, "name", None)
    name = given if isinstance(given, str) else "<spec>"
    try:
        data = file.read(MAX_SPEC_BYTES + 1)
    except UnicodeDecodeError as error:
        return None, (Diagnostic("E102", f"not {error.encoding} text: {error.reason}", "save it as UTF-8", name),)
    except OSError as error:
        return None, (Diagnostic("E101", f"{quote(name, 200)} cannot be read: {error.strerror}", None, name),)
    if folder is None and not name.startswith("<"):
        folder = Path(name).parent
    return _from_data(name, data, folder)


def _from_data(name: str, data: str | bytes, folder: Path | None) -> tuple[TextNode | None, tuple[Diagnostic, ...]]:
    if len(data) > MAX_SPEC_BYTES:
        message = f"the spec is larger than {MAX_SPEC_BYTES // 1024**2} MiB"
        return None, (Diagnostic("E105", message, None, name),)
    if isinstance(data, bytes):
        if data.startswith(b"PK\x03\x04"):
            help = "a built model is for `modelc run` and `modelc.load`; name the spec that it was built from"
            return None, (Diagnostic("E102", "this is a zip file, not the text of a spec", help, name),)
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            return None, (_bad_bytes(name, data),)
    else:
        text = data.removeprefix("\ufeff")
    source = TextSource(name, text, folder)
    node, diagnostics = _parse(source)
    if (diagnostics or node is None or node.get("modelc") is None) and is_python(text):
        return None, (Mark(source, 1, 1).diagnostic("E102", PYTHON, PYTHON_HELP),)
    return node, diagnostics


def _parse(source: TextSource) -> tuple[TextNode | None, tuple[Diagnostic, ...]]:
    name, text = source.name, source.text
    strict = name.lower().endswith(".json")
    if strict or text.lstrip().startswith("{"):
        node, diagnostics = read_json(source)
        if strict or not any(d.code == "E102" for d in diagnostics):
            return node, tuple(diagnostics)
    node, diagnostics = read_yaml(source)
    return node, tuple(diagnostics)


def _bad_bytes(name: str, data: bytes) -> Diagnostic:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        message = "the file is UTF-16 text, which some editors call Unicode"
        return Diagnostic("E102", message, "save it as UTF-8", name, 1, 1)
    data = data.removeprefix(b"\xef\xbb\xbf")
    try:
        data.decode()
    except UnicodeDecodeError as error:
        source = TextSource(name, data.decode(errors="replace"))
        line, column = source.locate(len(data[: error.start].decode()))
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8 text"
        return Mark(source, line, column).diagnostic("E102", message, "save the file as UTF-8")
    raise AssertionError("the bytes are UTF-8")


def _from_python(source: TextSource, value: Mapping[Any, Any]) -> tuple[TextNode | None, tuple[Diagnostic, ...]]:
    builder = TreeBuilder(source)
    try:
        _copy(builder, value)
    except SpecError as error:
        return None, (*builder.diagnostics, *error.diagnostics)
    return builder.root, tuple(builder.diagnostics)


def _copy(builder: TreeBuilder, value: object) -> None:
    # Recurses as deep as builder.open allows, so a list that holds itself ends as "too deep".
    if isinstance(value, Mapping):
        builder.open({}, None, None)
        for key, child in cast("Mapping[object, object]", value).items():
            name = str.__str__(key) if isinstance(key, str) else None
            if name is None:
                builder.report(None, None, "E104", f"the key {quote(repr(key))} is not text", "use a str as the key")
            builder.key(name, None, None)
            _copy(builder, child)
        builder.close()
    elif isinstance(value, list | tuple):
        builder.open([], None, None)
        for child in cast("list[object]", value):
            _copy(builder, child)
        builder.close()
    else:
        _copy_scalar(builder, value)


def _copy_scalar(builder: TreeBuilder, value: object) -> None:
    # Members of an int, float or str enumeration become plain values.
    if value is None or isinstance(value, bool):
        builder.scalar(value, None, None)
    elif isinstance(value, str):
        builder.scalar(str.__str__(value), None, None)
    elif isinstance(value, float):
        builder.scalar(float.__float__(value), None, None)
    elif isinstance(value, int):
        if abs(value) >= 10**MAX_DIGITS:
            builder.report(None, None, "E105", str(TooLargeError(f"an integer of more than {MAX_DIGITS} digits")))
            builder.scalar(BROKEN, None, None)
        else:
            builder.scalar(int.__index__(value), None, None)
    else:
        expected = "expected None, bool, int, float, str, list, tuple or dict"
        builder.report(None, None, "E203", f"a value of type {type(value).__name__}; {expected}")
        builder.scalar(BROKEN, None, None)
