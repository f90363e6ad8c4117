"""What names tell: which module a layer means, where its name says so."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

_SEPARATORS = re.compile(r"[^A-Za-z0-9]+")
_NUMBER = re.compile(r"\d+")
_ALIASES = (
    ("query", "q"), ("key", "k"), ("value", "v"), ("output", "out", "o"), ("shortcut", "downsample", "skip"),
    ("norm", "normalization", "layernorm", "batchnorm", "bn", "ln"), ("dense", "linear", "fc"),
    ("embedding", "embeddings", "wte"), ("conv", "conv2d", "convolution"),
)  # fmt: skip
"""Words that name one thing in models of PyTorch and of Keras."""
_ALIAS = {word: words[0] for words in _ALIASES for word in words}


def same_name(layer: str, module: str, root: str) -> bool:
    """Whether two paths are the same but for separators, and for `root`, which all modules have before their names."""
    name = _SEPARATORS.sub("", layer).lower()
    return name in (_SEPARATORS.sub("", module).lower(), _SEPARATORS.sub("", module.removeprefix(root)).lower())


def common_root(modules: Collection[str]) -> str:
    """What the paths of all modules begin with, up to a dot: `bert.`."""
    shared: list[str] = []
    for words in zip(*(module.split(".")[:-1] for module in modules), strict=False):
        if len(set(words)) > 1:
            break
        shared.append(f"{words[0]}.")
    return "".join(shared)


def named_one(layer: str, modules: Sequence[str]) -> str | None:
    """The module that a layer's name means, of several: the only one that has a word of it which the others lack.

    Words are parts between separators, with numbers at their ends or without; a number alone is no word, as layers are
    counted in any order.
    """
    words = _words(layer)
    own = [_words(module) for module in modules]
    meant = [
        module
        for module, mine in zip(modules, own, strict=True)
        if any(word in words and not all(word in others for others in own) for word in mine)
    ]
    return meant[0] if len(meant) == 1 else None


def _words(path: str) -> frozenset[str]:
    parts = [part.lower() for part in _SEPARATORS.split(path) if part and not part.isdecimal()]
    plain = [_NUMBER.sub("", part) for part in parts]
    return frozenset(_ALIAS.get(word, word) for word in (*parts, *plain) if word)
