"""Options that are made into configs by a word or in another short form: the mistakes in these configs, located.

Pydantic passes them on as they are, and tells no place: a config that is made in Python raises a `SpecError`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from pydantic import ValidationError

from modelc.config.base import Config
from modelc.config.registry import Registry
from modelc.errors import Diagnostic, SpecError
from modelc.language.mistakes import Mistakes
from modelc.language.text.node import TextNode


def validated(cls: type[Config], node: TextNode, options: dict[str, Any], reported: set[str], found: Mistakes) -> Any:
    """The config with these options. Raises pydantic's `ValidationError` for the mistakes that it locates.

    An option with other ones goes to `reported`, its mistakes to `found`.
    """
    try:
        return cls.validate_options(options)
    except SpecError:
        for key in list(options):
            mistakes = list(_mistakes(cls, key, options[key], node.get(key) or node))
            if mistakes:
                found.add(mistakes)
                reported.add(key)
                del options[key]
        return cls.validate_options(options)


def word_mistakes(registry: Registry[Any], node: TextNode) -> list[Diagnostic]:
    """What is wrong with a word of the registry by itself: the options that it needs."""
    try:
        registry.coerce(node.value)
    except SpecError as error:
        return [_at(node, one) for one in error.diagnostics]
    return []


def _mistakes(cls: type[Config], key: str, value: Any, node: TextNode) -> Iterator[Diagnostic]:
    """The mistakes in the configs that one option is made into: those of the items of a list each at its own."""
    try:
        cls.validate_options({key: value})
    except ValidationError:
        return
    except SpecError as error:
        items = cast("list[Any]", value) if isinstance(value, list) else []
        if isinstance(node.value, tuple) and len(items) > 1:
            pairs = zip(items, node.value, strict=True)
            inside = [one for item, place in pairs for one in _mistakes(cls, key, [item], place)]
            if inside:
                yield from inside
                return
        yield from (_at(node, one) for one in error.diagnostics)


def _at(node: TextNode, one: Diagnostic) -> Diagnostic:
    """The mistake where it is written; a word has to become a mapping for the option that is missing."""
    help = one.help
    if isinstance(node.value, str) and help is not None and help.startswith("add `"):
        help = f"write `{{type: {node.value}, {help[5:-1]}}}`"
    return node.diagnostic(one.code, one.message, help)
