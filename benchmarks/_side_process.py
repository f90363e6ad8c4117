"""`SideProcess`: the process of one side of a comparison, which answers lines with lines."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import IO


class SideError(RuntimeError):
    """A side ended by itself, or gave something else than the other one."""


@dataclass
class SideProcess:
    """A process, and where its errors go. At the end of its input it says what memory it had."""

    name: str
    process: subprocess.Popen[str]
    errors: IO[str]

    def answer(self) -> str:
        """The next line. Raises `SideError` with the last errors where the process has ended."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            self.errors.seek(0)
            raise SideError(f"{self.name} ended:\n{self.errors.read()[-1500:]}")
        return line

    def ask(self, question: str) -> tuple[float, float]:
        """The two numbers that answer a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{question}\n")
        self.process.stdin.flush()
        first, second = map(float, self.answer().split())
        return first, second

    def end(self) -> float:
        """Let the process end: the most memory that it had, in MB."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        peak = float(self.answer()) / 1024
        self.process.wait()
        self.errors.close()
        return peak
