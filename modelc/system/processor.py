"""Which system and which processor this is, as far as the system tells it at once.

LLVM, which kernels are compiled by, knows more, and takes longer to ask.
"""

from __future__ import annotations

import platform
import sys

_CPU = "/proc/cpuinfo"
_CPU_BYTES = 1 << 14
_CPU_LINES = (
    "vendor_id", "cpu family", "model", "model name", "stepping", "flags",
    "CPU implementer", "CPU architecture", "CPU variant", "CPU part", "CPU revision", "Features",
)  # fmt: skip
"""What Linux says of a CPU that does not change: on x86, then on ARM."""


def system_name() -> str:
    """The system and the kind of machine, as Python names them."""
    return f"{sys.platform} {platform.machine()}"


def system_details() -> str:
    """The system with its release and version, in a line for people."""
    return platform.platform()


def interpreter() -> str:
    """The version of Python, and whose."""
    return f"{platform.python_version()} ({platform.python_implementation()})"


def processor_facts() -> str | None:
    """The model and the instructions of the processor; None where the system does not tell them in a file."""
    try:
        with open(_CPU, encoding="utf-8", errors="replace") as file:
            first = file.read(_CPU_BYTES).partition("\n\n")[0]
    except OSError:
        return None
    lines = [line for line in first.split("\n") if line.partition(":")[0].rstrip() in _CPU_LINES]
    if any(line.startswith(("flags", "Features")) for line in lines):
        return "\n".join(lines)
    return None
