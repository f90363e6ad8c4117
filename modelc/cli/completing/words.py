"""What may stand in the place of an argument or of an option's value: told by its metavar, `SPEC`, `FILE`, `SEL`, …"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from typing import Any

import click
from click.shell_completion import CompletionItem

from modelc import zoo

Items = Iterator[CompletionItem[Any]]
Completer = Callable[[click.Context, str], Items]

OPEN = "open"
"""The kind of an item that a word goes on behind: a folder, or `zoo:`."""
_SPECS = (".yaml", ".yml", ".json", ".keras", ".h5", ".onnx")
_ZOO = "zoo:"


def words_for(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem[Any]] | None:
    """What may come for a parameter; None where its type says it, as a choice does, or nothing can be told."""
    found = [COMPLETERS[word] for word in words_of(parameter) if word in COMPLETERS]
    if not found:
        return None
    # `[NAME=]FILE`: what stands before the equals sign stays.
    name, equals, rest = incomplete.partition("=") if "=]" in (parameter.metavar or "") else ("", "", incomplete)
    if not equals:
        name, rest = "", incomplete
    items = {item.value: item for completer in found for item in completer(context, rest)}
    return [CompletionItem(f"{name}{equals}{item.value}", item.type, item.help) for item in items.values()]


def words_of(parameter: click.Parameter) -> list[str]:
    """The words of a parameter's metavar that say what it takes."""
    if "…" in (parameter.metavar or ""):  # lists, which say by themselves what they are of
        return []
    if parameter.metavar is not None:
        return re.findall(r"[A-Z][A-Z-]*", parameter.metavar.replace("[NAME=]", ""))
    if isinstance(parameter.type, click.Path):
        return ["DIR" if not parameter.type.file_okay else "FILE"]
    if isinstance(parameter, click.Argument) and isinstance(parameter.type, type(click.STRING)):
        return [str(parameter.name).upper()]
    return []


def _paths(incomplete: str, endings: tuple[str, ...] = (), *, folders_only: bool = False) -> Items:
    """The files that begin so and have one of these endings, any if there are none; and folders."""
    folder, begun = os.path.split(incomplete)
    before = incomplete[: len(incomplete) - len(begun)]
    entries: Sequence[os.DirEntry[str]] = ()
    with suppress(OSError):
        entries = sorted(os.scandir(os.path.expanduser(folder) or "."), key=lambda entry: entry.name)
    for entry in entries:
        if not entry.name.startswith(begun) or (entry.name.startswith(".") and not begun):
            continue
        if entry.is_dir():
            yield CompletionItem(f"{before}{entry.name}/", OPEN)
        elif not folders_only and entry.name.lower().endswith(endings or ("",)):
            yield CompletionItem(before + entry.name)


def _specs(context: click.Context, incomplete: str) -> Items:
    if incomplete.startswith(_ZOO):
        for item in _architectures(context, incomplete.removeprefix(_ZOO)):
            yield CompletionItem(_ZOO + item.value, help=item.help)
        return
    yield from _paths(incomplete, _SPECS)
    if _ZOO.startswith(incomplete):
        yield CompletionItem(_ZOO, OPEN)


def _architectures(context: click.Context, incomplete: str) -> Items:
    for name in zoo.names():
        if name.startswith(incomplete):
            yield CompletionItem(name, help=zoo.description(name))


def _layers(context: click.Context, incomplete: str) -> Items:
    """The layers of the model that the command line names before; of models in it, those below them."""
    given: Any = next((context.params[p.name] for p in context.command.params if _takes_model(context, p)), None)
    source: Any = given[0] if isinstance(given, tuple) else given  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(source, str) or source == "-":
        return
    from modelc.cli.completing.layer_names import layer_names  # which reads models: other words come sooner

    negated = "!" if incomplete.startswith("!") else ""
    for name in layer_names(source):
        if name.startswith(incomplete.removeprefix("!")):
            yield CompletionItem(negated + name)


def _takes_model(context: click.Context, parameter: click.Parameter) -> bool:
    return isinstance(parameter, click.Argument) and bool(context.params.get(str(parameter.name)))


COMPLETERS: dict[str, Completer] = {
    "SPEC": _specs,
    "A": _specs,
    "B": _specs,
    "ARTIFACT": lambda context, incomplete: _paths(incomplete, (".modelc",)),
    "KERAS-FILE": lambda context, incomplete: _paths(incomplete, (".keras", ".h5")),
    "FILE": lambda context, incomplete: _paths(incomplete),
    "DIR": lambda context, incomplete: _paths(incomplete, folders_only=True),
    "FOLDER": lambda context, incomplete: _paths(incomplete, folders_only=True),
    "ARCHITECTURE": _architectures,
    "LAYER": _layers,
    "SEL": _layers,
}
"""By the words of metavars."""

TYPED = frozenset({
    "N", "NAME", "PATH", "VALUE", "VALUES", "ADDRESS", "AMOUNT", "CPU", "REVISION", "RUNTIME", "SECONDS", "SHARE",
    "URL",
})  # fmt: skip
"""Words of metavars for what is typed by hand."""


def one_of_many(names: Callable[[], Sequence[str]]) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Completes the last one of names that are separated by commas."""

    def complete(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
        before, comma, begun = incomplete.rpartition(",")
        taken = set(before.split(","))
        return [f"{before}{comma}{name}" for name in names() if name.startswith(begun) and name not in taken]

    return complete
