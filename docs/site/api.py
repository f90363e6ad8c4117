"""The documentation of names of the package, read from its sources and stubs by Griffe: nothing is imported.

A line `::: modelc.layers.Dense` of a page is replaced by a heading, how the name is called, its docstring and, where it
has such, a table of its arguments. `::: modelc.Model` with the line `    options: {members: true}` below shows its
methods too. That is how mkdocstrings writes it, which did the same in five times the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import griffe

ROOT = Path(__file__).resolve().parents[2]
_DIRECTIVE = re.compile(r"^::: (\S+)\n(    options: \{members: true\}\n)?", re.MULTILINE)
_OF_CONFIGS = "modelc.config."
"""Where the base of all configs is, whose methods are for those who define one."""
_WIDTH = 88
"""The longest line of a signature in a code block."""


def with_documentation(page: str) -> str:
    """The page with the documentation of the names that it shows."""
    return _DIRECTIVE.sub(lambda found: "\n".join(_shown(found[1], whole=found[2] is not None)), page)


@lru_cache(maxsize=1)
def _package() -> griffe.Object | griffe.Alias:
    return griffe.load("modelc", search_paths=[ROOT], allow_inspection=False, docstring_parser="google")


def _found(name: str) -> griffe.Object:
    """The object of a public name, wherever it is defined."""
    found = _package()[name.removeprefix("modelc.")]
    if found.is_module:  # a function that is called like the module it is in: the package has the function
        found = found[found.name]
    return found.final_target if isinstance(found, griffe.Alias) else found


def _shown(name: str, *, whole: bool) -> Iterator[str]:
    found, last = _found(name), name.rpartition(".")[2]
    yield f"### {last} {{ #{name} }}\n"
    yield from _described(found, last)
    if whole and isinstance(found, griffe.Class):
        members = {one: found.all_members[one] for one in found.all_members if not one.startswith("_")}
        for one, member in members.items():
            target = member.final_target if isinstance(member, griffe.Alias) else member
            if target.path.startswith(_OF_CONFIGS):
                continue
            if target.docstring is not None and isinstance(target, griffe.Function | griffe.Attribute):
                yield f"#### {one} {{ #{name}.{one} }}\n"
                yield from _described(target, f"{last}.{one}")


def _described(found: griffe.Object, name: str) -> Iterator[str]:
    """How an object is called, and what its docstring says."""
    called = _called(found, name)
    if called:
        yield f"```python\n{called}\n```\n"
    for section in found.docstring.parsed if found.docstring is not None else ():
        if isinstance(section, griffe.DocstringSectionText):
            yield f"{section.value}\n"
        elif isinstance(section, griffe.DocstringSectionParameters):
            yield "| argument | |\n|---|---|"
            for argument in section.value:
                yield f"| `{argument.name}` | {_in_a_cell(argument.description)} |"
            yield ""
        else:
            raise ValueError(
                f"{found.path}: the docstring has a section `{section.kind.value}`, which no page shows yet"
            )


def _in_a_cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _called(found: griffe.Object, name: str) -> str:
    if isinstance(found, griffe.Attribute):  # a property
        return f"{name}: {found.annotation}" if found.annotation is not None else ""
    if isinstance(found, griffe.Class):
        init = found.all_members.get("__init__")
        target = init.final_target if isinstance(init, griffe.Alias) else init
        return _signature(target, name, returns="") if isinstance(target, griffe.Function) else ""
    assert isinstance(found, griffe.Function)
    return _signature(found, name, returns=f" -> {found.returns}" if found.returns is not None else "")


def _signature(function: griffe.Function, name: str, returns: str) -> str:
    """As one line, or with a line for each argument."""
    arguments = list(_arguments(function))
    line = f"{name}({', '.join(arguments)}){returns}"
    return (
        line if len(line) <= _WIDTH else "\n".join([f"{name}(", *(f"    {one}," for one in arguments), f"){returns}"])
    )


def _arguments(function: griffe.Function) -> Iterator[str]:
    kinds = griffe.ParameterKind
    before = None
    for argument in function.parameters:
        if argument.name in ("self", "cls"):
            continue
        if argument.kind is kinds.keyword_only and before not in (kinds.keyword_only, kinds.var_positional):
            yield "*"
        before = argument.kind
        stars = {kinds.var_positional: "*", kinds.var_keyword: "**"}.get(argument.kind, "")
        annotation = f": {argument.annotation}" if argument.annotation is not None else ""
        default = ""
        if argument.default is not None and not stars:
            default = f" = {argument.default}" if annotation else f"={argument.default}"
        yield f"{stars}{argument.name}{annotation}{default}"
