"""Which runtimes a model can be compared with, and the file that each is given."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

from modelc.errors import InputError
from modelc.text.unknown import unknown

PeerName = Literal["onnxruntime", "openvino"]
PEERS: tuple[PeerName, ...] = get_args(PeerName)


def require_peers(files: Mapping[str, str | os.PathLike[str] | None]) -> None:
    """Raise `InputError`, before any work is done, for a runtime that is not known, not installed, or has no file."""
    for name, file in files.items():
        if name not in PEERS:
            raise InputError(*unknown("runtime", name, PEERS))
        if file is None:
            raise InputError(
                f"{name} needs a file of the same model: modelc does not write one yet",
                f"give --compare {name}=FILE.onnx (in Python: compare={{{name!r}: …}})",
            )
        if find_spec(name) is None:
            raise InputError(f"to compare with {name} it has to be installed: pip install 'modelc[peers]'")
        if not Path(file).is_file():
            raise InputError(f"there is no file {os.fspath(file)}, which {name} was to load")
