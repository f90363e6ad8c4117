"""A notebook with its outputs as a page of Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


def page_of(notebook: Path, folder: Path) -> str:
    """The text of the page. Pictures among the outputs are written into the folder, which lies beside the page."""
    folder.mkdir(exist_ok=True)
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    return "\n\n".join(part for number, cell in enumerate(cells) for part in _cell(cell, number, folder)) + "\n"


def _cell(cell: dict[str, Any], number: int, folder: Path) -> Iterator[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        yield source
        return
    yield f"```python\n{source}\n```"
    for at, output in enumerate(cell["outputs"]):
        yield _output(output, folder / f"{number}-{at}.svg")


def _output(output: dict[str, Any], picture: Path) -> str:
    """What a cell printed or showed: a picture where there is one, else a table, else text."""
    if output["output_type"] == "stream":
        return f"```text\n{''.join(output['text']).rstrip()}\n```"
    shown = {kind: "".join(text) for kind, text in output["data"].items()}
    if "text/html" in shown:
        return f'<div class="output">\n{_one_block(shown["text/html"])}\n</div>'
    if "image/svg+xml" in shown:
        picture.write_text(shown["image/svg+xml"], encoding="utf-8")
        return f"![What the cell shows]({picture.parent.name}/{picture.name})"
    return f"```text\n{shown['text/plain'].rstrip()}\n```"


def _one_block(html: str) -> str:
    """Markup without empty lines, at which Markdown would begin a paragraph."""
    return "\n".join(line for line in html.splitlines() if line.strip())
