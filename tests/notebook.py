"""Runs a notebook without a kernel: its cells in one namespace, each with what it prints and how its last value shows.

    python -m tests.notebook docs/tour.ipynb    run it and write the outputs into it

Jupyter shows a value by `_repr_html_` and the like: the same methods are asked here, so that Python alone is needed.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

Output = dict[str, Any]

_SHOWN = {"text/html": "_repr_html_", "image/svg+xml": "_repr_svg_"}


def run_cell(source: str, namespace: dict[str, Any]) -> list[Output]:
    """The outputs of a cell, as a notebook holds them."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    value = None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, "<cell>", "exec"), namespace)
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "<cell>", "eval"), namespace)
    outputs: list[Output] = []
    if printed.getvalue():
        outputs.append({"output_type": "stream", "name": "stdout", "text": _lines(printed.getvalue())})
    if value is not None:
        data = {kind: _lines(getattr(value, method)()) for kind, method in _SHOWN.items() if hasattr(value, method)}
        data = data or {"text/plain": _lines(repr(value))}
        outputs.append({"output_type": "execute_result", "execution_count": None, "metadata": {}, "data": data})
    return outputs


def run(notebook: dict[str, Any]) -> list[list[Output]]:
    """The outputs of all cells of code, in order, in the current folder."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    return [run_cell("".join(cell["source"]), namespace) for cell in code_cells(notebook)]


def code_cells(notebook: dict[str, Any]) -> list[dict[str, Any]]:
    """The cells that are run."""
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def read(path: Path) -> dict[str, Any]:
    """A notebook, checked for the form that Jupyter reads: version 4.5."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in notebook["cells"]]
    assert len(set(ids)) == len(ids)
    return notebook


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def main(path: Path) -> None:
    """Run a notebook in a folder with the specs of this repository, and write its outputs into it."""
    notebook, home = read(path), Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(Path(__file__).parents[1] / "specs", Path(folder) / "specs")
        os.chdir(folder)
        try:
            results = run(notebook)
        finally:
            os.chdir(home)
    for i, (cell, outputs) in enumerate(zip(code_cells(notebook), results, strict=True), 1):
        cell["execution_count"] = i
        cell["outputs"] = [one | {"execution_count": i} if "execution_count" in one else one for one in outputs]
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]).absolute())
