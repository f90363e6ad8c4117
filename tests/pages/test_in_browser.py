"""Pages in a headless Chromium: what a reader sees and does."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import modelc
from modelc.model.loading import load_spec
from modelc.model.spec import Spec
from modelc.pages.kinds import KINDS
from tests.pages.browser import Browser, pixels


@pytest.fixture(scope="module")
def resnet(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pages") / "resnet50.html"
    modelc.view("zoo:resnet50").save(path)
    return path


def has_colour(picture: np.ndarray, colour: str) -> bool:
    """Whether some pixels have a colour, given as `#rrggbb`."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    return bool((np.abs(picture - wanted).max(-1) <= 2).sum() > 20)


def search(chromium: Browser, text: str) -> None:
    chromium.click_on("#search")
    chromium.run("document.querySelector('#search').select()")
    chromium.type(text)


def details(chromium: Browser) -> dict[str, str]:
    """The rows of the panel's tables."""
    script = (
        "[...document.querySelectorAll('#details tr')].map((row) => [...row.children].map((cell) => cell.innerText))"
    )
    return {name: value for name, value, *_ in chromium.run(script)}


def test_the_page_of_resnet50(chromium: Browser, resnet: Path) -> None:
    chromium.open(resnet)
    assert chromium.told == []
    assert chromium.text("#title") == "resnet50"
    assert chromium.text("#totals") == "177 layers · 25.6 M parameters · 3.86 G MACs per sample"
    assert details(chromium)["Total params"] == "25,636,712 (97.80 MB)"
    rows = chromium.texts("#rows .row b")
    assert rows[:3] == ["input_layer", "conv1_pad", "conv1_conv"]
    assert len(rows) < 40, "only the rows in sight exist"
    assert "convolution 53" in chromium.text("#legend")
    picture = pixels(chromium)
    for kind in ("input", "convolution", "normalization", "activation", "pooling"):
        assert has_colour(picture, KINDS[kind].colour)


def test_a_layer_that_is_searched_is_found_selected_and_told(chromium: Browser, resnet: Path) -> None:
    chromium.open(resnet)
    search(chromium, "conv4_block6_2 conv2d")
    assert chromium.text("#found") == "1 layer found"
    chromium.press("Enter")
    assert chromium.text("#details h2") == "conv4_block6_2_conv"
    told = details(chromium)
    # 3·3·256·256 + 256 weights; the same without the bias at 14·14 places.
    assert told["parameters"].startswith("590,080 ")
    assert told["MACs"].startswith(f"{14 * 14 * 9 * 256 * 256:,} ")
    assert (told["input"], told["output"], told["kernel"]) == ("14×14×256", "14×14×256", "3×3")
    assert told["filters"] == "256"
    assert chromium.text("#details .place").startswith("zoo:resnet50:")
    assert chromium.text("#said") == "conv4_block6_2_conv, Conv2D, output 14×14×256"
    assert chromium.texts("#rows [aria-selected=true] b") == ["conv4_block6_2_conv"]


def test_keys_go_from_layer_to_layer(chromium: Browser, resnet: Path) -> None:
    chromium.open(resnet)
    chromium.run("document.querySelector('canvas.graph').focus()")
    seen = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "End", "Home"):
        chromium.press(key)
        seen.append(chromium.text("#details h2"))
    assert seen == ["input_layer", "conv1_pad", "conv1_conv", "conv1_pad", "predictions", "input_layer"]
    chromium.press("Escape")
    assert chromium.text("#details h2") == "resnet50"
    chromium.press("?")
    assert chromium.run("document.querySelector('#keys').open")


def test_all_of_a_long_model_is_seen_at_once_in_columns(chromium: Browser, resnet: Path) -> None:
    chromium.open(resnet)
    assert not has_colour(pixels(chromium)[60:760, 300:860], KINDS["core"].colour), "the last layer is out of sight"
    chromium.press("0")
    picture = pixels(chromium)[60:760, 300:860]
    for kind in ("input", "pooling", "core"):
        assert has_colour(picture, KINDS[kind].colour)
    # The last layer is the only one of its kind: a click on its colour selects it.
    core = [int(KINDS["core"].colour[i : i + 2], 16) for i in (1, 3, 5)]
    y, x = np.argwhere(np.abs(picture - core).max(-1) <= 2).mean(0)
    chromium.click(float(x) + 300, float(y) + 60)
    assert chromium.text("#details h2") == "predictions"
    chromium.press("f")
    assert not has_colour(pixels(chromium)[60:760, 300:860], KINDS["core"].colour)


