"""No command writes over what it reads, nor over a file of another kind; an older result of its kind makes way."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import modelc
from modelc.cli.main import _COMMANDS
from modelc.errors import OverwriteError
from modelc.files.kinds import Kind, kind_of
from modelc.files.outputs import same_file

SPEC = """\
modelc: 1
name: small
input: {shape: [4]}
layers:
  - {type: Dense, units: 3, name: hidden}
training: {loss: mse, epochs: 1}
"""
X = np.arange(24, dtype=np.float32).reshape(6, 4)

WRITERS: dict[str, tuple[list[str], str, Kind]] = {
    "build": (["build", "m.yaml", "-o"], "out.modelc", Kind.MODEL),
    "build for Keras": (["build", "m.yaml", "-o"], "out.keras", Kind.KERAS),
    "train": (["train", "m.yaml", "--data", "d.npz", "-o"], "out.modelc", Kind.MODEL),
    "train, plot": (["train", "m.yaml", "--data", "d.npz", "-o", "t.modelc", "--plot"], "out.png", Kind.PICTURE),
    "run": (["run", "m.yaml", "--input", "x.npy", "--output"], "out.npy", Kind.ARRAY),
    "run, several": (["run", "m.yaml", "--input", "x.npy", "--output"], "out.npz", Kind.ARRAYS),
    "export": (["export", "m.yaml", "-o"], "out.keras", Kind.KERAS),
    "export, weights": (
        ["export", "m.yaml", "--format", "keras-weights", "-o"], "out.weights.h5", Kind.KERAS_WEIGHTS,
    ),
    "import": (["import", "k.keras", "-o"], "out.yaml", Kind.SPEC),
    "import, weights": (["import", "k.keras", "-o", "i.yaml", "--weights-out"], "out.safetensors", Kind.WEIGHTS),
    "bench": (["bench", "m.yaml", "--seconds", "0.001", "--trace"], "out.json", Kind.TRACE),
    "schema": (["schema", "-o"], "out.json", Kind.SCHEMA),
    "view": (["view", "m.yaml", "-o"], "out.html", Kind.PAGE),
    "view, picture": (["view", "m.yaml", "-o"], "out.svg", Kind.PICTURE),
    "view, diagram": (["view", "m.yaml", "-o"], "out.mmd", Kind.DIAGRAM),
    "diff, page": (["diff", "m.yaml", "m.modelc", "--html", "-o"], "out.html", Kind.PAGE),
    "import of ONNX": (["import", "o.onnx", "-o"], "out.yaml", Kind.SPEC),
}  # fmt: skip
"""The arguments before an output, a name for it, and the kind that is written."""
SILENT = {
    "summary", "check", "diff", "evaluate", "zoo", "cache", "review", "serve", "lsp", "fmt", "completion", "doctor",
    "sweep",
}  # fmt: skip
"""The commands that write no file of the user's, or that which they are to change alone, or a folder of their own."""


@pytest.fixture
def folder(tmp_path: Path, run: Any) -> Path:
    """A folder with an input of every kind."""
    (tmp_path / "m.yaml").write_text(SPEC)
    (tmp_path / "program.py").write_text("print('mine')\n")
    np.save(tmp_path / "x.npy", X)
    np.savez(tmp_path / "d.npz", x=X, y=X[:, :3])
    model = modelc.load_spec(tmp_path / "m.yaml").build(backend="reference")
    for name in ("m.modelc", "k.keras", "o.onnx"):
        model.save(tmp_path / name)
    for name in ("w.safetensors", "w.weights.h5"):
        model.save_weights(tmp_path / name)
    return tmp_path


def test_every_command_is_told_of() -> None:
    assert {arguments[0] for arguments, _, _ in WRITERS.values()} | SILENT | {"init"} == {*_COMMANDS, "cache"}


@pytest.mark.parametrize("case", WRITERS)
def test_an_older_result_of_its_kind_makes_way_and_nothing_else(run: Any, folder: Path, case: str) -> None:
    arguments, name, kind = WRITERS[case]
    assert (done := run(*arguments, name)).code == 0, done.err
    assert kind_of(name) is kind
    again = Path(name).read_bytes()
    assert run(*arguments, name).code == 0
    others = {"m.yaml", "program.py", "x.npy", "d.npz", "m.modelc", "w.safetensors", "w.weights.h5"}
    for other in sorted(others):
        if kind_of(other) is kind:
            continue
        shutil.copy(other, name)
        before = Path(name).read_bytes()
        refused = run(*arguments, name)
        assert (refused.code, Path(name).read_bytes()) == (2, before), other
        assert f"{name} is " in refused.err
        assert "is not overwritten" in refused.err
        assert "--force" in refused.err
        assert not [p for p in os.listdir() if p.endswith(".tmp")]
        if other == "program.py":
            assert run(*arguments, name, "--force").code == 0
            assert kind_of(name) is kind
            assert kind in (Kind.PICTURE, Kind.MODEL, Kind.TRACE) or Path(name).read_bytes() == again


