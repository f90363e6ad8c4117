"""Every "did you mean" is a fix: applied to the text, it ends the mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("lsprotocol")

from modelc.lsp.fixes import fix_of, fixed
from modelc.lsp.snapshot import Snapshot

TESTS = Path(__file__).parents[1]
FILES = [
    path
    for folder in ("bad", "told", "warned")
    for path in sorted((TESTS / folder).iterdir())
    if path.suffix in (".yaml", ".json")
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_suggested_word_ends_the_mistake(path: Path) -> None:
    text = path.read_text(encoding="utf-8", errors="replace")
    found = Snapshot(str(path), text).diagnostics
    for diagnostic in found:
        if diagnostic.help is None or not diagnostic.help.startswith("did you mean"):
            continue
        assert diagnostic.suggestion is not None, diagnostic
        if diagnostic.file != str(path):
            continue  # it is in a base
        fix = fix_of(diagnostic, text)
        assert fix is not None, diagnostic
        after = Snapshot(str(path), fixed(text, fix)).diagnostics
        assert sum(one.message == diagnostic.message for one in after) < sum(
            one.message == diagnostic.message for one in found
        )


def test_there_are_many() -> None:
    found = [d for path in FILES for d in Snapshot(str(path), path.read_text("utf-8", "replace")).diagnostics]
    assert sum(one.suggestion is not None for one in found) > 100


def test_a_word_that_is_gone_is_not_replaced() -> None:
    text = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dens, units: 3}\n"
    (diagnostic,) = Snapshot("a.yaml", text).diagnostics
    assert fix_of(diagnostic, text.replace("Dens", "Conv")) is None
    fix = fix_of(diagnostic, text)
    assert fix is not None
    assert fixed(text, fix) == text.replace("Dens", "Dense")
