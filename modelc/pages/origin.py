"""`SpecLine`: where a layer is written."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from modelc import zoo
from modelc.language.expansion.files import ZOO
from modelc.language.text.node import TextNode, UseSite

_ZOO_FOLDER = Path(zoo.__file__).parent


@dataclass(frozen=True, slots=True)
class SpecLine:
    """The line of a layer in the text of a spec."""

    file: str
    line: int
    text: str
    """The line, without the blanks around it."""
    site: str = ""
    """The block that it comes from, and where that is used: `residual, used at resnet.yaml:31`."""


def origin_of(place: Any, folder: Path | None) -> SpecLine | None:
    """Where a layer is written; None where it is in no text. Files are named from the spec's folder, `folder`."""
    if not isinstance(place, TextNode) or place.line is None:
        return None
    text = (place.source.line(place.line) or "").strip()
    return SpecLine(_named(place.source.name, folder), place.line, text, _sites(place.site, folder))


def _sites(site: UseSite | None, folder: Path | None) -> str:
    told: list[str] = []
    while site is not None:
        at = f", used at {_named(site.place.source.name, folder)}:{site.place.line}" if site.place.line else ""
        told.append(f"block {site.block}{at}")
        site = site.outer
    return "; ".join(told)


@lru_cache(256)
def _named(name: str, folder: Path | None) -> str:
    """A file as the spec would name it: what lies elsewhere on the machine is nobody else's business."""
    path = Path(name)
    if not path.is_absolute():
        return name
    if path.parent == _ZOO_FOLDER:
        return f"{ZOO}{path.stem}"
    if folder is not None and path.is_relative_to(folder.absolute()):
        return os.fspath(path.relative_to(folder.absolute()))
    return path.name
