"""`Section`: what was found about one thing, and what is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple


class Problem(NamedTuple):
    """Something that is wrong, and what to do."""

    what: str
    fix: str


@dataclass(frozen=True)
class Section:
    """Facts by name, as plain data, and problems."""

    facts: Mapping[str, Any]
    problems: tuple[Problem, ...] = ()


def private(text: str) -> str:
    """A text without the path of the home folder, which names the user: `~` stands for it."""
    home = str(Path.home())
    for folder in sorted({home, os.path.realpath(home)}, key=len, reverse=True):
        if folder.strip(os.sep):
            text = text.replace(folder, "~")
    return text
