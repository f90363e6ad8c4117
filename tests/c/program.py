"""A C program around a library, and what it computes."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from modelc.c.export import CLibrary
from modelc.c.interface import CFunction, Library
from modelc.native.target import host

Array = NDArray[Any]

FOR_VALGRIND = "native" if host().lanes <= 8 else "x86-64-v3"
"""The target of what valgrind runs, which does not know AVX-512."""

STRICT = ("-Wall", "-Wextra", "-Werror", "-pedantic")
ARM = "aarch64-linux-gnu-gcc"

_MAIN = """\
#include "{prefix}.h"
#include <stdio.h>
#include <stdlib.h>

static unsigned char *in_file(const char *path, size_t *bytes) {{
    FILE *file = fopen(path, "rb");
    unsigned char *data, *aligned;
    if (!file || fseek(file, 0, SEEK_END)) exit(90);
    *bytes = (size_t)ftell(file);
    rewind(file);
    data = (unsigned char *)malloc(*bytes + 64); /* kept until the process ends */
    if (!data) exit(91);
    aligned = data + (64 - (uintptr_t)data % 64) % 64;
    if (fread(aligned, 1, *bytes, file) != *bytes) exit(92);
    fclose(file);
    return aligned;
}}

int main(int count, char **arguments) {{
    size_t batch = (size_t)strtoull(arguments[1], NULL, 10), bytes, done;
    unsigned char *inputs = in_file(arguments[2], &bytes), *end = inputs + bytes;
    size_t in_bytes = {in_bytes}, out_bytes = {out_bytes};
    unsigned char *outputs = (unsigned char *)malloc(out_bytes + 1);
    unsigned char *arena = (unsigned char *)malloc({arena}(batch));
    unsigned char *state = (unsigned char *)malloc({state_bytes});
    FILE *file = fopen(arguments[3], "wb");
    int result;
    if (!file) return 93;
    if (count > 4) {{
        unsigned char *weights = in_file(arguments[4], &bytes);
        result = {prefix}_init(weights, bytes);
        if (result != {macro}_OK) return result;
    }}
    {begin}
    {start}
    do {{
        result = {prefix}_{function}({arguments});
        if (result != {macro}_OK) return result;
        done = fwrite(outputs, 1, out_bytes, file);
        if (done != out_bytes) return 94;
        inputs += in_bytes;
    }} while (inputs < end);
    {stop}
    done = fwrite(state, 1, {written}, file);
    fclose(file);
    free(arena);
    free(outputs);
    free(state);
    return 0;
}}
"""


def main_text(library: Library, function: CFunction, rate: float = 0.0) -> str:
    """A program that reads the inputs of some batches from a file, and writes the outputs to one, then the state.

    Its arguments: the batch, the two files, and that of the weights where the library has none.
    """
    given: list[str] = []
    before: dict[bool, list[str]] = {False: [], True: []}
    for argument in function.arguments:
        size = f"{library.macro}_{argument.name.upper()}_SIZE * sizeof({argument.element})"
        size += " * batch" if argument.value.type.batched else ""
        offset = " + ".join(before[argument.written]) or "0"
        kind = f"{'' if argument.written else 'const '}{argument.element} *"
        given.append(f"({kind})(void *)({'outputs' if argument.written else 'inputs'} + {offset})")
        before[argument.written].append(size)
    if function.takes_rate:
        given.append(f"{rate!r}f")
    given.append("batch")
    state = f"{library.macro}_STATE_BYTES" if library.state.bytes else ""
    given += ["state", "arena"] if state else ["arena"]
    return _MAIN.format(
        prefix=library.prefix, macro=library.macro, function=function.name,
        arena=f"{library.macro}_{'' if function.name == 'run' else f'{function.name.upper()}_'}ARENA_BYTES",
        in_bytes=" + ".join(before[False]), out_bytes=" + ".join(before[True]), arguments=", ".join(given),
        state_bytes=state or "1", written=state or "0",
        start=f"if ({library.prefix}_start() != {library.macro}_OK) return 98;" if library.threads > 1 else "(void)0;",
        stop=f"{library.prefix}_stop();" if library.threads > 1 else "(void)0;",
        begin=f"if ({library.prefix}_begin(state) != {library.macro}_OK) return 95;" if state else "(void)0;",
    )  # fmt: skip


@dataclass(frozen=True)
class Program:
    """A compiled program."""

    library: Library
    function: CFunction
    folder: Path
    emulator: tuple[str, ...] = ()

    def command(self, batch: int) -> list[str]:
        """What runs it on the inputs that are in its folder."""
        weights = [] if self.library.embedded else [f"{self.library.prefix}.weights"]
        return [*self.emulator, "./program", str(batch), "inputs.bin", "outputs.bin", *weights]

    def run(self, *batches: Sequence[Array]) -> list[list[Array]]:
        """What the function writes for each batch, one call after the other."""
        self.give(*batches)
        batch = self._samples(batches[0])
        done = subprocess.run(self.command(batch), cwd=self.folder, timeout=300, check=False, capture_output=True)
        assert done.returncode == 0, (done.returncode, done.stderr)
        return self.results(batch, len(batches))

    def give(self, *batches: Sequence[Array]) -> None:
        """Write the inputs."""
        data = b"".join(np.ascontiguousarray(array).tobytes() for inputs in batches for array in inputs)
        (self.folder / "inputs.bin").write_bytes(data)

    def results(self, batch: int, count: int) -> list[list[Array]]:
        """The outputs of so many calls, as the program has written them."""
        data, calls = self.output, list[list[Array]]()
        for _ in range(count):
            calls.append([])
            for argument in self.function.arguments:
                if argument.written:
                    type = argument.value.type
                    shape = (batch, *type.dims) if type.batched else type.dims
                    size = int(np.prod(shape)) * 4
                    calls[-1].append(np.frombuffer(data[:size], type.dtype).reshape(shape))
                    data = data[size:]
        assert len(data) == self.library.state.bytes
        return calls

    @property
    def output(self) -> bytes:
        """All that the program has written."""
        return (self.folder / "outputs.bin").read_bytes()

    @property
    def state(self) -> bytes:
        """The state after the last call."""
        return self.output[-self.library.state.bytes :] if self.library.state.bytes else b""

    def _samples(self, inputs: Sequence[Array]) -> int:
        given = [argument for argument in self.function.arguments if not argument.written]
        return next(len(x) for x, argument in zip(inputs, given, strict=True) if argument.value.type.batched)


def require(*programs: str) -> None:
    """Skip the test where one of these programs is not installed."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not installed")


def compiled(
    made: CLibrary,
    folder: Path,
    compiler: str = "gcc",
    *,
    static: bool = True,
    function: str = "run",
    rate: float = 0.0,
) -> Program:
    """A program around a library, whose files are written to a folder; the test is skipped where no compiler is."""
    require(compiler)
    emulator: tuple[str, ...] = ()
    if compiler == ARM:
        require("qemu-aarch64")
        emulator = ("qemu-aarch64", "-L", "/usr/aarch64-linux-gnu")
    made.write(folder)
    library = made.library
    chosen = next(one for one in library.functions if one.name == function)
    (folder / "main.c").write_text(main_text(library, chosen, rate))
    is_c = compiler.endswith("gcc")
    language = ("-std=c99", "main.c") if is_c else ("-x", "c++", "-std=c++17", "main.c", "-x", "none")
    how = [f"lib{library.prefix}.a"] if static else ["-L.", f"-l{library.prefix}", "-Wl,-rpath,$ORIGIN"]
    command = [compiler, *STRICT, "-O1", *language, *how, "-pthread", "-o", "program"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr
    return Program(library, chosen, folder, emulator)
