"""The folders and which way imports run, as docs/design.md draws them."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import modelc

ROOT = Path(modelc.__file__).parent

# From the bottom up. A module may import those of its own rank and of lower ones.
RANKS: dict[str, int] = {}
for rank, names in enumerate((
    ("errors", "text", "system", "zoo"),
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
    ("keras",),
    ("training",),
    ("model",),
    ("applications",),
    ("cli", "__main__"),
)):  # fmt: skip
    RANKS.update(dict.fromkeys(names, rank))


def _package(path: Path) -> str:
    relative = path.relative_to(ROOT)
    return relative.parts[0].removesuffix(".py")


def _imports(path: Path) -> list[tuple[str, bool]]:
    """The packages of modelc that a file imports, and whether only inside a function or for types."""
    found: list[tuple[str, bool]] = []
    tree = ast.parse(path.read_text())

    def visit(node: ast.AST, deferred: bool) -> None:
        for child in ast.iter_child_nodes(node):
            inner = deferred or isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
            if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test):
                continue
            if isinstance(child, ast.ImportFrom) and child.module and child.module.startswith("modelc."):
                found.append((child.module.split(".")[1], inner))
            elif isinstance(child, ast.ImportFrom) and child.module == "modelc":
                found.extend((alias.name, inner) for alias in child.names)
            elif isinstance(child, ast.Import):
                found.extend((a.name.split(".")[1], inner) for a in child.names if a.name.startswith("modelc."))
            visit(child, inner)

    visit(tree, False)
    return found


FILES = [path for path in sorted(ROOT.rglob("*.py")) if path != ROOT / "__init__.py"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_run_upwards_only(path: Path) -> None:
    own = RANKS[_package(path)]
    for package, _ in _imports(path):
        if package not in RANKS:  # a name of modelc/__init__.py, such as __version__
            continue
        assert RANKS[package] <= own, f"{path.relative_to(ROOT)} imports {package}, which lies above it"


@pytest.mark.parametrize("command", [["summary"], ["check"], ["diff"], ["schema"]])
def test_light_commands_do_not_load_the_compiler(command: list[str], tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text("modelc: 1\ninput: {shape: [8]}\nlayers:\n  - {type: Dense, units: 2}\n")
    arguments = [*command, *[str(spec)] * {"schema": 0, "diff": 2}.get(command[0], 1)]
    code = (
        "import sys\nfrom modelc.cli.main import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as e:\n    assert not e.code, e.code\n"
        "loaded = {'numba', 'llvmlite', 'rich'} & set(sys.modules)\nassert not loaded, loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)


def test_importing_modelc_loads_nothing() -> None:
    code = "import sys, modelc; assert not {'numpy', 'pydantic', 'yaml', 'click'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
