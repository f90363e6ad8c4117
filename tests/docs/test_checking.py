"""The check of the site's pages finds what is wrong with them, and nothing else."""

from __future__ import annotations

from pathlib import Path

GOOD = """
<link rel="canonical" href="https://example.org/a.html"><link rel="stylesheet" href="style.css">
<h1 id="title">A</h1><a href="#title">a</a> <a href="b.html#part%20one">b</a> <a href="folder/">c</a>
<a href="https://example.org">elsewhere</a> <img src="data:image/png;base64,AA==">
"""
BAD = """
<a href="#nowhere">a</a> <a href="b.html#part">b</a> <a href="c.html">c</a> <img src="absent.svg">
<script src="https://example.org/a.js"></script> <link rel="stylesheet" href="//example.org/a.css">
<img srcset="https://example.org/1.png 1x, style.css 2x" style="background: url('https://example.org/2.png')">
"""


def test_mistakes(tmp_path: Path) -> None:
    from checking import mistakes

    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "index.html").write_text("<p>c</p>")
    (tmp_path / "b.html").write_text('<h2 id="part one">One</h2>')
    (tmp_path / "a.html").write_text(GOOD)
    (tmp_path / "style.css").write_text("a { background: url(data:image/png;base64,AA==) }")
    assert mistakes(tmp_path) == []

    (tmp_path / "a.html").write_text(BAD)
    (tmp_path / "style.css").write_text('@import "https://example.org/font.css"; a { background: url(style.css) }')
    assert mistakes(tmp_path) == [
        "a.html: links to #nowhere, which has no such anchor",
        "a.html: links to b.html#part, which has no such anchor",
        "a.html: links to c.html, which does not exist",
        "a.html: links to absent.svg, which does not exist",
        "a.html: loads https://example.org/a.js",
        "a.html: loads //example.org/a.css",
        "a.html: loads https://example.org/1.png",
        "a.html: loads https://example.org/2.png",
        "style.css: loads https://example.org/font.css",
    ]
