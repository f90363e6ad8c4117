"""`modelc zoo list` and `modelc zoo show`."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

import modelc
from modelc import zoo
from modelc.model.loading import load_spec
from tests.zoo.server import serving

FEW = ("mobilenet", "resnet50", "vgg16")


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A zoo that is listed quickly."""
    monkeypatch.setattr(zoo, "names", lambda: FEW)


def test_list(run: Any, few: None) -> None:
    result = run("zoo", "list")
    assert (result.code, result.err) == (0, "")
    assert result.out == (
        "Name         Params       MACs          Input\n"
        "mobilenet      4.3M       569M      224×224×3\n"
        "resnet50      25.6M     3,858M      224×224×3\n"
        "vgg16        138.4M    15,470M      224×224×3\n"
    )


def test_list_as_json_is_what_the_summary_says(run: Any, few: None) -> None:
    found = json.loads(run("zoo", "list", "--json").out)
    assert [one["name"] for one in found] == list(FEW)
    for one in found:
        summary = json.loads(run("summary", zoo.path(one["name"]), "--json").out)
        assert (one["params"], one["macs"]) == (summary["params"], summary["macs"])
        assert [None, *one["input_shape"]] == summary["inputs"][0]["shape"]
        assert one["description"] == zoo.description(one["name"])


@pytest.mark.parametrize("name", ["xception", "zoo:xception"])
def test_show(run: Any, name: str) -> None:
    result = run("zoo", "show", name)
    assert (result.code, result.err) == (0, "")
    assert result.out == zoo.path("xception").read_text(encoding="utf-8")


def test_what_is_shown_is_a_spec_anywhere(run: Any, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(run("zoo", "show", "vgg19").out, encoding="utf-8")
    assert load_spec(tmp_path / "mine.yaml").to_dict() == load_spec("zoo:vgg19").to_dict()
    assert run("check", "mine.yaml").out == "1 spec, no errors\n"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "resnet51",
            "unknown architecture `resnet51`; available in this family: resnet101, resnet101_v2, resnet152, ",
        ),
        ("Xception", "unknown architecture `Xception`; did you mean `xception`?"),
        ("../zoo/xception", "unknown architecture `../zoo/xception`"),
        ("", "unknown architecture ``; `modelc zoo list` lists the architectures"),
        ("qqq", "unknown architecture `qqq`; `modelc zoo list` lists the architectures"),
    ],
)
def test_show_what_is_not_there(run: Any, name: str, message: str) -> None:
    result = run("zoo", "show", name)
    assert (result.code, result.out) == (2, "")
    assert message in result.err


def test_zoo_names_where_a_spec_is_taken(run: Any) -> None:
    assert 'Model: "vgg16"' in run("summary", "zoo:vgg16", "--set", "vars.classes=7").out
    assert run("check", "zoo:xception", "zoo:nasnet_mobile").out == "2 specs, no errors\n"
    result = run("summary", "zoo:vgg17")
    assert result.code == 2
    assert "unknown architecture `vgg17`\n  help: available in this family: vgg16, vgg19" in result.err


@pytest.mark.parametrize("name", zoo.names())
def test_every_description_cites_a_paper(name: str) -> None:
    assert re.fullmatch(r".+: .+, https://arxiv\.org/abs/\d{4}\.\d{4,5}", zoo.description(name))


def test_no_architecture_of_that_name() -> None:
    for get in (zoo.path, zoo.description):
        with pytest.raises(KeyError, match="vgg17"):
            get("vgg17")


def test_the_specs_are_part_of_the_package() -> None:
    """They lie below the folder that the wheel is made of, and nothing excludes them."""
    assert zoo.path("vgg16").is_relative_to(Path(modelc.__file__).parent)
    project = Path(modelc.__file__).parents[1] / "pyproject.toml"
    build = tomllib.loads(project.read_text(encoding="utf-8"))["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"]["packages"] == ["modelc"]
    assert not build["targets"]["wheel"].keys() & {"exclude", "only-include"}


# --- fetch


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("MODELC_WEIGHTS_DIR", str(tmp_path / "weights"))
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.delenv("MODELC_MIRROR", raising=False)
    with serving() as server:
        yield server


SMALL = b"\x89HDF\r\n\x1a\n".ljust(4 * 470_544 + 100)
"""As large as the weights of mobilenet_0.25_128."""


def test_fetch(run: Any, server: Any, tmp_path: Path) -> None:
    server.files["mobilenet_2_5_128_tf.h5"] = SMALL + bytes(4 * 5000)
    result = run("zoo", "fetch", "mobilenet_0.25_128", "--mirror", server.url)
    assert result.code == 0, result.err
    assert result.out == f"{tmp_path}/weights/mobilenet_2_5_128_tf.h5\n"
    assert "mobilenet_2_5_128_tf.h5: 0.00 Byte of " in result.err
    assert "Keras states no digest of mobilenet_2_5_128_tf.h5: only its size and kind were checked" in result.err
    again = run("zoo", "fetch", "zoo:mobilenet_0.25_128")
    assert again.code == 0 and len(server.asked) == 1, "the network is not needed for what is there"


def test_fetch_without_the_top(run: Any, server: Any) -> None:
    server.files["mobilenet_2_5_128_tf_no_top.h5"] = SMALL[: 4 * 218_544 + 100]
    result = run("zoo", "fetch", "--no-top", "mobilenet_0.25_128", "--mirror", server.url)
    assert result.code == 0 and result.out.endswith("/weights/mobilenet_2_5_128_tf_no_top.h5\n")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["vgg17"], 2, "unknown pretrained model `vgg17`\n  help: did you mean `vgg1"),
        (["vgg16", "--mirror", "here"], 2, "the mirror 'here' is not a URL of http or https"),
        (["vgg16"], 1, "vgg16_weights_tf_dim_ordering_tf_kernels.h5: the server answers 404 Not Found"),
        ([], 2, "Missing argument 'ARCHITECTURE...'"),
    ],
)
def test_fetch_mistakes(
    run: Any, server: Any, monkeypatch: pytest.MonkeyPatch, arguments: list[str], code: int, message: str
) -> None:
    monkeypatch.setenv("MODELC_MIRROR", server.url)
    result = run("zoo", "fetch", *arguments)
    assert (result.code, result.out) == (code, "")
    assert message in result.err


def test_progress_on_a_terminal(server: Any, tmp_path: Path) -> None:
    """A bar, on a terminal that is there; and the file."""
    import os
    import pty
    import subprocess
    import sys

    server.files["mobilenet_2_5_128_tf_no_top.h5"] = SMALL[: 4 * 218_544 + 100]
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "modelc", "zoo", "fetch", "--no-top", "mobilenet_0.25_128", "--mirror", server.url]
    done = subprocess.run(command, stderr=follower, stdout=subprocess.PIPE, text=True, timeout=60, check=True)
    os.close(follower)
    shown = b""
    while chunk := _read(leader):
        shown += chunk
    assert done.stdout.endswith("mobilenet_2_5_128_tf_no_top.h5\n")
    assert b"mobilenet_2_5_128_tf_no_top.h5" in shown and "━".encode() in shown


def _read(descriptor: int) -> bytes:
    import os

    try:
        return os.read(descriptor, 4096)
    except OSError:  # the other end is closed
        return b""
