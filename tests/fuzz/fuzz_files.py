"""Damaged files of ever new numbers: each is told as damaged in one message, or read."""

from __future__ import annotations

from pathlib import Path
from random import Random

from damage import damaged
from fuzz_specs import require_message
from grow import code_of
from seeds import ANY, READERS, seeds

from modelc.errors import ModelcError

_ELSEWHERE = 0.06
"""The share of files that are read as if they were of another kind."""
_RENAMED = 0.06
"""The share of files with the suffix of another kind."""


def run(number: int, folder: Path) -> str:
    """Read the damaged file of this number; what became of it. No error but a `ModelcError`, and nothing is changed."""
    random = Random(number)
    kind = random.choice(sorted(READERS))
    seed = random.choice(seeds()[kind])
    name = seed.name
    if random.random() < _RENAMED:
        name = random.choice([one.name for found in seeds().values() for one in found])
    files = {name: damaged(random, kind, seed.data), **dict(seed.beside)}
    if seed.beside and random.random() < 0.3:
        shard = random.choice(seed.beside)
        files[shard[0]] = damaged(random, "", shard[1])
    reader = random.choice(ANY if random.random() < _ELSEWHERE else READERS[kind])
    for one, data in files.items():
        (folder / one).write_bytes(data)
    try:
        reader(folder / name)
    except ModelcError as error:
        require_message(error)
        return f"{kind}: refused: {code_of(error)}"
    finally:
        for one, data in files.items():
            assert (folder / one).read_bytes() == data, f"{one} is changed"
            (folder / one).unlink()
    return f"{kind}: read"
