"""Data in files: what is read, and what is refused with its place."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from modelc.data.batches import ArrayData, Options
from modelc.data.columns import ArrayColumn, Columns, Signature
from modelc.data.sources import SOURCES, ArraysSource, FilesSource, PicturesSource, SourceField, TableSource
from modelc.errors import FileFormatError, InputError, ModelcError, SpecError
from modelc.graph.types import TensorType

Array = np.ndarray[Any, Any]

ONE = Signature((TensorType((None, 3)),), ("input",), ("dense",))
TWO = Signature((TensorType((None, 3)), TensorType((None, 2))), ("a", "b"), ("dense",))
PICTURE = Signature((TensorType((None, 4, 6, 3)),), ("input",), ("dense",))
X = np.arange(30, dtype=np.float32).reshape(10, 3)
Y = np.arange(10)


def whole(columns: Columns) -> tuple[list[Array], list[Array] | None, list[Array | None] | None]:
    everything = slice(None)
    return (
        [c.take(everything) for c in columns.x],
        None if columns.y is None else [c.take(everything) for c in columns.y],
        None if columns.weights is None else [None if c is None else c.take(everything) for c in columns.weights],
    )


def test_npz(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", x=X, y=Y, sample_weight=Y / 2)
    x, y, w = whole(ArraysSource("a.npz").open(ONE, tmp_path))
    np.testing.assert_array_equal(x[0], X)
    assert y is not None
    np.testing.assert_array_equal(y[0], Y)
    assert w is not None
    np.testing.assert_array_equal(w[0], Y / 2)  # type: ignore[arg-type]
    np.savez_compressed(tmp_path / "b.npz", b=X[:, :2], a=X, dense=Y)
    columns = ArraysSource("b.npz").open(TWO, tmp_path)
    assert [c.sample_shape for c in columns.x] == [(3,), (2,)]
    np.savez(tmp_path / "c.npz", input=X)
    assert ArraysSource("c.npz").open(ONE, tmp_path, labels=False).y is None
    with pytest.raises(InputError, match=r"c.npz: holds the arrays input\n  help: call them x and y, or by the names"):
        ArraysSource("c.npz").open(ONE, tmp_path)
    np.savez(tmp_path / "d.npz", x=X[:, :2], y=Y)
    with pytest.raises(InputError, match=r"d.npz: the input has the shape \(10, 2\), expected \(None, 3\)"):
        ArraysSource("d.npz").open(ONE, tmp_path)


def test_npy_files_are_mapped(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", X)
    np.save(tmp_path / "y.npy", Y)
    columns = FilesSource(x="x.npy", y="y.npy", sample_weight="y.npy").open(ONE, tmp_path)
    column = columns.x[0]
    assert isinstance(column, ArrayColumn)
    assert isinstance(column.array, np.memmap)
    np.testing.assert_array_equal(whole(columns)[0][0], X)
    np.save(tmp_path / "b.npy", X[:, :2])
    both = FilesSource(x={"b": "b.npy", "a": "x.npy"}, y="y.npy").open(TWO, tmp_path)
    assert [c.sample_shape for c in both.x] == [(3,), (2,)]
    batches = list(ArrayData(columns, ONE, Options(batch_size=4, shuffle=True)).batches())
    assert [b.samples for b in batches] == [4, 4, 2]
    for source, message in (
        (FilesSource(x="x.npy"), "the data has no labels\n  help: add `y: …`"),
        (FilesSource(x="b.npy", y="y.npy"), r"b.npy: the input has the shape \(10, 2\)"),
        (FilesSource(x="none.npy", y="y.npy"), "none.npy: there is no such file"),
    ):
        with pytest.raises(InputError, match=message):
            source.open(ONE, tmp_path)


class _Bomb:
    def __reduce__(self) -> Any:
        return open, (str(Path("/nonexistent/opened")), "w")


def test_nothing_is_unpickled(tmp_path: Path) -> None:
    objects = np.array([_Bomb()] * 10, object)
    np.save(tmp_path / "x.npy", objects, allow_pickle=True)
    np.savez(tmp_path / "x.npz", x=objects, y=Y)  # type: ignore[arg-type]
    (tmp_path / "p.npy").write_bytes(pickle.dumps(_Bomb()))
    (tmp_path / "p.npz").write_bytes(pickle.dumps(_Bomb()))
    with zipfile.ZipFile(tmp_path / "q.npz", "w") as archive:
        archive.writestr("x.npy", pickle.dumps(_Bomb()))
        archive.writestr("y.npy", pickle.dumps(_Bomb()))
    sources = [FilesSource(x=name, y=name) for name in ("x.npy", "p.npy")]
    for source in (*sources, *(ArraysSource(name) for name in ("x.npz", "p.npz", "q.npz"))):
        with pytest.raises(FileFormatError, match=r"Python objects are not read|not a \.np[yz] file, or damaged"):
            source.open(ONE, tmp_path)


def table(tmp_path: Path, text: str, **options: Any) -> Columns:
    (tmp_path / "t.csv").write_bytes(text.encode())
    return TableSource(**{"path": "t.csv", "target": "y", **options}).open(options.get("s", ONE), tmp_path)


def test_tables(tmp_path: Path) -> None:
    text = "a,b,y,c\n1,2,0,3\n4.5,-5e-1,1, 6\n\n7,8,2,9\n"
    x, y, w = whole(table(tmp_path, text))
    np.testing.assert_array_equal(x[0], np.array([[1, 2, 3], [4.5, -0.5, 6], [7, 8, 9]], np.float32))
    assert y is not None
    assert y[0].dtype == np.int32
    np.testing.assert_array_equal(y[0], [0, 1, 2])
    assert w is None
    x, y, w = whole(table(tmp_path, "a,b,c,d,e\n1,2,3,4,5\n", features=["c", 0, "b"], target="e", sample_weight=3))
    np.testing.assert_array_equal(x[0], [[3, 1, 2]])
    assert y is not None
    assert w is not None
    np.testing.assert_array_equal([y[0], w[0]], [[5], [4]])


def test_tables_with_other_options(tmp_path: Path) -> None:
    text = "﻿1;2;3;0.5;7\r\n4;5;6;1;8\r\n"
    options = {"header": False, "separator": ";", "target": 3, "features": [2, 1, 0], "sample_weight": 4}
    x, y, w = whole(table(tmp_path, text, **options))
    np.testing.assert_array_equal(x[0], [[3, 2, 1], [6, 5, 4]])
    assert y is not None
    assert w is not None
    assert y[0].dtype == np.float32
    np.testing.assert_array_equal(y[0], [0.5, 1])
    np.testing.assert_array_equal(w[0], [7, 8])  # type: ignore[arg-type]
    quoted = 'a,"b, c",d,"y"\n1,"2",3,4\n'
    np.testing.assert_array_equal(whole(table(tmp_path, quoted))[0][0], [[1, 2, 3]])
    several = whole(table(tmp_path, "p,a,q,b,c\n1,2,3,4,5\n", target=["q", "p"]))[1]
    assert several is not None
    np.testing.assert_array_equal(several[0], [[3, 1]])


BAD_TABLES: dict[str, tuple[str, dict[str, Any], str]] = {
    "text": ("a,b,c,y\n1,2,3,0\n1,x,3,1\n", {}, r't.csv:3: column 1 \(`b`\): expected a finite number, found "x"'),
    "missing": ("a,b,c,y\n1,2,,0\n", {}, r"t.csv:2: column 2 \(`c`\): expected a finite number, found nothing"),
    "nan": ("a,b,c,y\n1,nan,3,0\n", {}, r"t.csv:2: column 1 \(`b`\): expected a finite number, found nan"),
    "infinite": ("a,b,c,y\n1,2,1e999,0\n", {}, r"t.csv:2: column 2 .*found inf"),
    "underscore": ("a,b,c,y\n1,2,1_0,0\n", {}, r't.csv:2: column 2 .*found "1_0"'),
    "short": ("a,b,c,y\n1,2,3,0\n\n1,2,3\n", {}, "t.csv:4: has 3 values, expected 4"),
    "long": ("a,b,c,y\n1,2,3,0,5\n", {}, "t.csv:2: has 5 values, expected 4"),
    "no header": ("1,2,3,0\n1,2,3,0\n", {}, "t.csv:1: expected the names of the columns, found numbers\n  help: add"),
    "no header said": ("1,2,3,0\n", {"header": False}, "has no header, so there is no column `y`\n  help: give its"),
    "unknown": ("a,b,c,Y\n1,2,3,0\n", {}, "unknown column `y`\n  help: did you mean `Y`"),
    "number": ("a,b,c,y\n1,2,3,0\n", {"target": 4}, "there is no column 4, the last one is 3"),
    "twice": ("a,a,c,y\n1,2,3,0\n", {}, 't.csv:1: two columns are called "a"'),
    "empty": ("", {}, "t.csv: is empty"),
    "no rows": ("a,b,c,y\n", {}, "t.csv: has no rows of numbers"),
    "features": ("a,b,y\n1,2,0\n", {}, r"the input has the shape \(1, 2\), expected \(None, 3\)"),
    "both": ("a,b,c,y\n1,2,3,0\n", {"features": ["a", "b", "y"]}, r"column 2|column 3 \(`y`\) is a feature and a"),
    "quote": ('a,b,c,y\n1,2,3,"0\n', {}, "t.csv:2: unexpected end of data"),
    "wide": ("1," * 3_000_000 + "\n", {"header": False}, "t.csv:1: the line has more than 4,194,304 characters"),
}


@pytest.mark.parametrize(("text", "options", "message"), BAD_TABLES.values(), ids=BAD_TABLES)
def test_bad_tables(tmp_path: Path, text: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ModelcError, match=message):
        table(tmp_path, text, **options)


def test_tables_that_are_no_text(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"a,b,c,y\n1,2,3,\xff\n")
    with pytest.raises(FileFormatError, match="is not UTF-8 text"):
        TableSource(path="t.csv", target="y").open(ONE, tmp_path)
    with pytest.raises(InputError, match="there is no such file"):
        TableSource(path="none.csv", target="y").open(ONE, tmp_path)


def pictures(tmp_path: Path, size: tuple[int, int] = (6, 4)) -> dict[str, int]:
    """A folder with three classes, and the grey value of each picture."""
    image = pytest.importorskip("PIL.Image")
    for number, name in enumerate(("cat", "ant", "bee")):
        (tmp_path / "d" / name).mkdir(parents=True)
        for i in range(number + 1):
            image.new("RGB", size, (10 * number, i, 200)).save(tmp_path / "d" / name / f"{i}.png")
    (tmp_path / "d" / "ant" / "notes.txt").write_text("no picture")
    (tmp_path / "d" / ".hidden").mkdir()
    return {"ant": 10, "bee": 20, "cat": 0}


def test_pictures(tmp_path: Path) -> None:
    values = pictures(tmp_path)
    columns = PicturesSource("d").open(PICTURE, tmp_path)
    (x,), y, w = whole(columns)
    assert (x.shape, x.dtype, w) == ((6, 4, 6, 3), np.uint8, None)
    assert y is not None
    assert sorted(y[0]) == [0, 0, 1, 1, 1, 2]
    assert list(y[0]) != sorted(y[0]), "a split must have all classes"
    names = sorted(values)
    np.testing.assert_array_equal(x[:, 0, 0, 0], [values[names[label]] for label in y[0]])
    hot = PicturesSource("d", one_hot=True, classes=["cat", "bee"]).open(PICTURE, tmp_path)
    labels = whole(hot)[1]
    assert labels is not None
    assert labels[0].shape == (4, 2)
    np.testing.assert_array_equal(whole(hot)[0][0][:, 0, 0, 0] == 20, labels[0][:, 1] == 1)
    train, validation = ArrayData(columns, PICTURE, Options(batch_size=2, shuffle=True)).split(0.5)
    assert [b.samples for b in (*train.batches(), *validation.batches())] == [2, 1, 2, 1]
    assert train.example().x[0].dtype == np.float32


def test_pictures_of_another_size(tmp_path: Path) -> None:
    pictures(tmp_path, (12, 8))
    with pytest.raises(InputError, match="the image is 8 high and 12 wide, the model takes 4 × 6"):
        PicturesSource("d").open(PICTURE, tmp_path)
    (x,), y, _ = whole(PicturesSource("d", resize=True).open(PICTURE, tmp_path))
    assert y is not None
    np.testing.assert_array_equal(x[:, 2, 3, 0], np.array([10, 20, 0])[y[0]])
    grey = Signature((TensorType((None, 8, 12, 1)),), ("input",), ("dense",))
    assert whole(PicturesSource("d").open(grey, tmp_path))[0][0].shape == (6, 8, 12, 1)


def test_bad_folders(tmp_path: Path) -> None:
    pictures(tmp_path)
    (tmp_path / "d" / "bee" / "0.png").write_bytes(b"no picture at all")
    (tmp_path / "d" / "empty").mkdir()
    (tmp_path / "flat").mkdir()
    (tmp_path / "single" / "bee").mkdir(parents=True)
    for source, message in (
        (PicturesSource("d", classes=["bee"]), "0.png: not an image, or damaged"),
        (PicturesSource("d"), "0.png: not an image|empty: has no images"),
        (PicturesSource("none"), "none: there is no such folder"),
        (PicturesSource("flat"), "has no folders\n  help: put the images of each class"),
        (PicturesSource("single"), "has one folder, `bee`, so there is one class and nothing to tell apart"),
        (PicturesSource("single", classes=["bee"]), "bee: has no images"),
        (PicturesSource("d", classes=["../d"]), "a class is the name of a folder in it, found `../d`"),
        (PicturesSource("d", classes=["dog"]), "dog: No such file"),
    ):
        with pytest.raises(ModelcError, match=message):
            source.open(PICTURE, tmp_path)
    with pytest.raises(InputError, match="an image has height, width and 1, 3 or 4 channels"):
        PicturesSource("d").open(ONE, tmp_path)


def test_sources_from_specs() -> None:
    class Section(BaseModel):
        data: SourceField

    assert Section(data="train.npz").data == ArraysSource(path="train.npz")  # type: ignore[arg-type]
    assert Section(data="pictures/").data == PicturesSource(path="pictures/")  # type: ignore[arg-type]
    given: Any = {"type": "csv", "path": "t.csv", "target": "y", "features": ["a", "b"]}
    made = Section(data=given).data
    assert made == TableSource(path="t.csv", target="y", features=("a", "b"))
    assert made.plain() == {"type": "TableSource", "path": "t.csv", "target": "y", "features": ["a", "b"]}
    assert SOURCES.coerce({"type": "npy", "x": "x.npy", "y": {"a": "y.npy"}}) == FilesSource("x.npy", {"a": "y.npy"})
    for value, message in (
        ("t.csv", "the label column is not given"),
        ("x.npy", "labels are in a file of their own"),
        ("x.pkl", "data must be an .npz file"),
    ):
        with pytest.raises(ValueError, match=message):
            Section(data=value)  # type: ignore[arg-type]
    with pytest.raises(SpecError, match="TableSource needs `target`"):
        SOURCES.coerce({"type": "csv", "path": "t.csv"})
