"""`.modelc`: a built model as one file.

The file is a zip archive of three stored members: `spec.json`, the canonical spec; `weights.safetensors`, its
weights by path; and `manifest.json`, the version of this format, the modelc that wrote it, and the size and SHA-256
of the other two. It holds data only. The same model gives the same bytes.
"""

from __future__ import annotations

import os
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from modelc.errors import SpecError, WeightsError
from modelc.files.archive import Reader, Writer, reading, reading_open, writing, writing_open
from modelc.files.artifact_weights import ArtifactWeights
from modelc.files.artifacts import LAYOUT, SPEC, WEIGHTS
from modelc.files.held import HeldFile
from modelc.files.tensors import exact_bytes, read_tensors, write_exact
from modelc.language.definition import Definition
from modelc.language.load import load_definition
from modelc.weights.assign import shapes_of
from modelc.weights.stored import StoredArrays

if TYPE_CHECKING:
    from modelc.model.model import Model


def save(model: Model, path: str | os.PathLike[str], *, force: bool | None = None) -> None:
    """Save a model, replacing `path` atomically.

    Raises `NotBuiltError` if it has no weights yet, `OverwriteError` if a file of another kind would be overwritten,
    unless `force`.
    """
    spec, arrays = _contents(model)
    with writing(path, LAYOUT, force=force) as archive:
        _add(archive, spec, arrays)


def to_bytes(model: Model) -> bytes:
    """The bytes of the file that `save` writes. Raises `NotBuiltError` as it does."""
    memory = BytesIO()
    spec, arrays = _contents(model)
    with writing_open(memory, LAYOUT) as archive:
        _add(archive, spec, arrays)
    return memory.getvalue()


def _contents(model: Model) -> tuple[bytes, dict[str, Any]]:
    arrays = {path: np.asarray(array, np.float32) for path, array in model.arrays.items()}
    text = model.to_spec().without_weight_files().to_json() + "\n"
    return text.encode(), arrays


def _add(archive: Writer, spec: bytes, arrays: dict[str, Any]) -> None:
    archive.add(SPEC, spec)
    archive.stream(WEIGHTS, exact_bytes(arrays), lambda out: write_exact(out, arrays))


def read(path: str | os.PathLike[str]) -> tuple[Definition, dict[str, Any]]:
    """The definition in a `.modelc` file, and its weights by path. Nothing in the file is executed.

    Raises `FileFormatError` with the reason if the file is damaged, was modified, or has another format.
    """
    return reading(path, LAYOUT, _read)


def read_bytes(data: bytes, name: str) -> tuple[Definition, dict[str, Any]]:
    """As `read`, of the bytes of such a file, which are called `name` in messages."""
    return reading_open(BytesIO(data), name, LAYOUT, _read)


def read_held(file: HeldFile) -> tuple[Definition, StoredArrays]:
    """As `read`, but each weight is read from the open file when it is asked for."""
    with file.stream() as stream:
        return reading_open(stream, file.name, LAYOUT, lambda archive: _read_stored(archive, file))


def read_spec(path: str | os.PathLike[str]) -> Definition:
    """The spec in a `.modelc` file; its weights are not read. Raises `FileFormatError` as `read` does."""
    return reading(path, LAYOUT, _read_spec)


def read_weights(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The weights in a `.modelc` file, by path; nothing is compiled. Raises `FileFormatError` as `read` does."""
    return read(path)[1]


def _read(archive: Reader) -> tuple[Definition, dict[str, Any]]:
    spec = _read_spec(archive)
    expected = shapes_of(spec.graph.stored)
    try:
        weights = archive.consume(
            WEIGHTS, lambda stream, size: read_tensors(stream, size, expected, "its spec", archive.name)
        )
    except WeightsError as error:
        raise archive.damaged(error.message) from None
    return spec, weights


def _read_stored(archive: Reader, file: HeldFile) -> tuple[Definition, StoredArrays]:
    spec = _read_spec(archive)
    weights = ArtifactWeights(archive, file)
    try:
        return spec, weights.of(shapes_of(spec.graph.stored))
    except WeightsError as error:
        raise archive.damaged(error.message) from None


def _read_spec(archive: Reader) -> Definition:
    try:
        text = archive.read(SPEC).decode()
        if not text.startswith("{"):
            raise archive.damaged(f"{SPEC} is not JSON")
        spec = load_definition(text)
        _ = spec.graph
    except UnicodeDecodeError:
        raise archive.damaged(f"{SPEC} is not UTF-8 text") from None
    except SpecError as error:
        raise archive.damaged(f"its spec is wrong: {error.message}") from None
    if spec.weights is not None:
        raise archive.damaged("its spec names another weight file")
    return spec
