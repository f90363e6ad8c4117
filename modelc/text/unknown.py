"""What is said of a word that is none of those which are known: one wording, and the word that was probably meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Self

from modelc.text.quoting import quote
from modelc.text.suggest import did_you_mean

_NAMES_SHOWN = 20


class Suggestion(str):
    """A help line that says which word was probably meant. It holds the word, for editors to put it in its place."""

    __slots__ = ("found", "word")

    word: str
    """What to write."""
    found: str
    """The word in the text that it is written instead of."""

    def __new__(cls, help: str, word: str, found: str) -> Self:
        """The help line `help`, which says that `word` is meant where `found` is written."""
        new = super().__new__(cls, help)
        new.word, new.found = word, found
        return new

    def __reduce__(self) -> tuple[type[Self], tuple[str, str, str]]:
        # How it is made again where it was pickled: `modelc check` finds mistakes in several processes.
        return type(self), (str(self), self.word, self.found)


def unknown(
    kind: str, word: str, known: Collection[str], *, where: str = "", otherwise: str | None = None
) -> tuple[str, str]:
    """The message and the help for a word that is none of `known`: ``unknown layer `dnse` ``, ``did you mean `dense`?``

    `where` follows the word, as in ``unknown key `unit` in the block `b` ``. If no known word is like it, the help is
    `otherwise`, by default the known words: `the layers are: conv2d, dense`.
    """
    message = f"unknown {kind} {quote(word)}{where and f' {where}'}"
    return message, hint(word, known) or otherwise or listed(kind, known)


def hint(word: str, candidates: Iterable[str], otherwise: str | None = None) -> str | None:
    """The help line for a misspelt word: the candidate that is most like it, else `otherwise`."""
    near = did_you_mean(word, candidates)
    return ask(near, word) if near else otherwise


def ask(word: str, found: str) -> Suggestion:
    """The help line with the word that was probably meant by `found`: ``did you mean `units`?``"""
    return Suggestion(f"did you mean {quote(word)}?", word, found)


def write(word: str, found: str) -> Suggestion:
    """The help line with the word that a spec has for `found`, which is one of elsewhere: ``write `filters` ``"""
    return Suggestion(f"write `{word}`", word, found)


def listed(kind: str, known: Collection[str], most: int = _NAMES_SHOWN) -> str:
    """`the layers are: a, b, c`, at most so many."""
    if not known:
        return f"there are no {_plural(kind)}"
    shown = ", ".join([*known][:most]) + (", …" if len(known) > most else "")
    return f"the {_plural(kind)} are: {shown}"


def _plural(kind: str) -> str:
    """`entry` → `entries`, `loss` → `losses`, `source of data` → `sources of data`."""
    noun, of, rest = kind.partition(" of ")
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return f"{noun[:-1]}ies{of}{rest}"
    return f"{noun}{'es' if noun.endswith('s') else 's'}{of}{rest}"
