"""The pages as the site has them: those of docs/, some of the top folder, and the notebook as a page.

Pages are written to be read in the repository too. So a link to a file outside of the site becomes one to the
repository on the web, and names of the Python API get their documentation (`api.py`).
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

from api import with_documentation
from notebook_page import page_of

ROOT = Path(__file__).resolve().parents[2]
REPOSITORY = "https://github.com/modelc/modelc/blob/main"
MOVED = {
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "docs/tour.ipynb": "tour.md",
}
"""Files that have another path on the site than in docs/."""
WRITTEN_HERE = ("SECURITY.md", "CHANGELOG.md")
"""Of these, those whose text is a page of the site."""
BROUGHT = ("site.css", "iframe-worker.js")
"""What the pages load beside the theme."""
LEFT_OUT = ("generate", "site")
"""Folders of docs/ that hold no pages."""

_LINK = re.compile(r"(?<=\]\()([^)\s#]+)(?=[#)])")
_CODE = re.compile(r"(^ *```.*?^ *```$|`[^`\n]+`)", re.MULTILINE | re.DOTALL)


def stage(folder: Path) -> None:
    """Write the pages, and the files that they show, into a new folder."""
    docs = ROOT / "docs"
    shutil.copytree(docs, folder, ignore=lambda _, names: [n for n in names if n in LEFT_OUT or n.endswith(".ipynb")])
    for name in BROUGHT:
        shutil.copy(Path(__file__).parent / name, folder / name)
    for page in folder.rglob("*.md"):
        path = f"docs/{page.relative_to(folder).as_posix()}"
        page.write_text(with_documentation(staged(page.read_text(encoding="utf-8"), path)), encoding="utf-8")
    for path in WRITTEN_HERE:
        (folder / MOVED[path]).write_text(staged((ROOT / path).read_text(encoding="utf-8"), path), encoding="utf-8")
    text = staged(page_of(docs / "tour.ipynb", folder / "tour"), "docs/tour.ipynb")
    (folder / MOVED["docs/tour.ipynb"]).write_text(text, encoding="utf-8")


def staged(text: str, path: str) -> str:
    """The text of the page at this path of the repository, with links as the site has them."""
    return _outside_code(text, lambda part: _LINK.sub(lambda found: site_link(found[1], path), part))


def site_link(link: str, path: str) -> str:
    """Where a link of the page at this path of the repository leads on the site."""
    if "://" in link or link.startswith("mailto:"):
        return link
    target = os.path.normpath(os.path.join(os.path.dirname(path), link)).replace(os.sep, "/")
    on_site = _on_site(target)
    if on_site is None:
        return f"{REPOSITORY}/{target}"
    return os.path.relpath(on_site, os.path.dirname(_on_site(path) or "")).replace(os.sep, "/")


def _on_site(path: str) -> str | None:
    """The path on the site of a file of the repository; None where the site does not have it."""
    if path in MOVED:
        return MOVED[path]
    first, _, rest = path.partition("/")
    return rest if first == "docs" and rest.partition("/")[0] not in LEFT_OUT else None


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    """The text with everything changed that is not code."""
    return "".join(part if at % 2 else change(part) for at, part in enumerate(_CODE.split(text)))
