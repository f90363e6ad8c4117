"""Selectors: the one grammar by which `freeze`, `extract` and `--layers` name layers.

| selector | means |
|---|---|
| `conv2d_1` | the layer of that name |
| `conv*`, `block[12]_?` | the layers whose names match the pattern (`*`, `?`, `[…]`; case counts) |
| `:-1`, `2:5`, `::2` | the layers of that slice, as Python slices a list |
| `0`, `-1` | the layer at that index |
| `base/block1*` | the layers inside the model `base` that match; a dot may stand for the slash |
| `!` before any of them | not these |

A layer whose name is exactly the selector is meant before anything else. Later selectors win; where the first one
begins with `!`, the selection starts from all layers.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import translate
from re import compile as regex

from modelc.errors import Diagnostic, SpecError
from modelc.language.text.node import TextNode
from modelc.text.quoting import quote
from modelc.text.unknown import listed, unknown

_SLICE = regex(r"(-?\d{1,9})?:(-?\d{1,9})?(?::(-?\d{1,9})?)?")
_INDEX = regex(r"-?\d{1,9}")
_LONGEST = 200
Resolved = tuple[bool, Sequence[int]]
"""Whether a selector selects layers or, with `!`, excludes them, and their indices."""


def select(
    selectors: Sequence[str],
    names: Sequence[str],
    place: TextNode | None = None,
    dropped: Sequence[str] = (),
    inner: Sequence[str] = (),
) -> tuple[bool, ...]:
    """For every layer of `names` and then of `inner`, whether it is selected.

    `place` is where the selectors are written: a text or a list of texts. `dropped` are layers behind those of
    `names` that a view leaves out: a selector may mean them, and then selects nothing. `inner` are the paths of layers
    inside of models, which only a selector with a slash or a dot means. Raises SpecError with an E304 for every
    selector that is malformed or matches nothing.
    """
    return chosen(selectors, resolve_all(selectors, names, place, dropped, inner), len(names), len(inner))


def chosen(selectors: Sequence[str], resolved: Sequence[Resolved], count: int, inside: int = 0) -> tuple[bool, ...]:
    """What `select` gives, of so many layers and of so many inside of models, for selectors that are resolved."""
    found = [bool(selectors) and selectors[0].startswith("!")] * count + [False] * inside
    for takes, indices in resolved:
        for index in indices:
            found[index] = takes
    return tuple(found)


def select_ordered(
    selectors: Sequence[str], names: Sequence[str], place: TextNode | None = None, inner: Sequence[str] = ()
) -> tuple[str, ...]:
    """The names selected, each once, in the order of the selectors; within one selector, in its own order.

    Raises SpecError as `select` does, and also where nothing is left.
    """
    start = range(len(names)) if selectors and selectors[0].startswith("!") else ()
    order = dict.fromkeys(start)
    for takes, indices in resolve_all(selectors, names, place, inner=inner):
        for index in indices:
            if takes:
                order.setdefault(index)
            else:
                order.pop(index, None)
    if selectors and not order:
        raise SpecError(_diagnostic(place, None, "the selectors leave no layer", "drop one that begins with `!`"))
    every = [*names, *inner]
    return tuple(every[index] for index in order)


def resolve_all(
    selectors: Sequence[str],
    names: Sequence[str],
    place: TextNode | None,
    dropped: Sequence[str] = (),
    inner: Sequence[str] = (),
) -> list[Resolved]:
    """For each selector, whether it takes layers in or out, and the indices of those. Raises as `select` does."""
    positions = {name: index for index, name in reversed(list(enumerate(names)))}
    resolved: list[Resolved] = []
    mistakes: list[Diagnostic] = []
    for number, selector in enumerate(selectors):
        pattern = selector.removeprefix("!")
        try:
            resolved.append((pattern == selector, _resolve(pattern, names, positions, inner)))
        except _NoMatchError as error:
            if _means(pattern, [*names, *dropped] if dropped else ()):
                resolved.append((pattern == selector, ()))
                continue
            mistakes.append(_diagnostic(place, number, error.message, error.help))
    if mistakes:
        raise SpecError(mistakes)
    return resolved


def _means(pattern: str, names: Sequence[str]) -> bool:
    """Whether a selector, without its `!`, means any layer of `names`."""
    try:
        return bool(_resolve(pattern, names, {name: index for index, name in enumerate(names)}))
    except _NoMatchError:
        return False


def _resolve(pattern: str, names: Sequence[str], positions: dict[str, int], inner: Sequence[str] = ()) -> Sequence[int]:
    """The indices, in `names` and then in `inner`, that one selector, without its `!`, means. Raises _NoMatchError."""
    if pattern in positions:
        return (positions[pattern],)
    inside = _inside(pattern, inner)
    if inside:
        return [len(names) + index for index in inside]
    if not pattern or len(pattern) > _LONGEST:
        help = "a selector is a name, a pattern, an index or a slice"
        raise _NoMatchError(f"{quote(pattern)} is not a selector", help)
    if _INDEX.fullmatch(pattern):
        return _at_index(int(pattern), len(names))
    if matched := _SLICE.fullmatch(pattern):
        bounds = [None if bound is None else int(bound) for bound in matched.groups()]
        if bounds[2] == 0:
            raise _NoMatchError(f"the slice {quote(pattern)} has a step of 0", "leave the step out, or make it 1")
        indices: Sequence[int] = range(len(names))[slice(*bounds)]
        if not indices:
            raise _NoMatchError(f"the slice {quote(pattern)} takes no layer", f"there are {len(names)} layers")
        return indices
    if any(character in pattern for character in "*?["):
        matches = regex(translate(pattern)).match
        indices = [index for index, name in enumerate(names) if matches(name)]
        if not indices:
            raise _NoMatchError(f"no layer's name matches {quote(pattern)}", listed("layer", names))
        return indices
    if ":" in pattern:
        raise _NoMatchError(f"{quote(pattern)} is neither a layer nor a slice", 'a slice is like ":-1", "2:5" or "::2"')
    raise _NoMatchError(*unknown("layer", pattern, names))


def _inside(pattern: str, inner: Sequence[str]) -> list[int]:
    """The paths inside of models that a selector with a slash or a dot means."""
    for path in (pattern, pattern.replace(".", "/")) if inner else ():
        if "/" not in path:
            continue
        if path in inner:
            return [inner.index(path)]
        matches = regex(translate(path)).match
        found = [index for index, name in enumerate(inner) if matches(name)]
        if found:
            return found
    return []


def _at_index(index: int, count: int) -> Sequence[int]:
    if not -count <= index < count:
        message = f"there is no layer at index {index}"
        raise _NoMatchError(message, f"indices go from {-count} to {count - 1}" if count else "there are no layers")
    return (index % count,)


def _diagnostic(place: TextNode | None, number: int | None, message: str, help: str | None) -> Diagnostic:
    if place is None:
        return Diagnostic("E304", message, help)
    if number is not None and isinstance(place.value, tuple) and number < len(place.value):
        place = place.value[number]
    return place.diagnostic("E304", message, help)


class _NoMatchError(Exception):
    """A selector that is malformed or matches nothing."""

    def __init__(self, message: str, help: str | None) -> None:
        super().__init__(message)
        self.message, self.help = message, help
