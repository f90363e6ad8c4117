"""The whole suite runs in one process for each core; what the command line names, in one.

`-n` decides otherwise. Without pytest-xdist all runs in one process.
"""

from __future__ import annotations

import sys

import pytest

from modelc.native.engine.cpus import thread_count


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Start the processes, and compile the kernels before all of them need the same ones."""
    option = config.option
    if hasattr(config, "workerinput") or not config.pluginmanager.hasplugin("xdist"):
        return
    whole = config.args_source is pytest.Config.ArgsSource.TESTPATHS
    if whole and option.numprocesses is None and option.dist == "no" and not option.usepdb:
        option.numprocesses = thread_count()
        option.dist = "worksteal"  # neighbours, which share what their file builds, stay in one process
    if option.numprocesses and not option.collectonly:
        from modelc.native.compiler.catalog import FAMILIES
        from modelc.native.compiler.load import load_all

        load_all(FAMILIES, _tell)


def _tell(family: str, seconds: float | None) -> None:
    if seconds is None:
        print(f"compiling the kernels of `{family}`", file=sys.stderr)
