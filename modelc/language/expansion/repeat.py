"""`repeat`, `each`, `start`, `when` and `unless`: the number of copies of an entry, and how they differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from string import ascii_lowercase, ascii_uppercase

from modelc.language.mistakes import Mistakes
from modelc.language.text.node import TextNode
from modelc.text.quoting import quote

REPEAT_KEYS = ("repeat", "each", "start", "when", "unless")


@dataclass(frozen=True, slots=True)
class Repetition:
    """The repetitions of an entry; `first` is the label, a number or a letter, of the first copy."""

    count: int = 1
    first: int | str = 1
    each: Mapping[str, tuple[TextNode, ...]] = field(default_factory=dict[str, "tuple[TextNode, ...]"])
    """The options that differ from copy to copy, each with one value for every copy."""

    def labels(self) -> Iterator[str]:
        """The labels that replace `#`, one for each copy."""
        if isinstance(self.first, int):
            yield from map(str, range(self.first, self.first + self.count))
        else:
            letters = _letters(self.first)
            yield from letters[letters.index(self.first) :][: self.count]

    def entry(self, entry: TextNode, time: int) -> TextNode:
        """The entry of copy number `time`, counted from 0."""
        if not self.each or not isinstance(entry.value, dict):
            return entry
        return entry.with_value({**entry.value, **{key: values[time] for key, values in self.each.items()}})


def repetition(items: dict[str, TextNode], mistakes: Mistakes) -> Repetition:
    """Parse `repeat`, `each` and `start` of an entry; mistakes are reported to `mistakes` (E203, E204, E207)."""
    first, start = _first(items.get("start"), mistakes), items.get("start")
    each = _each(items, mistakes)
    count = _count(items.get("repeat"), mistakes) if each is None else min(map(len, each.values()), default=1)
    if isinstance(first, str) and start is not None:
        left = len(_letters(first)) - _letters(first).index(first)
        if count > left:
            message = f"`start: {first}` leaves {left} letters, for {count} repetitions"
            mistakes.report(start, "E204", message, "start at an earlier letter, or at a number")
            count = left
    return Repetition(count, first, each or {})


def is_wanted(items: dict[str, TextNode], mistakes: Mistakes) -> bool:
    """Whether the flags `when` and `unless` of an entry leave it in the model."""
    wanted = True
    for key, expected in (("when", True), ("unless", False)):
        node = items.get(key)
        if node is None or node.broken:
            continue
        if isinstance(node.value, bool):
            wanted = wanted and node.value is expected
        else:
            help = f"write `{key}: ${{flag}}`"
            mistakes.report(node, "E203", f"`{key}` must be true or false, found {node.kind}", help)
    return wanted


def _count(repeat: TextNode | None, mistakes: Mistakes) -> int:
    if repeat is None or repeat.broken:
        return 1
    value = repeat.value
    if not isinstance(value, int) or isinstance(value, bool):
        mistakes.report(repeat, "E203", f"`repeat` must be an integer, found {repeat.kind}")
        return 1
    least = 0 if repeat.referred else 1
    if value < least:
        mistakes.report(repeat, "E204", f"`repeat` must be at least {least}, found {value}")
        return 1
    return value


def _each(items: dict[str, TextNode], mistakes: Mistakes) -> dict[str, tuple[TextNode, ...]] | None:
    """Parse `each`: the options that differ from copy to copy; None if there is no valid one."""
    each, repeat = items.get("each"), items.get("repeat")
    if each is None or each.broken:
        return None
    if not isinstance(each.value, dict) or not each.value:
        help = "write `each: {filters: [32, 64]}`"
        mistakes.report(each, "E203", f"`each` must be a mapping of options to lists, found {each.kind}", help)
        return None
    if repeat is not None:
        help = "the lists of `each` say how often the entry is repeated: remove `repeat`"
        mistakes.report(repeat, "E207", "`repeat` and `each` do not go together", help)
    found: dict[str, tuple[TextNode, ...]] = {}
    for key, child in each.value.items():
        if key in items and child.key is not None:
            mistakes.report(
                child.key, "E207", f"{quote(key)} stands both in `each` and beside it", "remove one of them"
            )
        if isinstance(child.value, tuple):
            found[key] = child.value
        elif not child.broken:
            help = "give one value for each repetition, as in `[32, 64]`"
            mistakes.report(child, "E203", f"{quote(key)} in `each` must be a list, found {child.kind}", help)
    if len({len(values) for values in found.values()}) > 1:
        counts = ", ".join(f"{quote(key)} has {len(values)}" for key, values in found.items())
        mistakes.report(each, "E207", f"the lists of `each` have different lengths: {counts}")
    return found if len(found) == len(each.value) else {}


def _first(start: TextNode | None, mistakes: Mistakes) -> int | str:
    if start is None or start.broken:
        return 1
    value = start.value
    if isinstance(value, str) and len(value) == 1 and value in _letters(value):
        return value
    if not isinstance(value, int) or isinstance(value, bool):
        message = f"`start` must be an integer or a letter, found {start.kind}"
        mistakes.report(start, "E203", message)
        return 1
    if value < 0:
        mistakes.report(start, "E204", f"`start` must be at least 0, found {value}")
        return 1
    return value


def _letters(first: str) -> str:
    return ascii_uppercase if first.isupper() else ascii_lowercase
