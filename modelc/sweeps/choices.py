"""What varies in a sweep: `--set PATH=VALUES`, and the small language of its values.

| written | means |
|---|---|
| `16,32,64` | these values, each YAML as in `--set` of other commands: `1e-3`, `same`, `true`, `[3, 3]`, `"a, b"` |
| `1..8` | the whole numbers from 1 to 8 |
| `16..64..16` | every 16th of them: 16, 32, 48, 64 |
| `uniform(0, 0.5)` | any number between, each as likely |
| `loguniform(1e-4, 1e-1)` | any number between, each order of magnitude as likely |

Values and ranges of whole numbers may be mixed: `1..4,8,16`. Commas inside of brackets, braces and quotes separate
nothing.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from modelc.config.arguments import kind_of
from modelc.errors import Diagnostic, InputError, SpecError
from modelc.language.text.node import Mark, TextSource
from modelc.language.text.yaml_reader import read_yaml
from modelc.text.quoting import quote

MOST = 100_000
"""The values that one choice may have, and the variants of a sweep."""
_RANGE = re.compile(r"(-?[0-9]{1,15})\.\.(-?[0-9]{1,15})(?:\.\.([0-9]{1,15}))?")
_INTERVAL = re.compile(r"(uniform|loguniform)\((.*)\)")
_NUMBER = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?")
_CLOSING = {"[": "]", "{": "}", "(": ")"}
_DIGITS = 6
"""The significant digits of a number that is drawn: what the table shows is what the model gets."""


@dataclass(frozen=True)
class ChosenValue:
    """One value of a choice."""

    text: str
    """As a spec has it: YAML."""
    value: Any
    """The same as plain data."""


@dataclass(frozen=True)
class Interval:
    """All numbers from `low` to `high`, of which one is drawn for each variant."""

    low: float
    high: float
    is_log: bool
    """Whether each order of magnitude is as likely, and not each number."""

    def at(self, share: float) -> ChosenValue:
        """The number that this share of all draws lies below: ``low + share·(high - low)``, of logarithms if
        `is_log`."""
        if self.is_log:
            number = math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        else:
            number = self.low + share * (self.high - self.low)
        value = min(max(float(f"{number:.{_DIGITS}g}"), self.low), self.high)
        return ChosenValue(json.dumps(value), value)


@dataclass(frozen=True)
class Choice:
    """What may stand at one place of the spec."""

    path: str
    """The place, as `--set` of other commands names it: `vars.width`, `layers.0.filters`."""
    options: tuple[ChosenValue, ...] | Interval

    def plain(self) -> Any:
        """The values as plain data, for the description of a sweep."""
        if isinstance(self.options, Interval):
            kind = "loguniform" if self.options.is_log else "uniform"
            return {kind: [self.options.low, self.options.high]}
        return [option.value for option in self.options]


def choices_of(given: Sequence[str] | Mapping[str, Any]) -> list[Choice]:
    """The choices of a sweep: texts `PATH=VALUES` as the command has them, or values by path as Python has them.

    In Python, values are a list, a range, a single value, or a text in the language of the command. Raises `SpecError`
    with every mistake, located in the text of its choice.
    """
    texts = [f"{path}={_written(path, some)}" for path, some in given.items()] if isinstance(given, Mapping) else given
    found: list[Choice] = []
    mistakes: list[Diagnostic] = []
    for text in texts:
        try:
            choice = _parsed(text)
            if any(choice.path == other.path for other in found):
                at = Mark(_source(text), 1, 1)
                message = f"{quote(choice.path)} is set twice"
                raise SpecError(at.diagnostic("E303", message, "write all of its values in one --set, with commas"))
            found.append(choice)
        except SpecError as error:
            mistakes += error.diagnostics
    if mistakes:
        raise SpecError(mistakes)
    if not found:
        raise InputError("a sweep needs something that varies", "give --set PATH=VALUE,VALUE, as in vars.width=16,32")
    return found


def _written(path: str, values: Any) -> str:
    """Values from Python in the language of the command."""
    if isinstance(values, str):
        return values
    if isinstance(values, range):
        values = list(values)
    if hasattr(values, "tolist"):  # an array of NumPy
        values = values.tolist()
    some = cast("Sequence[Any]", values if isinstance(values, list | tuple) else [values])
    try:
        return ",".join(json.dumps(_plain(one), allow_nan=False) for one in some)
    except (TypeError, ValueError):
        wrong = next(one for one in some if not _is_plain(one))
        message = f"a value of {quote(path)} must be data that a spec can hold, found {kind_of(wrong)}"
        raise InputError(message) from None


def _plain(value: Any) -> Any:
    """A value without the types of NumPy."""
    return value.tolist() if hasattr(value, "tolist") else value


def _is_plain(value: Any) -> bool:
    try:
        json.dumps(_plain(value), allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def _source(text: str) -> TextSource:
    return TextSource(f"--set {text}", text)


def _parsed(text: str) -> Choice:
    source = _source(text)
    path, equals, values = text.partition("=")
    if not equals or not all(path.split(".")):
        message = f"{quote(text)} is not a choice"
        raise SpecError(Mark(source, 1, 1).diagnostic("E303", message, "write --set PATH=VALUE,VALUE"))
    offset = len(path) + 1
    stripped = values.strip()
    if interval := _INTERVAL.fullmatch(stripped):
        mark = Mark(source, 1, offset + values.index(stripped) + 1)
        return Choice(path, _interval(interval[1], interval[2], mark))
    options: list[ChosenValue] = []
    for start, part in _parts(values):
        mark = Mark(source, 1, offset + start + 1)
        options += _options(part, mark, offset + start)
        if len(options) > MOST:
            raise SpecError(mark.diagnostic("E303", f"{quote(path)} has more than {MOST:,} values"))
    twice = _first_twice(options)
    if twice is not None:
        message = f"{quote(path)} has the value {quote(twice.text)} twice"
        raise SpecError(Mark(source, 1, offset + 1).diagnostic("E303", message))
    return Choice(path, tuple(options))


def _first_twice(options: Sequence[ChosenValue]) -> ChosenValue | None:
    seen = set[str]()
    for option in options:
        key = json.dumps(option.value, sort_keys=True)
        if key in seen:
            return option
        seen.add(key)
    return None


def _parts(values: str) -> Iterator[tuple[int, str]]:
    """The texts between the commas that are outside of brackets and quotes, and where each begins."""
    start, closing, quoted = 0, list[str](), ""
    for i, character in enumerate(values):
        if quoted:
            quoted = "" if character == quoted else quoted
        elif character in "\"'" and _begins_text(values[start:i], bool(closing)):
            quoted = character
        elif character in _CLOSING:
            closing.append(_CLOSING[character])
        elif closing and character == closing[-1]:
            closing.pop()
        elif character == "," and not closing:
            yield _trimmed(values, start, i)
            start = i + 1
    yield _trimmed(values, start, len(values))


def _begins_text(before: str, inside: bool) -> bool:
    """Whether a quote begins a text: at the beginning of a value, or of one inside of brackets; else it is a letter."""
    return not before.strip() or (inside and before.rstrip()[-1] in "[{,:")


def _trimmed(values: str, start: int, stop: int) -> tuple[int, str]:
    part = values[start:stop]
    return start + len(part) - len(part.lstrip()), part.strip()


def _options(part: str, mark: Mark, column: int) -> list[ChosenValue]:
    """The values that a part stands for: a range of whole numbers, or a value of YAML."""
    if found := _RANGE.fullmatch(part):
        first, last, step = int(found[1]), int(found[2]), int(found[3] or 1)
        if last < first or not step:
            message = f"the range {quote(part)} is empty" if step else f"the range {quote(part)} has no step"
            raise SpecError(mark.diagnostic("E303", message, "write FIRST..LAST or FIRST..LAST..STEP, as in 1..8"))
        if (last - first) // step >= MOST:
            raise SpecError(mark.diagnostic("E303", f"the range {quote(part)} has more than {MOST:,} numbers"))
        return [ChosenValue(str(number), number) for number in range(first, last + 1, step)]
    if _INTERVAL.fullmatch(part):
        message = f"{quote(part)} cannot stand beside other values: it is all of a choice"
        raise SpecError(mark.diagnostic("E303", message))
    if not part:
        help = 'leave the comma out; an empty text is ""'
        raise SpecError(mark.diagnostic("E303", "a value is missing", help))
    # Blanks in place of what is before it keep the value at its own column.
    node, mistakes = read_yaml(mark.source, " " * column + part)
    if mistakes or node is None:
        raise SpecError(mistakes)
    return [ChosenValue(part, node.plain())]


def _interval(kind: str, inside: str, mark: Mark) -> Interval:
    bounds = [text.strip() for text in inside.split(",")]
    if len(bounds) != 2 or not all(map(_NUMBER.fullmatch, bounds)):
        message = f"{kind} takes two numbers, the lowest and the highest, found {quote(inside)}"
        raise SpecError(mark.diagnostic("E303", message, f"write {kind}(1e-4, 1e-1)"))
    low, high = map(float, bounds)
    if not low < high or not math.isfinite(high - low):
        message = f"the bounds of {kind} must be finite and the second one larger, found {bounds[0]} and {bounds[1]}"
        raise SpecError(mark.diagnostic("E303", message))
    if kind == "loguniform" and low <= 0:
        message = f"loguniform takes numbers above 0, found {bounds[0]}"
        raise SpecError(mark.diagnostic("E303", message, "take uniform, or a lower bound such as 1e-6"))
    return Interval(low, high, kind == "loguniform")
