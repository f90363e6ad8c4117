"""The first bytes of the file formats that modelc reads, to detect a format without importing its reader."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any, BinaryIO, cast

from modelc.files.regular_file import regular_file

_ZIP, _HDF5 = b"PK\3\4", b"\x89HDF\r\n\x1a\n"
_KERAS_MEMBER = "config.json"
_ARTIFACT_MEMBER = "spec.json"
_TFJS_KEYS = (b'"modelTopology"', b'"weightsManifest"')
_HEAD_BYTES = 2**16


def is_keras_file(path: str | os.PathLike[str]) -> bool:
    """Whether a file begins as those of Keras do, as a zip archive or as HDF5, or is a model of TensorFlow.js."""
    try:
        with open(path, "rb", opener=regular_file) as file:
            return file.read(len(_HDF5)).startswith((_ZIP, _HDF5)) or is_tfjs(file)
    except OSError:
        return False


def is_artifact(path: str | os.PathLike[str]) -> bool:
    """Whether a file is that of a built model; by its name where it cannot be read: then opening it says why."""
    if os.fspath(path).lower().endswith(".modelc"):
        return True
    from zipfile import BadZipFile, ZipFile

    try:
        with open(path, "rb", opener=regular_file) as file:
            if not file.read(len(_ZIP)).startswith(_ZIP):
                return False
        with open(path, "rb", opener=regular_file) as file, ZipFile(file) as archive:
            return _ARTIFACT_MEMBER in archive.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def is_onnx(source: Any) -> bool:
    """Whether a path is that of an ONNX file: by its name, or where it begins as the message of a model does."""
    if not isinstance(source, str | os.PathLike):
        return False
    path = os.fspath(cast("str | os.PathLike[str]", source))
    if "\n" in path or path.lstrip().startswith("{"):
        return False
    if path.lower().endswith(".onnx"):
        return True
    try:
        with open(path, "rb", opener=regular_file) as stream:
            return begins_as_onnx(stream)
    except (OSError, ValueError):
        return False


def begins_as_onnx(stream: BinaryIO) -> bool:
    """Whether a stream begins with the version of the format and the name of the producer, as exporters write them."""
    head = stream.read(3 + 1 + 127)
    length = head[3] if len(head) > 3 else 0
    name = head[4 : 4 + length]
    return head[:1] == b"\x08" and head[2:3] == b"\x12" and 0 < length == len(name) < 128 and name.isascii()


def is_tfjs(stream: BinaryIO) -> bool:
    """Whether a stream is the `model.json` of TensorFlow.js."""
    stream.seek(0)
    head = stream.read(_HEAD_BYTES)
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and any(key in head for key in _TFJS_KEYS)


def is_saved_by_keras(stream: BinaryIO) -> bool:
    """Whether a stream is an HDF5 file, a zip archive with the parts of a Keras model, or one of TensorFlow.js."""
    stream.seek(0)
    head = stream.read(len(_HDF5))
    if not head.startswith(_ZIP):
        return head == _HDF5 or is_tfjs(stream)
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(stream) as archive:
            return _KERAS_MEMBER in archive.namelist()
    except (BadZipFile, OSError, ValueError, NotImplementedError):
        return False


def is_keras_model(source: Any) -> bool:
    """Whether a path, text or mapping is a model that Keras described: a saved file, or the JSON of one."""
    if isinstance(source, Mapping):
        return "class_name" in source and "modelc" not in source
    if not isinstance(source, str | os.PathLike):
        return False
    text = os.fspath(cast("str | os.PathLike[str]", source))
    if text.lstrip().startswith("{"):
        return _describes_model(text[:_HEAD_BYTES])
    if "\n" in text or "\r" in text:
        return False
    try:
        with open(text, "rb", opener=regular_file) as stream:
            if is_saved_by_keras(stream):
                return True
            stream.seek(0)
            return _describes_model(stream.read(_HEAD_BYTES).decode("utf-8-sig", "replace"))
    except (OSError, ValueError):
        return False


def _describes_model(head: str) -> bool:
    """Whether JSON text begins as that of a serialized Keras object: no spec has a `class_name` at the top."""
    before, found, _ = head.partition('"class_name"')
    return bool(found) and head.lstrip().startswith("{") and before.count("{") == 1 + before.count("}")
