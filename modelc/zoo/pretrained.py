"""The weight files that Keras publishes for its architectures: where they are, and what they must be.

`pretrained.csv` states what the source of Keras 3 states: for each model the file with its top layers and the one
without them, the URL, the name of the file in Keras's cache, and its digest. The parameters are those of
`model.count_params()`. tests/zoo/record_pretrained.py writes it.
"""

from __future__ import annotations

import csv
import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from modelc.errors import FileFormatError, InputError
from modelc.system.cache_folder import user_cache_folder
from modelc.system.consulted import consult
from modelc.text.unknown import unknown

IMAGENET: Final = "imagenet"
"""What a spec or a call writes for the published weights: `weights: imagenet`."""

HOST: Final = "https://storage.googleapis.com/"
"""What the URLs of all files begin with. A mirror has the same paths below its own URL."""

_TABLE = Path(__file__).with_name("pretrained.csv")
_HDF5 = b"\x89HDF\r\n\x1a\n"
_BYTES_PER_PARAMETER = 4
_ALLOWANCE = 8 * 2**20
"""How many bytes an HDF5 file may have beside its weights: headers, names, chunks and attributes."""


@dataclass(frozen=True, slots=True)
class WeightFile:
    """A published file of weights."""

    name: str
    """The name of the model: `xception`, `mobilenet_0.25_128`."""
    top: bool
    """Whether it has the weights of the classifier."""
    path: str
    """The path below the host."""
    file: str
    """The name that the file has in a cache, which is the one in `~/.keras/models`."""
    digest: str | None
    """Its MD5 or SHA-256 in hexadecimal digits; None where Keras states none, as for MobileNet and MobileNetV2."""
    parameters: int
    """The number of its parameters, each of four bytes."""

    @property
    def url(self) -> str:
        """Where Keras publishes it."""
        return HOST + self.path

    @property
    def algorithm(self) -> str | None:
        """The name of the digest's algorithm in `hashlib`."""
        return None if self.digest is None else {32: "md5", 64: "sha256"}[len(self.digest)]

    @property
    def shown_digest(self) -> str:
        """The digest with the name of its algorithm, as messages state it."""
        if self.algorithm is None:
            return "Keras states no digest of it"
        return f"{'MD5' if self.algorithm == 'md5' else 'SHA-256'} {self.digest}"

    @property
    def least_bytes(self) -> int:
        """The size that the weights alone have."""
        return self.parameters * _BYTES_PER_PARAMETER

    @property
    def most_bytes(self) -> int:
        """The size above which it cannot be the file: nothing larger is downloaded."""
        return self.least_bytes + self.least_bytes // 20 + _ALLOWANCE

    @property
    def cached(self) -> Path:
        """Where the file is once it was fetched."""
        return weights_folder() / self.file

    @property
    def command(self) -> str:
        """The command that fetches it."""
        return f"modelc zoo fetch {self.name}{'' if self.top else ' --no-top'}"

    @property
    def how_to_get(self) -> str:
        """How the file comes where it is looked for, with a network or without one."""
        return f"fetch it with `{self.command}`, or {self.by_hand}"

    @property
    def by_hand(self) -> str:
        """How the file comes where it is looked for without a network."""
        return f"put the file of {self.url} at {self.cached} ({self.shown_digest})"


def weights_folder() -> Path:
    """The folder of fetched weights: MODELC_WEIGHTS_DIR, or `weights` in MODELC_CACHE_DIR or the user's cache."""
    own = os.environ.get("MODELC_WEIGHTS_DIR")
    if own:
        return Path(own).absolute()
    cache = os.environ.get("MODELC_CACHE_DIR") or user_cache_folder("modelc")
    return Path(cache).absolute() / "weights"


def pretrained_names() -> tuple[str, ...]:
    """The names of the models that have published weights."""
    return tuple(_table())


def weight_file(name: str, *, top: bool) -> WeightFile:
    """The published file of a model, with its classifier or without. Raises `InputError` for an unknown name."""
    found = _table().get(name)
    if found is None:
        raise InputError(*unknown("pretrained model", name, pretrained_names()))
    return found[0] if top else found[1]


def find_fetched(name: str, *, top: bool) -> WeightFile | None:
    """The file in the cache that has the weights of a model, or those without its classifier; None where none is there.

    The larger file serves for both; the smaller one is preferred. Raises `InputError` for an unknown name.
    """
    files = (weight_file(name, top=top), weight_file(name, top=True))
    for file in files:
        consult(file.cached, content=False)
    return next((file for file in files if file.cached.is_file()), None)


def fetched_path(name: str, *, top: bool) -> Path:
    """The path of the file that `find_fetched` finds, once its digest was checked.

    Raises `InputError` where none was fetched, which says how to fetch it, and `FileFormatError` for a file that is not
    the published one.
    """
    file = find_fetched(name, top=top)
    if file is None:
        whose = f"`{name}`" if top else f"`{name}` without its top layers"
        help = weight_file(name, top=top).how_to_get
        raise InputError(f"the published weights of {whose} are not in the cache", help)
    problem = problem_of(file, file.cached)
    if problem is not None:
        help = f"remove it, and fetch it again with `{file.command}`"
        raise FileFormatError(f"{file.cached}: is not the file that Keras publishes: {problem}", help)
    return file.cached


def problem_of(file: WeightFile, path: Path) -> str | None:
    """Why the file at a path is not the published one: its size, its kind or its digest; None where it is."""
    found = os.stat(path)
    return _problem_of(file, path, found.st_size, found.st_mtime_ns, found.st_ino)


@lru_cache(maxsize=64)
def _problem_of(file: WeightFile, path: Path, size: int, *changes: int) -> str | None:
    """As `problem_of`; a file is read once for as long as its `size` and the rest of what `changes` stay the same."""
    if size < file.least_bytes:
        return f"it has {size:,} bytes, less than its {file.parameters:,} parameters"
    if size > file.most_bytes:
        return f"it has {size:,} bytes, more than the {file.most_bytes:,} that it may have"
    with open(path, "rb") as stream:
        if stream.read(len(_HDF5)) != _HDF5:
            return "it is no HDF5 file"
        stream.seek(0)
        if file.algorithm is None:
            return None
        found = hashlib.file_digest(stream, file.algorithm).hexdigest()
    return None if found == file.digest else f"its digest is {found}, not {file.digest}"


@lru_cache(maxsize=1)
def _table() -> dict[str, Sequence[WeightFile]]:
    """The files of each model: with its classifier, and without."""
    table: dict[str, list[WeightFile]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            file = WeightFile(
                name=row["name"], top=row["top"] == "yes", path=row["path"], file=row["file"],
                digest=row["digest"] or None, parameters=int(row["parameters"]),
            )  # fmt: skip
            table.setdefault(file.name, []).append(file)
    return {name: sorted(files, key=lambda file: not file.top) for name, files in table.items()}
