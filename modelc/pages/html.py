"""A page of its own: styles, scripts and data in one file, which loads nothing and runs nothing but its own script.

Its content security policy permits one script and one style by their digests; what a spec says is data.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import cache
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from modelc.files.kinds import PAGE_HEAD
from modelc.pages.data import as_json

_ASSETS = Path(__file__).parent / "assets"
_SCRIPTS = (
    "dom.js", "format.js", "model.js", "arrange.js", "paint.js", "pane.js", "map.js", "layers.js", "details.js",
    "legend.js", "diff.js", "main.js",
)  # fmt: skip
"""The parts of the script, each after those that it needs."""


def page(title: str, data: Mapping[str, Any]) -> str:
    """The page that shows `data`."""
    script, style = _script(_SCRIPTS), _asset("page.css")
    policy = "; ".join([
        "default-src 'none'", f"script-src '{_digest(script)}'", f"style-src '{_digest(style)}'",
        "base-uri 'none'", "form-action 'none'",
    ])  # fmt: skip
    return (
        f"{PAGE_HEAD}\n"
        '<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{escape(title.encode('utf-8', 'replace').decode())}</title>\n<style>{style}</style></head>\n"
        f"<body>\n{_asset('body.html')}\n"
        f'<script type="application/json" id="data">{as_json(data)}</script>\n'
        f"<script>{script}</script>\n</body></html>\n"
    )


@cache
def _asset(name: str) -> str:
    return (_ASSETS / name).read_text(encoding="utf-8")


@cache
def _script(names: Sequence[str]) -> str:
    """The parts as one script, whose names nothing else sees."""
    return '"use strict";(()=>{\n' + "\n".join(map(_asset, names)) + "\n})();"


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"
