"""The samples that `modelc run` is given: files by input, or files that have all of it."""

from __future__ import annotations

from collections.abc import Sequence

import click


def files_of(names: Sequence[str], sources: Sequence[str], others: Sequence[str]) -> list[tuple[str, ...]]:
    """The files for each input where each has its own, in their order; else one tuple of files that have all inputs."""
    if others and sources:
        raise click.UsageError("give files either with --input or without it")
    if others:
        return [tuple(others)]
    named: dict[str, str] = {}
    whole: list[str] = []
    for source in sources:
        name, equals, file = source.partition("=")
        if equals and name in names and name not in named:
            named[name] = file
        else:
            whole.append(source)
    if not named and not whole:
        raise click.UsageError("there are no samples: give images, or --input FILE")
    if not named:
        return [tuple(whole)]
    missing = [name for name in names if name not in named]
    if len(whole) != min(1, len(missing)):
        each = " ".join(f"--input {name}=FILE" for name in names)
        raise click.UsageError(
            f"the model has the inputs {', '.join(names)}: give one file with all of them, or {each}"
        )
    return [(named.get(name) or whole[0],) for name in names]
