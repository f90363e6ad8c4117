"""What `modelc run` does once its arguments are read: opens samples, runs the model, tells what was left out."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click

from modelc.bulk.chunk import BadSample
from modelc.bulk.reading.layout import chosen_columns
from modelc.bulk.reading.opening import Taker, expanded, open_by_input, open_samples
from modelc.bulk.reading.source import SampleSource
from modelc.bulk.run import DEFAULT_BATCH, Following, run
from modelc.bulk.writing.opening import STANDARD_OUTPUT, TABLES, Format, format_of, kind_of_results, open_results
from modelc.bulk.writing.outputs import outputs_of
from modelc.bulk.writing.top import TopClasses
from modelc.bulk.writing.writer import ResultWriter
from modelc.cli.colours import say, tell
from modelc.cli.inputs import files_of
from modelc.cli.outputs import check_target
from modelc.cli.progress import samples
from modelc.cli.top import TopPrinter
from modelc.errors import InputError
from modelc.model.model import Model

if TYPE_CHECKING:
    from modelc.cli.cluster import DaskRun


@dataclass(frozen=True)
class BulkRun:
    """The options of a run."""

    target: str | None
    format: Format | None
    top: int | None
    as_json: bool
    keep_going: bool
    force: bool
    batch_size: int | None
    on_dask: DaskRun | None = None

    def __call__(
        self,
        model: Model,
        path: str,
        files: Sequence[str],
        sources: Sequence[str],
        columns: Sequence[str],
        read: dict[str, Any],
    ) -> None:
        """Run the model on the samples in `files`, or in `sources`, of which some are for one input each.

        `path` is where the model was loaded from, `read` are the files that the command reads besides, which are not
        overwritten.
        """
        names = model.input_names
        by_input = files_of(names, sources, files)
        given = [file for some in by_input for file in some]
        if self.on_dask is not None:
            self.on_dask.check(given)
            given = self.on_dask.located(given)
        else:
            self._check_output(read, given)
        stream = sys.stdin.buffer if "-" in given else None
        taker = Taker(
            model.face, lambda: _language().preprocessing_of(model.spec), chosen_columns(columns, names), stream
        )
        source = open_by_input(given, taker) if len(by_input) > 1 else open_samples(given, taker)
        if self.on_dask is not None:
            labels = () if self.top is None else _language().labels_of(model.spec)
            self.on_dask(model, path, source, outputs_of(model.face, source.arrays, labels), given)
            return
        writers = self._writers(model, source)
        size = self.batch_size or model.face.batch_size or DEFAULT_BATCH
        with samples(source.count, size) as advance:
            following = Following(advance, _tell_skipped if self.keep_going else None)
            counts = run(model, source, writers, batch_size=size, following=following)
        if counts.skipped:
            tell(f"warning: {counts.skipped:,} of {counts.done + counts.skipped:,} samples were left out")

    def _check_output(self, read: dict[str, Any], given: Sequence[str]) -> None:
        """Raise, before any work is done, if the output must not or cannot be written."""
        if self.target is None:
            return
        format = format_of(self.target, self.format)
        if self.target == STANDARD_OUTPUT:
            if format not in ("csv", "jsonl") and sys.stdout.isatty():
                raise click.UsageError(f"a terminal does not show {format}: name a file, or --format csv")
            return
        if not Path(self.target).resolve().parent.is_dir():
            raise InputError(f"{self.target}: there is no folder {Path(self.target).parent}")
        samples = {f"the input {file}": file for name in given for file in expanded(name)}
        check_target(self.target, kind_of_results(format), read | samples, self.force)

    def _writers(self, model: Model, source: SampleSource) -> list[ResultWriter]:
        """What takes the outputs: a file, the terminal, or both."""
        is_table = self.target is not None and format_of(self.target, self.format) in TABLES
        # What the spec says of labels takes longer to be found than many a model to run.
        labels = _language().labels_of(model.spec) if is_table or self.top is not None else ()
        outputs = outputs_of(model.face, source.arrays, labels)
        top = None if self.top is None else TopClasses(outputs, self.top)
        found: list[ResultWriter] = []
        if self.target is not None:
            with_names = source.is_named or self.keep_going
            file = open_results(
                self.target, outputs, format=self.format, top=top if is_table else None, with_names=with_names,
                stream=sys.stdout.buffer, force=self.force,
            )  # fmt: skip
            found.append(file)
        if top is not None and not is_table:
            found.append(TopPrinter(top, say, as_json=self.as_json))
        return found


def _tell_skipped(bad: BadSample) -> None:
    tell(f"warning: left out: {bad.named}")


def _language() -> ModuleType:
    """What the spec says of labels and pictures: numbers are computed without it."""
    from modelc.language import around

    return around
