"""Which modules of a package import which, and where they go round in a circle.

`python -m tests.imports` prints what there is.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import cache
from pathlib import Path

import modelc

ROOT = Path(modelc.__file__).parent


class When(Enum):
    """When an import is executed."""

    AT_ONCE = "when the module is imported"
    IN_A_FUNCTION = "when a function is called"
    FOR_TYPES = "never: only the type checker sees it"


@dataclass(frozen=True)
class Import:
    """One module that a statement imports."""

    target: str
    when: When
    line: int


def modules(root: Path = ROOT) -> dict[str, Path]:
    """The modules of a package by their full names."""
    found: dict[str, Path] = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports_of(path: Path, known: Container[str]) -> Iterator[Import]:
    """The imports of a file from the package; `from a import b` imports `a.b` where that is a module, else `a`."""
    for node, when in _walk(ast.parse(path.read_text(encoding="utf-8")), When.AT_ONCE):
        if isinstance(node, ast.ImportFrom) and node.module:
            candidates = [(f"{node.module}.{alias.name}", node.module) for alias in node.names]
        elif isinstance(node, ast.Import):
            candidates = [(alias.name,) for alias in node.names]
        else:
            continue
        for target in dict.fromkeys(next((name for name in some if name in known), None) for some in candidates):
            if target is not None:
                yield Import(target, when, node.lineno)


def _walk(node: ast.AST, when: When) -> Iterator[tuple[ast.AST, When]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.expr):  # which no statement stands in
            continue
        inside = when
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
            inside = When.IN_A_FUNCTION
        elif isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
            inside = When.FOR_TYPES
        yield child, inside
        yield from _walk(child, inside)


@cache
def graph(root: Path = ROOT) -> dict[str, list[Import]]:
    """What each module imports from the package."""
    files = modules(root)
    return {name: [one for one in imports_of(path, files) if one.target != name] for name, path in files.items()}


def circles(edges: Mapping[str, Iterable[str]]) -> list[list[str]]:
    """The strongly connected components of more than one node (Tarjan, 1972), each in the order of the names."""
    indices: dict[str, int] = {}
    lowest: dict[str, int] = {}
    path: list[str] = []
    found: list[list[str]] = []

    def visit(node: str) -> None:
        indices[node] = lowest[node] = len(indices)
        path.append(node)
        for after in edges[node]:
            if after not in indices:
                visit(after)
                lowest[node] = min(lowest[node], lowest[after])
            elif after in path:
                lowest[node] = min(lowest[node], indices[after])
        if lowest[node] == indices[node]:
            at = path.index(node)
            component, path[at:] = sorted(path[at:]), []
            if len(component) > 1:
                found.append(component)

    for node in edges:
        if node not in indices:
            visit(node)
    return sorted(found)


def executed_circles(imports: Mapping[str, Iterable[Import]]) -> list[list[str]]:
    """The circles of the imports that are executed, those inside of functions among them."""
    return circles({name: {o.target for o in some if o.when is not When.FOR_TYPES} for name, some in imports.items()})


def statements(imports: Mapping[str, Iterable[Import]]) -> Counter[When]:
    """How many statements import something, by when they are executed."""
    return Counter(when for some in imports.values() for when, _ in {(one.when, one.line) for one in some})


if __name__ == "__main__":
    everything = graph()
    for moment, number in statements(everything).items():
        print(f"{number:5} statements import {moment.value}")
    inside = Counter(
        {
            name: statements({one: some for one, some in everything.items() if one.split(".")[1:2] == [name]})[
                When.IN_A_FUNCTION
            ]
            for name in {one.split(".")[1] for one in everything if "." in one}
        }
    )
    print(
        "when a function is called:", ", ".join(f"{name} {number}" for name, number in inside.most_common() if number)
    )
    for circle in executed_circles(everything):
        print("circle:", ", ".join(circle))
