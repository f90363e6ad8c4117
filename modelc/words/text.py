"""Notation mistakes in a line of text: a missing space, a Python tuple, a Python program instead of a spec."""

from __future__ import annotations

from re import MULTILINE
from re import compile as regex

_DASH = regex(r"(\s*)-([A-Za-z_]\w*)\s*:(?:\s|$)")
_COLON = regex(r"\s*(?:-\s+)?(?:\{\s*)?([A-Za-z_]\w*):(?=[^\s:/\\])")
_GLUED_KEY = regex(r"(-?)([A-Za-z_]\w*)(:?)(.*)")
_TUPLE = regex(r"(?:[:\[,]|^)\s*(\(\s*([^()]*,[^()]*?)\s*,?\s*\))")
_PYTHON = regex(
    r"^\s*(?:(?:import|from)\s+\w[\w.]*(?:\s+(?:import|as)\b.*)?$|(?:def|class)\s+\w+\s*\(.*\)?\s*:|"
    r"(?:\w+\s*=\s*)?(?:\w+\.)*(?:Sequential|Functional|Model|Input|Module)\(|model\.\w+\()",
    MULTILINE,
)

PYTHON = "this is a Python program, not a spec"
PYTHON_HELP = (
    "write the layers as a spec (`modelc init` writes an example); `modelc import` takes a file that Keras saved"
)


def glued(line: str) -> tuple[int, str, str] | None:
    """A space that is missing after a `-` or a `:` at the start of a line: the column, the message and the help."""
    found = _DASH.match(line)
    if found is not None:
        return found.end(1) + 1, "no space after the `-`", f"write `- {found[2]}: …`"
    found = _COLON.match(line)
    if found is not None:
        return found.start(1) + 1, "no space after the `:`", f"write `{found[1]}: …`"
    return None


def glued_key(key: str) -> tuple[str, str] | None:
    """The key that is meant where one was read with its dash or its value, `units:3`, and the help; or None."""
    found = _GLUED_KEY.fullmatch(key)
    if found is None or not (found[1] or (found[3] and found[4])):
        return None
    if found[1]:
        return found[2], f"write `- {found[2]}: …`, with a space after the dash"
    return found[2], f"write `{found[2]}: {found[4]}`, with a space after the colon"


def python_tuple(line: str, column: int) -> tuple[int, str, str] | None:
    """The Python tuple of a line that covers a column: its own column, its text, and the list that is meant."""
    for found in _TUPLE.finditer(line):
        if found.start(1) < column <= found.end(1):
            return found.start(1) + 1, found[1], f"[{found[2]}]"
    return None


def is_python(text: str) -> bool:
    """Whether a text has a line that only a Python program has."""
    return _PYTHON.search(text) is not None
