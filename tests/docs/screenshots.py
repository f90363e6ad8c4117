"""Pictures of pages of a site, wide and narrow, light and dark, to be looked at.

python -m tests.docs.screenshots SITE FOLDER [PAGE.html ...]
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.docs.test_site_in_browser import PAGES
from tests.pages.browser import browser

SIZES = {"desktop": (1280, 900), "phone": (390, 844)}


def main(site: Path, folder: Path, pages: list[str]) -> None:
    """Write a picture of each page in each size and scheme into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with browser() as shown:
        for page in pages:
            for name, size in SIZES.items():
                for dark in (False, True):
                    shown.open(site / page, *size, dark=dark)
                    target = folder / f"{page.removesuffix('.html').replace('/', '-')}-{name}{'-dark' * dark}.png"
                    target.write_bytes(shown.screenshot())
                    print(target, *shown.told, sep="\n  ")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:] or PAGES)
