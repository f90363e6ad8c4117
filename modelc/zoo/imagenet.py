"""The 1000 classes of ImageNet (ILSVRC 2012), in the order of the outputs of all published weights.

`imagenet.txt` has a line for each: the number of its synset in WordNet 3.0 and its first word there. They are facts
from WordNet (https://wordnet.princeton.edu/license-and-commercial-use); the file of Keras, `imagenet_class_index.json`,
states the same, and a test compares its digest.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

CLASSES: Final = 1000
"""How many classes there are."""

_FILE = Path(__file__).with_name("imagenet.txt")


@lru_cache(maxsize=1)
def synsets() -> tuple[tuple[str, str], ...]:
    """The number of the synset and the name of each class: `("n01440764", "tench")` is the first one."""
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return tuple((number, name) for number, name in (line.split(" ", 1) for line in lines))


@lru_cache(maxsize=1)
def class_names() -> tuple[str, ...]:
    """The names of the classes. `crane` and `maillot` are the names of two each."""
    return tuple(name for _, name in synsets())
