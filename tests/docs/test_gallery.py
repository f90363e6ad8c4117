"""The gallery of the zoo says what is so, of every architecture: `python docs/generate --zoo` writes it."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from modelc import zoo
from modelc.model.loading import load_spec
from modelc.pages.picture import picture_of
from tests.zoo.families import others_slow

DOCS = Path(__file__).parents[2] / "docs"


def test_the_gallery_has_every_architecture_once() -> None:
    page = (DOCS / "zoo.md").read_text(encoding="utf-8")
    assert sorted(path.stem for path in (DOCS / "zoo").glob("*.svg")) == list(zoo.names())
    assert [page.count(f"](zoo/{name}.svg)") for name in zoo.names()] == [1] * len(zoo.names())


@pytest.mark.parametrize("name", others_slow(zoo.names(), ["mobilenet_v2"]))
def test_an_entry_is_up_to_date(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(DOCS / "generate"))
    from zoo_page import zoo_card, zoo_model
    from zoo_picture import zoo_picture

    model = zoo_model(name)
    assert zoo_card(name, model) in (DOCS / "zoo.md").read_text(encoding="utf-8")
    assert zoo_picture(model) == (DOCS / "zoo" / f"{name}.svg").read_text(encoding="utf-8")


def test_a_picture_is_made_of_what_the_layers_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a model that can be counted by hand: 9·9·8·27 and 10·8 multiply-adds, 224 and 90 parameters."""
    monkeypatch.syspath_prepend(str(DOCS / "generate"))
    from zoo_picture import zoo_picture

    text = """
modelc: 1
input: {shape: [9, 9, 3]}
layers:
  - {type: Conv2D, filters: 8, kernel_size: 3, padding: same}
  - {type: ReLU}
  - {type: GlobalAveragePooling2D}
  - {type: Dense, units: 10}
"""
    drawing = ElementTree.fromstring(zoo_picture(picture_of(load_spec(text))))
    name = "{http://www.w3.org/2000/svg}"
    stripes = [one.get("d", "") for one in drawing.iter(f"{name}path") if one.get("stroke")]
    heights = [float(line.rpartition("v")[2]) for line in stripes]
    assert heights == [96.0, 32.0, 32.0]  # the convolution, a third of its height for one of 9 pixels, the dense layer
    areas = [one.get("d", "") for one in drawing.iter(f"{name}path") if one.get("fill")]
    macs, params = ([float(y) for y in re.findall(r"V([\d.]+)h", area)] for area in areas)
    base = max(macs)
    tall = [base - y for y in macs]
    assert tall[0] > 0
    assert tall[1] == 0
    assert tall[2] == pytest.approx(tall[0] * 80 / (9 * 9 * 8 * 27), abs=0.1)
    assert max(params) - params[2] == pytest.approx((max(params) - params[0]) * 90 / 224, abs=0.1)
    assert [one.text for one in drawing.iter(f"{name}text")] == ["9"]
