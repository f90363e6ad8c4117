"""`modelc build` and `modelc run`, with the kernels of the compiled model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.model.loading import load_spec

X = np.random.default_rng(0).standard_normal((10, 4)).astype(np.float32)


def reference(spec: Path, x: Any, *extract: str, **options: Any) -> Any:
    loaded = load_spec(spec)
    return (loaded.extract(*extract) if extract else loaded).build(backend="reference", **options)(x)


def test_build_reports_and_run_gives_the_outputs(run: Any, dense: Path, tmp_path: Path) -> None:
    result = run("build", dense)
    assert result.code == 0
    lines = dict(line.split(None, 1) for line in result.out.splitlines())
    assert list(lines) == ["model", "layers", "parameters", "ops", "kernels", "arena", "compiled", "time", "artifact"]
    assert (lines["layers"], lines["parameters"]) == ("2", "23 (92.00 Byte)")
    assert lines["ops"] == "2 after fusion, 5 before"
    np.save("x.npy", X)
    assert run("run", "dense.modelc", "--input", "x.npy", "--output", "y.npy", "--batch-size", "3").code == 0
    np.testing.assert_allclose(np.load("y.npy"), reference(dense, X), rtol=1e-5, atol=1e-6)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dense.modelc", "dense.yaml", "x.npy", "y.npy"]


def test_same_build_gives_the_same_bytes(run: Any, dense: Path) -> None:
    assert run("build", dense, "-o", "a.modelc", "--seed", 3).code == 0
    assert run("build", dense, "-o", "b.modelc", "--seed", 3).code == 0
    assert run("build", dense, "-o", "c.modelc", "--seed", 4).code == 0
    assert Path("a.modelc").read_bytes() == Path("b.modelc").read_bytes() != Path("c.modelc").read_bytes()


def test_several_outputs_are_named_by_their_layers(run: Any, dense: Path) -> None:
    assert run("build", dense, "-o", "both.modelc", "--extract", "out", "--extract", "hidden").code == 0
    np.save("x.npy", X)
    result = run("run", "both.modelc", "--input", "x.npy", "--output", "y.npy")
    assert result.code == 2
    assert "name it .npz" in result.err
    assert run("run", "both.modelc", "--input", "x.npy", "--output", "y.npz", "--batch-size", 4).code == 0
    with np.load("y.npz") as found:
        assert found.files == ["out", "hidden"]
        for name, expected in zip(found.files, reference(dense, X, "out", "hidden"), strict=True):
            np.testing.assert_allclose(found[name], expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("name", ["both.h5", "outputs_of_one_shape.keras", "inside_of_another.h5"])
def test_dictionaries_are_read_and_written_by_their_keys(run: Any, name: str) -> None:
    file = Path(__file__).parents[1] / "keras/dictionary_files" / name
    with np.load(file.with_suffix(".npz")) as stored:
        inputs, outputs = ({k[2:]: stored[k] for k in stored if k[0] == kind} for kind in "xy")
    arrays: dict[str, Any] = dict(inputs)
    np.savez("x.npz", **arrays)
    for key, x in inputs.items():
        np.save(f"{key}.npy", x)
    assert run("run", file, "--input", "x.npz", "--output", "whole.npz").code == 0
    assert run("build", file, "-o", "m.modelc").code == 0
    each = [argument for key in inputs for argument in ("--input", f"{key}={key}.npy")]
    assert run("run", "m.modelc", *each, "--output", "each.npz", "--batch-size", 2).code == 0
    for made in ("whole.npz", "each.npz"):
        with np.load(made) as found:
            assert set(found.files) == outputs.keys()
            for key, expected in outputs.items():
                np.testing.assert_allclose(found[key], expected, rtol=1e-5, atol=1e-6, err_msg=key)


def test_a_spec_runs_with_given_or_drawn_weights(run: Any, dense: Path) -> None:
    np.save("x.npy", X)
    drawn = run("run", dense, "--input", "x.npy", "--output", "drawn.npy", "--seed", 5)
    assert "initialized randomly with seed 5" in drawn.err
    np.testing.assert_allclose(np.load("drawn.npy"), reference(dense, X, seed=5), rtol=1e-5, atol=1e-6)
    load_spec(dense).build(seed=9, backend="reference").save_weights("w.safetensors")
    given = run("run", dense, "--input", "x.npy", "--output", "given.npy", "--weights", "w.safetensors")
    assert given.code == 0
    assert "drawn" not in given.err
    np.testing.assert_allclose(np.load("given.npy"), reference(dense, X, seed=9), rtol=1e-5, atol=1e-6)


def test_arrays_of_an_npz(run: Any, dense: Path) -> None:
    run("build", dense)
    np.savez("one.npz", anything=X)
    np.savez("two.npz", other=np.zeros(3), features=X)
    np.savez("none.npz", other=np.zeros(3), third=X)
    for name in ("one.npz", "two.npz"):
        assert run("run", "dense.modelc", "--input", name, "--output", "y.npy").code == 0
        np.testing.assert_allclose(np.load("y.npy"), reference(dense, X), rtol=1e-5, atol=1e-6)
    result = run("run", "dense.modelc", "--input", "none.npz", "--output", "y2.npy")
    assert result.code == 2
    assert "holds the arrays other, third, none of which is `features`" in result.err


@pytest.mark.parametrize("array", [X.astype(np.float64), np.asfortranarray(X), X[:0], X[:1], (X * 9).astype(np.int8)])
def test_any_real_array_of_the_shape(run: Any, dense: Path, array: Any) -> None:
    run("build", dense)
    np.save("x.npy", array)
    assert run("run", "dense.modelc", "--input", "x.npy", "--output", "y.npy").code == 0
    assert np.load("y.npy").shape == (len(array), 2)
    np.testing.assert_allclose(np.load("y.npy"), reference(dense, array), rtol=1e-4, atol=1e-5)


def _write_bad_inputs() -> None:
    np.save("wide.npy", np.zeros((3, 5)))
    np.save("complex.npy", np.zeros((3, 4), complex))
    np.save("objects.npy", np.array([{}], dtype=object), allow_pickle=True)
    np.save("good.npy", X)
    np.savez("objects.npz", a=np.array([{}], dtype=object))
    np.savez_compressed("zipped.npz", a=X)
    data = Path("good.npy").read_bytes()
    Path("short.npy").write_bytes(data[:-30])
    Path("text.npy").write_text("1 2 3 4")
    Path("data.txt").write_text("1 2 3 4")
    Path("empty.npy").write_bytes(b"")
    Path("short.npz").write_bytes(Path("zipped.npz").read_bytes()[:-40])
    Path("huge.npy").write_bytes(data.replace(b"(10, 4), }", b"(10000000000000, 4), }").ljust(200))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.npy", "missing.npy: there is no such file"),
        ("missing.npz", "missing.npz: there is no such file"),
        ("wide.npy", "wide.npy has the shape (3, 5), expected (None, 4)"),
        ("complex.npy", "complex.npy holds complex128, expected numbers"),
        ("objects.npy", "Python objects are not read from files"),
        ("objects.npz", "Python objects are not read from files"),
        ("short.npy", "short.npy: not a .npy file, or damaged"),
        ("text.npy", "text.npy: not a .npy file, or damaged"),
        ("empty.npy", "empty.npy: not a .npy file, or damaged"),
        ("huge.npy", "huge.npy: not a .npy file, or damaged"),
        ("short.npz", "short.npz: not a .npz file, or damaged"),
        ("data.txt", "an input is a file that ends in one of .npy, .npz, .zarr, .csv"),
        ("data.csv", "data.csv: there is no such file"),
        ("none.txt", "none.txt: there is no such file or folder"),
    ],
)
def test_bad_inputs(run: Any, dense: Path, name: str, message: str) -> None:
    run("build", dense)
    _write_bad_inputs()
    result = run("run", "dense.modelc", "--input", name, "--output", "y.npy")
    assert result.code == 2
    assert message in result.err
    assert not Path("y.npy").exists()
    assert not list(Path().glob(".*"))


@pytest.mark.parametrize(("target", "code"), [("y.txt", 2), ("nowhere/y.npy", 2), ("y", 2)])
def test_bad_outputs(run: Any, dense: Path, target: str, code: int) -> None:
    np.save("x.npy", X)
    result = run("run", dense, "--input", "x.npy", "--output", target)
    assert result.code == code
    assert target in result.err


def test_an_old_output_stays_where_running_fails(run: Any, tmp_path: Path) -> None:
    (tmp_path / "table.yaml").write_text(
        "modelc: 1\ninput: {shape: [2], dtype: int32}\nlayers:\n  - {type: Embedding, input_dim: 5, output_dim: 3}\n"
    )
    np.save("x.npy", np.array([[0, 1]] * 40 + [[2, 9]]))
    np.save("y.npy", X)
    before = Path("y.npy").read_bytes()
    result = run("run", "table.yaml", "--input", "x.npy", "--output", "y.npy")
    assert result.code == 2
    assert "outside of the table" in result.err
    assert Path("y.npy").read_bytes() == before


def test_pictures(run: Any, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    pixels = np.random.default_rng(1).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    image.fromarray(pixels).save("color.png")
    image.fromarray(pixels[:5]).save("small.bmp")
    Path("damaged.png").write_bytes(Path("color.png").read_bytes()[:60])
    layer = "layers: [{type: Conv2D, filters: 2, kernel_size: 3}]"
    (tmp_path / "color.yaml").write_text(f"modelc: 1\ninput: {{shape: [6, 8, 3]}}\n{layer}\n")
    (tmp_path / "gray.yaml").write_text(f"modelc: 1\ninput: {{shape: [6, 8, 1]}}\n{layer}\n")
    gray = np.asarray(image.fromarray(pixels).convert("L"))[..., None]
    for spec, sample in (("color.yaml", pixels), ("gray.yaml", gray)):
        assert run("run", spec, "--input", "color.png", "--output", "y.npy").code == 0
        np.testing.assert_allclose(np.load("y.npy"), reference(tmp_path / spec, sample[None]), rtol=1e-4, atol=1e-3)
    small = run("run", "color.yaml", "--input", "small.bmp", "--output", "y.npy")
    assert small.code == 2
    assert "the image is 5 high and 8 wide, the model takes 6 × 8" in small.err
    assert "not an image, or damaged" in run("run", "color.yaml", "--input", "damaged.png", "--output", "y.npy").err


def test_limits_fail_before_compiling(run: Any, dense: Path) -> None:
    result = run("build", dense, "--set", "limits.macs=17")
    assert result.code == 2
    assert "E501" in result.err
    assert not Path("dense.modelc").exists()


def test_artifacts_are_not_changed_by_options(run: Any, dense: Path) -> None:
    run("build", dense)
    np.save("x.npy", X)
    result = run("run", "dense.modelc", "--set", "a=1", "--input", "x.npy", "--output", "y.npy")
    assert result.code == 2
    assert "apply to specs, not to a .modelc artifact" in result.err


def test_build_into_a_folder_that_is_not_there(run: Any, dense: Path) -> None:
    assert run("build", dense, "-o", "nowhere/m.modelc").code == 2
