"""A model as a C library."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from modelc.c.export import CLibrary, c_library, file_names, prefix_of, targets
from modelc.c.functions import layer_states, prediction
from modelc.c.interface import CFunction, KeptState
from modelc.c.targets import NATIVE, target_named
from modelc.config.arguments import require_count
from modelc.errors import InputError, StorageError
from modelc.files.atomic import require_replaceable
from modelc.files.outputs import check_output
from modelc.graph.program import OnCompile
from modelc.model.c_training import training
from modelc.text.listing import listing

if TYPE_CHECKING:
    from modelc.model.model import Model


def export_c(
    model: Model,
    folder: str | os.PathLike[str],
    *,
    name: str | None = None,
    target: str = NATIVE,
    embed: bool = False,
    train: bool = False,
    threads: int = 1,
    sizes: Mapping[str, int] | None = None,
    force: bool | None = None,
    on_compile: OnCompile | None = None,
) -> CLibrary:
    """Write a C library of a model; see `Model.export_c`."""
    prefix = prefix_of(name or model.name)
    require_free(folder, prefix, embed=embed, force=force)
    made = library_of(
        model, name=prefix, target=target, embed=embed, train=train, threads=threads, sizes=sizes, on_compile=on_compile
    )
    os.makedirs(folder, exist_ok=True)
    made.write(folder, force=force)
    return made


def require_free(folder: str | os.PathLike[str], prefix: str, *, embed: bool, force: bool | None) -> None:
    """Raise, before any work, where a file of the library could not or must not be written; the last folder of the
    path need not be there yet."""
    path = Path(folder)
    if path.exists() and not path.is_dir():
        raise StorageError(f"{path}: cannot be written to: it is no folder")
    if not path.exists():
        if not path.absolute().parent.is_dir():
            raise StorageError(f"{path}: cannot be made: there is no folder {path.absolute().parent}")
        return
    for target, kind in targets(path, file_names(prefix, embed=embed)):
        require_replaceable(target)
        check_output(target, kind, force=force)


def library_of(
    model: Model,
    *,
    name: str,
    target: str = NATIVE,
    embed: bool = False,
    train: bool = False,
    threads: int = 1,
    sizes: Mapping[str, int] | None = None,
    on_compile: OnCompile | None = None,
) -> CLibrary:
    """The library of a model."""
    require_count("threads", threads)
    machine = target_named(target)
    fixed = with_sizes(model, sizes or {})
    graph = fixed.graph
    variables = fixed.variables_by_path
    if train:
        step = training(fixed, machine, threads)
        functions, state, rate = [step], step.state, fixed.trainer.engine.current_rate
    else:
        functions, state, rate = list[CFunction](), KeptState.of(layer_states(graph, variables).items()), None
    functions.insert(0, prediction(graph, variables, machine, state, threads))
    return c_library(
        functions, state, name=name, model=graph.name, batch_size=graph.batch_size, embed=embed, learning_rate=rate,
        threads=threads,
        on_compile=on_compile,
    )  # fmt: skip


def with_sizes(model: Model, sizes: Mapping[str, int]) -> Model:
    """The model with its free sizes fixed. Raises `InputError` where one has no size, `SpecError` where it cannot."""
    free = model.graph.free_sizes
    if free is None and not sizes:
        return model
    missing = [size for size in (free.symbols if free is not None else ()) if size not in sizes]
    if missing:
        raise InputError(
            f"a C library is of given sizes, and {listing([f'`{size}`' for size in missing])} "
            f"{'is' if len(missing) == 1 else 'are'} free",
            f"give --size {missing[0]}=… (in Python: sizes={{{missing[0]!r}: …}})",
        )
    fixed = model.to_spec().with_sizes(sizes).build(weights=model.arrays, backend="reference")
    if model.compiled:
        fixed.compile(*model.trainer.how, seed=model.trainer.seed)
    return fixed
