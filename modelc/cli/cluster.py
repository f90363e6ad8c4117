"""What `modelc run --dask` does once its arguments are read: chunks go to workers, a file for each into a folder."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click

from modelc.bulk.chunk import BadSample
from modelc.bulk.reading.opening import expanded
from modelc.bulk.reading.source import SampleSource
from modelc.bulk.reading.stream import STANDARD_INPUT
from modelc.bulk.run import DEFAULT_BATCH
from modelc.bulk.writing.opening import TABLES, Format, open_results
from modelc.bulk.writing.outputs import WrittenOutput
from modelc.bulk.writing.top import TopClasses
from modelc.bulk.writing.writer import ResultWriter
from modelc.cli.colours import say, tell
from modelc.cli.progress import samples
from modelc.cluster.artifacts import Artifact
from modelc.cluster.connecting import connected, require_address
from modelc.cluster.folder import PredictionFolder
from modelc.cluster.prediction import BadChunk, ClusterFollowing, ClusterRun, inputs_told
from modelc.errors import ModelcError
from modelc.files.signatures import is_artifact
from modelc.model.model import Model


@dataclass(frozen=True)
class DaskRun:
    """The options of a run on Dask."""

    address: str
    folder: str
    format: Format | None
    top: int | None
    keep_going: bool
    batch_size: int | None

    def __post_init__(self) -> None:
        require_address(self.address)

    def check(self, given: Sequence[str]) -> None:
        """Raise, before anything is read, for options that do not go together."""
        if STANDARD_INPUT in given:
            raise click.UsageError("workers read files: standard input, `-`, is not sent to them")
        if self.top is not None and self.format not in TABLES:
            raise click.UsageError("--top with --dask writes tables: give --format csv, jsonl or parquet")
        if self.folder == STANDARD_INPUT or (Path(self.folder).suffix and not Path(self.folder).is_dir()):
            raise click.UsageError(f"--dask writes a file for each chunk: --output {self.folder} is to be a folder")

    def located(self, given: Sequence[str]) -> list[str]:
        """The files by names that the workers find: those on other machines have other working folders."""
        is_local = require_address(self.address) is not None
        return list(given) if is_local else [os.path.abspath(one) for one in given]

    def __call__(
        self, model: Model, path: str, source: SampleSource, outputs: list[WrittenOutput], given: Sequence[str]
    ) -> None:
        """Predict the samples of a source, and tell what was left out. `path` is where the model was loaded from."""
        format: Format = self.format or ("npy" if len(outputs) == 1 and outputs[0].is_fixed else "npz")
        top = None if self.top is None else TopClasses(outputs, self.top)
        size = self.batch_size or model.face.batch_size or DEFAULT_BATCH

        def open_file(target: str) -> ResultWriter:
            with_names = source.is_named or self.keep_going
            return open_results(target, outputs, format=format, top=top, with_names=with_names, force=True)

        about = {"format": format, "top": self.top, "inputs": inputs_told([f for one in given for f in expanded(one)])}
        folder = PredictionFolder(self.folder, f".{format}")
        with _artifact(model, path) as artifact, samples(source.count, size) as advance:
            following = ClusterFollowing(
                advance, _tell_skipped if self.keep_going else None, _tell_bad if self.keep_going else None
            )
            run = ClusterRun(model, artifact, source, outputs, open_file, about, size, following)
            folder.require_same(run.described())  # told before a cluster is started
            with connected(self.address) as client:
                counts = run(client, folder)
        if counts.before:
            say(f"{counts.before:,} samples were done before", err=True)
        if counts.skipped:
            tell(f"warning: {counts.skipped:,} of {counts.done + counts.skipped:,} samples were left out")
        if counts.bad_chunks:
            message = f"{len(counts.bad_chunks):,} chunks were left out"
            raise ModelcError(message, "run the same command to try them again")


@contextmanager
def _artifact(model: Model, path: str) -> Generator[Artifact]:
    """The model as a `.modelc` file: the one that it was loaded from, else a temporary one."""
    if is_artifact(path):
        yield Artifact.at(path)
        return
    with tempfile.TemporaryDirectory(prefix="modelc-") as folder:
        made = Path(folder) / "model.modelc"
        model.save(made)
        yield Artifact.at(made)


def _tell_skipped(bad: BadSample) -> None:
    tell(f"warning: left out: {bad.named}")


def _tell_bad(bad: BadChunk) -> None:
    tell(f"warning: left out: {bad.name}: {bad.error}")
