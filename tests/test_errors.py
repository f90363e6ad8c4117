"""The exceptions: each holds diagnostics, and its text is made of them."""

from __future__ import annotations

import ast
import pickle
from pathlib import Path

import pytest

import modelc
from modelc import errors
from modelc.errors import CODES, Diagnostic, ModelcError, ShapeError, SpecError

ROOT = Path(modelc.__file__).parent
RAISED = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, ModelcError)]
OF_MESSAGES = [one for one in RAISED if one is not SpecError]


def test_all_exceptions_are_defined_in_one_file() -> None:
    for path in sorted(ROOT.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if path.name != "errors.py" and any(one.__name__ in text for one in RAISED):
            classes = [n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ClassDef)]
            bases = {base.id for one in classes for base in one.bases if isinstance(base, ast.Name)}
            assert not bases & {one.__name__ for one in RAISED}, path


@pytest.mark.parametrize("error", OF_MESSAGES, ids=lambda one: one.__name__)
def test_a_message_and_a_help_are_a_diagnostic(error: type[ModelcError]) -> None:
    one = error("it is wrong", "mend it")
    (told,) = one.diagnostics
    assert (told.code, told.message, told.help, told.location) == (error.usual_code, "it is wrong", "mend it", "<spec>")
    assert error.usual_code in CODES
    assert (one.message, one.help) == ("it is wrong", "mend it")
    assert str(one) == "it is wrong\n  help: mend it"
    assert str(error("it is wrong")) == "it is wrong"


@pytest.mark.parametrize("error", OF_MESSAGES, ids=lambda one: one.__name__)
def test_errors_are_pickled_whole(error: type[ModelcError]) -> None:
    one = error("it is wrong", "mend it")
    again = pickle.loads(pickle.dumps(one))  # as multiprocessing does with what a worker raises
    assert type(again) is error
    assert again.diagnostics == one.diagnostics
    assert vars(again) == vars(one)


def test_spec_errors_are_pickled_whole() -> None:
    one = SpecError([Diagnostic("E201", "a", "b", "x.yaml", 1, 2), Diagnostic("E202", "c")])
    assert pickle.loads(pickle.dumps(one)).diagnostics == one.diagnostics


def test_what_an_error_is_about_stands_before_its_message() -> None:
    one = ShapeError("too small", "pad it", "E403").about("batch 3")
    assert str(one) == "batch 3: too small\n  help: pad it"
    assert (type(one), one.code) == (ShapeError, "E403")


def test_terminal_codes_and_line_breaks_of_names_are_escaped() -> None:
    one = errors.InputError("a\x1b[31m\nb: error\n  kept", "c\x1b\nd")
    assert str(one) == "a\\u001b[31m\\nb: error\n  kept\n  help: c\\u001b\\nd"


def test_help_is_nowhere_a_part_of_a_message() -> None:
    for path in sorted(ROOT.rglob("*.py")):
        if path.relative_to(ROOT).as_posix() in ("errors.py", "cli/colours.py"):  # which print it and colour it
            continue
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if "help: " in text else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert "  help: " not in node.value, f"{path}:{node.lineno}"
