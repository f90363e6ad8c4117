"""The one wording for words that are none of those which are known."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import modelc
from modelc.text.unknown import hint, listed, unknown

LAYERS = ["conv", "dense", "dense_1"]


@pytest.mark.parametrize(
    ("said", "message", "help"),
    [
        (unknown("layer", "dnse", LAYERS), "unknown layer `dnse`", "did you mean `dense`?"),
        (unknown("layer", "xyz", LAYERS), "unknown layer `xyz`", "the layers are: conv, dense, dense_1"),
        (unknown("layer", "xyz", []), "unknown layer `xyz`", "there are no layers"),
        (unknown("key", "k", {"a": 1}, where="in the `b`"), "unknown key `k` in the `b`", "the keys are: a"),
        (unknown("entry", "xyz", LAYERS, otherwise="add it"), "unknown entry `xyz`", "add it"),
        (unknown("entry", "dnse", LAYERS, otherwise="add it"), "unknown entry `dnse`", "did you mean `dense`?"),
        (unknown("loss", "q", ["mse"]), "unknown loss `q`", "the losses are: mse"),
        (unknown("source of data", "q", ["npz"]), "unknown source of data `q`", "the sources of data are: npz"),
        (unknown("layer", "a\nb", ["c"]), r"unknown layer `a\nb`", "the layers are: c"),
    ],
)  # fmt: skip
def test_unknown_words(said: tuple[str, str], message: str, help: str) -> None:
    assert said == (message, help)


def test_long_lists_are_cut() -> None:
    assert listed("entry", [f"e{i}" for i in range(21)]).endswith("e18, e19, …")
    assert listed("entry", [f"e{i}" for i in range(20)]).endswith("e18, e19")


def test_a_hint_is_the_near_word_else_what_is_given() -> None:
    assert (hint("dnse", LAYERS), hint("xyz", LAYERS), hint("xyz", LAYERS, "other")) == (
        "did you mean `dense`?", None, "other"
    )  # fmt: skip


def test_no_other_file_words_it_itself() -> None:
    root = Path(modelc.__file__).parent
    for path in sorted(root.rglob("*.py")):
        if path.relative_to(root).as_posix() == "text/unknown.py":
            continue
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "did you mean" in text else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert not node.value.startswith("did you mean"), f"{path}:{node.lineno}"
