"""The pages of the Python API show every public name, and names that there are."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from pathlib import Path
from types import FunctionType

import pytest

import modelc
from modelc.config.registry import Registry

API = Path(__file__).parents[2] / "docs" / "api"
SHOWN = Counter(re.findall(r"^::: (\S+)$", "\n".join(page.read_text() for page in API.glob("*.md")), re.MULTILINE))
MODULES = [name for name in modelc.__all__ if not hasattr(getattr(modelc, name), "__qualname__")]


def test_no_name_is_shown_twice() -> None:
    assert max(SHOWN.values()) == 1


def test_names_of_modelc() -> None:
    assert [name for name in modelc.__all__ if name not in MODULES and f"modelc.{name}" not in SHOWN] == []


@pytest.mark.parametrize("module", [*MODULES, "optimizers.schedules", "sklearn", "distributed"])
def test_names_of_its_modules(module: str) -> None:
    package = import_module(f"modelc.{module}")
    if module == "applications":
        page = (API / "applications.md").read_text()
        assert [name for name in package.NAMES if f"| `{name}(" not in page] == []
        return
    members = {name: getattr(package, name) for name in getattr(package, "__all__", dir(package)) if name[0] != "_"}
    bases = {base for one in members.values() if isinstance(one, type) for base in one.__mro__[1:]}
    public = [
        name for name, one in members.items()
        if isinstance(one, type | FunctionType) and one not in bases and one is not Registry
    ]  # fmt: skip
    assert len(public) >= 2
    shown = {name.rpartition(".")[2] for name in SHOWN if name.startswith(f"modelc.{module}.")}
    assert [name for name in public if name not in shown] == []


def test_shown_names_exist() -> None:
    split = [name.rpartition(".") for name in SHOWN]
    assert [f"{module}.{last}" for module, _, last in split if not hasattr(import_module(module), last)] == []
