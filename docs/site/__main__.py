"""Build the documentation as a site that needs no network.

    python docs/site [FOLDER]       build it into FOLDER, by default `site`, which is replaced

The pages of docs/ are staged as the site has them (`staging.py`), Zensical makes HTML of them as `mkdocs.yml` says,
with all warnings as errors, and the result is checked (`checking.py`): each link and anchor leads somewhere, and no
page loads anything from elsewhere. It needs the extra `docs`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from checking import mistakes
from staging import ROOT, stage

CONFIGURATION = Path(__file__).parent / "mkdocs.yml"
MARK = "sitemap.xml"
"""A file that every site has: a folder without it is not replaced."""


def main(arguments: list[str]) -> int:
    """Build and check the site; the exit code."""
    if len(arguments) > 1 or any(one.startswith("-") for one in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    target = Path(arguments[0] if arguments else ROOT / "site").resolve()
    if target.exists() and any(target.iterdir()) and not (target / MARK).exists():
        print(f"{target} holds something else than a site: name another folder", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        stage(work / "docs")
        shutil.copy(CONFIGURATION, work / "mkdocs.yml")
        done = subprocess.run([sys.executable, "-m", "zensical", "build", "--strict"], cwd=work, check=False)
        if done.returncode:
            return 1
        wrong = mistakes(work / "site")
        for line in wrong:
            print(line, file=sys.stderr)
        if wrong:
            print(f"{len(wrong)} mistakes in the pages", file=sys.stderr)
            return 1
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(work / "site", target)
    print(f"{sum(1 for _ in target.rglob('*.html'))} pages in {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
