"""Bad samples are told by name, and left out where that is asked for; bad files end a run at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc import load_spec
from modelc.bulk.predict_files import predict_files
from modelc.errors import ModelcError
from modelc.model.model import Model
from tests.bulk.conftest import X

LINES = {
    "[1, 2, 3, 4]": None,
    "[1, 2, 3]": "the input `x` has the shape (3,), expected (4,)",
    "[1, [2], 3, 4]": "the input `x` has lists of different lengths, or of different depths",
    '["1", "2", "3", "4"]': "the input `x`: expected numbers of the shape (4,)",
    "[1, 2, 3, null]": "the input `x`: expected numbers of the shape (4,)",
    "[1, 2, 3, 1e999]": "the input `x`: expected finite numbers, found inf",
    "[1, 2, 3, NaN]": "is not JSON: NaN is no number of JSON",
    "[1, 2, 3, 4": "is not JSON: Expecting ',' delimiter at column 12",
    "[" * 100_000: "is not JSON that is read: it has too many brackets in each other",
    '{"X": [1, 2, 3, 4]}': "has no `x`",
    '{"x": "text"}': 'the input `x`: expected numbers of the shape (4,), found "text"',
    '"text"': 'the input `x`: expected numbers of the shape (4,), found "text"',
    "12345678901234567890123456789": "the input `x`: expected numbers",
    "\xff": "is not UTF-8 text",
    "[0, 0, 0, 0]": None,
}
ROWS = {
    "1,2,3,4": None,
    "1,2,3": "has 3 values, expected 4",
    "1,2,,4": "column `c`: expected a finite number, found nothing",
    "1,2,inf,4": 'column `c`: expected a finite number, found "inf"',
    "1,2,3,4_0": 'column `d`: expected a finite number, found "4_0"',
    '1,2,3,"4': "is no row of a table",
    '"1",2, 3 ,1e1': None,
    "one,2,3,4": 'column `a`: expected a finite number, found "one"',
    "\xff,2,3,4": "is not UTF-8 text",
}


@pytest.mark.parametrize(("name", "lines"), [("x.jsonl", LINES), ("x.csv", ROWS)])
def test_bad_rows_are_left_out_by_name(model: Model, folder: Path, name: str, lines: dict[str, str | None]) -> None:
    header = ["a,b,c,d"] if name == "x.csv" else []
    Path(name).write_bytes("\n".join([*header, *lines, ""]).encode("latin-1"))
    told: list[tuple[str, str]] = []
    counts = predict_files(model, name, "y.npz", on_bad=lambda name, error: told.append((name, str(error))))
    wrong = [(f"{name}:{i + len(header) + 1}", message) for i, message in enumerate(lines.values()) if message]
    assert [name for name, _ in told] == [name for name, _ in wrong]
    for (_, found), (_, message) in zip(told, wrong, strict=True):
        assert message is not None and found.startswith(message)
    assert (counts.done, counts.skipped) == (len(lines) - len(wrong), len(wrong))
    with np.load("y.npz") as arrays:
        assert len(arrays["kind"]) == counts.done
        assert not set(arrays["input"]) & {name for name, _ in wrong}
    with pytest.raises(ModelcError) as caught:
        predict_files(model, name, "other.npy")
    place, message = wrong[0]
    assert caught.value.message.startswith(f"{place}: {message}") and not Path("other.npy").exists()


def test_samples_that_a_model_refuses_are_found(folder: Path) -> None:
    text = "modelc: 1\ninput: {shape: [2], dtype: int32}\nlayers: [{type: Embedding, input_dim: 5, output_dim: 3}]"
    model = load_spec(text).build()
    x = np.tile([[0, 4]], (100, 1))
    x[[40, 77]] = 9
    np.save("x.npy", x)
    told: list[str] = []
    counts = predict_files(model, "x.npy", "y.npz", on_bad=lambda name, error: told.append(f"{name}: {error}"))
    assert [line.partition(":")[0] for line in told] == ["x.npy[40]", "x.npy[77]"]
    assert "outside of the table" in told[0] and (counts.done, counts.skipped) == (98, 2)
    with np.load("y.npz") as arrays:
        np.testing.assert_array_equal(arrays["embedding"], np.delete(model(np.minimum(x, 4)), [40, 77], 0))
        assert "x.npy[39]" in arrays["input"] and "x.npy[40]" not in arrays["input"]
    with pytest.raises(ModelcError, match=r"^x.npy\[40\]: .*outside of the table"):
        predict_files(model, "x.npy", "z.npy")


def test_bad_pictures_are_left_out_by_name(folder: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    model = load_spec("modelc: 1\ninput: {shape: [6, 6, 3]}\nlayers: [{type: Flatten}]").build()
    for name in ("a.png", "b.png", "d.png"):
        image.fromarray(np.full((6, 6, 3), ord(name[0]), np.uint8)).save(name)
    Path("b.png").write_bytes(Path("b.png").read_bytes()[:40])
    Path("c.png").write_text("no picture")
    told: list[str] = []
    predict_files(model, ".", "y.npz", on_bad=lambda name, error: told.append(f"{name} {error}"))
    assert [line.split()[0] for line in told] == ["./b.png", "./c.png"]
    with np.load("y.npz") as arrays:
        assert arrays["input"].tolist() == ["./a.png", "./d.png"]
        assert arrays["flatten"][:, 0].tolist() == [ord("a"), ord("d")]


FILES: dict[str, tuple[str, str | bytes, str]] = {
    "empty": ("x.csv", "", "x.csv: is empty, expected a line with the names of the columns"),
    "no header": ("x.csv", "1,2,3,4\n", "x.csv:1: expected the names of the columns, found numbers"),
    "twice": ("x.csv", "a,b,a,c\n", 'x.csv:1: two columns are called "a"'),
    "wide": ("x.csv", "a,b,c,d,e\n", "x.csv:1: has 5 columns, the input `x` of the shape (4,) has 4 numbers"),
    "no parquet": ("x.parquet", "text", "x.parquet: not a Parquet file, or damaged"),
    "short parquet": ("x.parquet", b"PAR1" + b"\xff" * 40 + b"PAR1", "x.parquet: not a Parquet file, or damaged"),
    "narrow": ("x.csv", "a\n", "x.csv:1: has 1 column, the input `x` of the shape (4,) has 4 numbers"),
    "kind": ("x.yaml", "", "x.yaml: an input is a file that ends in one of .npy"),
}


@pytest.mark.parametrize(("name", "content", "message"), FILES.values(), ids=FILES)
def test_bad_files(model: Model, folder: Path, name: str, content: str | bytes, message: str) -> None:
    if name == "x.parquet":
        pytest.importorskip("pyarrow")
    Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ModelcError) as caught:
        predict_files(model, name, "y.npy", on_bad=lambda name, error: None)
    assert caught.value.message.startswith(message)


def test_parquet_without_values(model: Model, expected: Any, folder: Path) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows: list[Any] = X.tolist()
    rows[3], rows[5] = None, [1.0, 2.0]
    rows[7] = [1.0, 2.0, None, 4.0]
    pq.write_table(pa.table({"x": rows}), "x.parquet")
    told: list[str] = []
    predict_files(model, "x.parquet", "y.npy", on_bad=lambda name, error: told.append(name))
    assert told == ["x.parquet[3]", "x.parquet[5]", "x.parquet[7]"]
    np.testing.assert_allclose(np.load("y.npy"), np.delete(expected, [3, 5, 7], 0), rtol=1e-5)


def test_a_file_that_is_not_there_is_told_so(model: Model, folder: Path) -> None:
    with pytest.raises(ModelcError, match=r"^nothing: there is no such file or folder$"):
        predict_files(model, "nothing", "y.npy")


@pytest.mark.parametrize("columns", [{}, {"x": ["other"]}])
def test_lists_in_a_column_of_another_name(
    model: Model, expected: Any, folder: Path, columns: dict[str, list[str]]
) -> None:
    pa, pq = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    rows: list[Any] = X.tolist()
    rows[5] = [1.0, 2.0]  # so that rows are looked at one by one
    pq.write_table(pa.table({"other": rows} | ({"id": list(range(70))} if columns else {})), "x.parquet")
    told: list[tuple[str, str]] = []
    counts = predict_files(
        model, "x.parquet", "y.npy", columns=columns, on_bad=lambda name, error: told.append((name, str(error)))
    )
    assert told == [("x.parquet[5]", "the input `x` has the shape (2,), expected (4,)")]
    assert (counts.done, counts.skipped) == (69, 1)
    np.testing.assert_allclose(np.load("y.npy"), np.delete(expected, 5, 0), rtol=1e-5)


def test_what_tables_cannot_hold(folder: Path) -> None:
    free = load_spec("modelc: 1\ninput: {shape: [null, 2]}\nlayers: [{type: Dense, units: 2}]").build()
    Path("x.jsonl").write_text("[[1, 2]]\n[[1, 2], [3, 4]]\n")
    Path("x.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ModelcError, match="the output `dense` has other sizes for each sample, a table has none"):
        predict_files(free, "x.jsonl", "y.csv")
    with pytest.raises(ModelcError, match=r"x.csv:1: the input `input` has a free size|has a free size"):
        predict_files(free, "x.csv", "y.jsonl")
    predict_files(free, "x.jsonl", "y.jsonl")
    assert [len(eval_line(line)) for line in Path("y.jsonl").read_text().splitlines()] == [1, 2]


def eval_line(line: str) -> Any:
    import json

    return json.loads(line)["outputs"]["dense"]
