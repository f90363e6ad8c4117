"""Where a cursor is in texts that are not well-formed: the path to it, the word, and the keys beside it."""

from __future__ import annotations

import pytest

pytest.importorskip("lsprotocol")

from modelc.lsp.cursor import find_cursor


@pytest.mark.parametrize(
    ("text", "path", "word", "beside"),
    [
        ("mod|", (), "mod", []),
        ("modelc: 1\nin|\nlayers: []\n", (), "in", ["modelc", "layers"]),
        ("layers:\n  - {type: Con|", ("layers", 0, "type"), "Con", ["type"]),
        ("layers:\n  - {type: Conv2D, fil|\n  - {type: Dense, units: 3}\n", ("layers", 0), "fil", ["type"]),
        ("layers:\n  - {type: A, fil|, padding: same}\n", ("layers", 0), "fil", ["type", "padding"]),
        ("layers:\n  - type: A\n    fil|ters: 3\n    padding: same\n", ("layers", 0), "fil", ["type", "padding"]),
        ("layers:\n  - type: A\n    fil|\n  - {type: Dense}\n", ("layers", 0), "fil", ["type"]),
        ("layers:\n- {type: A, activation: re|}\n", ("layers", 0, "activation"), "re", ["type", "activation"]),
        ("layers:\n  - {\n      type: A,\n      un|\n    }\n", ("layers", 0), "un", ["type"]),
        ("training:\n  |\n", ("training",), "", []),
        ("a: {b: c}\ntraining:\n  optimizer:\n    type: Adam\n    le|\n", ("training", "optimizer"), "le", ["type"]),
        ("layers:\n  - {inputs: [a, b|]}\n", ("layers", 0, "inputs", 1), "b", []),
        ('layers:\n  - {a: "x # {", b|\n', ("layers", 0), "b", ["a"]),
        ("blocks:\n  r:\n    layers:\n      - type: A\n        u: ${|\n",
         ("blocks", "r", "layers", 0, "u"), "", ["type", "u"]),
        ("layers:\n  # a comment: {\n  - type: A\n\n    # more\n    u|\n", ("layers", 0), "u", ["type"]),
    ],
)  # fmt: skip
def test_path(text: str, path: tuple[object, ...], word: str, beside: list[str]) -> None:
    at = text.index("|")
    lines = text.replace("|", "", 1).splitlines()
    cursor = find_cursor(lines, text[:at].count("\n") + 1, at - text.rfind("\n", 0, at))
    assert cursor is not None
    assert (cursor.path, cursor.word, list(cursor.siblings)) == (path, word, beside)


@pytest.mark.parametrize("text", ["layers: [] # here |", "# |"])
def test_nothing_in_comments(text: str) -> None:
    assert find_cursor([text.replace("|", "")], 1, text.index("|") + 1) is None
