"""`modelc summary`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from modelc.model.loading import load_spec


def test_table_is_the_summary(run: Any, dense: Path) -> None:
    result = run("summary", dense)
    assert (result.code, result.err) == (0, "")
    assert result.out == f"{load_spec(dense).summary()}\n"
    assert "Total params: 23 (92.00 Byte)" in result.out


@pytest.mark.parametrize(
    ("options", "params"),
    [
        (["--set", "vars.width=5"], 37),
        (["--set", "layers.0.units=1", "--set", "layers.out.units=7"], 19),
        (["--input-shape", "8"], 35),
        (["--truncate", "hidden"], 15),
        (["--extract", "hidden"], 15),
        (["--extract", "out", "--extract", "hidden"], 23),
    ],
)
def test_views(run: Any, dense: Path, options: list[str], params: int) -> None:
    result = run("summary", dense, "--json", *options)
    assert result.code == 0
    assert json.loads(result.out)["params"] == params


def test_freezing(run: Any, dense: Path) -> None:
    data = json.loads(run("summary", dense, "--freeze", "*", "--freeze", "!out", "--json").out)
    assert data["trainable_params"] == 8
    assert [layer["trainable"] for layer in data["layers"]] == [False, True]


def test_forms(run: Any, dense: Path) -> None:
    assert run("summary", dense, "--csv").out.startswith("name,type,output_shape,params,")
    assert run("summary", dense, "--csv", "--columns", "macs").out == "name,type,macs\nhidden,Dense,12\nout,Dense,6\n"
    assert run("summary", dense, "--markdown").out.startswith("| Layer (type) | Output Shape | Param # |\n| --- |")
    assert "MACs per sample: 18" in run("summary", dense, "--wide").out
    assert "out (Dense)" not in run("summary", dense, "--layers", ":-1").out
    assert json.loads(run("summary", dense, "--json", "--batch-size", 3).out)["layers"][0]["activation_bytes"] == 36


def test_limits_fail_after_the_table(run: Any, dense: Path) -> None:
    result = run("summary", dense, "--set", "limits.params=20")
    assert result.code == 2
    assert "Total params: 23" in result.out
    assert "dense.yaml:7:5: error[E501]: up to `out` the model has 23 parameters, the limit is 20" in result.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.yaml"], "nowhere.yaml: error[E101]"),
        (["{dense}", "--columns", "parms"], "did you mean `params`?"),
        (["{dense}", "--truncate", "hiden"], "did you mean `hidden`?"),
        (["{dense}", "--extract", "x*"], "--extract: error[E304]: no layer's name matches `x*`"),
        (["{dense}", "--freeze", "9"], "--freeze: error[E304]: there is no layer at index 9"),
        (["{dense}", "--layers", "x"], "--layers: error[E304]: unknown layer `x`"),
        (["{dense}", "--set", "layers.0.units=x"], "--set layers.0.units=x:1:16: error[E203]"),
        (["{dense}", "--input-shape", "4,x"], "'4,x' is not a shape"),
        (["{dense}", "--input-shape", "0"], "'0' is not a shape"),
        (["{dense}", "--batch-size", "0"], "--batch-size"),
        (["{dense}", "--no-such"], "No such option"),
        ([], "Missing argument"),
    ],
)
def test_mistakes(run: Any, dense: Path, arguments: list[str], message: str) -> None:
    result = run("summary", *(argument.format(dense=dense) for argument in arguments))
    assert result.code == 2
    assert message in result.err
    assert result.out == ""


def test_deferred_spec(run: Any, tmp_path: Path) -> None:
    (tmp_path / "deferred.yaml").write_text("modelc: 1\nlayers:\n  - {type: Dense, units: 3}\n")
    result = run("summary", "deferred.yaml")
    assert result.code == 2
    assert "E402" in result.err
    assert "--input-shape" in result.err
    assert "(None, 3)" in run("summary", "deferred.yaml", "--input-shape", "(7,)").out


def test_a_file_name_may_look_like_text(run: Any, tmp_path: Path) -> None:
    (tmp_path / "{x}.yaml").write_text("modelc: 1\ninput: {shape: [2]}\nlayers: [{type: Dense, units: 3}]\n")
    assert run("summary", "{x}.yaml").code == 0


def test_graphs(run: Any, tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_text(
        "modelc: 1\nlayers:\n  - {type: Dense, units: 3, name: a}\n  - {type: Dense, units: 5, name: b}\n"
    )
    (tmp_path / "graph.yaml").write_text(
        "modelc: 1\ninput: {shape: [4]}\nlayers:\n  - {type: Model, spec: base.yaml, name: base}\n"
        "  - {type: Dense, units: 5, name: side, inputs: input}\n  - {type: Add, inputs: [base, side]}\n"
    )
    plain = run("summary", "graph.yaml")
    assert (plain.code, plain.err) == (0, "")
    assert plain.out == f"{load_spec(tmp_path / 'graph.yaml').summary()}\n"
    assert plain.out.splitlines()[6].split()[-2:] == ["base,", "side"]
    assert "└" not in plain.out
    expanded = run("summary", "graph.yaml", "--expand-nested").out
    assert [line.split()[1] for line in expanded.splitlines() if "└" in line] == ["a", "b"]
    assert "base/b (Dense)" in run("summary", "graph.yaml", "--layers", "base/b").out
    assert "Total params: 60" in expanded  # 4·3 + 3 + 3·5 + 5, and 4·5 + 5
    assert run("summary", "graph.yaml", "--csv", "--columns", "params,connected_to", "--expand-nested").out == (
        "name,type,params,connected_to\nbase,Sequential,35,input\nbase/a,Dense,15,base/input\nbase/b,Dense,20,base/a\n"
        'side,Dense,25,input\nadd,Add,0,"base, side"\n'
    )
    data = json.loads(run("summary", "graph.yaml", "--json").out)
    assert [layer["params"] for layer in data["layers"][0]["layers"]] == [15, 20]
    limited = run("summary", "graph.yaml", "--set", "limits.params=30")
    assert limited.code == 2
    assert "base.yaml:4:5: error[E501]: up to `base/b` the model has 35 parameters" in limited.err
