"""The machine: its system, CPU, memory, and what of them the process may use."""

from __future__ import annotations

from modelc.cli.checkup.section import Problem, Section
from modelc.errors import ModelcError
from modelc.native.engine.cpus import thread_count
from modelc.native.levels import level_of
from modelc.native.target import host
from modelc.system.cpus import machine_cpus, usable_cpus
from modelc.system.memory_limits import all_limits, memory_limit, used_memory
from modelc.system.processor import system_details
from modelc.text.amounts import format_bytes


def machine() -> Section:
    """The facts, and the problems: more threads than CPUs, and too little memory."""
    usable = usable_cpus()
    limit = memory_limit()
    facts = {
        "system": system_details(),
        "cpus": machine_cpus(),
        "cpus_of_the_process": usable,
        "memory": None if limit is None else limit.bytes,
        "memory_used": used_memory(),
        "memory_limits": _limits(),
    }
    problems: list[Problem] = []
    try:
        target, threads = host(), thread_count()
    except (ModelcError, ValueError):  # which the environment tells
        return Section(facts)
    facts |= {"cpu": target.cpu, "level": level_of(target), "vector_floats": target.lanes, "threads": threads}
    if threads > usable:
        what = f"{threads} threads share {usable} CPU{'s' * (usable != 1)}, which is slower than one for each"
        problems.append(Problem(what, "unset MODELC_NUM_THREADS"))
    if limit is not None and limit.bytes < _LEAST_MEMORY:
        what = f"{limit.whose} {format_bytes(limit.bytes)} of memory"
        problems.append(Problem(what, f"allow at least {format_bytes(_LEAST_MEMORY)}"))
    return Section(facts, tuple(problems))


_LEAST_MEMORY = 256 * 2**20
"""What the compiler and a small model take together."""


def _limits() -> list[str]:
    """All limits of memory, each with whose it is; not the numbers beyond all that stand for none."""
    found = [limit for limit in all_limits() if limit.bytes < 2**60]
    return list(dict.fromkeys(f"{limit.whose} {format_bytes(limit.bytes)}" for limit in found))
