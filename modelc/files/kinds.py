"""The kind of a file, detected by its content: an output may replace only an older file of the same kind.

Suffixes are ignored: a program named `log.csv` is a program. Nothing is executed, and the bytes read are bounded; an
unreadable file has no known kind.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from enum import Enum
from typing import Any, BinaryIO, cast

from modelc.errors import ModelcError
from modelc.files.regular_file import regular_file
from modelc.files.signatures import begins_as_onnx
from modelc.text.limits import MAX_SPEC_BYTES

_ZIP, _HDF5, _NPY, _PNG = b"PK\3\4", b"\x89HDF\r\n\x1a\n", b"\x93NUMPY", b"\x89PNG\r\n\x1a\n"
_HEAD_BYTES = 2**16
_MAX_HEADER_BYTES = 2**24
_PROGRAMS = (b"#!", b"\x7fELF", b"MZ", b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe")
"""What scripts and the executables of Linux, Windows and macOS begin with."""
_PROGRAM_SUFFIXES = (".py", ".pyw", ".sh", ".bat", ".ps1", ".exe")
_SCHEMA_TITLE = "A model of modelc"
HEADER_HEAD = "/* A model as a C library, made by modelc"
"""What the header of a C library begins with."""
WEIGHTS_HEAD = b"modelc weights 1"
"""What the file of weights for a C library begins with."""
LIBRARY_OBJECT = "modelc.o"
"""The object that a static C library begins with."""
LIBRARY_NOTE = b"\x07\0\0\0\0\0\0\0\1\0\0\0modelc\0\0"
"""The note that a shared C library has in front of all else: its owner, and nothing more."""
PAGE_HEAD = "<!doctype html><!-- a page of modelc -->"
"""What a page of modelc begins with."""
MERMAID_HEAD, DOT_HEAD = "%% a model, drawn by modelc", "// a model, drawn by modelc"
"""What diagrams of modelc begin with."""
PREDICTION_MARK = "modelc-prediction"
"""The first key of the manifest of predictions."""
SWEEP_MARK = "modelc-sweep"
"""The first key of the description of a sweep."""
SWEEP_CSV_HEAD, SWEEP_JSON_HEAD, SWEEP_MARKDOWN_HEAD = "variant,", '{\n "sweep": ', "<!-- a sweep of modelc -->"
"""What the tables of a sweep begin with."""
TRACE_HEAD = '{"otherData": {"producer": "modelc"'
"""What a trace of modelc begins with; those of other programs are theirs."""
SPEC_LINE = re.compile(r"""(?m)^(\ufeff)?["']?modelc["']?\s*:""")
"""The line of a YAML spec that says the version of the language."""

_MAP_LINE = re.compile(r"""(?m)^["']?modelc-map["']?\s*:""")


class Kind(Enum):
    """The kinds of files that modelc writes; the values are what they are called in messages."""

    MODEL = "a .modelc file"
    CHECKPOINT = "a checkpoint"
    KERAS = "a .keras file"
    KERAS_WEIGHTS = "a Keras file of weights"
    ONNX = "an ONNX file"
    WEIGHTS = "a safetensors file"
    ARRAY = "a .npy file"
    ARRAYS = "an .npz file"
    SPEC = "a spec"
    WEIGHTS_MAP = "a map of weights"
    SCHEMA = "a JSON Schema of modelc"
    PICTURE = "an image"
    PAGE = "a page of modelc"
    DIAGRAM = "a diagram of modelc"
    TABLE = "a table of logs"
    RESULTS_CSV = "a CSV file of results"
    RESULTS_LINES = "a JSON lines file of results"
    PARQUET = "a Parquet file"
    MANIFEST = "a manifest of predictions"
    SWEEP = "the description of a sweep"
    SWEEP_CSV = "a CSV file of a sweep"
    SWEEP_JSON = "a JSON file of a sweep"
    SWEEP_MARKDOWN = "a Markdown file of a sweep"
    TRACE = "a trace of modelc"
    STATIC_LIBRARY = "a static C library of modelc"
    SHARED_LIBRARY = "a shared C library of modelc"
    HEADER = "a C header of modelc"
    LIBRARY_WEIGHTS = "a file of weights for a C library"


def kind_of(path: str | os.PathLike[str]) -> Kind | None:
    """The kind of a regular file, or None where it is none of those that modelc writes."""
    try:
        with open(path, "rb", opener=regular_file) as file:
            return next((kind for kind, matches in _TESTS.items() if _holds(matches, file)), None)
    except OSError:
        return None


def described(path: str | os.PathLike[str]) -> str:
    """What a file is, in messages: its kind, or as much as can be said of another one."""
    kind = kind_of(path)
    if kind is not None:
        return kind.value
    try:
        with open(path, "rb", opener=regular_file) as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return "a file that cannot be read"
    if head.startswith(_PROGRAMS) or os.path.splitext(path)[1].lower() in _PROGRAM_SUFFIXES:
        return "a program"
    if head.startswith(_ZIP):
        return "a zip archive of another kind"
    if head.startswith(_HDF5):
        return "an HDF5 file of another kind"
    try:
        head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 4:  # not a character that the end of the head cuts
            return "a file of another kind"
    return "a file of another kind" if b"\0" in head else "a text of another kind"


def _holds(matches: Callable[[BinaryIO], bool], file: BinaryIO) -> bool:
    file.seek(0)
    try:
        return matches(file)
    except (OSError, ValueError, RecursionError, NotImplementedError, ModelcError):
        return False


def _zip_with(*members: str) -> Callable[[BinaryIO], bool]:
    """Whether a file is a zip archive of just these members."""
    return lambda file: sorted(_members(file)) == sorted(members)


def _members(file: BinaryIO) -> list[str]:
    from zipfile import BadZipFile, ZipFile

    if file.read(len(_ZIP)) != _ZIP:
        return []
    try:
        with ZipFile(file) as archive:
            return archive.namelist()
    except BadZipFile:
        return []


def _is_npz(file: BinaryIO) -> bool:
    members = _members(file)
    return bool(members) and all(name.endswith(".npy") for name in members)


def _begins(*starts: bytes) -> Callable[[BinaryIO], bool]:
    return lambda file: file.read(16).startswith(starts)


def _starts(head: str) -> Callable[[BinaryIO], bool]:
    return lambda file: file.read(len(head.encode())) == head.encode()


def _is_keras_weights(file: BinaryIO) -> bool:
    if file.read(len(_HDF5)) != _HDF5:
        return False
    from modelc.files.hdf5.keras import kind_of_keras_hdf5

    return kind_of_keras_hdf5(file, os.fstat(file.fileno()).st_size, file.name) in ("weights", "legacy-weights")


def _is_safetensors(file: BinaryIO) -> bool:
    start = file.read(8)
    length = int.from_bytes(start, "little")
    if len(start) < 8 or not 2 <= length <= min(_MAX_HEADER_BYTES, os.fstat(file.fileno()).st_size - 8):
        return False
    header: Any = json.loads(file.read(length))
    return isinstance(header, dict) and all(
        isinstance(entry, dict) and (name == "__metadata__" or "data_offsets" in entry)
        for name, entry in cast("dict[str, Any]", header).items()
    )


def _is_schema(file: BinaryIO) -> bool:
    found = _json_object(file)
    return found is not None and "$schema" in found and found.get("title") == _SCHEMA_TITLE


def _is_spec(file: BinaryIO) -> bool:
    text = _text(file)
    if text is None:
        return False
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return bool(SPEC_LINE.search(text))
    file.seek(0)
    found = _json_object(file)
    return found is not None and "modelc" in found


def _is_map(file: BinaryIO) -> bool:
    text = _text(file)
    return text is not None and bool(_MAP_LINE.search(text))


def _is_picture(file: BinaryIO) -> bool:
    head = file.read(_HEAD_BYTES)
    return head.startswith(_PNG) or (head.lstrip().startswith(b"<") and re.search(rb"<svg[\s>]", head) is not None)


def _is_table(file: BinaryIO) -> bool:
    """Whether the first line begins with `epoch`, and the second with a number and the same separator."""
    head, _, rest = file.read(_HEAD_BYTES).decode("utf-8-sig", "replace").partition("\n")
    separator = head.rstrip("\r")[5:6]
    return head.startswith("epoch") and re.match(rf"[0-9]+{re.escape(separator) or chr(92) + 's'}", rest) is not None


def _is_static_library(file: BinaryIO) -> bool:
    """Whether an archive's first object, behind the table of its symbols, is modelc's."""
    start, table = file.read(8), file.read(60)
    if start != b"!<arch>\n" or not table.startswith(b"/ "):
        return False
    file.seek(int(table[48:58]) + int(table[48:58]) % 2, os.SEEK_CUR)
    return file.read(16).rstrip() == f"{LIBRARY_OBJECT}/".encode()


def _is_shared_library(head: bytes) -> bool:
    """Whether the first thing behind the tables of a shared library's head is modelc's note."""
    if not head.startswith(b"\x7fELF\2\1") or len(head) < 64:
        return False
    segments = int.from_bytes(head[56:58], "little")
    return head[64 + 56 * segments :].startswith(LIBRARY_NOTE)


def _json_object(file: BinaryIO) -> dict[str, Any] | None:
    text = _text(file)
    value: Any = json.loads(text) if text is not None and text.lstrip("\ufeff \t\r\n").startswith("{") else None
    return cast("dict[str, Any]", value) if isinstance(value, dict) else None


def _text(file: BinaryIO) -> str | None:
    """All of a text, or None where it is none, or longer than a spec can be."""
    data = file.read(MAX_SPEC_BYTES + 1)
    return None if len(data) > MAX_SPEC_BYTES or b"\0" in data else data.decode()


_TESTS: dict[Kind, Callable[[BinaryIO], bool]] = {
    Kind.MODEL: _zip_with("spec.json", "weights.safetensors", "manifest.json"),
    Kind.CHECKPOINT: _zip_with("numbers.json", "arrays.safetensors", "manifest.json"),
    Kind.KERAS: lambda file: {"metadata.json", "config.json", "model.weights.h5"} <= set(_members(file)),
    Kind.KERAS_WEIGHTS: _is_keras_weights,
    Kind.ONNX: begins_as_onnx,
    Kind.WEIGHTS: _is_safetensors,
    Kind.ARRAY: _begins(_NPY),
    Kind.ARRAYS: _is_npz,
    Kind.PAGE: _starts(PAGE_HEAD),
    Kind.DIAGRAM: lambda file: file.readline(64).rstrip() in (MERMAID_HEAD.encode(), DOT_HEAD.encode()),
    Kind.SCHEMA: _is_schema,
    Kind.SPEC: _is_spec,
    Kind.WEIGHTS_MAP: _is_map,
    Kind.PICTURE: _is_picture,
    Kind.TABLE: _is_table,
    Kind.RESULTS_CSV: lambda file: bool(re.match(rb"input(,[^\n]*)?\r?\n", file.read(_HEAD_BYTES))),
    Kind.RESULTS_LINES: _begins(b'{"input": "'),
    Kind.PARQUET: _begins(b"PAR1"),
    Kind.MANIFEST: _starts(f'{{\n "{PREDICTION_MARK}":'),
    Kind.SWEEP: _starts(f'{{\n "{SWEEP_MARK}":'),
    Kind.SWEEP_CSV: _starts(SWEEP_CSV_HEAD),
    Kind.SWEEP_JSON: _starts(SWEEP_JSON_HEAD),
    Kind.SWEEP_MARKDOWN: _starts(SWEEP_MARKDOWN_HEAD),
    Kind.TRACE: _starts(TRACE_HEAD),
    Kind.STATIC_LIBRARY: _is_static_library,
    Kind.SHARED_LIBRARY: lambda file: _is_shared_library(file.read(_HEAD_BYTES)),
    Kind.HEADER: _starts(HEADER_HEAD),
    Kind.LIBRARY_WEIGHTS: _begins(WEIGHTS_HEAD),
}
"""How each kind is told. A test reads from the file's beginning, and may fail as reading can."""
