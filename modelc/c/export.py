"""Functions → the files of a C library."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from modelc.c.code import weights_symbol
from modelc.c.elf.archive import archive
from modelc.c.elf.objects import ElfObject, data_object
from modelc.c.elf.shared import shared_library
from modelc.c.header import header
from modelc.c.interface import CFunction, KeptState, Library, placed
from modelc.c.machine import library_object
from modelc.c.names import identifier
from modelc.c.pieces import Pieces
from modelc.c.weights_file import head
from modelc.errors import InputError
from modelc.files.atomic import replacing_together
from modelc.files.kinds import LIBRARY_OBJECT, Kind
from modelc.graph.program import OnCompile
from modelc.native.engine.memory_sizes import ALIGNMENT

_MOST_EMBEDDED = 1 << 30
"""The bytes of weights that a library may hold: code reaches no farther than 2 GiB."""
_KINDS = {
    "a": Kind.STATIC_LIBRARY, "so": Kind.SHARED_LIBRARY, "h": Kind.HEADER, "weights": Kind.LIBRARY_WEIGHTS,
}  # fmt: skip


@dataclass(frozen=True)
class CLibrary:
    """The files of a library, by name."""

    library: Library
    files: Mapping[str, Pieces]

    def write(self, folder: str | os.PathLike[str], *, force: bool | None = None) -> None:
        """Write all files, or none. Raises `OverwriteError` where a file of another kind has such a name."""
        with replacing_together(targets(folder, self.files), force=force) as places:
            for place, data in zip(places, self.files.values(), strict=True):
                with place.open("wb") as file:
                    data.write(file)


def targets(folder: str | os.PathLike[str], names: Sequence[str] | Mapping[str, Pieces]) -> list[tuple[Path, Kind]]:
    """The files of those names in a folder, and their kinds."""
    return [(Path(folder) / name, _KINDS[name.rpartition(".")[2]]) for name in names]


def file_names(prefix: str, *, embed: bool) -> list[str]:
    """The names of a library's files. What refers to others comes last."""
    weights = [] if embed else [f"{prefix}.weights"]
    return [*weights, f"lib{prefix}.a", f"lib{prefix}.so", f"{prefix}.h"]


def prefix_of(name: str) -> str:
    """What the names of a library begin with: at most 60 characters, as compilers tell no more of them apart."""
    return identifier(name, "model")[:60].rstrip("_")


def c_library(
    functions: Sequence[CFunction],
    state: KeptState,
    *,
    name: str,
    model: str,
    batch_size: int | None = None,
    embed: bool = False,
    learning_rate: float | None = None,
    threads: int = 1,
    on_compile: OnCompile | None = None,
) -> CLibrary:
    """The library of functions that have one target and one state.

    Raises `InputError` for weights that are too large to be in a library; `CompileError` where it cannot be compiled.
    """
    library = Library(prefix_of(name), model, placed(functions), state, batch_size, embed, learning_rate, threads)
    weights = Pieces([head(library)]) + library.weights
    if embed and len(weights) > _MOST_EMBEDDED:
        raise InputError(
            f"the weights take {len(weights):,} bytes, and a library may hold {_MOST_EMBEDDED:,}",
            "leave them in a file of their own",
        )
    objects = {LIBRARY_OBJECT: library_object(library, on_compile)}
    if embed:
        machine = ElfObject.read(objects[LIBRARY_OBJECT]).machine
        objects["weights.o"] = data_object(machine, weights_symbol(library), weights, ALIGNMENT)
    names = file_names(library.prefix, embed=embed)
    shared = shared_library([*objects.values()], f"lib{library.prefix}.so")
    contents = [*([] if embed else [weights]), archive(objects), shared, Pieces([header(library).encode()])]
    return CLibrary(library, dict(zip(names, contents, strict=True)))
