"""Open the argument of a command: a spec in any form that `load_spec` reads, or a `.modelc` artifact."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from modelc.cli.options import ViewOptions
from modelc.files.signatures import is_artifact

if TYPE_CHECKING:
    from modelc.model.spec import Spec


def open_spec(path: str, view: ViewOptions, *, warn: bool = False) -> Spec:
    """The spec in a file or in a `.modelc` artifact, with the view applied; `warn` prints the spec's warnings.

    Raises `SpecError` or `FileFormatError`.
    """
    if not is_artifact(path):
        return view.open(path) if warn else view.read(path)
    if view.settings:
        raise click.UsageError(f"--set applies to specs: {path} is a .modelc artifact")
    from modelc.model.artifact import read_spec
    from modelc.model.spec import Spec

    return view.of(Spec.of(read_spec(path)))
