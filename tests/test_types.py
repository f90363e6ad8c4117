"""What editors know of modelc: pyright and mypy on two files of a user's, and `help`."""

from __future__ import annotations

import inspect
import json
import pydoc
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import modelc
from modelc.callbacks import CALLBACKS
from modelc.config.base import Config
from modelc.config.registry import Registry
from modelc.constraints import CONSTRAINTS
from modelc.initializers import INITIALIZERS
from modelc.layers import LAYERS
from modelc.losses import LOSSES
from modelc.metrics import METRICS
from modelc.optimizers import OPTIMIZERS
from modelc.optimizers.schedules import SCHEDULES
from modelc.regularizers import REGULARIZERS

FOLDER = Path(__file__).parent / "types"
REGISTRIES: list[Registry[Any]] = [
    LAYERS, LOSSES, METRICS, OPTIMIZERS, SCHEDULES, CALLBACKS, INITIALIZERS, REGULARIZERS, CONSTRAINTS,
]  # fmt: skip
CLASSES: list[type[Config]] = [registry[name] for registry in REGISTRIES for name in registry.names]


Mistakes = set[tuple[str, int]]
"""Names of files, each with a line in which there is a mistake."""


def _pyright(names: list[str], folder: Path) -> Mistakes:
    """What pyright finds; `folder` is away from this project's own settings."""
    command = [sys.executable, "-m", "pyright", "--pythonpath", sys.executable, "--outputjson", *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    found = json.loads(done.stdout)
    assert found["summary"]["filesAnalyzed"] == len(names)
    errors = [d for d in found["generalDiagnostics"] if d["severity"] == "error"]
    return {(Path(d["file"]).name, d["range"]["start"]["line"] + 1) for d in errors}


def _mypy(names: list[str], folder: Path) -> Mistakes:
    command = [sys.executable, "-m", "mypy", "--python-executable", sys.executable, "--follow-imports=silent", *names]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 1), done.stdout + done.stderr
    assert f"(checked {len(names)} source files)" in done.stdout
    return {(name, int(line)) for name, line in re.findall(r"^([\w.]+):(\d+): error", done.stdout, re.MULTILINE)}


@pytest.mark.slow
@pytest.mark.parametrize("check", [_pyright, _mypy])
def test_type_checkers_find_every_mistake_and_nothing_else(check: Any, tmp_path: Path) -> None:
    if check is _pyright and shutil.which("node") is None:
        pytest.skip("pyright runs on Node.js, which is not installed here")
    for name in ("right.py", "mistakes.py"):
        shutil.copy(FOLDER / name, tmp_path / f"user_{name}")
    lines = (FOLDER / "mistakes.py").read_text(encoding="utf-8").splitlines()
    first = lines.index("# --- each line below is wrong") + 2
    expected = {("user_mistakes.py", line) for line in range(first, len(lines) + 1)}
    assert check(["user_right.py", "user_mistakes.py"], tmp_path) == expected


def test_help_shows_options_with_their_meaning_and_nothing_of_pydantic() -> None:
    text = pydoc.plain(pydoc.render_doc(modelc.layers.Dense))
    assert "Dense(units, activation='linear', use_bias=True, kernel_initializer='GlorotUniform'" in text
    assert "Fully connected layer" in text
    assert re.search(r"units: int, required\n \|\s+\S", text)
    for inside in ("model_dump", "model_config", "__pydantic", "model_post_init", "_abc_impl"):
        assert inside not in text


@pytest.mark.parametrize("cls", CLASSES, ids=lambda cls: f"{cls.__module__.split('.')[1]}.{cls.__name__}")
def test_a_signature_is_how_the_class_is_called(cls: type[Config]) -> None:
    parameters = inspect.signature(cls).parameters
    fields = {field.alias or name: field for name, field in cls.model_fields.items()}
    assert set(parameters) == set(fields)
    positional = [n for n, p in parameters.items() if p.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD]
    called = [name for name in cls.model_fields if name not in cls.keyword_only]
    assert positional == [cls.model_fields[name].alias or name for name in called][: len(positional)]
    for name, parameter in parameters.items():
        assert (parameter.default is inspect.Parameter.empty) == fields[name].is_required()
    assert all(f"\n    {name}: " in str(cls.__doc__) for name in fields)