def test_colours_show_costs(chromium: Browser, resnet: Path) -> None:
    chromium.open(resnet)
    chromium.press("c", "c", "c")
    assert chromium.run("document.querySelector('#colours').value") == "macs"
    assert "".join(chromium.text("#legend").split()) == "MACsofalayer:2.05M118Mnone"
    chromium.run("(s => { s.value = 'macs'; s.dispatchEvent(new Event('change')); })(document.querySelector('#sort'))")
    chromium.drawn()
    assert chromium.texts("#rows .row b")[0] == "conv1_conv"


def test_light_and_dark(chromium: Browser, resnet: Path) -> None:
    chromium.open(resnet, dark=True)
    assert pixels(chromium)[400, 700].max() < 60
    chromium.press("t")
    assert pixels(chromium)[400, 700].min() > 200
    chromium.run("localStorage.clear()")


def test_a_nested_model_folds_and_unfolds(chromium: Browser, nested: Spec, tmp_path: Path) -> None:
    modelc.view(nested).save(tmp_path / "page.html")
    chromium.open(tmp_path / "page.html")
    folded = pixels(chromium)
    assert not has_colour(folded[60:760, 300:860], KINDS["pooling"].colour)
    search(chromium, "encoder/pool")
    chromium.press("Enter")
    assert chromium.text("#details h2") == "pool"
    assert has_colour(pixels(chromium)[60:760, 300:860], KINDS["pooling"].colour), "selecting an inner layer unfolds"
    chromium.press("Escape")
    chromium.run("document.querySelector('#fold').click()")
    chromium.drawn()
    assert not has_colour(pixels(chromium)[60:760, 300:860], KINDS["pooling"].colour)


def test_histograms_are_drawn(chromium: Browser, nested: Spec, tmp_path: Path) -> None:
    model = nested.build(backend="reference", seed=1)
    model.view().save(tmp_path / "page.html")
    chromium.open(tmp_path / "page.html")
    search(chromium, "same")
    chromium.press("Enter")
    kernel = model.arrays["same/kernel"]
    counts = chromium.run("[...document.querySelector('.weight svg').children].map((bar) => Number(bar.textContent))")
    assert counts == np.histogram(kernel.astype(np.float64), 40, (kernel.min(), kernel.max()))[0].tolist()
    assert "100% zeros" in chromium.texts(".weight")[1]  # the bias


def test_hostile_names_are_text(chromium: Browser, hostile: Spec, tmp_path: Path) -> None:
    modelc.view(hostile).save(tmp_path / "page.html")
    chromium.open(tmp_path / "page.html")
    assert chromium.text("#title") == hostile.name
    chromium.run("document.querySelector('#rows .row:nth-child(3)').click()")
    assert chromium.text("#details h2") == hostile.layers[1].name
    assert chromium.run("window.broken") is None and chromium.told == []
    assert chromium.run("document.images.length + document.scripts.length") == 2


def test_the_policy_refuses_other_scripts(chromium: Browser, nested: Spec, tmp_path: Path) -> None:
    html = modelc.view(nested).to_html().replace("</body>", "<script>window.broken = 1</script></body>")
    (tmp_path / "page.html").write_text(html)
    chromium.open(tmp_path / "page.html")
    assert chromium.run("window.broken") is None
    assert any("Content Security Policy" in line for line in chromium.told)


@pytest.mark.parametrize("size", [(360, 640), (800, 600), (1920, 1080)])
def test_pages_fit_every_window(chromium: Browser, resnet: Path, size: tuple[int, int]) -> None:
    chromium.open(resnet, *size)
    assert chromium.told == []
    assert chromium.run("[document.documentElement.scrollWidth, document.documentElement.scrollHeight]") == list(size)
    width, height = chromium.run(
        "(({width, height}) => [width, height])(document.querySelector('.pane').getBoundingClientRect())"
    )
    assert width >= 250 and height >= 300


@pytest.mark.slow
def test_ten_thousand_layers(chromium: Browser, tmp_path: Path) -> None:
    layers = [{"type": "Activation", "activation": "relu", "name": f"a{i}"} for i in range(10_000)]
    spec = load_spec({"modelc": 1, "input": {"shape": [4]}, "layers": layers})
    modelc.view(spec).save(tmp_path / "page.html")
    started = time.monotonic()
    chromium.open(tmp_path / "page.html")
    search(chromium, "a9876")
    chromium.press("Enter")
    assert time.monotonic() - started < 20
    assert chromium.text("#details h2") == "a9876"
    frame = chromium.run("""new Promise((done) => {
      const canvas = document.querySelector("canvas.graph"), started = performance.now();
      canvas.dispatchEvent(new WheelEvent("wheel", {deltaY: 300, cancelable: true}));
      requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - started)));
    })""")
    assert frame < 1000
