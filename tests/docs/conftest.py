"""The programs of docs/site, which are no package, a site that was built, and a browser."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.pages.conftest import chromium as chromium

SITE = Path(__file__).parents[2] / "docs" / "site"


@pytest.fixture(autouse=True)
def programs(monkeypatch: pytest.MonkeyPatch) -> None:
    """`import staging` finds docs/site/staging.py."""
    monkeypatch.syspath_prepend(str(SITE))


@pytest.fixture(scope="session")
def site() -> Path:
    """The folder of a site that was built."""
    folder = os.environ.get("MODELC_SITE")
    if not folder:
        pytest.skip("MODELC_SITE names no site: python docs/site FOLDER builds one")
    return Path(folder)
