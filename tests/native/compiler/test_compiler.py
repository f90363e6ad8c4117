"""Compiling, caching and loading native code."""

from __future__ import annotations

import logging
import os
import shutil
import stat
import subprocess
import sys
import time
import types
from pathlib import Path

import numpy as np
import pytest

from modelc.errors import InputError
from modelc.native.code.atomics import fetch_add
from modelc.native.code.memory import store_i64
from modelc.native.compiler import object_names
from modelc.native.compiler.catalog import FAMILIES, Family, family_of, longest_first, with_used
from modelc.native.compiler.compile import compile_family
from modelc.native.compiler.object_cache import DEFAULT_LIMIT, ObjectCache, default_limit
from modelc.native.target import host, this_machine
from modelc.system.objects.formats import undefined_symbols

posix = pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX permissions")

_LOAD = """
import sys
from modelc.native.compiler.load import load
events = []
kernels = load("walker", lambda family, seconds: events.append((family, seconds is not None)))
assert set(kernels) == {"walk", "work", "walk_slices"} and all(kernels.values()), kernels
print("compiled" if events[-2:] == [("walker", False), ("walker", True)] else events, "numba" in sys.modules)
"""


def _start(directory: Path, code: str = _LOAD, **variables: str) -> subprocess.Popen[str]:
    environment = os.environ | {"MODELC_CACHE_DIR": str(directory), "PYTHONPATH": os.pathsep.join(sys.path)} | variables
    return subprocess.Popen(
        [sys.executable, "-c", code], env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def _finish(process: subprocess.Popen[str]) -> str:
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.strip()


def test_the_second_process_loads_without_numba_and_a_damaged_object_is_made_again(tmp_path: Path) -> None:
    directory = tmp_path / "deep" / "cache"
    assert _finish(_start(directory)) == "compiled False"
    assert _finish(_start(directory)) == "[] False"
    (file,) = directory.iterdir()
    assert stat.S_IMODE(file.stat().st_mode) & 0o077 == 0
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    assert _finish(_start(directory)) == "compiled False"
    assert _finish(_start(directory)) == "[] False"


@pytest.mark.slow
def test_first_writers_at_the_same_time(tmp_path: Path) -> None:
    outputs = [_finish(p) for p in [_start(tmp_path) for _ in range(2)]]
    assert "compiled False" in outputs
    assert _finish(_start(tmp_path)) == "[] False"
    assert [f.suffix for f in tmp_path.iterdir()] == [".o"]  # no temporary file is left


def test_threads_share_one_compilation(tmp_path: Path) -> None:
    code = """
import threading
from modelc.native.compiler.load import load
events, found = [], []
def work():
    found.append(load("walker", lambda *event: events.append(event)))
threads = [threading.Thread(target=work) for _ in range(4)]
for t in threads: t.start()
for t in threads: t.join()
print(len(events), len(found), all(f is found[0] for f in found))
"""
    assert _finish(_start(tmp_path, code)) == "2 4 True"


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    assert _finish(_start(blocked / "cache")) == "compiled False"


@pytest.mark.slow
@pytest.mark.parametrize("executable", ["sys.frozen = True", "sys.executable = '/nowhere/python'"])
def test_without_a_python_to_start_the_compiler_runs_here(tmp_path: Path, executable: str) -> None:
    assert _finish(_start(tmp_path, f"import sys; {executable}\n{_LOAD}")) == "compiled True"
    assert _finish(_start(tmp_path)) == "[] False"


@pytest.mark.slow
def test_a_child_that_sees_another_target_is_not_believed(tmp_path: Path) -> None:
    late = "import os\nfrom modelc.native.target import host\nhost()\nos.environ['MODELC_MAX_ISA'] = 'baseline'\n"
    if host().lanes == 4:
        pytest.skip("this machine has nothing beyond the baseline")
    assert _finish(_start(tmp_path, late + _LOAD)) == "compiled True"


# Convolutions are the family that takes longest to compile; test_instruction_sets.py has all of them.
@pytest.mark.slow
@pytest.mark.parametrize("isa", ["avx2", "baseline"])
def test_convolutions_on_narrower_instruction_sets(tmp_path: Path, isa: str) -> None:
    code = """
from modelc.native.engine.threads import Team
from tests.native.families.conv_case import ConvCase, expected_conv, run_conv, expected_depthwise, run_depthwise
import numpy as np
for pixels in (1, 3, 20):
    case = ConvCase(size=(1, 2, pixels), inputs=5, kernel=(1, 3, 3), outputs=45, margin=1)
    np.testing.assert_allclose(run_conv(case, Team(1)), expected_conv(case), atol=2e-5)
    case = ConvCase(size=(1, 2, pixels), kernel=(1, 3, 3), groups=45, margin=1)
    np.testing.assert_allclose(run_depthwise(case, Team(1)), expected_depthwise(case), atol=2e-5)
from modelc.native.target import host
print(host().lanes, host().fma)
"""
    found = _finish(_start(tmp_path, code, MODELC_MAX_ISA=isa))
    lanes = min(host().lanes, {"avx2": 8, "baseline": 4}[isa])
    assert found == f"{lanes} {host().fma and (isa == 'avx2' or host().triple.startswith(('aarch64', 'arm64')))}"


def test_an_unknown_instruction_set_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODELC_MAX_ISA", "mmx")
    with pytest.raises(ValueError, match="MODELC_MAX_ISA is `mmx`"):
        this_machine.__wrapped__()


def test_the_digest_follows_the_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    digest = object_names._digest.__wrapped__
    before = digest(host())
    monkeypatch.setattr("importlib.metadata.version", lambda package: "0")
    assert digest(host()) != before


class TestObjectCache:
    def test_round_trip_and_miss(self, tmp_path: Path) -> None:
        cache = ObjectCache(tmp_path / "new")
        assert cache.read("a.o") is None
        assert cache.write("a.o", b"code")
        assert cache.read("a.o") == b"code"
        assert cache.write("a.o", b"other")
        assert cache.read("a.o") == b"other"
        assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o700

    @pytest.mark.parametrize("damage", [b"", b"modelc object 2\n", b"x" * 200])
    def test_what_is_not_whole_is_a_miss(self, tmp_path: Path, damage: bytes) -> None:
        cache = ObjectCache(tmp_path / "c")
        cache.write("a.o", b"code")
        (tmp_path / "c" / "a.o").write_bytes(damage)
        assert cache.read("a.o") is None

    @posix
    def test_what_others_may_write_is_not_loaded(self, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
        cache = ObjectCache(tmp_path / "c")
        cache.write("a.o", b"code")
        (tmp_path / "c" / "a.o").chmod(0o622)
        with caplog.at_level(logging.WARNING, "modelc"):
            assert cache.read("a.o") is None
        assert "another user owns it or may write it" in caplog.text
        (tmp_path / "c" / "a.o").chmod(0o600)
        assert cache.read("a.o") == b"code"
        (tmp_path / "c").chmod(0o777)
        assert cache.read("a.o") is None
        assert not cache.write("b.o", b"code")

    @posix
    def test_links_are_not_followed(self, tmp_path: Path) -> None:
        cache = ObjectCache(tmp_path / "c")
        cache.write("a.o", b"code")
        (tmp_path / "c" / "b.o").symlink_to(tmp_path / "c" / "a.o")
        assert cache.read("b.o") is None
        link = tmp_path / "link"
        link.symlink_to(tmp_path / "c")
        assert ObjectCache(link).read("a.o") is None

    def test_an_object_is_bound_to_its_name(self, tmp_path: Path) -> None:
        cache = ObjectCache(tmp_path / "c")
        cache.write("conv-1.o", b"code")
        shutil.copy(tmp_path / "c" / "conv-1.o", tmp_path / "c" / "chain-1.o")
        assert cache.read("chain-1.o") is None
        assert cache.read("conv-1.o") == b"code"

    def test_the_limit_removes_what_was_not_used_for_longest(self, tmp_path: Path) -> None:
        cache = ObjectCache(tmp_path / "c", limit=4000)
        (tmp_path / "c").mkdir(mode=0o700)
        foreign = tmp_path / "c" / "mine.o"
        foreign.write_bytes(b"\x7fELF" + bytes(5000))
        for i in range(3):
            cache.write(f"f{i}.o", bytes(1200))
            os.utime(tmp_path / "c" / f"f{i}.o", (i, i))
        assert cache.read("f0.o") == bytes(1200)  # which is the last to be used now
        cache.write("f3.o", bytes(1200))
        assert [found.name for found in cache.files() if found.name != "f3.o"] == ["f0.o", "f2.o"]
        assert sum(found.bytes for found in cache.files()) <= 4000
        assert cache.write("large.o", bytes(9000))  # is more than the limit, and all that is left
        assert [found.name for found in cache.files()] == ["large.o"]
        assert foreign.exists()
        assert not ObjectCache(tmp_path / "c", limit=0).write("none.o", b"code")

    def test_the_number_of_files_is_limited_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(ObjectCache, "MOST", 2)
        cache = ObjectCache(tmp_path / "c")
        for i in range(4):
            cache.write(f"f{i}.o", b"code")
            os.utime(tmp_path / "c" / f"f{i}.o", (i, i))
        assert [found.name for found in cache.files()] == ["f3.o", "f2.o"]

    def test_remains_of_killed_processes_are_swept(self, tmp_path: Path) -> None:
        cache = ObjectCache(tmp_path / "c")
        cache.write("a-1.o", b"code")
        names = {".a-1.o.abcdefgh": 4000, ".a-1.o.12345678": 10, ".mine": 9000, "a-1.o.abcdefgh": 9000}
        for name, age in names.items():
            (tmp_path / "c" / name).write_bytes(b"half")
            os.utime(tmp_path / "c" / name, (time.time() - age,) * 2)
        cache.write("b-1.o", b"code")
        left = {path.name for path in (tmp_path / "c").iterdir()}
        assert left == {"a-1.o", "b-1.o", ".a-1.o.12345678", ".mine", "a-1.o.abcdefgh"}
        os.utime(tmp_path / "c" / ".a-1.o.12345678", (time.time() - 100,) * 2)
        assert cache.clear() == 2
        assert {path.name for path in (tmp_path / "c").iterdir()} == {".mine", "a-1.o.abcdefgh"}

    def test_a_cache_that_cannot_be_written_is_told_once(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        (tmp_path / "file").write_text("")
        cache = ObjectCache(tmp_path / "file" / "c")
        with caplog.at_level(logging.WARNING, "modelc"):
            assert [cache.write(f"{i}.o", b"code") for i in range(5)] == [False] * 5
        assert [record.message for record in caplog.records] == [f"not caching in {cache.directory}: Not a directory"]

    def test_processes_that_write_read_and_clear_at_once(self, tmp_path: Path) -> None:
        code = """
import os, random, sys
from pathlib import Path
from modelc.native.compiler.object_cache import DEFAULT_LIMIT, ObjectCache, default_limit
cache = ObjectCache(Path(os.environ["MODELC_CACHE_DIR"]), limit=20_000)
random.seed(int(os.environ["SEED"]))
hits = 0
for _ in range(150):
    name = f"f{random.randrange(8)}.o"
    code = name.encode() * 1000
    found = cache.read(name)
    assert found in (None, code)
    hits += found is not None
    if found is None:
        assert cache.write(name, code)
    if random.random() < 0.02:
        cache.clear()
assert sum(o.bytes for o in cache.files()) <= 20_000 + 4 * 4000
print("done", hits > 0)
"""
        running = [_start(tmp_path / "c", code, SEED=str(i)) for i in range(3)]
        assert [_finish(process) for process in running] == ["done True"] * 3


def test_the_limit_is_an_amount(monkeypatch: pytest.MonkeyPatch) -> None:
    for text, limit in (("", DEFAULT_LIMIT), ("64MB", 2**26), ("0", 0), ("1000", 1000)):
        monkeypatch.setenv("MODELC_CACHE_SIZE", text)
        assert default_limit() == limit
    for text in ("much", "-1", "5XB"):
        monkeypatch.setenv("MODELC_CACHE_SIZE", text)
        with pytest.raises(InputError, match=r"MODELC_CACHE_SIZE is .* not an amount of memory\n  help: "):
            default_limit()


@pytest.mark.slow
def test_objects_without_their_kernels_are_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole object of another family, and what is no object at all, each under the right name and digest."""
    monkeypatch.setenv("MODELC_CACHE_DIR", str(tmp_path))
    assert _finish(_start(tmp_path)) == "compiled False"
    (file,) = tmp_path.glob("walker-*.o")
    other = compile_family(FAMILIES["scatter"], host())
    cache = ObjectCache(tmp_path)
    for code in (other, b"no object"):
        assert cache.write(file.name, code)
        assert _finish(_start(tmp_path)) == "compiled False"
    assert _finish(_start(tmp_path)) == "[] False"


def _family(monkeypatch: pytest.MonkeyPatch, *functions) -> Family:
    module = types.ModuleType("modelc_test_kernels")
    module.KERNELS = functions
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return Family("test", module.__name__, tuple(f.__name__ for f in functions))


def test_a_kernel_that_needs_a_library_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def outsider(ctx, params, begin, end):
        store_i64(ctx, 0, np.int64(float(begin) ** float(end)))

    with pytest.raises(ValueError, match=r"need symbols from outside: \['pow'\]"):
        compile_family(_family(monkeypatch, outsider), host())


def test_a_catalog_that_differs_from_the_module_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def one(ctx):
        fetch_add(ctx, 0, 1)

    family = _family(monkeypatch, one)
    assert undefined_symbols(compile_family(family, host())) == frozenset()
    with pytest.raises(LookupError, match="not the kernels that the catalog lists"):
        compile_family(Family("test", family.module, ("one", "two")), host())


def test_every_kernel_is_in_one_family() -> None:
    kernels = [k for family in FAMILIES.values() for k in family.kernels]
    assert len(kernels) == len(set(kernels))
    assert all(k in FAMILIES[family_of(k)].kernels for k in kernels)
    with pytest.raises(KeyError):
        family_of("no_such_kernel")


def test_a_family_comes_after_those_that_it_uses() -> None:
    assert with_used(["elementwise", "move", "random"]) == ["activations", "move", "elementwise", "random"]
    used = [FAMILIES[name] for family in FAMILIES.values() for name in family.uses]
    assert used
    assert all(family.shares and not family.uses for family in used)


_SHARED = """
from modelc.native.compiler.load import load, load_objects, object_names
load("random")
names = object_names(["random"])
print(sorted(names), *(f"{name}={file}" for name, file in names.items()))
"""


def test_what_is_used_is_loaded_from_the_cache_too(tmp_path: Path) -> None:
    """What a kernel calls lies in the object of another family, which a plan that is kept names as well."""
    assert _finish(_start(tmp_path, _SHARED)).startswith("['activations', 'random']")
    again = """
import sys
from pathlib import Path
from modelc.native.compiler import load
files = {path.name.partition("-")[0]: path.name for path in Path(sys.argv[1]).iterdir()}
alone = load.load_objects({"random": files["random"]})
print(alone, load.load_objects(files), load.load_objects({"unknown": "x"}), sorted(load.object_names(["random"])))
""".replace("sys.argv[1]", repr(str(tmp_path)))
    assert _finish(_start(tmp_path, again)) == "False True False ['activations', 'random']"


def test_what_takes_longest_is_compiled_first() -> None:
    order = longest_first(FAMILIES)
    assert sorted(order) == sorted(FAMILIES)
    assert order[:3] == ["chain", "winograd_5x5", "recurrent_backward"]
    assert longest_first(["move", "softmax", "conv", "winograd_4"]) == ["winograd_4", "conv", "move", "softmax"]


def test_what_a_dense_layer_is_trained_by_needs_no_depthwise_kernels() -> None:
    """A family is compiled as a whole: the first fit of a model waits for all kernels of each."""
    assert FAMILIES["conv_gradient"].kernels == ("conv_gradient",)
    assert family_of("depthwise_gradient") == "depthwise_gradient"
