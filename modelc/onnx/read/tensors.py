"""The numbers of an ONNX file: inside of it or in files beside it, checked before they are allocated."""

from __future__ import annotations

import math
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from modelc.errors import FileFormatError
from modelc.files.regular_file import regular_file
from modelc.onnx.package import require_onnx
from modelc.onnx.protos import DTYPES, Proto

Array = NDArray[Any]

NAMES = {number: name for name, number in DTYPES.items()}
"""NumPy's names of dtypes by ONNX's numbers."""
TEXT = "text"
"""The dtype of constants that are names of classes."""
_STRING, _BFLOAT16 = 8, 16
_EXTERNAL = 1
_MOST_ELEMENTS = 2**40


@dataclass(frozen=True, slots=True)
class TensorReader:
    """Reads the tensors of one file."""

    name: str
    """What messages call the file."""
    folder: Path
    """The folder that files of numbers lie in, and none outside of it."""

    def read(self, tensor: Proto) -> tuple[Array, str]:
        """A tensor and its dtype's name. Raises `FileFormatError` where it is damaged, or its file cannot be had."""
        label = text_of(tensor.name) or "a constant"
        if any(size < 0 for size in tensor.dims):
            raise self._damaged(f"`{label}` has a negative size")
        count = math.prod(tensor.dims)
        if tensor.data_type == _BFLOAT16:
            bits = self._bytes(tensor, label, count * 2)
            if bits is None:
                raise self._damaged(f"`{label}` is of bfloat16 and not stored as raw bytes")
            wide = np.frombuffer(bits, "<u2").astype(np.uint32) << 16
            return wide.view(np.float32).reshape(tuple(tensor.dims)), "float32"
        if tensor.data_type == _STRING:
            if len(tensor.string_data) != count:
                raise self._damaged(f"`{label}` has {len(tensor.string_data)} texts, and {count} elements")
            texts = [one.decode("utf-8", "replace") for one in tensor.string_data]
            return np.array([*texts, None], object)[:-1].reshape(tuple(tensor.dims)), TEXT
        dtype = NAMES.get(tensor.data_type)
        if dtype is None:
            kind = require_onnx().TensorProto.DataType.Name
            known = tensor.data_type in require_onnx().TensorProto.DataType.values()
            what = kind(tensor.data_type).lower() if known else f"the dtype {tensor.data_type}"
            raise FileFormatError(f"`{self.name}` has `{label}` of {what}, a type that modelc does not compute with")
        if count > _MOST_ELEMENTS:
            raise self._damaged(f"`{label}` has {count} elements")
        bits = self._bytes(tensor, label, count * np.dtype(dtype).itemsize)
        if bits is not None:
            return np.frombuffer(bits, np.dtype(dtype).newbyteorder("<")).reshape(tuple(tensor.dims)), dtype
        # A field of one number per element: the package knows which one, and how halves are packed into it.
        try:
            array = require_onnx().numpy_helper.to_array(tensor)
        except (TypeError, ValueError) as error:
            raise self._damaged(f"`{label}`: {str(error)[:200]}") from None
        return array.reshape(tuple(tensor.dims)), dtype

    def _bytes(self, tensor: Proto, label: str, size: int) -> bytes | NDArray[np.uint8] | None:
        """Its bytes, raw or in another file; None where it has a field of numbers."""
        if tensor.data_location == _EXTERNAL:
            return self._external(tensor, label, size)
        if not tensor.HasField("raw_data"):
            return None
        if len(tensor.raw_data) != size:
            raise self._damaged(f"`{label}` {list(tensor.dims)} takes {size} bytes, found {len(tensor.raw_data)}")
        return tensor.raw_data

    def _external(self, tensor: Proto, label: str, size: int) -> NDArray[np.uint8]:
        entries = {text_of(entry.key): text_of(entry.value) for entry in tensor.external_data}
        location = entries.get("location", "")
        try:
            offset, length = int(entries.get("offset") or 0), int(entries.get("length") or size)
        except ValueError:
            raise self._damaged(f"the place of `{label}` in `{location[:80]}` is no number") from None
        if length != size or offset < 0:
            raise self._damaged(f"`{label}` {list(tensor.dims)} takes {size} bytes, found {length} from {offset} on")
        with self._beside(location, label) as file:
            if os.fstat(file.fileno()).st_size < offset + size:
                raise self._damaged(f"`{label}` ends at byte {offset + size} of `{location}`, which is shorter")
            if not size:
                return np.zeros(0, np.uint8)
            return np.memmap(file, np.uint8, "r", offset, (size,))

    def _beside(self, location: str, label: str) -> BinaryIO:
        """A file of numbers. It lies in the folder of the model or below, and no part of its path is a link."""
        parts = location.replace("\\", "/").split("/")
        if not location or "\0" in location or os.path.isabs(location) or ".." in parts or ":" in parts[0]:
            raise FileFormatError(
                f"`{self.name}` has the numbers of `{label}` in `{location[:200]}`, which is outside of its folder"
            )
        path = self.folder
        for part in parts:
            path = path / part
            try:
                linked = stat.S_ISLNK(os.lstat(path).st_mode)
            except OSError as error:
                raise FileFormatError(
                    f"`{self.name}` has its numbers in `{location[:200]}`, which cannot be read: {error.strerror}",
                    "put that file beside it",
                ) from None
            if linked:
                raise FileFormatError(
                    f"`{self.name}` has its numbers in `{location[:200]}`, which is a symbolic link: it could lead "
                    "outside of the folder",
                    "put the file itself in its place",
                )
        try:
            return open(path, "rb", opener=regular_file)
        except OSError as error:
            raise FileFormatError(f"`{path}` cannot be read: {error.strerror or error}") from None

    def _damaged(self, reason: str) -> FileFormatError:
        return FileFormatError(f"`{self.name}` is damaged: {reason}")


def text_of(text: str | bytes) -> str:
    """A text of the file; protocol buffers give bytes where it is no UTF-8."""
    return text if isinstance(text, str) else text.decode("utf-8", "replace")
