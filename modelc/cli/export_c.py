"""`modelc export --format c`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from modelc.c.export import file_names, prefix_of
from modelc.c.targets import NATIVE
from modelc.cli.c_options import COptions
from modelc.cli.colours import say
from modelc.cli.progress import compiling
from modelc.errors import SpecError
from modelc.files.outputs import check_not_read
from modelc.model.c_export import export_c as export
from modelc.model.training_run import compile_for

if TYPE_CHECKING:
    from modelc.model.model import Model


def export_c(
    model: Model,
    read: Mapping[str, str | os.PathLike[str] | None],
    output: str | None,
    options: COptions,
    force: bool,
) -> None:
    """Write the library of a model to a folder, and say what was written. `read` are the files that it is made of."""
    folder = Path(output or ".")
    if not folder.absolute().parent.is_dir():
        raise click.UsageError(f"there is no folder {folder.parent}")
    for file in file_names(prefix_of(options.name or model.name), embed=options.embed):
        check_not_read(folder / file, read)
    if options.train:
        if model.spec.training is None:
            message, help = "the spec has no `training` section", "write what it is trained by: optimizer and loss"
            raise SpecError(model.spec.diagnostic("training", "E202", message, help))
        compile_for(model, model.spec.training, model.spec.training.seed)
    with compiling() as counter:
        made = export(
            model, folder, name=options.name, target=options.target or NATIVE, embed=options.embed,
            train=options.train, threads=options.threads, sizes=options.sizes, force=force, on_compile=counter,
        )  # fmt: skip
    for file, data in made.files.items():
        say(f"wrote {folder / file}: {len(data):,} bytes")
    if model.labels or model.preprocessing:
        say("note: a C library has no place for `labels` and `preprocessing`, which are not in it", err=True)
