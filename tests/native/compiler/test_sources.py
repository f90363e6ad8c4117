"""A compiled object is bound to all that its code is made of: every source that a kernel takes something from."""

from __future__ import annotations

from modelc.native.compiler.catalog import FAMILIES
from modelc.native.compiler.object_names import sources
from tests.imports import ROOT, When, graph, modules

NOT_OF_THE_CODE = {
    "modelc.native.compiler.catalog",  # which kernels there are, by name
    "modelc.native.ops.base",
    "modelc.native.ops.chain",  # a bound of what passes make
    "modelc.native.ops.work_area",  # how much memory passes plan
}


def test_every_source_of_a_kernel_counts() -> None:
    edges, files = graph(), modules()
    hashed = {name for name, path in files.items() if path in set(sources(ROOT))}
    waiting = ["modelc.native.compiler.compile", *(family.module for family in FAMILIES.values())]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += [one.target for one in edges[name] if one.when is not When.FOR_TYPES]
    packages = {name for name, path in files.items() if path.name == "__init__.py"}
    native = {name for name in seen if name.startswith(("modelc.native.", "modelc.functions."))} - packages
    assert native - hashed <= NOT_OF_THE_CODE
    assert {family.module for family in FAMILIES.values()} <= hashed
