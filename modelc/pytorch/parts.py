"""Models that Hugging Face's libraries save in several files: an index says which of them holds each tensor.

https://huggingface.co/docs/safetensors/metadata_parsing#sharded-weights describes it: `model.safetensors.index.json`
has a `weight_map` from the names of tensors to those of files beside it.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any, NoReturn, cast

from numpy.typing import NDArray

from modelc.errors import FileFormatError
from modelc.files.paths import file_name_problem
from modelc.files.regular_file import opened
from modelc.files.tensor_file import Shape, TensorFile, Tensors, open_tensors
from modelc.pytorch.pickled import is_pickle, refuse_pickled_parts

_SUFFIX = ".index.json"
_MAX_INDEX_BYTES = 64 * 2**20
_MAX_PARTS = 512
"""Files that may be open at once."""


def is_index(path: str | os.PathLike[str]) -> bool:
    """Whether a file is called as the index of a model in several files."""
    return os.fspath(path).lower().endswith(_SUFFIX)


class _TensorParts:
    """The tensors of several files, as if they were one."""

    def __init__(self, name: str, files: Mapping[str, TensorFile]) -> None:
        self.name = name
        self._of = {tensor: file for file in files.values() for tensor in (*file.floats, *file.others)}
        self._files = tuple(files.values())

    @property
    def floats(self) -> dict[str, Shape]:
        return {tensor: shape for file in self._files for tensor, shape in file.floats.items()}

    @property
    def others(self) -> dict[str, str]:
        return {tensor: dtype for file in self._files for tensor, dtype in file.others.items()}

    def read(self, name: str) -> NDArray[Any]:
        return self._of[name].read(name)


@contextmanager
def open_parts(path: str | os.PathLike[str]) -> Generator[Tensors]:
    """The tensors of the files beside an index that it names.

    Raises `FileFormatError` where the index or a file is damaged or cannot be read, where a file is not in the folder
    of the index itself, or is a symbolic link or a pickle, and where they hold other tensors than the index says.
    """
    name = os.fspath(path)
    folder = os.path.dirname(name)
    index = _index(path, name)
    parts = dict.fromkeys(index.values())  # in the order of the index, each once
    if len(parts) > _MAX_PARTS:
        _refuse(name, f"it names {len(parts)} files, more than {_MAX_PARTS}")
    for part in parts:
        if (problem := file_name_problem(part)) is not None:
            _refuse(name, f"it names the file {part[:60]!r}: {problem}")
        if os.path.islink(os.path.join(folder, part)):
            raise FileFormatError(
                f"`{name}` names the file `{part}`, which is a symbolic link and is not followed",
                "copy the folder with the files that its links lead to: `cp -rL`",
            )
    pickled = [part for part in parts if is_pickle(os.path.join(folder, part))]
    if pickled:
        refuse_pickled_parts(name, folder, pickled)
    with ExitStack() as stack:
        files = {part: stack.enter_context(open_tensors(os.path.join(folder, part), link=False)) for part in parts}
        _check(index, files, name)
        yield _TensorParts(name, files)


def _index(path: str | os.PathLike[str], name: str) -> dict[str, str]:
    """The names of the files by the names of the tensors that they hold."""
    with opened(path) as file:
        text = file.read(_MAX_INDEX_BYTES + 1)
    if len(text) > _MAX_INDEX_BYTES:
        _refuse(name, f"it is larger than {_MAX_INDEX_BYTES} bytes")
    try:
        document: Any = json.loads(text)
    except (ValueError, RecursionError) as error:
        _refuse(name, f"it is not JSON: {str(error)[:200]}")
    found: Any = cast("dict[str, Any]", document).get("weight_map") if isinstance(document, dict) else None
    if not isinstance(found, dict) or not found:
        _refuse(name, "it has no `weight_map`")
    index = cast("dict[str, Any]", found)
    for tensor, part in index.items():
        if not isinstance(part, str):
            _refuse(name, f"it says that `{tensor[:60]}` is in {str(part)[:60]}, which is no file")
    return index


def _check(index: Mapping[str, str], files: Mapping[str, TensorFile], name: str) -> None:
    """Each file holds the tensors that the index says, and no others."""
    held = {part: {*file.floats, *file.others} for part, file in files.items()}
    for tensor, part in index.items():
        if tensor not in held[part]:
            _refuse(name, f"it says that `{tensor[:60]}` is in `{part}`, which does not hold it")
    twice = [tensor for tensor, count in Counter(t for tensors in held.values() for t in tensors).items() if count > 1]
    if twice:
        _refuse(name, f"two of its files hold `{min(twice)[:60]}`")
    for part, tensors in held.items():
        if unlisted := tensors - index.keys():
            _refuse(name, f"`{part}` holds `{min(unlisted)[:60]}`, of which the index does not say so")


def _refuse(name: str, reason: str) -> NoReturn:
    raise FileFormatError(f"`{name}` is not the index of a model in several files, or is damaged: {reason}")
