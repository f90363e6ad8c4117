"""The pages of the site: all of them in its navigation, with links that hold there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.conftest import SITE


class _Loader(yaml.SafeLoader):
    """Reads mkdocs.yml without making the functions that it names."""


_Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: suffix)


def _pages(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    else:
        for one in entry.values() if isinstance(entry, dict) else entry:
            yield from _pages(one)


def test_the_navigation_has_every_page_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import staging

    monkeypatch.setattr(staging, "with_documentation", lambda text: text)  # which reads the whole package
    staging.stage(tmp_path / "docs")
    staged = sorted(path.relative_to(tmp_path / "docs").as_posix() for path in (tmp_path / "docs").rglob("*.md"))
    assert "tour.md" in staged
    assert "security.md" in staged
    navigation = yaml.load((SITE / "mkdocs.yml").read_text(encoding="utf-8"), _Loader)["nav"]
    assert sorted(_pages(navigation)) == staged
    assert not list((tmp_path / "docs").rglob("*.py"))


BLOB = "https://github.com/modelc/modelc/blob/main"


@pytest.mark.parametrize(
    ("path", "link", "expected"),
    [
        ("docs/spec.md", "layers.md", "layers.md"),
        ("docs/howto/features.md", "../spec.md", "../spec.md"),
        ("docs/howto/features.md", "../../Dockerfile", f"{BLOB}/Dockerfile"),
        ("docs/training.md", "../specs/digits_parity.yaml", f"{BLOB}/specs/digits_parity.yaml"),
        ("docs/view.md", "tour.ipynb", "tour.md"),
        ("docs/howto/index.md", "../../SECURITY.md", "../security.md"),
        ("SECURITY.md", "docs/spec.md", "spec.md"),
        ("SECURITY.md", "LICENSE", f"{BLOB}/LICENSE"),
        ("docs/index.md", "../CHANGELOG.md", "changelog.md"),
        ("docs/index.md", "site/mkdocs.yml", f"{BLOB}/docs/site/mkdocs.yml"),
        ("docs/spec.md", "https://example.org/a", "https://example.org/a"),
        ("docs/spec.md", "mailto:a@example.org", "mailto:a@example.org"),
    ],
)
def test_a_link_leads_to_the_same_page_on_the_site(path: str, link: str, expected: str) -> None:
    from staging import site_link

    assert site_link(link, path) == expected


def test_code_and_anchors_stay_as_they_are() -> None:
    from staging import staged

    text = "[a](../LICENSE), `[b](../LICENSE)`, [c](#here), [d](../SECURITY.md#reporting)\n```\n[e](../LICENSE)\n```\n"
    assert staged(text, "docs/x.md") == (
        f"[a]({BLOB}/LICENSE), `[b](../LICENSE)`, [c](#here), [d](security.md#reporting)\n```\n[e](../LICENSE)\n```\n"
    )


def test_a_notebook_becomes_a_page(tmp_path: Path) -> None:
    from notebook_page import page_of

    cells = [
        {"cell_type": "markdown", "source": ["# A title\n", "text"]},
        {
            "cell_type": "code",
            "source": ["x = 1\n", "x"],
            "outputs": [
                {"output_type": "stream", "text": ["printed\n"]},
                {"output_type": "execute_result", "data": {"text/plain": ["1"]}},
                {"output_type": "execute_result", "data": {"image/svg+xml": ["<svg/>"], "text/plain": ["a picture"]}},
                {"output_type": "execute_result", "data": {"text/html": ["<p>\n", "\n", "a</p>"]}},
            ],
        },
    ]
    (tmp_path / "a.ipynb").write_text(json.dumps({"cells": cells}))
    assert page_of(tmp_path / "a.ipynb", tmp_path / "tour") == (
        "# A title\ntext\n\n```python\nx = 1\nx\n```\n\n```text\nprinted\n```\n\n```text\n1\n```\n\n"
        '![What the cell shows](tour/1-2.svg)\n\n<div class="output">\n<p>\na</p>\n</div>\n'
    )
    assert (tmp_path / "tour" / "1-2.svg").read_text() == "<svg/>"


@pytest.mark.slow
def test_names_get_their_signature_and_docstring() -> None:
    """Of a class with a stub, a function with keywords, and a method that a class inherits."""
    from api import with_documentation

    page = with_documentation("# T\n\n::: modelc.regularizers.L2\n\n::: modelc.load_spec\n")
    assert "### L2 { #modelc.regularizers.L2 }\n\n```python\nL2(l2: float = 0.01)\n```\n" in page
    assert "| `l2` | " in page
    assert "load_spec(\n    source: SpecSource,\n    *,\n    settings: Sequence[str] = (),\n" in page
    model = with_documentation("::: modelc.Sequential\n    options: {members: true}\n")
    assert "#### predict { #modelc.Sequential.predict }\n\n```python\nSequential.predict(\n" in model
    assert "#### _" not in model
