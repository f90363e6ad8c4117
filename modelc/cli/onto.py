"""`modelc import --onto`: the weights of a PyTorch model for a spec."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import click

from modelc.cli.colours import say
from modelc.cli.outputs import check_target, files_read, weights_named
from modelc.files.atomic import replacing_together
from modelc.files.kinds import Kind
from modelc.files.outputs import check_outputs_differ
from modelc.files.tensors import write_tensors
from modelc.language.text.pretty import pretty_yaml
from modelc.model.imported import import_weights
from modelc.model.loading import load_spec


@dataclass(frozen=True)
class Targets:
    """The output files of the command."""

    spec: str | None
    weights: str | None
    map: str | None

    def named(self) -> list[tuple[str, Kind]]:
        """Those that are asked for; a spec, which refers to the weights, comes last."""
        pairs = (self.weights, Kind.WEIGHTS), (self.map, Kind.WEIGHTS_MAP), (self.spec, Kind.SPEC)
        return [(path, kind) for path, kind in pairs if path is not None]


def import_onto(file: str, onto: str, map_file: str | None, targets: Targets, *, force: bool) -> None:
    """Convert the weights, and write what is asked for, all of it or nothing."""
    if targets.spec is not None and targets.weights is None:
        raise click.UsageError("--output writes the spec with its weight file, which --weights-out names")
    read = files_read(file, onto=onto, map=map_file)
    check_outputs_differ({"--output": targets.spec, "--weights-out": targets.weights, "--map-out": targets.map})
    for path, kind in targets.named():
        check_target(path, kind, read, force)
    spec = load_spec(onto)
    imported = import_weights(file, onto=spec, map=None if map_file is None else Path(map_file))
    text = imported.map.to_yaml(onto, file)
    if targets.named():
        with replacing_together(targets.named(), force=force) as temporaries:
            for (path, kind), temporary in zip(targets.named(), temporaries, strict=True):
                if kind is Kind.WEIGHTS:
                    write_tensors(temporary, imported.arrays)
                elif kind is Kind.WEIGHTS_MAP:
                    temporary.write_text(text, encoding="utf-8")
                else:
                    named = weights_named(spec, Path(path), Path(targets.weights or ""))
                    temporary.write_text(pretty_yaml(named), encoding="utf-8")
    is_shown = targets.map is None
    if is_shown:
        say(text, nl=False)
    say(f"weights: {len(imported.arrays)} of `{spec.name}`, from {len(imported.tensors)} tensors", err=is_shown)
    for note in imported.notes:
        say(f"note: {note}", err=is_shown)
