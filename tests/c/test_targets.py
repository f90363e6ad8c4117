"""Libraries for other CPUs than this one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from modelc.c.elf.objects import ElfObject
from modelc.errors import InputError
from modelc.model.c_export import library_of
from modelc.native.target import host
from modelc.system.objects.elf_format import AARCH64, X86_64
from tests.c.models import ATTENTION, LOOP, MLP, RECURRENT, RESIDUAL, STATEFUL, built, samples
from tests.c.program import ARM, compiled


def _close(spec: Any, target: str, folder: Path, compiler: str, batches: tuple[int, ...], **how: bool) -> None:
    """Another CPU may sum in another order."""
    model = built(spec)
    made = library_of(model, name=model.name, target=target, embed=how.get("embed", False))
    program = compiled(made, folder, compiler, static=how.get("static", True))
    for batch in batches:
        inputs = samples(model, batch)
        expected = built(spec).run_batch(inputs)
        for found, right in zip(program.run(inputs)[0], expected, strict=True):
            np.testing.assert_allclose(found, right, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("static", [True, False])
def test_arm(static: bool, tmp_path: Path) -> None:
    _close(MLP, "aarch64", tmp_path, ARM, (1, 5, 40), static=static, embed=static)


@pytest.mark.slow
@pytest.mark.parametrize("spec", [RESIDUAL, RECURRENT, ATTENTION, LOOP, STATEFUL])
def test_more_models_on_arm(spec: str, tmp_path: Path) -> None:
    _close(spec, "aarch64", tmp_path, ARM, (3,), static=False)


@pytest.mark.slow
@pytest.mark.parametrize("target", ["x86-64", "x86-64-v2", "x86-64-v3"])
@pytest.mark.parametrize("spec", [RESIDUAL, RECURRENT])
def test_levels_of_x86(spec: str, target: str, tmp_path: Path) -> None:
    if not host().triple.startswith("x86_64") or (target == "x86-64-v3" and not host().fma):
        pytest.skip("this machine does not run it")
    _close(spec, target, tmp_path, "gcc", (1, 3), static=False)


@pytest.mark.parametrize(
    ("target", "machine"),
    [
        ("aarch64", AARCH64),
        pytest.param("x86-64-v4", X86_64, marks=pytest.mark.slow),
        pytest.param("x86-64", X86_64, marks=pytest.mark.slow),
    ],
)
def test_what_is_for_each_machine(target: str, machine: int) -> None:
    """Where nothing can run it: the machine, the symbols, and that every relocation was known and in reach."""
    made = library_of(built(MLP), name="net", target=target)
    archive, shared = bytes(made.files["libnet.a"]), bytes(made.files["libnet.so"])
    code = ElfObject.read(archive[archive.index(b"\x7fELF") :])
    assert code.machine == machine == int.from_bytes(shared[18:20], "little")
    assert set(code.public) == {"net_init", "net_run"}
    assert code.relocations


def test_an_unknown_target() -> None:
    with pytest.raises(InputError, match="unknown target `arch64`") as told:
        library_of(built(MLP), name="net", target="arch64")
    assert "aarch64" in str(told.value)
