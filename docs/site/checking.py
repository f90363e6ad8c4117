"""What is wrong with the pages of a site: links and anchors that lead nowhere, and what is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

_LOADING = {
    "script": "src", "img": "src", "iframe": "src", "source": "src", "video": "src", "audio": "src", "embed": "src",
    "object": "data", "link": "href",
}  # fmt: skip
"""By element, the attribute whose address a browser loads unasked."""
_NOT_LOADED = ("canonical", "edit", "next", "prev", "alternate")
"""Kinds of `<link>` that are told and not loaded."""
_STYLE_ADDRESS = re.compile(r"(?:url\(|@import)\s*['\"]?\s*((?:https?:)?//[^'\")\s]+)")


@dataclass
class _Page(HTMLParser):
    """The anchors of a page, where its links lead, and what it loads."""

    anchors: set[str] = field(default_factory=set[str])
    links: list[str] = field(default_factory=list[str])
    loaded: list[str] = field(default_factory=list[str])

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what an element refers to."""
        given = {name: value or "" for name, value in attrs}
        self.anchors |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        address = given.get(_LOADING.get(tag, ""))
        if address and not (tag == "link" and given.get("rel") in _NOT_LOADED):
            self.loaded.append(address)
        if "srcset" in given:
            self.loaded += [one.split()[0] for one in given["srcset"].split(",") if one.strip()]
        self.loaded += _STYLE_ADDRESS.findall(given.get("style", ""))


def mistakes(site: Path) -> list[str]:
    """A line for each mistake in the pages and style sheets below this folder."""
    pages = {path: _read(path) for path in sorted(site.rglob("*.html"))}
    wrong = [f"{path.relative_to(site)}: {what}" for path in pages for what in _of(site, path, pages)]
    for sheet in sorted(site.rglob("*.css")):
        text = sheet.read_text(encoding="utf-8")
        wrong += [f"{sheet.relative_to(site)}: loads {address}" for address in _STYLE_ADDRESS.findall(text)]
    return wrong


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def _of(site: Path, path: Path, pages: Mapping[Path, _Page]) -> Iterator[str]:
    """What is wrong with one page. An address that begins with a slash is from the top of the site."""
    page = pages[path]
    for address in dict.fromkeys([*page.links, *page.loaded]):
        parts = urlsplit(address)
        if parts.scheme or parts.netloc:
            if address in page.loaded and parts.scheme != "data":
                yield f"loads {address}"
            continue
        folder = site if parts.path.startswith("/") else path.parent
        target = (folder / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
        if target.is_dir():
            target /= "index.html"
        if not target.exists():
            yield f"links to {address}, which does not exist"
        elif parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors:
            yield f"links to {address}, which has no such anchor"
