"""Two models side by side: what the page says of each layer, held against the comparison's text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from modelc.pages import side_by_side
from tests.cli.conftest import run as run
from tests.pages.browser import Browser, pixels


def spec(*layers: dict[str, Any]) -> Spec:
    return load_spec({"modelc": 1, "name": "net", "input": {"shape": [8]}, "layers": list(layers)})


@pytest.fixture
def pair() -> tuple[Spec, Spec]:
    before = spec(
        {"type": "Dense", "units": 16, "name": "first"}, {"type": "ReLU", "name": "act"},
        {"type": "Dense", "units": 4, "name": "second"}, {"type": "Softmax", "name": "out"},
    )  # fmt: skip
    after = spec(
        {"type": "Dense", "units": 32, "name": "first"}, {"type": "Dropout", "rate": 0.5, "name": "drop"},
        {"type": "Dense", "units": 4, "name": "second"}, {"type": "Softmax", "name": "result"},
    )  # fmt: skip
    return before, after


def data(html: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)
    assert found is not None
    return json.loads(found[1])


def by_name(page: dict[str, Any], side: int, what: str) -> dict[str, Any]:
    return dict(zip(page["models"][side]["nodes"]["name"], page["diff"][what][side], strict=True))


def test_every_layer_has_what_became_of_it_and_its_partner(pair: tuple[Spec, Spec]) -> None:
    page = data(side_by_side(*pair).to_html())
    assert by_name(page, 0, "status") == {
        "input": "", "first": "changed", "act": "removed", "second": "reshaped", "out": "renamed",
    }  # fmt: skip
    assert by_name(page, 1, "status") == {
        "input": "", "first": "changed", "drop": "added", "second": "reshaped", "result": "renamed",
    }  # fmt: skip
    assert by_name(page, 0, "partner") == {"input": 0, "first": 1, "act": -1, "second": 3, "out": 4}
    assert by_name(page, 1, "partner") == {"input": 0, "first": 1, "drop": -1, "second": 3, "result": 4}
    assert page["diff"]["order"] == [[1, 1], [0, 2], [1, 2], [1, 4]]
    assert page["diff"]["options"][1]["1"] == [
        ["units", "16", "32"], ["output", "(None, 16)", "(None, 32)"], ["parameters", "144", "288"],
    ]  # fmt: skip
    assert page["diff"]["summary"] == "1 removed, 1 added, 1 changed, 1 renamed, 1 with other shapes"


def test_all_uses_of_a_shared_layer_have_partners(nested: Spec) -> None:
    other = load_spec(nested.to_yaml().replace("filters: 4", "filters: 6"))
    page = data(side_by_side(nested, other).to_html())
    assert by_name(page, 0, "partner")["encoder"] == 2 and by_name(page, 0, "partner")["twin"] == 3
    assert by_name(page, 1, "status")["conv"] == "changed"


def test_models_that_do_not_differ(pair: tuple[Spec, Spec]) -> None:
    page = data(side_by_side(pair[0], pair[0]).to_html())
    assert page["diff"]["summary"] == "no differences" and page["diff"]["order"] == []
    assert set(page["diff"]["status"][0]) == {""}


def test_selecting_a_layer_selects_its_counterpart(chromium: Browser, pair: tuple[Spec, Spec], tmp_path: Path) -> None:
    side_by_side(*pair, ("old.yaml", "new.yaml")).save(tmp_path / "diff.html")
    chromium.open(tmp_path / "diff.html")
    assert chromium.texts(".pane h2") == ["A old.yaml", "B new.yaml"]
    assert chromium.text("#found") == "4 layers that differ"
    assert chromium.texts("#rows .row b") == ["~ first", "− act", "+ drop", "→ result"]
    chromium.press("n")
    assert chromium.text("#details h2") == "first"
    assert "16 → 32" in chromium.text("#details")
    chromium.press("n")
    assert [chromium.text("#details h2"), chromium.text("#details .removed")] == ["act", "removed"]
    assert chromium.told == []


@pytest.mark.parametrize("key", ["f", "0"])
def test_captions_cover_no_layer(chromium: Browser, pair: tuple[Spec, Spec], tmp_path: Path, key: str) -> None:
    side_by_side(*pair, ("old.yaml", "new.yaml")).save(tmp_path / "diff.html")
    chromium.open(tmp_path / "diff.html", height=300)
    chromium.press(key)
    boxes = chromium.run(
        "[...document.querySelectorAll('.pane h2')].map((one) => one.getBoundingClientRect().toJSON())"
    )
    chromium.run("document.querySelectorAll('.pane h2').forEach((one) => { one.style.visibility = 'hidden'; })")
    picture = pixels(chromium)
    assert len(boxes) == 2
    for box in boxes:
        left, right, top, bottom = (round(box[side]) for side in ("left", "right", "top", "bottom"))
        behind = picture[top:bottom, left:right].reshape(-1, 3)
        assert len(behind) > 500 and (behind == behind[0]).all()


def test_the_command_writes_the_page(run: Any, pair: tuple[Spec, Spec]) -> None:
    for name, one in zip(("a.yaml", "b.yaml"), pair, strict=True):
        Path(name).write_text(one.to_yaml())
    result = run("diff", "--html", "a.yaml", "b.yaml")
    assert (result.code, result.out) == (1, "diff.html\n")
    page = data(Path("diff.html").read_text())
    assert page["diff"]["captions"] == ["A  a.yaml", "B  b.yaml"]
    assert run("diff", "--html", "-o", "same.html", "a.yaml", "a.yaml").code == 0
    refused = run("diff", "--html", "-o", "b.yaml", "a.yaml", "b.yaml")
    assert refused.code != 0 and Path("b.yaml").read_text() == pair[1].to_yaml()
    assert "--output and --open are for --html" in run("diff", "-o", "x.html", "a.yaml", "b.yaml").err
