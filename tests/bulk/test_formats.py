"""Samples in every format that is read give the same results in every format that is written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.bulk.predict_files import predict_files
from modelc.bulk.writing.delimited import TableWriter
from modelc.bulk.writing.json_lines import LinesWriter
from modelc.bulk.writing.outputs import WrittenOutput
from modelc.bulk.writing.top import TopClasses
from modelc.model.model import Model
from tests.bulk.conftest import X

COLUMNS = [f"x[{i}]" for i in range(4)]


def write_npy(path: Path) -> None:
    np.save(path, X)


def write_npz(path: Path) -> None:
    np.savez_compressed(path, x=X, other=np.zeros(2))


def write_csv(path: Path) -> None:
    separator = "\t" if path.suffix == ".tsv" else ","
    with path.open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, delimiter=separator)
        rows.writerow(["name", *COLUMNS])
        rows.writerows(["a, b", *map(repr, row)] for row in X.astype(float).tolist())


def write_lines(path: Path) -> None:
    rows = X.astype(float).tolist()
    forms: list[Callable[[list[float]], Any]] = [
        lambda row: row,
        lambda row: {"x": row, "more": 1},
        lambda row: dict(zip(COLUMNS, row, strict=True)),
    ]
    path.write_text("".join(json.dumps(forms[i % 3](row)) + "\n" * (1 + i % 2) for i, row in enumerate(rows)))


def write_parquet(path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"id": list(range(70)), **dict(zip(COLUMNS, X.T, strict=True))}), path, row_group_size=32)


def write_parquet_lists(path: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"x": X.tolist(), "id": list(range(70))}), path)


READ = {
    "x.npy": write_npy, "x.npz": write_npz, "x.csv": write_csv, "x.tsv": write_csv, "x.jsonl": write_lines,
    "x.ndjson": write_lines, "x.parquet": write_parquet, "lists.parquet": write_parquet_lists,
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_every_format_is_read(model: Model, expected: Any, folder: Path, name: str) -> None:
    READ[name](folder / name)
    counts = predict_files(model, name, "y.npy")
    assert (counts.done, counts.skipped) == (70, 0)
    np.testing.assert_allclose(np.load("y.npy"), expected, rtol=1e-5)


@pytest.mark.parametrize("used", [True, False])
def test_cells_may_have_line_breaks(model: Model, expected: Any, folder: Path, used: bool) -> None:
    """As `csv.reader` of the standard library understands a table; a stray quote spoils its own line only."""
    texts = ["a\nb", 'say "x",\n\n"y"', "", "c", "\n" * 40]
    with open("x.csv", "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file)
        rows.writerow(["note\nof all", *COLUMNS] if not used else COLUMNS)
        for i, row in enumerate(X.astype(float).tolist()):
            rows.writerow([*([] if used else [texts[i % 5]]), *row])
            if i == 3:
                file.write('"never closed,1,2,3,4\r\n' if not used else '"1\n",2,3,4\r\n')
    told: list[str] = []
    predict_files(model, "x.csv", "y.jsonl", on_bad=lambda name, error: told.append(name))
    found = [json.loads(line) for line in Path("y.jsonl").read_text().splitlines()]
    lines = Path("x.csv").read_bytes().split(b"\n")
    stray = next(i for i, line in enumerate(lines) if line.startswith((b'"never', b'"1')))
    if used:  # all numbers: the row of a cell with a line break is one as well
        assert not told and found.pop(4)["input"] == f"x.csv:{stray + 1}"
    else:
        assert told == [f"x.csv:{stray + 1}"]
    np.testing.assert_allclose([one["outputs"]["kind"] for one in found], expected, rtol=1e-5)


def from_csv(path: Path) -> tuple[list[str], Any]:
    with path.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header == ["input", "kind[iris]", "kind[rose, red]", "kind[tulip]"]
    return [row[0] for row in rows], np.array([row[1:] for row in rows], np.float32)


def from_lines(path: Path) -> tuple[list[str], Any]:
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [row["input"] for row in rows], np.array([row["outputs"]["kind"] for row in rows], np.float32)


def from_parquet(path: Path) -> tuple[list[str], Any]:
    table = pytest.importorskip("pyarrow.parquet").read_table(path)
    assert table.column_names == ["input", "kind"]
    return table["input"].to_pylist(), np.array(table["kind"].to_pylist(), np.float32)


def from_npz(path: Path) -> tuple[list[str], Any]:
    with np.load(path) as arrays:
        assert arrays.files == ["kind", "input"]
        return arrays["input"].tolist(), arrays["kind"]


WRITTEN = {"y.csv": from_csv, "y.jsonl": from_lines, "y.parquet": from_parquet, "y.npz": from_npz}


@pytest.mark.parametrize("name", WRITTEN)
def test_every_format_is_written_with_names_and_exact_numbers(model: Model, folder: Path, name: str) -> None:
    write_csv(folder / "x.csv")
    if name == "y.parquet":
        pytest.importorskip("pyarrow")
    predict_files(model, ["x.csv"], name, batch_size=8)
    names, values = WRITTEN[name](folder / name)
    assert names == [f"x.csv:{i + 2}" for i in range(70)]
    predict_files(model, "x.csv", "same.npy", batch_size=8)
    assert np.array_equal(values, np.load("same.npy"))
    predict_files(model, "x.csv", name, batch_size=8)  # a result takes the place of an older one


def test_results_are_read_as_samples(model: Model, folder: Path) -> None:
    """What one model writes, another one takes: columns are called alike."""
    from modelc import load_spec

    write_npy(folder / "x.npy")
    predict_files(model, "x.npy", "y.csv")
    text = "modelc: 1\ninput: {shape: [3], name: kind}\nlayers: [{type: Dense, units: 2, use_bias: false}]"
    second = load_spec(text).build()
    columns = {"kind": ["kind[iris]", "kind[rose, red]", "kind[tulip]"]}
    predict_files(second, "y.csv", "z.npy", columns=columns)
    predict_files(model, "x.npy", "y.npy")
    np.testing.assert_allclose(np.load("z.npy"), np.load("y.npy") @ second.weights[0].value, rtol=1e-5)


class Numbers:
    """Results and names that are hard to write, given to a writer as they are."""

    names = ('a "1", b%s', "ü\n", "plain")
    results = np.array([[np.nan, 0.5, 1 / 3], [np.inf, 2, 1], [1e-30, -np.inf, 0]], np.float32)
    output = WrittenOutput('100% "kind"', (3,), "float32", ("x, %d", 'y"', "z"))


def test_numbers_and_names_of_any_kind_as_json_lines() -> None:
    for top in (None, 2):
        stream = io.BytesIO()
        classes = None if top is None else TopClasses([Numbers.output], top)
        with LinesWriter(stream, [Numbers.output], classes) as writer:
            writer.write(Numbers.names, [Numbers.results])
        lines = [json.loads(line, parse_constant=pytest.fail) for line in stream.getvalue().decode().splitlines()]
        assert [line["input"] for line in lines] == list(Numbers.names)
        found = [line["outputs"]['100% "kind"'] for line in lines]
        rows = [[float(n) if np.isfinite(n) else None for n in row] for row in Numbers.results]
        if top is None:
            np.testing.assert_equal(np.array(found, np.float32), np.array(rows, np.float32))
        else:  # of the largest first; what is no number last
            labels = [['y"', "z"], ["x, %d", 'y"'], ["x, %d", "z"]]
            assert [[guess["label"] for guess in some] for some in found] == labels
            assert found[1][0]["score"] is None
            assert np.float32(found[0][1]["score"]) == np.float32(1 / 3)


def test_names_of_any_kind_as_csv() -> None:
    stream = io.BytesIO()
    with TableWriter(stream, [Numbers.output], TopClasses([Numbers.output], 1)) as writer:
        writer.write(Numbers.names, [Numbers.results])
    _, *rows = csv.reader(io.StringIO(stream.getvalue().decode(), newline=""))
    assert [row[:2] for row in rows] == [
        [name, label] for name, label in zip(Numbers.names, ['y"', "x, %d", "x, %d"], strict=True)
    ]


def test_whole_numbers_have_all_their_digits() -> None:
    output = WrittenOutput("y", (2,), "int32")
    values = np.array([[2**31 - 1, -(2**31)], [0, 1]], np.int32)
    stream = io.BytesIO()
    with LinesWriter(stream, [output], TopClasses([output], 1)) as writer:
        writer.write(["a", "b"], [values])
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["outputs"]["y"][0]["score"] for line in lines] == [2**31 - 1, 1]


@pytest.mark.parametrize("count", [0, 1, 7, 10_000])
@pytest.mark.parametrize("width", [1, 3, 20_000])
def test_any_number_of_rows_of_any_width(count: int, width: int) -> None:
    """They are formatted in blocks: each row is there once, in order."""
    if count * width > 10**6:
        count = 9
    output = WrittenOutput("y", (width,), "float32")
    values = np.arange(count * width, dtype=np.float32).reshape(count, width)
    stream = io.BytesIO()
    with LinesWriter(stream, [output]) as writer:
        writer.write([str(i) for i in range(count)], [values])
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [line["input"] for line in lines] == [str(i) for i in range(count)]
    np.testing.assert_array_equal(np.array([line["outputs"]["y"] for line in lines]).reshape(count, width), values)


@pytest.mark.parametrize("name", ["y.csv", "y.jsonl", "y.parquet"])
def test_likeliest_classes_in_tables(model: Model, expected: Any, folder: Path, name: str) -> None:
    if name == "y.parquet":
        pytest.importorskip("pyarrow")
    write_npy(folder / "x.npy")
    predict_files(model, "x.npy", name, top=2)
    order = np.argsort(-expected, axis=1)[:, :2]
    labels = [["iris", "rose, red", "tulip"][i] for i in order.ravel()]
    scores = np.take_along_axis(expected, order, 1).ravel()
    if name == "y.jsonl":
        some = [g for line in Path(name).read_text().splitlines() for g in json.loads(line)["outputs"]["kind"]]
        found = [(g["label"], g["score"]) for g in some]
    elif name == "y.csv":
        with Path(name).open(newline="") as file:
            header, *rows = csv.reader(file)
        assert header == ["input", "label_1", "score_1", "label_2", "score_2"]
        assert rows[3][0] == "x.npy[3]"
        found = [(row[i], float(row[i + 1])) for row in rows for i in (1, 3)]
    else:
        rows = pytest.importorskip("pyarrow.parquet").read_table(name).to_pylist()
        found = [(row[f"label_{i}"], row[f"score_{i}"]) for row in rows for i in (1, 2)]
    assert [label for label, _ in found] == labels
    np.testing.assert_allclose([score for _, score in found], scores, rtol=1e-5)
