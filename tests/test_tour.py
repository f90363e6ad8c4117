"""The tour notebook runs, and shows what it holds: docs/tour.ipynb."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from tests import notebook

ROOT = Path(__file__).parents[1]
TOUR = ROOT / "docs" / "tour.ipynb"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> list[list[notebook.Output]]:
    folder = tmp_path_factory.mktemp("tour")
    shutil.copytree(ROOT / "specs", folder / "specs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        return notebook.run(notebook.read(TOUR))


def told(outputs: list[notebook.Output]) -> list[tuple[str, Any]]:
    """What does not depend on the machine: texts without digits of measurements, and the kinds of pictures."""
    found: list[tuple[str, Any]] = []
    for output in outputs:
        if output["output_type"] == "stream":
            found.append(("stream", re.sub(r"[\d.]+", "#", "".join(output["text"]))))
        else:
            found.append(("value", sorted(output["data"])))
    return found


def test_outputs_are_those_that_the_notebook_holds(shown: list[list[notebook.Output]]) -> None:
    """`python -m tests.notebook docs/tour.ipynb` writes them."""
    cells = notebook.code_cells(notebook.read(TOUR))
    assert [told(outputs) for outputs in shown] == [told(cell["outputs"]) for cell in cells]


def test_pictures_are_pictures(shown: list[list[notebook.Output]]) -> None:
    pictures = [
        "".join(one["data"]["image/svg+xml"]) for outputs in shown for one in outputs
        if "image/svg+xml" in one.get("data", {})
    ]  # fmt: skip
    assert len(pictures) >= 3
    for picture in pictures:
        assert ElementTree.fromstring(picture).tag == "{http://www.w3.org/2000/svg}svg"


def test_what_a_cell_prints_and_shows() -> None:
    namespace: dict[str, Any] = {}
    (printed, value) = notebook.run_cell("x = 2\nprint(x)\nx + 1", namespace)
    assert (printed["text"], value["data"]) == (["2\n"], {"text/plain": ["3"]})
    assert notebook.run_cell("x = 3", namespace) == []
