"""The folders and which way imports run, as docs/design.md draws them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from tests.imports import When, circles, executed_circles, graph, modules, statements

# From the bottom up. A module may import those of its own rank and of lower ones.
RANKS: dict[str, int] = {}
for rank, names in enumerate((
    ("errors", "text", "system", "zoo", "layered"),
    ("functions",),
    ("words",),
    ("config",),
    ("semantics",),
    ("graph", "ops", "initializers", "regularizers", "constraints", "weights"),
    ("files",),
    ("layers",),
    ("losses",),
    ("metrics", "optimizers"),
    ("data",),
    ("callbacks",),
    ("language",),
    ("passes",),
    ("native",),
    ("report",),
    ("pages",),
    ("bench", "lsp"),
    ("sources",),
    ("keras", "onnx", "c", "pytorch"),
    ("training",),
    ("model",),
    ("applications", "utils"),
    ("bulk", "serve", "sklearn"),
    ("cluster",),
    ("distributed", "sweeps"),
    ("cli", "__main__"),
)):  # fmt: skip
    RANKS.update(dict.fromkeys(names, rank))


UPWARD: dict[tuple[str, str], str] = {}
"""Imports inside of functions that go up on purpose, from a file to a package, each with its reason; at most 3."""

INSIDE_FUNCTIONS = 139
"""At most so many statements import inside of a function: for the start-up of light commands, which load no kernels,
no training and no readers of files, and of models whose plan is in the cache. Two in three are of the commands
themselves, `python -m tests.imports` counts them by package. A new one needs such a reason; where one goes, the number
shrinks."""


def _package(module: str) -> str:
    return module.split(".")[1]


def test_imports_run_upwards_only() -> None:
    wrong: list[str] = []
    for module, some in graph().items():
        for one in some:
            if (
                "modelc" in (module, one.target) or one.when is When.FOR_TYPES
            ):  # `modelc` holds names such as __version__
                continue
            package = _package(one.target)
            permitted = one.when is When.IN_A_FUNCTION and (module, package) in UPWARD
            if RANKS[package] > RANKS[_package(module)] and not permitted:
                wrong.append(f"{module}:{one.line} imports {one.target}, which lies above it")
    assert not wrong


def test_few_imports_go_up_and_each_is_in_use() -> None:
    assert len(UPWARD) <= 3
    for (module, package), reason in UPWARD.items():
        assert reason
        assert package in {_package(one.target) for one in graph()[module]}, f"{module} no longer imports {package}"


def test_no_circle_of_imports_is_larger_than_three_files() -> None:
    """Imports inside of functions count: they too tie files together. Those for types do not."""
    assert [circle for circle in executed_circles(graph()) if len(circle) > 3] == []


def test_no_circle_of_imports_at_once() -> None:
    assert circles({m: {one.target for one in some if one.when is When.AT_ONCE} for m, some in graph().items()}) == []


def test_few_imports_stand_inside_of_functions() -> None:
    assert statements(graph())[When.IN_A_FUNCTION] <= INSIDE_FUNCTIONS


def test_circles_are_found(tmp_path: Path) -> None:
    """The tests above pass because there are no circles, not because none would be seen."""
    package = tmp_path / "p"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "a.py").write_text("def f():\n    from p.b import x\n")
    (package / "b.py").write_text("import p.c\n")
    (package / "c.py").write_text("from p import d\n")
    (package / "d.py").write_text("def g():\n    class C:\n        from p import a\n")
    (package / "e.py").write_text("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import p.f\n")
    (package / "f.py").write_text("import p.e\n")
    found = graph(package)
    assert executed_circles(found) == [["p.a", "p.b", "p.c", "p.d"]]
    assert statements(found) == {When.AT_ONCE: 3, When.IN_A_FUNCTION: 2, When.FOR_TYPES: 1}


def test_importing_modelc_loads_nothing() -> None:
    code = "import sys, modelc; assert not {'numpy', 'pydantic', 'yaml', 'click'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


_SAME_NAME = {
    "BinaryCrossentropy", "CategoricalCrossentropy", "CategoricalHinge", "CosineSimilarity", "Hinge", "KLDivergence",
    "MeanAbsoluteError", "MeanAbsolutePercentageError", "MeanSquaredError", "MeanSquaredLogarithmicError", "Poisson",
    "SparseCategoricalCrossentropy", "SquaredHinge",  # a loss and a metric of Keras
    "Constant", "Identity", "Reshape", "Softmax",  # a layer or an initializer of Keras, and another one or an op
    "Cast", "Normalization",  # an op or a layer, and the parameters of its kernels in native/
}  # fmt: skip
"""Names that more than one class has."""


def test_no_two_classes_have_one_name() -> None:
    places: dict[str, list[str]] = {}
    for module, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(f"{module}:{node.lineno}")
    shared = {name: where for name, where in places.items() if len(where) > 1}
    assert not {name: where for name, where in shared.items() if name not in _SAME_NAME}
    assert shared.keys() >= _SAME_NAME, "names that only one class has"