INPUTS: dict[str, tuple[list[str], str]] = {
    "build, its spec": (["build", "m.yaml", "-o"], "m.yaml"),
    "build, its weights": (["build", "m.yaml", "--weights", "m.modelc", "-o"], "m.modelc"),
    "build, standard input": (["build", "-", "-o"], "m.yaml"),
    "train, its spec": (["train", "m.yaml", "--data", "d.npz", "-o"], "m.yaml"),
    "train, its weights": (["train", "m.yaml", "--data", "d.npz", "--weights", "m.modelc", "-o"], "m.modelc"),
    "run, its input": (["run", "m.yaml", "--input", "x.npy", "--output"], "x.npy"),
    "run, its input by name": (["run", "m.yaml", "--input", "input=d.npz", "--output"], "d.npz"),
    "bench, the model": (["bench", "k.keras", "--seconds", "0.001", "--trace"], "k.keras"),
    "bench, a file of another runtime": (
        ["bench", "m.yaml", "--seconds", "0.001", "--compare", "openvino=k.keras", "--trace"], "k.keras",
    ),
    "export, the model": (["export", "k.keras", "-o"], "k.keras"),
    "export, its weights": (
        ["export", "m.yaml", "--weights", "w.weights.h5", "--format", "keras-weights", "-o"], "w.weights.h5",
    ),
    "import, the model": (["import", "k.json", "-o"], "k.json"),
    "import, its weights": (["import", "k.keras", "--weights", "k.keras", "--weights-out"], "k.keras"),
}  # fmt: skip
LINKS: dict[str, Callable[[Path], str]] = {
    "the same name": lambda path: path.name,
    "another spelling": lambda path: f"../{path.parent.name}/./{path.name}",
    "an absolute path": lambda path: str(path),
    "a symbolic link": lambda path: _linked(path, os.symlink),
    "a hard link": lambda path: _linked(path, os.link),
}


def _linked(path: Path, link: Callable[[Path, Path], None]) -> str:
    made = path.with_name(f"link{path.name}")
    link(path, made)
    return made.name


@pytest.mark.parametrize("spelling", LINKS)
@pytest.mark.parametrize("case", INPUTS)
def test_an_input_is_never_written_over(
    run: Any, folder: Path, case: str, spelling: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arguments, name = INPUTS[case]
    if name == "k.json":
        config = {"class_name": "Sequential", "config": {"name": "k", "layers": []}}
        Path(name).write_text(json.dumps(config))
    before = Path(name).read_bytes()
    target = LINKS[spelling](folder / name)
    stdin = os.dup(0)
    given = os.open(name, os.O_RDONLY)
    os.dup2(given, 0)
    try:
        with open(0, closefd=False) as stream:
            monkeypatch.setattr("sys.stdin", stream)
            refused = run(*arguments, target, "--force")
    finally:
        os.dup2(stdin, 0)
        os.close(given)
        os.close(stdin)
    assert refused.code == 2, refused
    assert Path(name).read_bytes() == before
    assert Path(target).name in refused.err
    assert "is also" in refused.err


def test_what_the_spec_names_is_an_input(run: Any, folder: Path) -> None:
    Path("named.yaml").write_text(SPEC + "weights: m.modelc\n")
    inner = "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Model, spec: named.yaml, name: base}\n"
    Path("outer.yaml").write_text(inner)
    before = Path("m.modelc").read_bytes()
    for spec in ("named.yaml", "outer.yaml"):
        refused = run("build", spec, "-o", "m.modelc")
        assert (refused.code, Path("m.modelc").read_bytes()) == (2, before)
        assert "m.modelc is also a file that the spec names" in refused.err


def test_two_outputs_of_a_command_are_two_files(run: Any, folder: Path) -> None:
    for spec, weights in (("o.yaml", "o.yaml"), ("o.yaml", "./o.yaml"), ("o.yaml", "O.YAML")):
        refused = run("import", "k.keras", "-o", spec, "--weights-out", weights)
        assert refused.code == 2
        assert "--output and --weights-out name the same file" in refused.err
        assert not Path("o.yaml").exists()


@pytest.mark.parametrize("command", [["build"], ["train", "--data", "d.npz"], ["export"]])
@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("../evil", "a slash"), ("..", "a folder"), (".", "a folder"), ("", "empty"), ("a\\\\b", "a slash"),
        ("/etc/evil", "a slash"), ("a\\nb", "control"), ("a\\0b", "control"), ("a\\u202Eb", "control"),
        ("nul", "Windows"), ("Com1.x", "Windows"), ("x" * 255, "255 bytes"), ("é" * 126, "255 bytes"),
        ("ends ", "space"), ("dot.", "dot"),
    ],
)  # fmt: skip
def test_a_name_that_is_no_file_name_becomes_none(
    run: Any, folder: Path, command: list[str], name: str, problem: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from io import BytesIO, TextIOWrapper

    text = SPEC.replace("name: small", f'name: "{name}"').encode()
    above = sorted(os.listdir(folder.parent)), sorted(os.listdir())
    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(text)))
    refused = run(command[0], "-", *command[1:])
    assert refused.code == 2
    assert (sorted(os.listdir(folder.parent)), sorted(os.listdir())) == above
    if "\\0" not in name:  # which YAML refuses, or a later rule about names
        assert problem in refused.err, refused.err


