"""C libraries against what Python computes on the same machine: the same bits."""

from __future__ import annotations

import re
import subprocess
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.c.elf.objects import ElfObject
from modelc.c.machine import LIBC
from modelc.model.c_export import library_of
from modelc.native.compiler.catalog import FAMILIES
from modelc.native.passes.pipeline import optimize
from tests.c.models import ATTENTION, BANDS, LARGE, LOOP, MLP, RECURRENT, RESIDUAL, SEVERAL, STATEFUL, built, samples
from tests.c.program import FOR_VALGRIND, STRICT, compiled, require

GUIDE = Path(__file__).parents[2] / "specs" / "guide_cnn.yaml"


def _same_bits(spec: Any, folder: Path, batches: tuple[int, ...], compiler: str = "gcc", **how: bool) -> None:
    model = built(spec)
    made = library_of(model, name=model.name, embed=how.get("embed", False))
    program = compiled(made, folder, compiler, static=how.get("static", True))
    for batch in batches:
        given = [samples(model, batch, seed) for seed in (0, 1)]
        for found, inputs in zip(program.run(*given), given, strict=True):
            expected = model.run_batch(inputs)
            assert all(np.array_equal(a, b) for a, b in zip(found, expected, strict=True))
        model = built(spec)  # whose states begin anew


def test_mlp(tmp_path: Path) -> None:
    _same_bits(MLP, tmp_path, (1, 3, 200), static=False)


def test_several_inputs_and_outputs_in_cpp(tmp_path: Path) -> None:
    _same_bits(SEVERAL, tmp_path, (1, 5), "g++", embed=True)


def test_recurrent(tmp_path: Path) -> None:
    _same_bits(RECURRENT, tmp_path, (1, 4))


def test_products_and_recurrences_with_large_kernels(tmp_path: Path) -> None:
    names = {node.op.name for node in optimize(built(LARGE).graph).nodes}
    assert names >= {"Strassen+bias+relu", "StepCounter"}
    _same_bits(LARGE, tmp_path, (1, 5))


def test_states_go_on(tmp_path: Path) -> None:
    _same_bits(STATEFUL, tmp_path, (3,))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("spec", "batches"),
    [(RESIDUAL, (1, 40, 130)), (BANDS, (1, 3)), (ATTENTION, (1, 7)), (LOOP, (1, 3)), (GUIDE, (1, 2))],
)
@pytest.mark.parametrize("static", [True, False])
def test_more_models(spec: Any, batches: tuple[int, ...], static: bool, tmp_path: Path) -> None:
    _same_bits(spec, tmp_path, batches, static=static, embed=not static)


@pytest.mark.parametrize("spec", [MLP, STATEFUL])
def test_valgrind_has_nothing_to_say(spec: str, tmp_path: Path) -> None:
    """No byte is read that was not written, or lies outside of what the caller gave."""
    require("valgrind")
    model = built(spec)
    program = compiled(library_of(model, name=model.name, target=FOR_VALGRIND), tmp_path)
    program.give(samples(model, 3))
    command = ["valgrind", "-q", "--error-exitcode=99", "--leak-check=no", *program.command(3)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr


def test_nothing_but_the_c_library_is_needed(tmp_path: Path) -> None:
    require("nm")
    made = library_of(built(STATEFUL), name="net")
    made.write(tmp_path)
    for file, more in (("libnet.a", []), ("libnet.so", ["-D"])):
        told = subprocess.run(["nm", *more, file], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
        rows = [line.split() for line in told.splitlines() if line and not line.endswith(":")]
        assert {row[-1] for row in rows if row[-2] == "U"} <= LIBC
        assert {row[-1] for row in rows if row[-2] == "T"} == {"net_init", "net_begin", "net_run"}


@pytest.mark.parametrize("embed", [False, True])
def test_binutils_read_the_library_without_a_warning(embed: bool, tmp_path: Path) -> None:
    require("readelf", "ar", "objdump")
    library_of(built(STATEFUL), name="net", embed=embed).write(tmp_path)
    for command in (["readelf", "-aW", "libnet.so"], ["objdump", "-dR", "libnet.so"], ["readelf", "-aW", "libnet.a"]):
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
        assert not done.stderr
        assert "arning" not in done.stdout.replace("Warnings", "")
    listed = subprocess.run(["ar", "t", "libnet.a"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert listed.stdout.split() == ["modelc.o", *(["weights.o"] if embed else [])]


def test_kernels_that_the_plan_does_not_call_are_not_in_it() -> None:
    made = library_of(built(RECURRENT), name="net")
    archive = bytes(made.files["libnet.a"])
    code = archive[archive.index(b"\x7fELF") :]
    names = {symbol.name for symbol in ElfObject.read(code).symbols}
    called = {step.kernel for step in made.library.functions[0].plan.steps}
    kernels = {kernel for family in FAMILIES.values() for kernel in family.kernels}
    assert {kernel for kernel in kernels if f"modelc_{kernel}" in names} == called


def test_the_program_of_the_page(tmp_path: Path) -> None:
    """The one that docs/c-library.md shows, as it is, in a model of that name."""
    require("gcc")
    page = (Path(__file__).parents[2] / "docs" / "c-library.md").read_text()
    (text,) = re.findall(r"^```c\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    model = built(MLP)
    library_of(model, name="digits").write(tmp_path)
    (tmp_path / "main.c").write_text(text)
    command = ["gcc", "-std=c11", *STRICT, "main.c", "libdigits.a", "-o", "main"]
    subprocess.run(command, cwd=tmp_path, check=True, timeout=120)
    told = subprocess.run(["./main"], cwd=tmp_path, capture_output=True, text=True, check=True, timeout=60).stdout
    assert told == f"{model.run_batch([np.zeros((1, 20), np.float32)])[0][0, 0]:f}\n"


@pytest.mark.parametrize(("embed", "copies"), [(False, 1), (True, 3)])
def test_weights_are_not_copied_more_than_they_must(embed: bool, copies: int, tmp_path: Path) -> None:
    """They are packed; where they are inside, an object holds them, and the part of the shared library."""
    model = built("modelc: 1\ninput: {shape: [1000]}\nlayers: [{type: Dense, units: 4000}]\n")
    (packed,) = (array.nbytes for array in model.arrays.values() if array.ndim == 2)
    library_of(model, name="net", embed=embed)  # what is compiled and imported for it is there
    tracemalloc.start()
    try:
        library_of(model, name="net", embed=embed).write(tmp_path)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < (copies + 1.3) * packed
