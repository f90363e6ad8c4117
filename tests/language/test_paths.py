"""The files that a spec names: the types of the options say which these are, and each is checked."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, ClassVar, Union, get_args, get_origin

import pytest

import modelc
from modelc.callbacks import CALLBACKS
from modelc.callbacks.callback import ConfigCallback
from modelc.config.base import Config
from modelc.config.options import Names
from modelc.config.paths import OutputPath, PathMark, path_fields, paths_in, with_paths_from
from modelc.config.registry import Registry
from modelc.data.sources import FilesSource, TableSource
from modelc.errors import SpecError
from modelc.layers import LAYERS
from modelc.losses import LOSSES
from modelc.metrics import METRICS
from modelc.report.check import check

_LIKE_A_PATH = re.compile(r"(^|_)(path|file|filepath|filename|file_name|dir|directory|folder|weights|location)s?$")


def configs() -> list[type[Config]]:
    """Every class of config in the package."""
    for module in pkgutil.walk_packages(modelc.__path__, "modelc."):
        if not module.name.startswith("modelc.native") and not module.name.endswith("__main__"):
            importlib.import_module(module.name)

    def below(cls: type[Config]) -> Iterator[type[Config]]:
        for one in cls.__subclasses__():
            yield one
            yield from below(one)

    return [cls for cls in dict.fromkeys(below(Config)) if cls.__module__.startswith("modelc.")]


def takes_text(annotation: Any) -> bool:
    """Whether a value of this type may be any text."""
    if get_origin(annotation) is Annotated:
        return takes_text(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return any(map(takes_text, get_args(annotation)))
    return annotation is str


def test_options_that_are_named_like_paths_are_marked_as_paths() -> None:
    classes = configs()
    assert len(classes) > 300
    looked_at = [
        (cls, name) for cls in classes for name, field in cls.model_fields.items()
        if _LIKE_A_PATH.search(name) and takes_text(field.annotation)
    ]  # fmt: skip
    assert len(looked_at) >= 8
    for cls, name in looked_at:
        assert name in {field.name for field in path_fields(cls)}, f"{cls.__name__}.{name}"


def test_the_types_of_all_options_are_known() -> None:
    for cls in configs():
        assert cls.__pydantic_fields_complete__, cls.__name__


def test_options_that_are_marked_as_paths() -> None:
    marked = {
        f"{cls.__name__}.{field.key}": field.mark.access for cls in configs() for field in path_fields(cls)
        if not cls.__name__.startswith("_")
    }  # fmt: skip
    assert marked == {
        "Definition.weights": "read", "Spec.weights": "read", "ModelLayer.weights": "read",
        "Training.data": "read", "Training.validation": "read",
        "ArraysSource.path": "read", "TableSource.path": "read", "PicturesSource.path": "read",
        "FilesSource.x": "read", "FilesSource.y": "read", "FilesSource.sample_weight": "read",
        "ModelCheckpoint.filepath": "write", "BackupAndRestore.backup_dir": "write",
        "CSVLogger.filename": "write", "TensorBoard.log_dir": "write",
    }  # fmt: skip


class Exporter(ConfigCallback):
    """A callback that modelc does not have, whose paths are called as no other's."""

    target: OutputPath
    spare: OutputPath | None = None
    per_output: Annotated[dict[str, str], PathMark("read")] = {}  # noqa: RUF012 a default of pydantic's
    labels: Names = ()
    title: str = ""
    keyword_only: ClassVar[frozenset[str]] = frozenset()


@pytest.fixture
def exporter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(CALLBACKS._modules, "Exporter", __name__)  # pyright: ignore[reportPrivateUsage]


def mistakes(folder: Path, options: str) -> list[tuple[int | None, str, str]]:
    path = folder / "spec.yaml"
    path.write_text(
        "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 1}\ntraining:\n  loss: mse\n  callbacks:\n"
        f"    - {{type: Exporter, {options}}}\n"
    )
    return [(d.line, d.code, d.message) for d in check(lambda: modelc.load_spec(path)) if d.severity == "error"]


OUTSIDE = {
    "target: ../a.bin": "the path `../a.bin` must not leave the folder of the spec",
    "target: /etc/a": "the path `/etc/a` must be relative to the spec",
    'target: "C:\\\\a"': "the path `C:\\a` must be relative to the spec",
    "target: link/a": "the path `link/a` leaves the folder of the spec through a symbolic link",
    "target: CON.txt": "the path `CON.txt` is none of a file: Windows reserves it for a device",
    "target: a, spare: b/../../c": "the path `b/../../c` must not leave the folder of the spec",
    "target: a, per_output: {y: b, z: ../c}": "the path `../c` must not leave the folder of the spec",
}


@pytest.mark.usefixtures("exporter")
@pytest.mark.parametrize("options", OUTSIDE)
def test_paths_of_a_new_callback_stay_in_the_folder(options: str, tmp_path: Path) -> None:
    (tmp_path / "spec").mkdir()
    (tmp_path / "spec" / "link").symlink_to(tmp_path)
    assert mistakes(tmp_path / "spec", options) == [(8, "E204", OUTSIDE[options])]


@pytest.mark.usefixtures("exporter")
def test_options_that_are_no_paths_may_be_any_text(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "target: a/b.bin, title: ../x, labels: [../y], per_output: {../k: a}") == []
    training = modelc.load_spec(tmp_path / "spec.yaml").training
    assert training is not None
    (callback,) = training.callbacks
    located: Any = with_paths_from(tmp_path, callback)
    assert (located.target, located.spare) == (str(tmp_path / "a/b.bin"), None)
    assert located.per_output == {"../k": str(tmp_path / "a")}
    assert (located.title, located.labels) == ("../x", ("../y",))


def test_columns_are_no_paths(tmp_path: Path) -> None:
    spec = tmp_path / "spec.yaml"
    spec.write_text(
        "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Dense, units: 1}\ntraining:\n  loss: mse\n"
        "  data: {type: csv, path: d.csv, target: y, sample_weight: ../w}\n"
    )
    (tmp_path / "d.csv").write_text("y\n1\n")
    assert check(lambda: modelc.load_spec(spec)) == []
    assert list(paths_in(TableSource(path="d.csv", target="y", sample_weight="w"))) == ["d.csv"]


def test_paths_of_several_files() -> None:
    source = FilesSource(x={"a": "a.npy", "b": "b.npy"}, sample_weight="w.npy")
    assert list(source.paths()) == ["a.npy", "b.npy", "w.npy"]


@pytest.mark.parametrize("registry", [LAYERS, LOSSES, METRICS], ids=lambda one: one.kind)
def test_no_layer_loss_or_metric_names_a_file(registry: Registry[Any]) -> None:
    assert [name for name in registry.names if path_fields(registry[name])] in ([], ["Model"])


def test_python_is_told_of_no_folder() -> None:
    with pytest.raises(SpecError, match="must not leave the folder of the spec"):
        modelc.load_spec({
            "modelc": 1, "input": {"shape": [4]}, "layers": [{"type": "Dense", "units": 1}], "weights": "../w.h5",
        })  # fmt: skip
