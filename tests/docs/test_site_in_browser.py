"""The site as a reader sees it, opened from its folder without network."""

from __future__ import annotations

import io
import re
import time
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.pages.browser import Browser

PAGES = ["index.html", "tutorial.html", "zoo.html", "performance.html", "layers.html", "api/layers.html", "tour.html"]


def brightness(chromium: Browser) -> float:
    """The median of all pixels: that of the background."""
    return float(np.median(np.asarray(Image.open(io.BytesIO(chromium.screenshot())).convert("L"))))


@pytest.mark.parametrize("page", PAGES)
def test_a_page_loads_nothing_from_elsewhere_and_has_two_schemes(site: Path, chromium: Browser, page: str) -> None:
    chromium.open(site / page)
    assert chromium.told == []
    assert chromium.run("document.querySelector('h1').innerText").strip()
    assert brightness(chromium) > 200
    chromium.open(site / page, dark=True)
    assert chromium.told == []
    assert brightness(chromium) < 60


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_as_wide_as_a_phone(site: Path, chromium: Browser, page: str) -> None:
    chromium.open(site / page, 390, 844)
    assert chromium.run("document.documentElement.scrollWidth") <= 390
    assert chromium.run("[...document.images].filter((one) => !one.naturalWidth).map((one) => one.src)") == []


SEEN = """
(function text(root) {
  return [...root.querySelectorAll("*")].map((one) => one.shadowRoot ? text(one.shadowRoot) : "").join("")
    + (root.host ? root.textContent : "");
})(document)
"""
"""What stands in parts of the page that have a document of their own, as the search does."""


def test_the_search_finds_a_layer_in_a_page_opened_as_a_file(site: Path, chromium: Browser) -> None:
    chromium.open(site / "howto" / "index.html")
    chromium.click_on(".md-search__button")
    chromium.type("LocallyConnected2D")
    end = time.monotonic() + 30
    while " results" not in (found := chromium.run(SEEN)) and time.monotonic() < end:
        time.sleep(0.1)
    assert re.search(r"LocallyConnected2D\s*Reference\s*Python API\s*modelc.layers", found)
    assert chromium.told == []
