"""The folders of the models' files, made where they are not there yet."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from _side_process import SideError

from _peers.sides import environment


@contextmanager
def files(model: str, batches: Sequence[int], kept: Path | None) -> Generator[tuple[Path, int]]:
    """A folder with the files of a model, and the multiply-adds of a sample. It goes at the end, unless `kept` is said:
    the folder in which those of a model stay, and are used again."""
    root = kept or Path(tempfile.mkdtemp(prefix="bench-peers-"))
    folder = root / model
    try:
        folder.mkdir(parents=True, exist_ok=True)
        made = folder / "made.json"
        if not made.exists() or not {*batches} <= {*json.loads(made.read_text())["batches"]}:
            command = [sys.executable, "-m", "_peers.make", model, str(folder), *map(str, batches)]
            done = subprocess.run(command, capture_output=True, text=True, env=environment())
            if done.returncode:
                raise SideError(f"{model} was not made:\n{done.stderr[-1500:]}")
        yield folder, json.loads(made.read_text())["macs"]
    finally:
        if kept is None:
            shutil.rmtree(root, ignore_errors=True)
