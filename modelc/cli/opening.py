"""Opening what a command takes: a spec in any form that `load_spec` reads, or the spec in a built model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from modelc.cli.options import View

if TYPE_CHECKING:
    from modelc.spec.spec import Spec

_ZIP = b"PK\x03\x04"
_MEMBER = "spec.json"


def open_spec(path: str, view: View) -> Spec:
    """The spec in a file, or in a `.modelc` artifact, seen so. Raises `SpecError` or `FileFormatError`."""
    if not is_artifact(path):
        return view.open(path)
    if view.settings:
        raise click.UsageError(f"--set is for specs: {path} is built already")
    from modelc.interop.artifact import read_spec

    return view.of(read_spec(path))


def is_artifact(path: str) -> bool:
    """By its content, or by its name where it cannot be read: then opening it says why."""
    if path == "-":
        return False
    if path.lower().endswith(".modelc"):
        return True
    try:
        with open(path, "rb") as file:
            if file.read(len(_ZIP)) != _ZIP:
                return False
    except OSError:
        return False
    from zipfile import BadZipFile, ZipFile

    try:
        with ZipFile(path) as archive:
            return _MEMBER in archive.namelist()
    except (OSError, BadZipFile, NotImplementedError):
        return False
