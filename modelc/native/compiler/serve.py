"""What a compile server does; `native/compiler/servers.py` starts them.

Names of families come in as lines, and for each a line with the length of its object and the target that it is for goes
out, followed by the object.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable
from typing import BinaryIO

from modelc.native.compiler.catalog import FAMILIES, Family
from modelc.native.compiler.compile import compile_family
from modelc.native.target import Target, host
from modelc.system.process_groups import forked


def serve(compiled: Callable[[Family, Target], bytes], target: Target) -> None:
    """Serve families on standard input and output, and in forks on the pairs of descriptors of the first argument.

    Anything else that is printed goes to standard error. What all need is imported before.
    """
    gc.disable()  # what is alive only grows here: to look for cycles takes a seventh of the time
    own = os.dup(sys.stdin.fileno()), os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    numbers = [int(number) for number in sys.argv[1].split(",") if number]
    pairs = list(zip(numbers[::2], numbers[1::2], strict=True))
    forks = [_forked([own, *pairs], pair, compiled, target) for pair in pairs]
    for pair in pairs:
        _close(pair)
    _answer(own, compiled, target)
    for process in forks:
        os.waitpid(process, 0)
    os._exit(0)  # to free what numba holds takes longer than to compile a small family


def _forked(
    pairs: list[tuple[int, int]], own: tuple[int, int], compiled: Callable[[Family, Target], bytes], target: Target
) -> int:
    """Fork a server for one of the pairs of descriptors. Gives the number of its process."""

    def run() -> None:
        for pair in pairs:  # one that others hold open would not tell their end
            if pair != own:
                _close(pair)
        _answer(own, compiled, target)

    return forked(run)


def _close(pair: tuple[int, int]) -> None:
    for descriptor in pair:
        os.close(descriptor)


def _answer(pair: tuple[int, int], compiled: Callable[[Family, Target], bytes], target: Target) -> None:
    """Compile what is asked for until nothing can come any more."""
    requests: BinaryIO
    answers: BinaryIO
    with os.fdopen(pair[0], "rb") as requests, os.fdopen(pair[1], "wb") as answers:
        for line in requests:
            code = compiled(FAMILIES[line.decode().strip()], target)
            answers.write(f"{len(code)} {target}\n".encode() + code)
            answers.flush()


def main() -> None:
    """Serve families for this machine."""
    serve(compile_family, host())
