"""The site as a reader sees it, opened from its folder without network."""

from __future__ import annotations

import io
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
