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
    """Raise `InputError`, before any work is done, for a runtime that is not known, not installed, or whose file is not
    there. None is for a file that is to be made of the model."""
    for name, file in files.items():
        if name not in PEERS:
            raise InputError(*unknown("runtime", name, PEERS))
        if find_spec(name) is None:
            raise InputError(f"to compare with {name} it has to be installed: pip install 'modelc[peers]'")
        if file is not None and not Path(file).is_file():
            raise InputError(f"there is no file {os.fspath(file)}, which {name} was to load")
