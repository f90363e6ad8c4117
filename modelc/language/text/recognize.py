"""Which of the YAML and JSON files in a folder are specs: other tools have such files too."""

from __future__ import annotations

import re
from pathlib import Path

from modelc.files.kinds import SPEC_LINE
from modelc.language.expansion.files import ZOO

SUFFIXES = (".yaml", ".yml", ".json")
"""What the names of specs end with."""
NAMED = tuple(f".modelc{suffix}" for suffix in SUFFIXES)
"""What the names of files end with that are specs whatever they hold."""

_HEAD_BYTES = 2**16
_LONGEST_CHAIN = 16
_JSON_KEY = re.compile(r'^\s*\{(?:\s*"(?:\$schema|name)"\s*:\s*"[^"]*"\s*,)*\s*"(modelc|extends)"\s*:')
_EXTENDS = re.compile(r"""(?m)^(?:\{\s*)?["']?extends["']?\s*:\s*["']?([^"'\s,}#]+)""")


def is_spec(name: str, text: str, depth: int = 0) -> bool:
    """Whether a file of this name with this text is a spec.

    It is if its name says so (`net.modelc.yaml`), if it has the key `modelc` at the top, or if it extends a spec.
    """
    if name.lower().endswith(NAMED) or SPEC_LINE.search(text) is not None:
        return True
    found = _JSON_KEY.match(text)
    if found is not None and found[1] == "modelc":
        return True
    base = _EXTENDS.search(text)
    if base is None or depth > _LONGEST_CHAIN:
        return False
    return base[1].startswith(ZOO) or is_spec_file(Path(name).parent / base[1], depth + 1)


def is_spec_file(path: Path, depth: int = 0) -> bool:
    """Whether a file is a spec; False for one that cannot be read."""
    if not path.name.lower().endswith(SUFFIXES):
        return False
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(_HEAD_BYTES)
    except (OSError, ValueError):
        return False
    return is_spec(str(path), head.decode("utf-8", "replace"), depth)