def test_standard_input_is_built_under_the_models_name(run: Any, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from io import BytesIO, TextIOWrapper

    monkeypatch.setattr("sys.stdin", TextIOWrapper(BytesIO(SPEC.encode())))
    assert run("build", "-").code == 0
    assert kind_of("small.modelc") is Kind.MODEL


def test_the_zoo_is_no_part_of_a_file_name(run: Any) -> None:
    from modelc.cli.outputs import default_output

    assert default_output("zoo:xception", "x", ".keras") == Path("xception.keras")


@pytest.mark.parametrize("name", ["..", "a/..", "nul", "CON.yaml", "a\nb", "x" * 251, ""])
def test_init_takes_names_of_files(run: Any, tmp_path: Path, name: str) -> None:
    assert run("init", name).code == 2
    assert not list(tmp_path.iterdir())


def test_methods_of_models_follow_the_rule(folder: Path) -> None:
    model = modelc.load("m.modelc", backend="reference")
    before = Path("program.py").read_bytes()
    os.rename("program.py", "program.modelc")
    with pytest.raises(OverwriteError, match=r"(?s)program\.modelc is a text .*force=True"):
        model.save("program.modelc")
    assert Path("program.modelc").read_bytes() == before
    model.save("program.modelc", force=True)
    assert kind_of("program.modelc") is Kind.MODEL
    shutil.copy("m.yaml", "w2.safetensors")
    with pytest.raises(OverwriteError, match="is a spec"):
        model.save_weights("w2.safetensors")
    model.save_weights("w2.safetensors", force=True)
    assert kind_of("w2.safetensors") is Kind.WEIGHTS


def test_a_log_is_not_written_onto_a_program(run: Any, folder: Path) -> None:
    logger = "  callbacks: [{type: CSVLogger, filename: program.py}]\n"
    Path("log.yaml").write_text(SPEC.replace("training: {loss: mse, epochs: 1}\n", f"training:\n  loss: mse\n{logger}"))
    for append in ("", ", append: true"):
        text = Path("log.yaml").read_text().replace("program.py}", f"program.py{append}}}")
        Path("log2.yaml").write_text(text)
        refused = run("train", "log2.yaml", "--data", "d.npz", "-o", "new.modelc")
        assert refused.code == 2, refused
        assert "program.py is a program: it is not overwritten by a table of logs" in refused.err
        assert Path("program.py").read_text() == "print('mine')\n"


def test_files_of_other_kinds_are_told_by_their_content(folder: Path) -> None:
    found = {name: kind_of(name) for name in sorted(os.listdir()) if Path(name).is_file()}
    assert found == {
        "d.npz": Kind.ARRAYS, "k.keras": Kind.KERAS, "m.modelc": Kind.MODEL, "m.yaml": Kind.SPEC, "program.py": None,
        "o.onnx": Kind.ONNX,
        "w.safetensors": Kind.WEIGHTS, "w.weights.h5": Kind.KERAS_WEIGHTS, "x.npy": Kind.ARRAY,
    }  # fmt: skip
    tables = {
        "epoch,loss\n0,1.5\n": Kind.TABLE, "epoch;loss\r\n0;1\r\n": Kind.TABLE, "epoch = 3\nx = 1\n": None,
        "loss,epoch\n1,0\n": None, "epoch\n0\n": Kind.TABLE, "epochs\n": None, "epoch,loss\nx,1\n": None,
        '{"modelc": 1, "layers": []}': Kind.SPEC, "layers: []\nmodelc: 1\n": Kind.SPEC, '{"a": {"modelc": 1}}': None,
        "print('modelc: 1')": None, '<?xml version="1.0"?>\n<svg width="1">': Kind.PICTURE,
        "\ufeffmodelc: 1": Kind.SPEC,
    }  # fmt: skip
    for text, kind in tables.items():
        Path("t").write_bytes(text.encode())
        assert kind_of("t") is kind, text
    assert kind_of("none") is None
    assert kind_of(".") is None


def test_names_of_one_file(folder: Path) -> None:
    os.symlink("m.yaml", "s.yaml")
    os.symlink("later.yaml", "dangling.yaml")
    assert same_file("m.yaml", "s.yaml")
    assert same_file("later.yaml", "dangling.yaml")
    assert not same_file("m.yaml", "later.yaml")
    assert not same_file("m.yaml", "-")


def test_callbacks_write_over_no_input(run: Any, folder: Path) -> None:
    saver = "  callbacks: [{type: ModelCheckpoint, filepath: m.modelc}]\n"
    Path("c.yaml").write_text(SPEC.replace("training: {loss: mse, epochs: 1}\n", f"training:\n  loss: mse\n{saver}"))
    before = Path("m.modelc").read_bytes()
    refused = run("train", "c.yaml", "--data", "d.npz", "--weights", "m.modelc", "-o", "new.modelc")
    assert refused.code == 2
    assert "m.modelc is also the file of --weights" in refused.err
    assert Path("m.modelc").read_bytes() == before
    assert run("train", "c.yaml", "--data", "d.npz", "-o", "new.modelc").code == 0
    assert Path("m.modelc").read_bytes() != before, "an older result of its kind makes way"


@pytest.mark.parametrize(
    ("path", "problem"),
    [
        ("nul.modelc", "Windows reserves it"), ("a/con/b.modelc", "Windows reserves it"), ("x. /b.modelc", "a space"),
        ("x\\u0007.modelc", "control characters"), (f"{'x' * 250}.modelc", "255 bytes"), ("../b.modelc", "leave"),
    ],
)  # fmt: skip
def test_files_of_callbacks_have_names_of_files(run: Any, folder: Path, path: str, problem: str) -> None:
    saver = f'  callbacks: [{{type: ModelCheckpoint, filepath: "{path}"}}]\n'
    Path("c.yaml").write_text(SPEC.replace("training: {loss: mse, epochs: 1}\n", f"training:\n  loss: mse\n{saver}"))
    told = run("check", "c.yaml")
    assert told.code == 2
    assert "E204" in told.out
    assert problem in told.out


def test_curves_take_the_place_of_no_sample(run: Any, folder: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    for name in "ab":
        (folder / "data" / name).mkdir(parents=True)
        image.new("RGB", (2, 2)).save(folder / "data" / name / "1.png")
    Path("p.yaml").write_text(
        "modelc: 1\ninput: {shape: [2, 2, 3]}\nlayers: [{type: Flatten}, {type: Dense, units: 2}]\n"
        "training: {loss: {type: SparseCategoricalCrossentropy, from_logits: true}, epochs: 1, data: data}\n"
    )
    before = Path("data/a/1.png").read_bytes()
    for more in ([], ["--data", "data"]):
        refused = run("train", "p.yaml", *more, "--plot", "data/a/1.png", "--force")
        assert (refused.code, Path("data/a/1.png").read_bytes()) == (2, before), refused
        assert "is a file in" in refused.err


def test_a_checkpoint_over_another_kind_is_refused_before_the_first_epoch(run: Any, folder: Path) -> None:
    shutil.copy("m.yaml", "best.modelc")
    saver = "  callbacks: [{type: ModelCheckpoint, filepath: best.modelc}]\n"
    Path("c.yaml").write_text(SPEC.replace("training: {loss: mse, epochs: 1}\n", f"training:\n  loss: mse\n{saver}"))
    refused = run("train", "c.yaml", "--data", "d.npz", "-o", "new.modelc", "--json")
    assert (refused.code, refused.out) == (2, "")
    assert "best.modelc is a spec: it is not overwritten by a .modelc file" in refused.err
    assert Path("best.modelc").read_text() == SPEC
